"""Kinds of areas of the picture, which people write in per cent of it: motion regions and privacy masks.

An area is [left, top, right, bottom], each from 0 to 100. They keep the four laws of kinds.py; a region does
so on the grid that it is made for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from ..values import Json
from .kinds import Plain
from .lists import Array
from .merge import Rest
from .texts import HEX

_SIDES = ("left", "top", "right", "bottom")
_UNITS = 8192  # of the picture's width and height, where a device keeps a rectangle
_ROWS = Array(HEX)
_AREA = "areas of the picture in per cent, each [left, top, right, bottom]; the empty list is none"

type Area = tuple[float, float, float, float]


def areas(value: Json) -> list[Area] | None:
    """Areas of a person's list; None when it is none. {"left": 0, "top": ...} is taken as well."""
    if not isinstance(value, list | tuple):
        return None
    found = [_area(item) for item in value]
    return [area for area in found if area is not None] if None not in found else None


def _area(item: Json) -> Area | None:
    if isinstance(item, Mapping) and set(item) == set(_SIDES):
        item = [item[side] for side in _SIDES]
    if not isinstance(item, list | tuple) or len(item) != len(_SIDES):
        return None
    if not all(isinstance(side, int | float) and not isinstance(side, bool) for side in item):
        return None
    left, top, right, bottom = map(float, item)
    return (left, top, right, bottom) if 0 <= left < right <= 100 and 0 <= top < bottom <= 100 else None


def _per_cent(part: float, whole: float) -> float | int:
    value = round(100 * part / whole, 1)
    return int(value) if value == int(value) else value


@dataclass(frozen=True, slots=True)
class Region(Plain):
    """Where motion counts: areas in per cent, on a grid of cells; the device keeps a row of bits for each.

    Only a kind that was made for the device's grid (ability MotionArea) knows per cents: without it the rows
    of bits are all that can be read and written.
    """

    columns: int = 0
    rows: int = 0
    name: ClassVar[str] = "region"
    secret: ClassVar[bool] = False

    @property
    def allowed(self) -> str:
        return f"{_AREA}, or the device's rows of bits"

    def canon(self, value: Json) -> Json:
        cells = self._cells(value)
        if cells is None:
            return _ROWS.canon(value)
        return [[_per_cent(side, whole) for side, whole in self._sides(cell)] for cell in self._merged(cells)]

    def wire(self, value: Json, like: Json = None) -> Json:
        cells = self._cells(value)
        if cells is None or not self._is_areas(value):
            return _ROWS.wire(value, like)
        rows = [
            sum(1 << column for column in range(self.columns) if (column, row) in cells)
            for row in range(self.rows)
        ]
        spare = len(like) - self.rows if isinstance(like, list) else 0
        return _ROWS.wire([HEX.wire(row) for row in rows] + [0] * max(0, spare), like)

    def accepts(self, value: Json) -> bool:
        if self._is_areas(value):
            return self.columns > 0
        return _ROWS.accepts(value)

    def _is_areas(self, value: Json) -> bool:
        return areas(value) is not None

    def _cells(self, value: Json) -> set[tuple[int, int]] | None:
        """Cells (column, row) that a value covers; None when it cannot be told."""
        if not self.columns or not self.rows:
            return None
        told = areas(value)
        if told is None:
            rows = _ROWS.canon(value)
            if not isinstance(rows, list) or not all(
                isinstance(row, str) and HEX.accepts(row) for row in rows
            ):
                return None
            bits = [int(row, 16) for row in rows[: self.rows]]
            return {(c, r) for r, row in enumerate(bits) for c in range(self.columns) if row >> c & 1}
        return {
            (column, row)
            for left, top, right, bottom in told
            for column in _span(left, right, self.columns)
            for row in _span(top, bottom, self.rows)
        }

    def _sides(self, cell: tuple[int, int, int, int]) -> list[tuple[int, int]]:
        left, top, right, bottom = cell
        return [(left, self.columns), (top, self.rows), (right, self.columns), (bottom, self.rows)]

    def _merged(self, cells: set[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
        """The fewest rectangles of a simple kind: each as wide as it can be, then as high."""
        left, found = set(cells), []
        for row in range(self.rows):
            for column in range(self.columns):
                if (column, row) not in left:
                    continue
                right = column
                while (right + 1, row) in left:
                    right += 1
                bottom = row
                while all((c, bottom + 1) in left for c in range(column, right + 1)):
                    bottom += 1
                left -= {(c, r) for c in range(column, right + 1) for r in range(row, bottom + 1)}
                found.append((column, row, right + 1, bottom + 1))
        return found


def _span(begin: float, end: float, count: int) -> range:
    """Cells of which a person's stretch covers more than half; at least one."""
    first = min(round(begin * count / 100), count - 1)
    return range(first, max(round(end * count / 100), first + 1))


@dataclass(frozen=True, slots=True)
class Masks(Plain):
    """Privacy masks: areas in per cent. The device keeps places for them, each a rectangle and a switch."""

    name: ClassVar[str] = "masks"
    secret: ClassVar[bool] = False
    allowed: ClassVar[str] = _AREA

    def canon(self, value: Json) -> Json:
        told = areas(value)
        if told is not None:
            return [[_per_cent(side, 100) for side in area] for area in told]
        covers = [self._cover(item) for item in value] if isinstance(value, list) else [None]
        return value if None in covers else [area for area in covers if area]

    def _cover(self, item: Json) -> list[float | int] | None:
        """Area of a place that is in use, [] of one that is not, None of what is no place."""
        place = item.get("RelativePos") if isinstance(item, Mapping) else None
        if not isinstance(place, list) or len(place) != len(_SIDES):
            return None
        if not all(isinstance(side, int) and not isinstance(side, bool) for side in place):
            return None
        return [_per_cent(side, _UNITS) for side in place] if item.get("EncodeBlend") in (True, 1) else []

    def wire(self, value: Json, like: Json = None) -> Json:  # noqa: ARG002 - a wish for the list of places
        told = areas(value)
        if told is None:
            return value
        return Rest(
            [
                {
                    "EncodeBlend": True,
                    "PreviewBlend": True,
                    "RelativePos": [round(side * _UNITS / 100) for side in area],
                }
                for area in told
            ],
            rest={"EncodeBlend": False, "PreviewBlend": False},
        )

    def accepts(self, value: Json) -> bool:
        return areas(value) is not None


REGION = Region()
MASKS = Masks()
