"""Several partial objects into one that asks for all that they ask for."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest

from ..errors import UsageError
from ..values import Json


class Rest(list[Json]):
    """A wish for a list by place that also says what all places after its own shall be."""

    def __init__(self, items: Iterable[Json], *, rest: Json) -> None:
        super().__init__(items)
        self.rest = rest


def merged(one: Json, other: Json, where: str = "") -> Json:
    """One wish out of two. UsageError when they ask for two values of one thing.

    `where` is the path that `other` was made of: elements of lists meet by place, but those that it names, as
    in "[Interface=eth0].Enable", by that name.
    """
    if isinstance(one, dict) and isinstance(other, dict):
        both = one.keys() & other.keys()
        return {**one, **other, **{key: merged(one[key], other[key], where) for key in both}}
    plain = not isinstance(one, Rest) and not isinstance(other, Rest)
    if plain and isinstance(one, list) and isinstance(other, list):
        return _lists(one, other, where)
    if one == other:
        return one
    raise UsageError(f"{where}: is given twice" if where else "a value is given twice")


def _lists(one: list[Json], other: list[Json], where: str) -> list[Json]:
    last: Json = other[-1] if other else None
    key = next(iter(last), "") if isinstance(last, dict) else ""
    if f"[{key}=" not in where:
        pairs = zip_longest(one, other)
        return [a if b is None else b if a is None else merged(a, b, where) for a, b in pairs]
    for index, item in enumerate(one):
        if isinstance(item, dict) and item.get(key) == last[key]:
            return [*one[:index], merged(item, last, where), *one[index + 1 :]]
    return [*one, last]
