"""Profiles: what a model of device is made of, as JSON that a dump of a real device can become.

Per-channel objects are stored once and repeated for every channel; `{:02d}` and `{}` in a text become the
channel's number counted from one, `_NN` in the name of a right becomes `_01`, `_02` ... A profile with a
`base` is that profile with its own members instead, objects and abilities one by one; a list of all channels
in its `config` replaces what the base repeats, and what of the base fits a pattern of `without` is not there.
`answers` holds whole replies by message id, for requests that this model answers otherwise than all others.
`defaults` holds objects whose values of a new device are others than those in use.
`unrecorded` says which values nobody has recorded of this model.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Set
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

from ..errors import UsageError
from ..values import Json

_PACKAGE = f"{__package__}.profiles"
_MAX_CHANNELS = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One model: its name and the whole JSON description."""

    name: str
    data: dict[str, Any]
    _objects: dict[int, dict[str, Json]] = field(default_factory=dict)

    @property
    def channels(self) -> int:
        """Number of channels when the caller does not say."""
        return int(self.data["channels"])

    def flag(self, key: str) -> Any:
        """One of the small switches: `sparse_set`, `short_session`, `snapshot` ..."""
        return self.data[key]

    def answer(self, message_id: int) -> dict[str, Json] | None:
        """What this model alone says to a request, None where it says what all do. Shared: read only."""
        found: dict[str, Json] | None = self.data["answers"].get(str(message_id))
        return found

    def objects(self, channels: int) -> dict[str, Json]:
        """Every configuration object in its default state. Values are shared: read only."""
        if channels not in self._objects:
            numbers = range(1, channels + 1)
            repeated = {
                name: [_numbered(element, number) for number in numbers]
                for name, element in self.data["channel_config"].items()
            }
            whole = {name: self._sized(name, value, channels) for name, value in self.data["config"].items()}
            self._objects[channels] = {**repeated, **whole}
        return dict(self._objects[channels])

    def _sized(self, name: str, value: Json, channels: int) -> Json:
        """A list of all channels that a recording holds, for another number of channels than it had."""
        count = len(value) if isinstance(value, list) else 0
        if name not in self.data["by_channel"] or count in (0, channels):
            return value
        return value[:channels] + [copy.deepcopy(value[-1]) for _ in range(channels - count)]

    def abilities(self) -> dict[str, Json]:
        """Every ability by name. Values are shared: read only."""
        return dict(self.data["abilities"])

    def rights(self, channels: int) -> tuple[str, ...]:
        """The device's whole list of rights, per-channel ones spelled out."""
        return tuple(expand_rights(self.data["authorities"], channels))

    def system_info(self, channels: int) -> dict[str, Any]:
        """SystemInfo with the channel counts of this device."""
        info: dict[str, Any] = copy.deepcopy(self.data["system_info"])
        inputs = self.inputs(channels)
        if info.get("DigChannel"):
            info["DigChannel"] = channels - inputs
        if "VideoInChannel" in info:
            info["VideoInChannel"] = inputs
        return info

    def inputs(self, channels: int) -> int:
        """How many of so many channels are inputs of the device itself: they come first."""
        info = self.data["system_info"]
        if not info.get("DigChannel"):
            return channels
        return min(int(info.get("VideoInChannel", 0)), channels - 1)


def profile_names() -> list[str]:
    """Names of the profiles that come with the simulator."""
    return sorted(
        entry.name[:-5] for entry in resources.files(_PACKAGE).iterdir() if entry.name.endswith(".json")
    )


def load_profile(name: str | Path) -> Profile:
    """A profile by its name, or from a JSON file; UsageError says what is wrong with it."""
    if isinstance(name, str) and name in profile_names():
        return _own_profile(name)
    return _parsed(name, _file_text(Path(name)))


@cache
def _own_profile(name: str) -> Profile:
    return _parsed(name, resources.files(_PACKAGE).joinpath(f"{name}.json").read_text("utf-8"))


