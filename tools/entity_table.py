"""Write docs/entities.md: every entity of Home Assistant, where the device keeps it, which devices have it.

Home Assistant sets up every simulated model; what is in its registry then is what the page says. `--check`
fails when the page is not what it would be.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "shared")]

from homeassistant.core import HomeAssistant  # noqa: E402 - found by the line above
from homeassistant.helpers import entity_registry as er  # noqa: E402 - found by the line above
from homeassistant.loader import DATA_CUSTOM_COMPONENTS  # noqa: E402 - found by the line above
from pytest_homeassistant_custom_component.common import (  # noqa: E402 - found by the line above
    MockConfigEntry,
    async_test_home_assistant,
)

import custom_components.dvrip  # noqa: E402 - found by the line above
from dvrip_proto import CONTROLS, Control  # noqa: E402 - found by the line above
from dvrip_proto.simulator import Simulator  # noqa: E402 - found by the line above
from tools.entity_sources import SOURCES  # noqa: E402 - found by the line above
from tools.written import write_or_check  # noqa: E402 - found by the line above

PAGE: Final = ROOT / "docs" / "entities.md"
STRINGS: Final = Path(custom_components.dvrip.__file__).parent / "strings.json"
PROFILES: Final = {
    "ipc": "I",
    "hi3516": "H",
    "nvr": "N",
    "hvr": "V",
    "r80x30": "R",
    "nbd80n36ra": "B",
    "xm210": "X",
}
_RECORDERS: Final = ("nvr", "nbd80n36ra")
_CHANNELS: Final = 4
_CONTROLS: Final = {row.key: row for row in CONTROLS}

_HEAD: Final = """\
<!-- Written by tools/entity_table.py: change the rows of the settings or the platforms, run it. -->

# Entities of Home Assistant

Every entity that one of the simulated models has, each of which stands for a recorded device:
{letters}.
Your device has those that it tells of itself. Network recorders are counted with {channels} channels; what
each channel more adds is in the last column.

## How many

| model | entities | shown at once | for each channel |
|---|---|---|---|
{counts}
The others are there and disabled: enable what you want in the list of entities of a device.

## Which

*Where* is the configuration object and the path within it, as the command line, the library and Ansible spell
it, or the call of the library behind it. *Of* is what the entity belongs to. *Shown* names the models where
it is enabled at first.
"""
_TABLE: Final = "\n### {title}\n\n| entity | where | of | models | shown |\n|---|---|---|---|---|\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One entity of one model."""

    model: str
    platform: str
    place: str  # its unique id without the device's own
    key: str
    channel: int | None
    shown: bool


async def collect(hass: HomeAssistant) -> list[Found]:
    """Set up every model and read the registry."""
    hass.data.pop(DATA_CUSTOM_COMPONENTS, None)
    found: list[Found] = []
    async with AsyncExitStack() as stack:
        stack.enter_context(patch("custom_components.dvrip.discovery.discover", _nobody))
        for model in PROFILES:
            channels = _CHANNELS if model in _RECORDERS else None
            sim = await stack.enter_async_context(Simulator(profile=model, channels=channels))
            for contact in sim.state.config.get("Alarm.LocalAlarm", []):
                contact["Enable"] = True  # a contact that the device does not listen to has no entity
            entry = _entry(model, sim)
            entry.add_to_hass(hass)
            await hass.config_entries.async_setup(entry.entry_id)
            await hass.async_block_till_done(wait_background_tasks=True)
            entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
            found += [_found(model, sim.serial, entity) for entity in entities]
            await hass.config_entries.async_unload(entry.entry_id)
    return found


async def _nobody(**_more: Any) -> AsyncIterator[Any]:
    nobody: tuple[Any, ...] = ()
    for device in nobody:
        yield device


def _entry(model: str, sim: Simulator) -> MockConfigEntry:
    data = {"host": sim.host, "port": sim.port, "username": "admin", "password": ""}
    return MockConfigEntry(domain="dvrip", title=model, unique_id=sim.serial, data=data)


def _found(model: str, serial: str, entity: er.RegistryEntry) -> Found:
    place = entity.unique_id.removeprefix(f"{serial}_")
    first, _, rest = place.partition("_")
    channel, key = (int(first), rest) if first.isdigit() else (None, place)
    return Found(
        model=model,
        platform=entity.domain,
        place=place,
        key=key,
        channel=channel,
        shown=entity.disabled_by is None,
    )


def page(found: list[Found]) -> str:
    """Text of docs/entities.md."""
    letters = ", ".join(f"**{letter}** {model}" for model, letter in PROFILES.items())
    head = _HEAD.format(letters=letters, channels=_CHANNELS, counts=_counts(found))
    by_platform = groupby(sorted(found, key=lambda one: one.platform), lambda one: one.platform)
    return head + "".join(_section(platform, list(group)) for platform, group in by_platform)


def _counts(found: list[Found]) -> str:
    lines = ""
    for model, letter in PROFILES.items():
        own = [one for one in found if one.model == model]
        channel = sum(one.channel == 0 and _of(one) == "channel" for one in own)
        shown = sum(one.shown for one in own)
        lines += f"| {letter} {model} | {len(own)} | {shown} | {channel} |\n"
    return lines


def _section(platform: str, found: list[Found]) -> str:
    rows = sorted({one.key for one in found})
    texts = json.loads(STRINGS.read_text("utf-8"))["entity"].get(platform, {})
    lines = (_row(key, [one for one in found if one.key == key], texts) for key in rows)
    return _TABLE.format(title=platform.replace("_", " ").capitalize()) + "".join(lines)


def _row(key: str, found: list[Found], texts: dict[str, Any]) -> str:
    name = texts.get(key, {}).get("name", "").replace("{number}", "N") or key.replace("_", " ").capitalize()
    models = _letters(one.model for one in found)
    shown = _letters(one.model for one in found if one.shown)
    return f"| {name} | {_where(found[0])} | {_of(found[0])} | {models} | {shown or '-'} |\n"


def _letters(models: Iterable[str]) -> str:
    present = set(models)
    return "".join(letter for model, letter in PROFILES.items() if model in present)


def _control(one: Found) -> Control | None:
    return None if (one.platform, one.key) in SOURCES else _CONTROLS.get(one.key)


def _where(one: Found) -> str:
    row = _control(one)
    if row is None:
        return SOURCES[one.platform, one.key]
    paths = [path for path in (row.path, row.minute) if path]
    return f"`{row.object}`" + "".join(f" `{path}`" for path in paths)


def _of(one: Found) -> str:
    row = _control(one)
    if row is not None:
        return row.spec.element if one.channel is not None else "device"
    if (one.platform, one.key) == ("binary_sensor", "input"):
        return "alarm input"
    return "device" if one.channel is None else "channel"


async def _alone() -> list[Found]:
    """What `collect` finds in a Home Assistant of its own."""
    with tempfile.TemporaryDirectory() as folder:
        async with async_test_home_assistant(config_dir=folder) as hass:
            try:
                return await collect(hass)
            finally:
                await hass.async_stop(force=True)


if __name__ == "__main__":
    sys.exit(write_or_check({PAGE: page(asyncio.run(_alone()))}))
