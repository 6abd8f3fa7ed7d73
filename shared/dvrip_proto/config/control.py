"""A setting by the name that people give it, and what it makes of a device's object."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..values import Json
from .catalog import CATALOG
from .compare import missing_channel
from .kinds import BOOL, Kind, validate
from .merge import merged
from .schedule import CLOCK
from .spec import Access, Field, Setting, Spec, of_any

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Control:
    """One row: an address, words for people, and what may hide it. All else is the catalog field's.

    `key` is part of unique ids, options and translations, and is never renamed. `path` may step into lists by
    place or key, as a `Setting`'s. The constructor refuses an address that the catalog does not have or that
    cannot be written.
    """

    key: str
    object: str
    path: str
    title: str
    basic: bool = False  # shown without being asked for
    entity: bool = True  # False: for tasks and the command line only
    ability: str = ""  # "Group.Flag" of SystemFunction that may hide it, never create it
    physical: str = ""  # key of SystemInfo that counts the thing: 0 of them, no control
    options_from: str = ""  # ability that narrows the choices
    on: str = ""  # a choice that acts as a switch: its word for on ...
    off: str = ""  # ... and the word written for off; all words but `on` are read as off
    view: Kind | None = None  # how people write a part of the object that is no single value
    minute: str = ""  # `path` is the hour of a time of day, and this its minute

    def __post_init__(self) -> None:
        rows = [self._row(path) for path in (self.path, self.minute) if path or path == self.path]
        if not _IDENTIFIER.fullmatch(self.key) or not self.title:
            raise ValueError(f"{self.key!r}: no key of small letters, digits and _, or no title")
        if self.view is not None and self.spec.knows(self.path):
            return
        if any(row is None or row.access is not Access.READ_WRITE for row in rows):
            raise ValueError(f"{self.key}: {self.object} {self.path} is no setting of the catalog")
        words = rows[0].kind.options if rows[0] else ()
        if bool(self.on) != bool(self.off) or not {self.on, self.off} - {""} <= set(words):
            raise ValueError(f"{self.key}: {self.on!r} and {self.off!r} are not both words of {words}")

    @property
    def spec(self) -> Spec:
        """Object that it is in."""
        return CATALOG[self.object]

    @property
    def per_channel(self) -> bool:
        """Whether every channel (or input, output: `spec.element`) has its own."""
        return self.spec.per_channel

    @property
    def kind(self) -> Kind:
        """What it may be."""
        if self.on:
            return BOOL
        if self.view is not None:
            return self.view
        return CLOCK if self.minute else self.setting.kind

    @property
    def setting(self) -> Setting[Json]:
        """Address of the leaf; of the hour, when it is a time of day."""
        return self._leaf(self.path)

    def read(self, element: Json) -> Json:
        """Present value as people write it, None when the object (a channel's element) does not have it."""
        value = self.setting.read(element)
        if value is None or missing_channel(element):
            return None
        if self.on:
            return value == self.on
        if self.view is not None:
            return self.view.canon(value)
        if not self.minute:
            return value
        minute = self._leaf(self.minute).read(element)
        return None if minute is None else CLOCK.canon([value, minute])

    def patch(self, value: Json) -> Json:
        """Partial object (a channel's element) that asks for this value and nothing else.

        Whether the value is possible says `plan`; UsageError where it cannot be taken apart.
        """
        if not (self.on or self.minute or self.view):
            return self.setting.patch(value)
        validate(self.kind, value, self.key)
        if self.view is not None:
            return self.setting.patch(self.view.wire(value))
        if self.on:
            return self.setting.patch(self.on if BOOL.canon(value) else self.off)
        hour, minute = CLOCK.wire(value)
        return merged(self.setting.patch(hour), self._leaf(self.minute).patch(minute))

    def values(self, tree: Json) -> Iterator[tuple[int | None, Json]]:
        """Channel, None for the device itself, and present value, wherever the object `tree` has it."""
        if not self.per_channel:
            places: list[tuple[int | None, Json]] = [(None, tree)]
        else:
            places = list(enumerate(tree)) if isinstance(tree, list) else []
        for channel, element in places:
            if (value := self.read(element)) is not None:
                yield channel, value

    def _leaf(self, path: str) -> Setting[Json]:
        row = self._row(path) or Field()
        return Setting(self.object, path, row.kind)

    def _row(self, path: str) -> Field | None:
        spec = CATALOG.get(self.object)
        return spec.row(of_any(path)) if spec else None


def index(*tables: tuple[Control, ...]) -> Mapping[str, Control]:
    """Rows by key; ValueError for a key that is there twice."""
    found: dict[str, Control] = {}
    for row in (row for table in tables for row in table):
        if row.key in found:
            raise ValueError(f"two controls have the key {row.key!r}")
        found[row.key] = row
    return found


def within(object_name: str, *rows: tuple[str, str, str], entity: bool = True) -> tuple[Control, ...]:
    """Rows of one object about which there is no more to say than key, path and title."""
    return tuple(Control(key, object_name, path, title, entity=entity) for key, path, title in rows)
