"""Which controls a device has: told by what was read from it, never by its flags alone.

Devices set flags for objects that they do not have, and list alarm inputs without a terminal. So a control is
there when its object was read, when the value in it is one of its kind, and when SystemInfo counts the thing
that it is about. A flag only decides whether it is shown at first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..values import Json, flag, number
from .catalog.shared_rows import CODECS_BY_BIT, RESOLUTIONS_BY_BIT
from .control import Control
from .controls import CONTROLS
from .fit import GRID, fitted
from .kinds import Choice, Code, Kind

_DIGITAL = "DigChannel"


@dataclass(frozen=True, slots=True)
class Present:
    """A control that a device has, on a channel (from 0; input, output; None for the device itself).

    `kind` offers only what this device can do; the present value always stays possible. `shown` is whether
    it should be there without being asked for.
    """

    control: Control
    channel: int | None
    value: Json
    kind: Kind
    shown: bool


def present(
    trees: Mapping[str, Json],
    *,
    info: Mapping[str, Json] | None = None,
    abilities: Mapping[str, Json] | None = None,
) -> Iterator[Present]:
    """Controls of a device whose objects are `trees`, by name: those that were read, and no others.

    `info` is its SystemInfo (`SystemInfo.raw`): what it does not count is taken to be there. `abilities` are
    answers by name: SystemFunction, EncodeCapability, Camera.
    """
    counted, able = info or {}, abilities or {}
    for control in CONTROLS:
        if control.object not in trees:
            continue
        for channel, value in control.values(trees[control.object]):
            if control.kind.accepts(value) and counts(control, channel, counted):
                kind = narrowed(control, channel, value, able)
                yield Present(
                    control=control,
                    channel=channel,
                    value=kind.canon(value),
                    kind=kind,
                    shown=control.basic and not _denied(control.ability, able.get("SystemFunction")),
                )


def counts(control: Control, channel: int | None, info: Mapping[str, Json]) -> bool:
    """Whether SystemInfo counts what the control is about, where that is a physical thing."""
    count = number(info.get(control.physical)) if control.physical else None
    if count is None:
        return True
    if control.spec.element == "channel" and channel is not None and number(info.get(_DIGITAL)):
        return True  # what a recorder's cameras have, it does not count
    if channel is None or control.spec.element == "channel":
        return count > 0
    return channel < count


def narrowed(control: Control, channel: int | None, value: Json, abilities: Mapping[str, Json]) -> Kind:
    """The control's kind with only those choices that the device's abilities offer, and the present one."""
    ability = abilities.get(control.options_from) if control.options_from else None
    if not isinstance(ability, Mapping):
        return control.kind
    kind = control.kind
    if control.options_from == GRID:
        return fitted(control.spec, grid=ability).fields[control.path].kind
    if control.options_from == "EncodeCapability":
        offered = _encoder(control.path, channel or 0, ability)
    else:
        offered = _day_night(ability)
    chosen = tuple(word for word in kind.options if word in offered or word == value)
    if not offered or not chosen:
        return kind
    if isinstance(kind, Code):
        return Code({word: kind.labels[word] for word in chosen})
    return Choice(chosen) if isinstance(kind, Choice) else kind


def _denied(path: str, functions: Json) -> bool:
    """Whether a flag of SystemFunction says no; silence says nothing."""
    group, _, name = path.partition(".")
    flags = functions.get(group) if isinstance(functions, Mapping) else None
    value = flags.get(name) if isinstance(flags, Mapping) else None
    return value is not None and not flag(value)


def _encoder(path: str, channel: int, ability: Mapping[str, Json]) -> frozenset[str]:
    """Codecs or sizes of a stream, from the masks of EncodeCapability; nothing when it does not tell."""
    main = path.startswith("MainFormat")
    stream = "MainStream" if main else "ExtraStream2"
    entries = ability.get("EncodeInfo")
    entry: Mapping[str, Json] = next(
        (
            item
            for item in (entries if isinstance(entries, list) else [])
            if isinstance(item, Mapping) and item.get("StreamType") == stream
        ),
        {},
    )
    if path.endswith("Compression"):
        return _words(entry.get("CompressionMask"), CODECS_BY_BIT)
    sizes = ability.get("ImageSizePerChannel" if main else "ExImageSizePerChannel")
    own = sizes[channel] if isinstance(sizes, list) and channel < len(sizes) else None
    return _words(own if number(own) else entry.get("ResolutionMask"), RESOLUTIONS_BY_BIT)


def _words(mask: Json, names: Mapping[int, tuple[str, ...]]) -> frozenset[str]:
    bits = number(mask) or 0
    return frozenset(word for bit, words in names.items() if bits >> bit & 1 for word in words)


def _day_night(ability: Mapping[str, Json]) -> frozenset[str]:
    """Modes of day and night: those with white light only where the camera has both lights."""
    told = ability.get("SupportIntellDoubleLight")
    if told is None:
        return frozenset()
    plain = {"auto", "colour", "black-white"}
    double = {"intelligent light", "white light", "intelligent infrared"}
    return frozenset(plain | double if flag(told) else plain)
