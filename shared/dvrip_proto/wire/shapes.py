"""The shapes in which devices tell things: members in any letters, lists told as objects, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ..values import Json

_PLACE: Final = re.compile(r"\[?(\d{1,4})\]?")
_PLACES_MAX: Final = 1024


def member(body: Mapping[str, Json], name: str) -> Json:
    """A member of a message, in whatever letters the device writes its name; None when it is missing."""
    if name in body:
        return body[name]
    wanted = name.casefold()
    return next((value for key, value in body.items() if key.casefold() == wanted), None)


def first(body: Mapping[str, Json], *names: str) -> Json:
    """The first of some members that is there: firmware gives one thing several names."""
    return next((value for name in names if (value := member(body, name)) is not None), None)


def members(value: Json) -> Mapping[str, Json]:
    """The object that a value is, or the only one in a list; an empty one for anything else."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value if isinstance(value, Mapping) else {}


def things(value: Json, *marks: str) -> list[Json]:
    """What a value lists: a list as it is, or the things of the lists in it.

    An object is a list where its members are named by numbers, or where its only member is a list. With a
    member of the `marks` it is the only thing itself.
    """
    if isinstance(value, Mapping):
        return _of_object(value, marks)
    if not isinstance(value, list):
        return []
    if value and all(isinstance(each, list) for each in value):
        return [each for inner in value for each in inner]
    return value


def _of_object(value: Mapping[str, Json], marks: tuple[str, ...]) -> list[Json]:
    if any(member(value, mark) is not None for mark in marks):
        return [value]
    found = [_PLACE.fullmatch(key) for key in value]
    places = {int(place[1]): each for place, each in zip(found, value.values(), strict=True) if place}
    if places and all(found):
        first, last = min(places), max(places)
        return [places.get(at) for at in range(0 if first > 1 else first, min(last, _PLACES_MAX) + 1)]
    only = next(iter(value.values())) if len(value) == 1 else None
    return things(only) if isinstance(only, list) else []
