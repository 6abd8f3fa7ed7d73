"""A stretch of recorded video: the clip that the monitor streams, at the times at which it was recorded."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Final

from .clip import AUDIO_BLOCK, AUDIO_BLOCK_S, Clip, ClipFrame

_EPOCH: Final = datetime(2000, 1, 1)
_LONG_HEAD, _SHORT_HEAD = 16, 8


class Tape:
    """The loop of a clip laid over all of time: what is recorded at a moment never changes."""

    def __init__(self, clip: Clip, *, sound: bool) -> None:
        self.clip = clip
        self._sound = sound and bool(clip.audio)
        heads = (_LONG_HEAD if frame.keyframe else _SHORT_HEAD for frame in clip.frames)
        sizes = (head + len(frame.payload) for head, frame in zip(heads, clip.frames, strict=True))
        self._sizes = [0, *accumulate(sizes)]

    def play(self, begin: datetime, end: datetime) -> Iterator[tuple[datetime, ClipFrame | bytes]]:
        """Frames and blocks of sound between two moments, from the key frame at or before the first."""
        start, stop = seconds(begin), seconds(end)
        turn, position = divmod(start, self.clip.duration_s)
        first = self.clip.keyframe_before(position)
        block = round(self._at(turn, first) / AUDIO_BLOCK_S)
        while True:
            for number in range(first, len(self.clip.frames)):
                at = self._at(turn, number)
                if at >= stop:
                    return
                while self._sound and block * AUDIO_BLOCK_S < at:
                    yield _moment(block * AUDIO_BLOCK_S), self.clip.sound_at(block * AUDIO_BLOCK_S)
                    block += 1
                yield _moment(at), self.clip.frames[number]
            first, turn = 0, turn + 1

    def size(self, begin: datetime, end: datetime) -> int:
        """About how many bytes `play` gives, never more than it really does."""
        turn, position = divmod(seconds(begin), self.clip.duration_s)
        start, stop = self._at(turn, self.clip.keyframe_before(position)), seconds(end)
        blocks = max(0, int((stop - start) / AUDIO_BLOCK_S) - 2) if self._sound else 0
        return max(0, self._before(stop) - self._before(start)) + blocks * (AUDIO_BLOCK + _SHORT_HEAD)

    def _at(self, turn: float, number: int) -> float:
        # Rounded, so that the second of a frame does not depend on where a player began.
        return round(turn * self.clip.duration_s + self.clip.frames[number].time_s, 3)

    def _before(self, moment: float) -> int:
        turns, position = divmod(moment, self.clip.duration_s)
        frames = bisect_left(self.clip.frames, position, key=lambda frame: frame.time_s)
        return int(turns) * self._sizes[-1] + self._sizes[frames]


def seconds(moment: datetime) -> float:
    """Where a moment lies on every tape."""
    return (moment - _EPOCH).total_seconds()


def _moment(seconds: float) -> datetime:
    return _EPOCH + timedelta(seconds=seconds)
