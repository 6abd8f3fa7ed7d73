"""Access units in Annex-B form: their NAL units, and parameter sets in front of every key frame. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_START: Final = b"\0\0\1"
# NAL types: parameter sets to repeat, and what devices do not send (access unit delimiters).
_SETS: Final = {"h264": (7, 8), "h265": (32, 33, 34)}
_DELIMITER: Final = {"h264": 9, "h265": 35}


def units(data: bytes) -> Iterator[bytes]:
    """NAL units without start codes."""
    start = data.find(_START)
    while start >= 0:
        begin = start + 3
        start = data.find(_START, begin)
        unit = data[begin:start] if start >= 0 else data[begin:]
        unit = unit.rstrip(b"\0") if start >= 0 else unit
        if unit:
            yield unit


def unit_type(unit: bytes, codec: str) -> int:
    """The type of a NAL unit."""
    return unit[0] & 0x1F if codec == "h264" else unit[0] >> 1 & 0x3F


class Units:
    """Writes access units as devices do: long start codes, no delimiters, key frames with parameters."""

    def __init__(self, codec: str, extradata: bytes) -> None:
        self._codec = codec
        self._sets: dict[int, bytes] = {}
        self._learn(list(units(extradata)))

    @property
    def complete(self) -> bool:
        """Whether every parameter set is known."""
        return self._sets.keys() >= set(_SETS[self._codec])

    def write(self, data: bytes, *, keyframe: bool) -> bytes:
        """One access unit."""
        found = [unit for unit in units(data) if unit_type(unit, self._codec) != _DELIMITER[self._codec]]
        self._learn(found)
        if keyframe:
            present = {unit_type(unit, self._codec) for unit in found}
            found = [
                self._sets[kind] for kind in _SETS[self._codec] if kind not in present and kind in self._sets
            ] + found
        return b"".join(b"\0" + _START + unit for unit in found)

    def _learn(self, found: list[bytes]) -> None:
        for unit in found:
            kind = unit_type(unit, self._codec)
            if kind in _SETS[self._codec]:
                self._sets[kind] = unit
