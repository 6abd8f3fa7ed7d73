"""The pictures since the last key frame, so that a viewer who comes in between starts at once."""

from __future__ import annotations

from dataclasses import replace

from ..media.clock import VIDEO_RATE
from ..media.units import Track, Unit

MAX_BYTES = 8 * 1024 * 1024
MAX_SECONDS = 12.0
_SQUEEZED_S = 0.001


class Gop:
    """Keeps the units from the last key frame on; a GOP beyond the bounds is given up until the next one."""

    def __init__(self) -> None:
        self._units: list[Unit] = []
        self._bytes = 0

    def add(self, unit: Unit) -> None:
        """Take one unit in the order it is sent."""
        if unit.keyframe:
            self.clear()
        elif not self._units:
            return
        self._units.append(unit)
        self._bytes += unit.size
        if self._bytes > MAX_BYTES or unit.time_s - self._units[0].time_s > MAX_SECONDS:
            self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._units = []
        self._bytes = 0

    def __bool__(self) -> bool:
        return bool(self._units)

    def units(self, tracks: frozenset[Track]) -> list[Unit]:
        """Return what belongs to `tracks`, with its real timestamps: the viewer gets the past as well."""
        return [unit for unit in self._units if unit.track in tracks]

    def squeezed(self) -> list[Unit]:
        """Return the pictures, a millisecond apart up to now: who decodes them all shows the present."""
        pictures = self.units(frozenset({Track.VIDEO}))
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
