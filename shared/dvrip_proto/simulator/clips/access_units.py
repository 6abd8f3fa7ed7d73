"""Access units as devices write them: Annex-B with parameter sets in front of every key frame. Pure."""

from __future__ import annotations

from typing import Final

from ...media.nal import START_CODE, nal_type, units

# NAL types: parameter sets to repeat, and what devices do not send (access unit delimiters).
_SETS: Final = {"h264": (7, 8), "h265": (32, 33, 34)}
_DELIMITER: Final = {"h264": 9, "h265": 35}


class AccessUnits:
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
        found = [unit for unit in units(data) if nal_type(self._codec, unit) != _DELIMITER[self._codec]]
        self._learn(found)
        if keyframe:
            present = {nal_type(self._codec, unit) for unit in found}
            missing = [kind for kind in _SETS[self._codec] if kind not in present and kind in self._sets]
            found = [*(memoryview(self._sets[kind]) for kind in missing), *found]
        return b"".join(b"\0" + START_CODE + unit for unit in found)

    def _learn(self, found: list[memoryview]) -> None:
        for unit in found:
            kind = nal_type(self._codec, unit)
            if kind in _SETS[self._codec]:
                self._sets[kind] = bytes(unit)
