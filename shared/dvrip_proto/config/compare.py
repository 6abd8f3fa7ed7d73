"""The comparison itself: goes down a wish beside the device's object and collects what differs.

Only what is wanted is looked at. Equal values keep the device's own spelling, different ones imitate it, and
everything that nobody mentioned stays the same object, untouched.

Lists: elements of a keyed list are matched by their key, channels and other elements that are objects or
lists by place (null leaves an element as it is, the tail stays), a list of plain values is one value. With
`exact_lists` a list becomes the one that is wanted: elements that are not in it go, new ones are added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Final

from ..errors import UsageError
from ..values import Json, shape
from .change import Change, Missing
from .kinds import RAW, Kind, Raw, refusal
from .merge import Rest
from .redact import MASKED, redact, secret_key
from .spec import Access, Field, Key, Spec, join
from .spelling import near


class _Absent(Enum):
    ABSENT = "absent"


_ABSENT: Final = _Absent.ABSENT


def missing_channel(element: Json) -> bool:
    """Tell whether a channel's element is one of the empty shapes of recorders: null or {"0": null}."""
    if isinstance(element, dict) and element:
        return all(str(key).isdigit() and value is None for key, value in element.items())
    return element is None


def no_channel(spec: Spec, channel: int, count: int) -> UsageError:
    """What to say of a channel that the device does not have."""
    text = f"{spec.name}: there is no {spec.element} {channel + 1}, the device has {count}"
    return UsageError(text, channel=channel)


