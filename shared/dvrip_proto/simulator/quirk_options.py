"""Quirks from the command line: NAME=VALUE texts to a Quirks, and what there is to switch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from typing import Any, Final, get_type_hints

from ..errors import UsageError
from .encryption import MANNERS
from .quirks import Quirks

_BOOLS: Final = {"": True, "yes": True, "on": True, "true": True, "no": False, "off": False, "false": False}
_CHOICES: Final = {
    "encrypted": ("login", "replies", *MANNERS),
    "playback_end": ("flag", "message", "control", "silence"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """One quirk: how it is written, what it takes, what it means, and who saw it on a real device."""

    name: str
    takes: str
    what: str
    by: str


def _bool(text: str) -> bool:
    return _BOOLS[text.lower()]


def _words(text: str) -> list[str]:
    words = text.split(",")
    if not all(words):
        raise ValueError(text)
    return words


def _number(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < 1e9:
        raise ValueError(text)
    return seconds


def _pairs[K, V](text: str, key: Callable[[str], K], value: Callable[[str], V]) -> dict[K, V]:
    pairs = [word.rpartition(":") for word in _words(text)]
    return {key(left): value(right) for left, _, right in pairs}


def _name(text: str) -> str:
    if not text:
        raise ValueError(text)
    return text


_KINDS: Final[Mapping[object, tuple[str, Callable[[str], object]]]] = {
    bool: ("yes or no", _bool),
    str: ("TEXT", _name),
    int: ("N", _number),
    int | None: ("N", _number),
    float: ("SECONDS", _seconds),
    float | None: ("SECONDS", _seconds),
    frozenset[int]: ("N,N ...", lambda text: frozenset(map(_number, _words(text)))),
    frozenset[str]: ("NAME,NAME ...", lambda text: frozenset(_words(text))),
    Mapping[int, float]: ("N:SECONDS,N:SECONDS ...", lambda text: _pairs(text, _number, _seconds)),
    Mapping[int, str]: ("N:WORD,N:WORD ...", lambda text: _pairs(text, _number, _name)),
    Mapping[str, int]: ("NAME:N,NAME:N ...", lambda text: _pairs(text, _name, _number)),
}


def switches() -> Iterator[Switch]:
    """Everything that can be switched, in the order of Quirks."""
    hints = get_type_hints(Quirks)
    for quirk in fields(Quirks):
        choices = _CHOICES.get(quirk.name)
        takes = " or ".join(choices) if choices else _KINDS[hints[quirk.name]][0]
        if quirk.default is not MISSING and quirk.default not in (None, "", False, frozenset()):
            told = (
                "yes" if quirk.default is True else f"{quirk.default:g}" if _is_number(quirk.default) else ""
            )
            takes += f" (default {told or quirk.default})"
        yield Switch(
            name=quirk.name.replace("_", "-"),
            takes=takes,
            what=quirk.metadata["what"],
            by=quirk.metadata["by"],
        )


def parse_quirks(texts: Sequence[str]) -> Quirks:
    """The quirks that `NAME` and `NAME=VALUE` texts switch; UsageError says what is wrong with one."""
    hints = get_type_hints(Quirks)
    values: dict[str, Any] = {}
    for text in texts:
        told, _, value = text.partition("=")
        name = told.strip().replace("-", "_")
        if name not in hints:
            raise UsageError(f"quirk {told}: unknown, `dvrip simulate quirks` lists them")
        if name in _CHOICES:
            if value not in _CHOICES[name]:
                raise UsageError(f"quirk {told}: {value!r} is not {' or '.join(_CHOICES[name])}")
            values[name] = value
            continue
        takes, read = _KINDS[hints[name]]
        try:
            values[name] = read(value.strip())
        except (ValueError, LookupError) as error:
            raise UsageError(f"quirk {told}: {value!r} is not {takes}") from error
    return Quirks(**values)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)
