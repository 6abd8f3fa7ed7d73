"""One row of the catalog: what is known of a configuration object and of its fields.

A path is dotted, relative to the object (to one element of it, when it is `per_channel`): "Server.Port". `[]`
stands for every element of a list: "Covers[].RelativePos"; "" is the object itself. A key without a row is
Raw and read-write.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from ..values import Json, flag
from .kinds import RAW, Kind, Raw

_PLACE = re.compile(r"\[[^\]]*\]")


class Access(Enum):
    """Who may change a field."""

    READ_WRITE = "read-write"
    READ_ONLY = "read-only"  # the device reports it: asking for another value is a mistake
    WRITE_ONLY = "write-only"  # the device does not tell it: never known to be equal


@dataclass(frozen=True, slots=True)
class Field:
    """Kind, access and title of one field; `written` is what every write has there, whatever is reported."""

    kind: Kind = RAW
    access: Access = Access.READ_WRITE
    title: str = ""
    written: Json = None

    @property
    def opaque(self) -> bool:
        """Whether the row only names the field: an object in it is compared key by key, as without a row."""
        return isinstance(self.kind, Raw) and self.access is Access.READ_WRITE


@dataclass(frozen=True, slots=True)
class Key:
    """The field that tells the elements of a list apart; `grows` when new elements may be added."""

    name: str
    grows: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """How many elements of the list `of` are in use, which is where their member `when` is on."""

    of: str
    when: str

    def told(self, tree: Mapping[str, Json]) -> int | None:
        """The number in an object, None when it has no such list."""
        listed = tree.get(self.of)
        if not isinstance(listed, list):
            return None
        return sum(isinstance(item, Mapping) and flag(item.get(self.when)) for item in listed)


_PATH = re.compile(r"(?:(?:[^.\[\]]+|\[\])(?:\[\])*(?:\.[^.\[\]]+(?:\[\])*)*)?")


def join(prefix: str, path: str) -> str:
    """Append a path to a path: "Server" and "Port" give "Server.Port", "Covers" and "[]" give "Covers[]"."""
    dot = "." if prefix and path and not path.startswith("[") else ""
    return f"{prefix}{dot}{path}"


def of_any(path: str) -> str:
    """Path of any element of its lists: "Covers[2].RelativePos" is "Covers[].RelativePos"."""
    return _PLACE.sub("[]", path)


def under[T](prefix: str, rows: Mapping[str, T]) -> dict[str, T]:
    """Rows of a shared sub-object, moved below `prefix`."""
    return {join(prefix, path): row for path, row in rows.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """What is known of one configuration object."""

    name: str
    title: str = ""
    per_channel: bool = False  # a list, one element for each channel (or alarm input, see `element`)
    element: str = "channel"
    indexed: bool = True  # one element can be read and written alone, as `name.[n]`
    in_section: bool = False  # some firmware tells it only as part of its section
    read_only: bool = False
    fields: Mapping[str, Field] = field(default_factory=dict)
    keyed: Mapping[str, Key] = field(default_factory=dict)  # path of the list -> its key
    counts: Mapping[str, Count] = field(default_factory=dict)  # member -> what of a list it counts
    get_id: int = 1042
    set_id: int = 1040
    default_id: int = 1044

    def __post_init__(self) -> None:
        for path in self.fields:
            if _PATH.fullmatch(path) is None:
                raise ValueError(f"{self.name}: {path!r} is no path")
        for path, key in self.keyed.items():
            if _PATH.fullmatch(path) is None or path.endswith("[]") or not key.name:
                raise ValueError(f"{self.name}: {path!r} is no path of a keyed list")

    def row(self, path: str) -> Field | None:
        """Row of a path, None when the catalog has none."""
        row = self.fields.get(path)
        return replace(row, access=Access.READ_ONLY) if row and self.read_only else row

    def label(self, channel: int | None) -> str:
        """Name of the object, or of one channel's element of it, as people say it: channels count from 1."""
        return self.name if channel is None else f"{self.name} {self.element} {channel + 1}"

    def label_of(self, channels: Sequence[int]) -> str:
        """Name of several channels' elements of the object: "Record channels 1, 2"."""
        counted = ", ".join(str(channel + 1) for channel in channels)
        return f"{self.name} {self.element}{'s' if len(channels) > 1 else ''} {counted}"

    def is_element(self, tree: Json) -> bool:
        """Whether a list is one channel's element, of an object that keeps a list for each channel."""
        if not isinstance(tree, list | tuple) or not any(path.startswith("[]") for path in self.fields):
            return False
        return self.per_channel and any(isinstance(item, Mapping) for item in tree)

    @property
    def of_lists(self) -> bool:
        """Whether a channel's element is a list that grows, and null where nobody put anything into it."""
        return self.per_channel and "" in self.keyed and self.keyed[""].grows

    def knows(self, path: str) -> bool:
        """Tell whether a row speaks of this path or of something below it."""
        return any(known == path or known.startswith((f"{path}.", f"{path}[")) for known in self.fields)

    def written(self, tree: Json) -> Json:
        """Tree to send for a write: fields that only report a state get what the device wants there."""
        fixed = {path: row.written for path, row in self.fields.items() if row.written is not None}
        return _written(fixed, "", tree) if fixed else tree

    def counted(self, current: Json, planned: Json, wished: frozenset[str]) -> Json:
        """One object to write: its counts follow the lists that change, unless they are wished themselves."""
        if not (isinstance(current, Mapping) and isinstance(planned, Mapping)):
            return planned
        new = {
            key: told
            for key, count in self.counts.items()
            if key in planned and key not in wished
            if (told := count.told(planned)) is not None and told != count.told(current)
        }
        return {**planned, **new} if new else planned

    def below(self, path: str, name: str) -> Spec:
        """Spec of a part of this object that is asked for by its own name."""
        return Spec(
            name=name,
            title=self.title,
            read_only=self.read_only,
            fields=_below(path, self.fields),
            keyed=_below(path, self.keyed),
            get_id=self.get_id,
            set_id=self.set_id,
            default_id=self.default_id,
        )