class Walk:
    """One comparison; `changes` and `unverifiable` fill up while it goes. Channels count from 0."""

    def __init__(
        self,
        spec: Spec,
        channel: int | None,
        *,
        replace: bool,
        exact_lists: bool,
        allow_new: bool,
        skip_missing: bool = False,
    ) -> None:
        self._spec = spec
        self._channel = channel
        self._replace = replace
        self._exact_lists = exact_lists
        self._allow_new = allow_new
        self._skip_missing = skip_missing
        self._unlisted = Field(access=Access.READ_ONLY if spec.read_only else Access.READ_WRITE)
        self.changes: list[Change] = []
        self.unverifiable: list[str] = []
        self.missing: list[Missing] = []

    def element(self, current: Json, desired: Json) -> Json:
        """New element of the one channel that is meant."""
        self._check_present(current)
        return self.value("", "", current, desired)

    def one_of(self, current: Json, channel: int, desired: Json) -> Json:
        """New list in which only one channel's element is changed."""
        if not isinstance(current, list):
            raise UsageError(f"{self._spec.name}: the device holds no list of {self._spec.element}s")
        self._enter(current, channel)
        old = current[channel]
        new = self.value("", "", old, desired)
        return current if new is old else [*current[:channel], new, *current[channel + 1 :]]

    def channels(self, current: list[Json], desired: Json) -> list[Json]:
        """New list of channels; a wish that is no list of channels is meant for all that have the object."""
        by_channel = isinstance(desired, list | tuple) and not self._spec.is_element(desired)
        if by_channel:
            wishes = {at: wish for at, wish in enumerate(desired) if wish is not None}
        else:
            present = [at for at, element in enumerate(current) if not missing_channel(element)]
            wishes = dict.fromkeys(present, desired)
        if not wishes and not by_channel:
            raise UsageError(f"{self._spec.name}: the device has no {self._spec.element} with these settings")
        result = list(current)
        for at, wish in wishes.items():
            self._enter(current, at)
            result[at] = self.value("", "", current[at], wish)
        return result if _differs(result, current) else current

    def _enter(self, current: list[Json], channel: int) -> None:
        """Go on in one channel's element: what is said from here on is about it."""
        self._channel = channel
        if not 0 <= channel < len(current):
            raise no_channel(self._spec, channel, len(current))
        self._check_present(current[channel])

    def _check_present(self, element: Json) -> None:
        if missing_channel(element) and not self._spec.of_lists:
            label = self._spec.label(self._channel)
            raise UsageError(f"{label}: this device has no such settings", channel=self._channel)

    def value(self, at: str, path: str, current: Json, desired: Json) -> Json:
        """New value, the same object when nothing in it changes; `at` is the path shown, `path` the row's."""
        row = self._spec.row(path)
        if isinstance(desired, Mapping) and (row is None or row.opaque):
            return self._mapping(at, path, current, desired)
        if row is None and isinstance(desired, list | tuple) and _holds_containers(current, desired):
            return self._list(at, path, current, desired)
        return self._leaf(at, row or self._unlisted, current, desired)

    def _mapping(self, at: str, path: str, current: Json, desired: Mapping[str, Json]) -> Json:
        fresh = current is _ABSENT
        if not (fresh or current is None or isinstance(current, dict)):
            raise self._error(at, f"the device holds {shape(current)} here, not an object")
        had: dict[str, Json] = current if isinstance(current, dict) else {}
        result = {key: old for key, old in had.items() if not self._dropped(at, path, key, old, desired)}
        for key, wish in desired.items():
            below = join(path, str(key))
            guessed = not had and self._spec.knows(below)
            if key not in had and not (fresh or guessed or self._allow_new):
                if not self._skip_missing:
                    raise self._unknown_key(at, key, had)
                hint = near(str(key), had)
                self.missing.append(Missing(join(at, str(key)), channel=self._channel, hint=hint))
                continue
            result[key] = self.value(join(at, str(key)), below, had.get(key, _ABSENT), wish)
        if fresh and not result:
            self._note(at, RAW, _ABSENT, result)
        if fresh or result.keys() != had.keys() or _differs([*result.values()], [*had.values()]):
            return result
        return current

    def _dropped(self, at: str, path: str, key: str, old: Json, desired: Mapping[str, Json]) -> bool:
        """Tell whether a key goes because the whole object is replaced. What the device reports stays."""
        row = self._spec.row(join(path, key)) or self._unlisted
        if not self._replace or key in desired or row.access is Access.READ_ONLY:
            return False
        self._note(join(at, key), row.kind, old, _ABSENT)
        return True

    def _list(self, at: str, path: str, current: Json, desired: Sequence[Json]) -> Json:
        fresh = current is _ABSENT
        if not (fresh or current is None or isinstance(current, list)):
            raise self._error(at, f"the device holds {shape(current)} here, not a list")
        had: list[Json] = current if isinstance(current, list) else []
        key = self._spec.keyed.get(path)
        if key is not None:
            result = self._by_key(at, path, key, had, desired)
        else:
            result = self._by_place(
                at, path, had, desired, grows=fresh or self._allow_new or self._exact_lists
            )
        return result if fresh or _differs(result, had) else current

    def _by_place(
        self, at: str, path: str, had: list[Json], desired: Sequence[Json], *, grows: bool
    ) -> list[Json]:
        if len(desired) > len(had) and not grows:
            raise self._error(at, f"the device has {len(had)} elements here, not {len(desired)}")
        result: list[Json] = []
        for place, wish in enumerate(desired):
            old = had[place] if place < len(had) else _ABSENT
            keep = wish is None and old is not _ABSENT
            result.append(old if keep else self.value(f"{at}[{place}]", f"{path}[]", old, wish))
        tail = had[len(desired) :]
        if isinstance(desired, Rest):
            places = enumerate(tail, len(desired))
            return result + [
                self.value(f"{at}[{place}]", f"{path}[]", old, desired.rest) for place, old in places
            ]
        if not (self._replace or self._exact_lists):
            return result + tail
        for place, old in enumerate(tail, len(desired)):
            self._note(f"{at}[{place}]", RAW, old, _ABSENT)
        return result

    def _by_key(self, at: str, path: str, key: Key, had: list[Json], desired: Sequence[Json]) -> list[Json]:
        kind = (self._spec.row(join(f"{path}[]", key.name)) or self._unlisted).kind
        places = _places(kind, key.name, had)
        result, seen = list(had), set[str]()
        for place, wish in enumerate(desired):
            if wish is None:
                continue
            here = had[place] if place < len(had) and not key.grows else None
            name = self._identity(at, kind, key.name, wish, here)
            if name in seen:
                raise self._error(at, f"{key.name} {name} is there twice")
            seen.add(name)
            where = f"{at}[{key.name}={name}]"
            if name in places:
                result[places[name]] = self.value(where, f"{path}[]", had[places[name]], wish)
            elif key.grows or self._allow_new:
                result.append(self.value(where, f"{path}[]", _ABSENT, wish))
            else:
                raise self._error(at, f"no element has {key.name} {name}, there are: {', '.join(places)}")
        exact = self._replace or self._exact_lists
        gone = {place for name, place in places.items() if exact and name not in seen}
        for place in sorted(gone):
            self._note(f"{at}[{key.name}={_name(kind, key.name, had[place])}]", RAW, had[place], _ABSENT)
        return [element for place, element in enumerate(result) if place not in gone]

    def _identity(self, at: str, kind: Kind, key: str, wish: Json, same_place: Json) -> str:
        """Key of the element that a wish is for; one that names none is for the element at its place."""
        named = wish if isinstance(wish, Mapping) and key in wish else same_place
        if not isinstance(wish, Mapping) or not isinstance(named, Mapping) or key not in named:
            raise self._error(at, f"every element needs its {key!r}")
        return _name(kind, key, named)

    def _leaf(self, at: str, row: Field, current: Json, desired: Json) -> Json:
        kind, fresh = row.kind, current is _ABSENT
        unknown = fresh or row.access is Access.WRITE_ONLY
        if not unknown and kind.canon(current) == kind.canon(desired):
            return current
        secret = kind.secret or secret_key(at or self._spec.name)
        if row.access is Access.READ_ONLY and not fresh:
            told = "" if secret else f", the device reports {_shown(kind, current)!r}"
            raise self._error(at, f"cannot be changed{told}")
        like = None if fresh else current
        if not kind.accepts(desired):
            raise self._error(at, refusal(kind, desired))
        if isinstance(kind, Raw) and not kind.fits(desired, like):
            told = "this value" if secret else repr(redact(desired))
            raise self._error(at, f"{told} is not possible, the device holds {shape(like)} here")
        spelled = kind.wire(desired, like)
        if secret or row.access is Access.WRITE_ONLY:
            self.unverifiable.append(at)
        self._note(at, kind, current, spelled)
        return spelled

    def _note(self, at: str, kind: Kind, before: Json, after: Json) -> None:
        secret = kind.secret or secret_key(at or self._spec.name)
        sides = [
            None if side is _ABSENT else MASKED if secret else redact(_shown(kind, side))
            for side in (before, after)
        ]
        self.changes.append(
            Change(at, sides[0], sides[1], secret, channel=self._channel, element=self._spec.element)
        )

    def _unknown_key(self, at: str, key: Json, had: dict[str, Json]) -> UsageError:
        hint, keys = near(str(key), had), ", ".join(sorted(had)) or "none"
        return self._error(at, f"this device has no key {key!r}{hint}, its keys are: {keys}")

    def _where(self, at: str) -> str:
        label = self._spec.label(self._channel)
        return f"{label}: {at}" if at else label

    def _error(self, at: str, text: str) -> UsageError:
        return UsageError(f"{self._where(at)}: {text}", channel=self._channel)


def _places(kind: Kind, key: str, elements: list[Json]) -> dict[str, int]:
    """Place of every element by its key; the first of equal ones."""
    places: dict[str, int] = {}
    for place, element in enumerate(elements):
        if isinstance(element, dict):
            places.setdefault(_name(kind, key, element), place)
    return places


def _name(kind: Kind, key: str, element: Mapping[str, Json]) -> str:
    return str(kind.canon(element.get(key)))


def _shown(kind: Kind, value: Json) -> Json:
    return value if isinstance(kind, Raw) else kind.canon(value)


def _differs(new: Sequence[Json], old: Sequence[Json]) -> bool:
    """Tell whether any element is another object: unchanged ones are passed through as they are."""
    return len(new) != len(old) or any(a is not b for a, b in zip(new, old, strict=True))


def _holds_containers(current: Json, desired: Sequence[Json]) -> bool:
    present = current if isinstance(current, list) else []
    return any(isinstance(item, dict | list | tuple) for item in (*present, *desired))