def _parsed(name: str | Path, text: str) -> Profile:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise UsageError(f"profile {name}: not JSON: {error}") from error
    if isinstance(data, dict) and "base" in data:
        if data["base"] not in (names := profile_names()):
            raise UsageError(f"profile {name}: base {data['base']!r} is not one of {', '.join(names)}")
        data = _merged(_own_profile(data["base"]).data, data)
    missing = [key for key in _REQUIRED if not isinstance(data, dict) or key not in data]
    if missing:
        raise UsageError(f"profile {name}: lacks {', '.join(missing)}")
    return Profile(name=str(data["name"]), data={**_OPTIONAL, **data})


def _merged(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """A profile with its own members instead of its base's: an object is either whole or by channel."""
    parts = {key: {**base[key], **own[key]} for key in _PARTS if isinstance(own.get(key), dict)}
    merged = {**base, **own, **parts}
    whole, repeated = own.get("config", {}), own.get("channel_config", {})
    merged["channel_config"] = _without(merged["channel_config"], whole.keys() - repeated.keys())
    merged["config"] = _without(merged["config"], repeated.keys() - whole.keys())
    for part in ("config", "channel_config", "abilities"):
        merged[part] = {
            name: value
            for name, value in merged[part].items()
            if value is not None and (name in own.get(part, {}) or not _fits(name, own.get("without", [])))
        }
    merged["unrecorded"] = {**_borrowed(base, merged, own), **own.get("unrecorded", {})}
    merged["by_channel"] = [*own.get("by_channel", []), *(base["channel_config"].keys() & whole.keys())]
    return merged


def _fits(name: str, patterns: list[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _borrowed(base: dict[str, Any], merged: dict[str, Any], own: dict[str, Any]) -> dict[str, str]:
    """What a profile has from its base, which is another model."""
    parts = ("abilities", "channel_config", "config")
    mine = {name for part in parts for name in own.get(part, {})}
    names = sorted({name for part in parts for name in merged[part]} - mine)
    return dict.fromkeys(names, f"as the {base['name']} has it")


def _without(objects: dict[str, Json], names: Set[str]) -> dict[str, Json]:
    return {name: value for name, value in objects.items() if name not in names}


def check_channels(channels: int) -> int:
    """The number of channels, or UsageError."""
    if not 1 <= channels <= _MAX_CHANNELS:
        raise UsageError(f"channels: {channels} is not between 1 and {_MAX_CHANNELS}")
    return channels


def expand_rights(rights: list[str], channels: int) -> list[str]:
    """`Monitor_NN` -> `Monitor_01`, `Monitor_02` ... in place; other rights stay."""
    expanded: list[str] = []
    for right in rights:
        if right.endswith("_NN"):
            expanded += [f"{right[:-2]}{number:02d}" for number in range(1, channels + 1)]
        else:
            expanded.append(right)
    return expanded


_REQUIRED = (
    *("name", "channels", "login", "login_failure", "account_codes", "sparse_set", "short_session"),
    *("time_query_name", "snapshot", "unknown", "masks", "system_info", "storage", "upgrade", "discovery"),
    *("authorities", "groups", "users", "limits", "restart", "growable", "journal", "abilities"),
    *("config", "channel_config"),
)
_PARTS: Final = ("abilities", "answers", "channel_config", "config")
_OPTIONAL: Final[dict[str, Json]] = {
    "agrees_to_any_action": False,
    "answers": {},
    "by_channel": [],
    "defaults": {},
    "escaped_slashes": False,
    "failed_session": False,
    "idle_channels": True,
    "indexed": True,
    "journal_from": 0,
    "names_storage": False,
    "runtime_unit": "minutes",
    "section_only": [],
    "unrecorded": {},
    "without": [],
    "work_channels": 0,
}


def _file_text(path: Path) -> str:
    if path.suffix != ".json":
        raise UsageError(f"profile {path}: not one of {', '.join(profile_names())} and not a .json file")
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise UsageError(f"profile {path}: {error.strerror or error}") from error


def _numbered(tree: Json, number: int) -> Json:
    if isinstance(tree, str):
        return tree.format(number) if "{" in tree else tree
    if isinstance(tree, list):
        return [_numbered(item, number) for item in tree]
    if isinstance(tree, dict):
        return {key: _numbered(value, number) for key, value in tree.items()}
    return tree