def _written(fixed: Mapping[str, Json], path: str, tree: Json) -> Json:
    if isinstance(tree, dict):
        return {
            key: fixed.get(join(path, key), _written(fixed, join(path, key), value))
            for key, value in tree.items()
        }
    if isinstance(tree, list):  # of channels when nothing is above it: their rows have no place in the path
        return [_written(fixed, f"{path}[]" if path else "", item) for item in tree]
    return tree


def _below[T](path: str, rows: Mapping[str, T]) -> dict[str, T]:
    cut = {known[len(path) :]: row for known, row in rows.items() if known.startswith(path)}
    return {rest.removeprefix("."): row for rest, row in cut.items() if not rest or rest[0] in ".["}


_STEP = re.compile(r"([^.\[\]]+)|\[(?:(\d+)|([^=\]]+)=([^\]]*))\]")


@dataclass(frozen=True, slots=True)
class Setting[T]:
    """Typed address of one leaf: object, path within it (or within a channel's element) and kind.

    A path may step into lists by place or by key: "Covers[0].EncodeBlend", "[Interface=eth0].Enable".
    """

    name: str
    path: str
    kind: Kind = RAW

    def read(self, tree: Json) -> T | None:
        """Canonical value in the device's object, None when the object has no such leaf."""
        for part in self._steps():
            tree = _step(tree, part)
            if tree is None:
                return None
        value: T = self.kind.canon(tree)
        return value

    def patch(self, value: T) -> Json:
        """Partial tree that asks for this value and for nothing else."""
        tree: Json = value
        for part in reversed(self._steps()):
            if isinstance(part, str):
                tree = {part: tree}
            elif isinstance(part, int):
                tree = [None] * part + [tree]
            else:
                tree = [{part[0]: part[1], **tree}]
        return tree

    def _steps(self) -> list[str | int | tuple[str, str]]:
        steps: list[str | int | tuple[str, str]] = []
        for match in _STEP.finditer(self.path):
            name, place, key, wanted = match.groups()
            steps.append(name if name else int(place) if place else (key, wanted))
        return steps


def _step(tree: Json, part: str | int | tuple[str, str]) -> Json:
    if isinstance(part, str):
        return tree.get(part) if isinstance(tree, dict) else None
    if not isinstance(tree, list):
        return None
    if isinstance(part, int):
        return tree[part] if part < len(tree) else None
    key, wanted = part
    return next((item for item in tree if isinstance(item, dict) and str(item.get(key)) == wanted), None)
