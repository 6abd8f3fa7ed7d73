"""What one value of a configuration object may be, and its two spellings: a person's and the device's.

Every kind keeps four laws, whatever `x` and `like` are:

1. `canon(canon(x)) == canon(x)`: the canonical form is what a person would write.
2. `canon(wire(canon(x), like)) == canon(x)`: writing the device's way loses nothing.
3. `canon(wire(x, like)) == canon(x)`: the device's form may be asked of any spelling.
4. A value that a kind does not know passes through both unchanged.

Two spellings are equal when their canonical forms are. `like` is the device's present value: its type, digit
count and letter case are imitated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol

from ..errors import UsageError
from ..values import Json, number, spell


class Kind(Protocol):
    """The two spellings of a value and what is allowed for it."""

    @property
    def name(self) -> str:
        """Short name for documentation and user interfaces: "bool", "int", "choice" ..."""

    @property
    def secret(self) -> bool:
        """Whether the value must never be shown."""

    @property
    def allowed(self) -> str:
        """What a person may write, as the end of the sentence "must be ..."."""

    @property
    def options(self) -> tuple[str, ...]:
        """Words to choose from, () when the value is no choice."""

    @property
    def bounds(self) -> tuple[int | None, int | None] | None:
        """Least and largest number, None where there is none; None when the value is no number."""

    @property
    def unit(self) -> str:
        """Unit of a number, "" without one."""

    def canon(self, value: Json) -> Json:
        """Canonical form: what a person would write."""

    def wire(self, value: Json, like: Json = None) -> Json:
        """Device's spelling, imitating its present value `like`."""

    def accepts(self, value: Json) -> bool:
        """Tell whether the device may be given this value."""


class Plain:
    """What most kinds are: no choice and no number."""

    __slots__ = ()

    options: ClassVar[tuple[str, ...]] = ()
    bounds: ClassVar[tuple[int | None, int | None] | None] = None
    unit: ClassVar[str] = ""


def plain(value: Json) -> str:
    """A value as people write it: as JSON, but text in single quotes."""
    return (
        {None: "null", True: "true", False: "false"}[value]
        if value is None or isinstance(value, bool)
        else repr(value)
    )


def refusal(kind: Kind, value: Json) -> str:
    """Why the kind does not accept this value, for the end of a sentence."""
    nested = any(isinstance(item, dict) for item in (value if isinstance(value, list | tuple) else [value]))
    shown = "this value" if kind.secret or nested else plain(kind.canon(value))
    return f"{shown} is not possible, it must be {kind.allowed}"


def validate(kind: Kind, value: Json, where: str) -> None:
    """Raise UsageError that names `where`, the value and what is allowed, unless the kind accepts it."""
    if not kind.accepts(value):
        raise UsageError(f"{where}: {refusal(kind, value)}")


