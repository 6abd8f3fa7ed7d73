"""The last pictures and sounds, in whole groups, so that a viewer who comes in between starts at once."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from ..media.clock import VIDEO_RATE
from ..media.units import Track, Unit

MAX_BYTES = 8 * 1024 * 1024
MAX_SECONDS = 12.0
HISTORY_S = 6.5
"""A segment of Home Assistant has 6 s: whoever cuts HLS finds a whole one here."""

_SQUEEZED_S = 0.001


class Gop:
    """Keeps whole groups of pictures over `HISTORY_S`; one beyond the bounds is given up until the next."""

    def __init__(self) -> None:
        self._groups: deque[list[Unit]] = deque()
        self._bytes = 0

    def add(self, unit: Unit) -> None:
        """Take one unit in the order it is sent."""
        if unit.keyframe:
            while len(self._groups) > 1 and unit.time_s - self._groups[1][0].time_s >= HISTORY_S:
                self._forget_first()
            self._groups.append([])
        elif not self._groups:
            return
        last = self._groups[-1]
        last.append(unit)
        self._bytes += unit.size
        while self._bytes > MAX_BYTES and len(self._groups) > 1:
            self._forget_first()
        if self._bytes > MAX_BYTES or unit.time_s - last[0].time_s > MAX_SECONDS:
            self.clear()

    def insert(self, units: list[Unit]) -> None:
        """Add sound of a time that is here already."""
        for group, following in zip(self._groups, [*list(self._groups)[1:], None], strict=True):
            begin, end = group[0].time_s, following[0].time_s if following else float("inf")
            found = [unit for unit in units if begin <= unit.time_s < end]
            self._bytes += sum(unit.size for unit in found)
            group[1:] = sorted([*group[1:], *found], key=lambda unit: unit.time_s)

    def clear(self) -> None:
        """Forget everything."""
        self._groups.clear()
        self._bytes = 0

    def __bool__(self) -> bool:
        return bool(self._groups)

    def units(self, tracks: frozenset[Track]) -> list[Unit]:
        """Return what belongs to `tracks`, with its real timestamps: the viewer gets the past as well."""
        return [unit for group in self._groups for unit in group if unit.track in tracks]

    def squeezed(self) -> list[Unit]:
        """Return the last group, a millisecond a picture up to now: who decodes it all shows the present."""
        pictures = [unit for unit in self._groups[-1] if unit.track is Track.VIDEO] if self._groups else []
        if not pictures:
            return []
        last = pictures[-1]
        return [
            replace(
                unit,
                stamp=last.stamp - round(age * _SQUEEZED_S * VIDEO_RATE),
                time_s=last.time_s - age * _SQUEEZED_S,
            )
            for age, unit in zip(range(len(pictures) - 1, -1, -1), pictures, strict=True)
        ]

    def _forget_first(self) -> None:
        self._bytes -= sum(unit.size for unit in self._groups.popleft())