@dataclass(frozen=True, slots=True)
class Raw(Plain):
    """A value with no row in the catalog: compared loosely (0 == false, "0x0f" == "0x0000000F" == 15)."""

    name: ClassVar[str] = "any"
    secret: ClassVar[bool] = False
    allowed: ClassVar[str] = "of the type that the device holds"

    def canon(self, value: Json) -> Json:
        if isinstance(value, dict):
            return {key: self.canon(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.canon(item) for item in value]
        meant = None if isinstance(value, bool) else number(value)
        return value if meant is None else meant

    def wire(self, value: Json, like: Json = None) -> Json:
        if isinstance(value, list | tuple):
            old = like if isinstance(like, list) else []
            return [self.wire(item, old[at] if at < len(old) else None) for at, item in enumerate(value)]
        meant = number(value)
        if meant is None or like is None or isinstance(like, dict | list):
            return value
        if isinstance(like, str) and number(like) is None:
            return value if isinstance(value, str) else str(meant)
        return spell(meant, like)

    def accepts(self, value: Json) -> bool:  # noqa: ARG002 - `fits` decides, it knows the present value
        return True

    def fits(self, value: Json, like: Json) -> bool:
        """Tell whether the value has the type of the device's present value."""
        if like is None:
            return True
        if isinstance(like, bool):
            return number(value) in (0, 1)
        if isinstance(like, int | float):
            return isinstance(value, float) or number(value) is not None
        if isinstance(like, str):
            return isinstance(value, str) or (number(value) is not None and not isinstance(value, bool))
        if isinstance(like, dict):
            return isinstance(value, dict)
        return isinstance(value, list | tuple)


_WORDS = {"true": "false", "on": "off", "yes": "no"}
_MEANT = dict.fromkeys(_WORDS, True) | dict.fromkeys(_WORDS.values(), False)


@dataclass(frozen=True, slots=True)
class Bool(Plain):
    """A switch. Devices spell it true, 1, "0x00000001" or "On"."""

    name: ClassVar[str] = "bool"
    secret: ClassVar[bool] = False
    allowed: ClassVar[str] = "true or false"

    def canon(self, value: Json) -> Json:
        if isinstance(value, str) and value.lower() in _MEANT:
            return _MEANT[value.lower()]
        meant = number(value)
        return bool(meant) if meant in (0, 1) else value

    def wire(self, value: Json, like: Json = None) -> Json:
        meant = self.canon(value)
        if not isinstance(meant, bool):
            return value
        if isinstance(like, str) and like.lower() in _MEANT:
            return self._word(meant, like)
        return meant if number(like) is None else spell(int(meant), like)

    def _word(self, meant: bool, like: str) -> str:
        yes, no = next(pair for pair in _WORDS.items() if like.lower() in pair)
        word = yes if meant else no
        return word if like[0].islower() else word.capitalize()

    def accepts(self, value: Json) -> bool:
        return isinstance(self.canon(value), bool)


@dataclass(frozen=True, slots=True)
class Int:
    """A whole number, optionally within bounds and with a unit."""

    lo: int | None = None
    hi: int | None = None
    unit: str = ""
    name: ClassVar[str] = "int"
    secret: ClassVar[bool] = False
    options: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        if self.hi is not None and (self.lo is None or self.lo > self.hi):
            raise ValueError(f"no range: {self.lo} to {self.hi}")

    @property
    def bounds(self) -> tuple[int | None, int | None]:
        return self.lo, self.hi

    @property
    def allowed(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        lo = "" if self.lo is None else f" from {self.lo}"
        hi = "" if self.hi is None else f" to {self.hi}"
        return f"a whole number{lo}{hi}{unit}"

    def canon(self, value: Json) -> Json:
        meant = number(value)
        return value if meant is None else meant

    def wire(self, value: Json, like: Json = None) -> Json:
        meant = number(value)
        return value if meant is None else spell(meant, like)

    def accepts(self, value: Json) -> bool:
        meant = number(value)
        if meant is None or isinstance(value, bool):
            return False
        return (self.lo is None or meant >= self.lo) and (self.hi is None or meant <= self.hi)


@dataclass(frozen=True, slots=True)
class Choice:
    """One word of a list, upper and lower case alike. An `open` list names what is known, not all."""

    values: tuple[str, ...]
    open: bool = False
    name: ClassVar[str] = "choice"
    secret: ClassVar[bool] = False
    bounds: ClassVar[None] = None
    unit: ClassVar[str] = ""

    def __post_init__(self) -> None:
        if len({value.casefold() for value in self.values}) != len(self.values) or not self.values:
            raise ValueError(f"choices must differ: {self.values}")

    @property
    def options(self) -> tuple[str, ...]:
        return self.values

    @property
    def allowed(self) -> str:
        return ("text such as " if self.open else "one of ") + ", ".join(self.values)

    def canon(self, value: Json) -> Json:
        if isinstance(value, str | int) and not isinstance(value, bool):
            text = str(value)
            return next((known for known in self.values if known.casefold() == text.casefold()), value)
        return value

    def wire(self, value: Json, like: Json = None) -> Json:
        meant = self.canon(value)
        return like if self.canon(like) == meant and isinstance(like, str) else meant

    def accepts(self, value: Json) -> bool:
        return self.canon(value) in self.values or (self.open and isinstance(value, str) and value != "")


@dataclass(frozen=True, slots=True)
class Code:
    """A number with a name for each value; a person writes the name, the device the number."""

    labels: Mapping[str, int]
    name: ClassVar[str] = "code"
    secret: ClassVar[bool] = False
    bounds: ClassVar[None] = None
    unit: ClassVar[str] = ""

    def __post_init__(self) -> None:
        if len(set(self.labels.values())) != len(self.labels) or any(
            number(key) is not None for key in self.labels
        ):
            raise ValueError(f"labels must be words for different numbers: {dict(self.labels)}")

    @property
    def options(self) -> tuple[str, ...]:
        return tuple(self.labels)

    @property
    def allowed(self) -> str:
        return "one of " + ", ".join(f"{label} ({code})" for label, code in self.labels.items())

    def canon(self, value: Json) -> Json:
        meant = number(value)
        if meant is not None:
            return next((label for label, code in self.labels.items() if code == meant), meant)
        if isinstance(value, str):
            return next((label for label in self.labels if label.casefold() == value.casefold()), value)
        return value

    def wire(self, value: Json, like: Json = None) -> Json:
        meant = self.canon(value)
        code = self.labels.get(meant) if isinstance(meant, str) else number(meant)
        return value if code is None else spell(code, like if number(like) is not None else None)

    def accepts(self, value: Json) -> bool:
        meant = self.canon(value)
        return isinstance(meant, str) and meant in self.labels


RAW = Raw()
BOOL = Bool()
INT = Int()
PORT = Int(1, 65535)
PERCENT = Int(0, 100, "%")
