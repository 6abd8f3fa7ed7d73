"""When the pictures of a recording without sound were taken: key frames tell seconds, rates count between.

1. Key frames carry whole seconds; the rate in their headers is a setting, and may be wrong or change.
2. Some groups of pictures are held, so that it shows whether the header's rate fits the clock: then it alone
   counts, for whole seconds would make pictures stumble. Else key frames stand at their seconds, and the
   pictures between them are spread evenly.
3. Where the clock runs on much longer than the pictures of a group last, nothing was recorded.
4. A clock that steps back was set, unless a later key frame is where the one before says: then those between
   tell a wrong time, and stand evenly between (recorders that do so: NTsvetkov/xmeye-nvr-tools).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Final, cast

from ..wire.media import MediaFrame

DEFAULT_FPS: Final = 25
_SPAN_S: Final = 12.0  # that is held: one second of it is little
_BYTES: Final = 16 * 1024 * 1024
_PICTURES: Final = 1000
_CLOCK_SET_S: Final = 600
_GAP: Final = 3.0  # times as long as its neighbours say
_GAP_S: Final = 3.0
_DOUBT: Final = 0.1
_LITTLE: Final = 0.045
_STEP_S: Final = 0.001
_WRONG_S: Final = 30.0  # as far a key frame may be behind that tells a wrong time
_WRONG_OFF_S: Final = 1.5

type Timed = tuple[MediaFrame, float, float]
"""A picture, its time in seconds from the first one, and how many a second there are."""


@dataclass(slots=True, kw_only=True)
class _Group:
    """A key frame and the pictures up to the next one."""

    told: datetime | None
    fps: int
    frames: list[MediaFrame] = field(default_factory=list)
    told_s: float | None = None  # how long it lasted by the clock, once the next one is there

    @property
    def header_s(self) -> float:
        """How long it lasts by the rate in its header."""
        return len(self.frames) / self.fps


class Pace:
    """Takes pictures in their order; gives them with their times, some groups later."""

    def __init__(self) -> None:
        self._groups: deque[_Group] = deque()
        self._held_bytes = 0
        self._held = 0
        self._at = 0.0
        self._zero: datetime | None = None
        self._fits: bool | None = None  # what the last long stretch showed of the headers
        self._scale = 1.0  # of the header's durations, as the clock has shown them
        self._last = -_STEP_S

    def add(self, frame: MediaFrame) -> list[Timed]:
        """The pictures whose time is known now."""
        if frame.keyframe or not self._groups:
            if self._groups:
                self._close(self._groups[-1], frame.time)
            before = self._groups[-1].fps if self._groups else DEFAULT_FPS
            if frame.time is not None:
                self._believe(frame.time)
            self._groups.append(_Group(told=frame.time, fps=frame.fps or before))
        self._groups[-1].frames.append(frame)
        self._held_bytes += len(frame.payload)
        self._held += 1
        span_s = sum(group.header_s for group in self._groups) - self._groups[-1].header_s
        full = span_s > _SPAN_S or self._held_bytes > _BYTES or self._held > _PICTURES
        return self._first() if full else []

    def rest(self) -> list[Timed]:
        """Everything that is still held."""
        timed: list[Timed] = []
        while self._groups:
            timed += self._first()
        return timed

    def _believe(self, time: datetime) -> None:
        """Correct the times of key frames that went back, when this one goes on where they began to."""
        groups = list(self._groups)
        told = [group.told for group in groups]
        back = next((at for at in range(len(told) - 1, 0, -1) if _is_back(told[at - 1], told[at])), None)
        if back is None or (last := told[back - 1]) is None or time <= last:
            return
        doubtful = groups[back - 1 :]
        usual = self._usual()
        by_header = [group.header_s * usual for group in doubtful]
        off = (time - last).total_seconds() - sum(by_header)
        set_anew = (time - (told[-1] or time)).total_seconds() - by_header[-1]
        if abs(off) >= min(_WRONG_OFF_S, abs(set_anew)):
            return
        share = (time - last).total_seconds() / sum(by_header)
        for group, lasts in zip(doubtful, by_header, strict=True):
            group.told, group.told_s = last, lasts * share
            last += timedelta(seconds=lasts * share)

    @staticmethod
    def _close(group: _Group, following: datetime | None) -> None:
        if group.told is None or following is None:
            return
        lasted = (following - group.told).total_seconds()
        if 0 <= lasted <= _CLOCK_SET_S:  # else the clock was set
            group.told_s = lasted

    def _first(self) -> list[Timed]:
        """The pictures of the first group, which goes."""
        group = self._groups[0]
        pictures_s = self._lasts(group)
        frames, count = group.frames, len(group.frames)
        rate = count / max(pictures_s, _STEP_S)
        timed = [(frame, self._rising(self._at + number / rate), rate) for number, frame in enumerate(frames)]
        self._at += pictures_s
        self._go_on(group)
        self._groups.popleft()
        self._held -= count
        self._held_bytes -= sum(len(frame.payload) for frame in frames)
        return timed

    def _lasts(self, group: _Group) -> float:
        """How long the pictures of the first group last."""
        header_s = group.header_s * self._scale
        if group.told is not None and self._zero is None:
            self._zero = group.told - timedelta(seconds=self._at)
        if group.told_s is None:
            return header_s
        usual = self._usual()
        if group.told_s - header_s > _GAP_S and group.told_s > _GAP * usual * group.header_s:
            return group.header_s * usual
        if self._header_fits():
            self._scale = 1.0
            off = self._clock_at(group) - (self._at + group.header_s)
            return group.header_s if abs(off) < 1 else max(group.header_s + off, group.header_s / 4)
        self._scale = usual
        return max(self._clock_at(group) - self._at, group.header_s / 8)

    def _go_on(self, group: _Group) -> None:
        """Let a gap pass, or a clock that was set be the new one."""
        if len(self._groups) < 2 or self._groups[1].told is None:
            return
        following = self._groups[1].told
        if group.told_s is None or self._zero is None:
            self._zero = following - timedelta(seconds=self._at)
        elif (late := self._clock_at(group) - self._at) > _GAP_S:
            self._at += late

    def _clock_at(self, group: _Group) -> float:
        """Where the clock says that the group ends."""
        told, zero = cast("datetime", group.told), cast("datetime", self._zero)
        return (told - zero).total_seconds() + (group.told_s or 0.0)

    def _usual(self) -> float:
        """How long groups last by the clock, in times of what their headers say."""
        known = [group.told_s / group.header_s for group in self._groups if group.told_s]
        return median(known) if known else self._scale

    def _header_fits(self) -> bool:
        """Whether the rates in the headers are right: whole seconds tell a span to one second."""
        usual = self._usual()
        known = [
            (group.told_s, group.header_s)
            for group in self._groups
            if group.told_s is not None and group.told_s <= _GAP * usual * group.header_s + _GAP_S
        ]
        told = header = 0.0
        for told_s, header_s in known:
            told, header = told + told_s, header + header_s
            if abs(told_s - header_s) >= 1 or abs(told - header) >= 1:
                self._fits = False
                return False
        if header >= _SPAN_S:
            # Devices begin groups by the second: a little off, and always the same, is no chance.
            little = _STEP_S < abs(told - header) <= _LITTLE * header
            self._fits = not (little and len(set(known)) == 1)
        elif self._fits is None:
            return abs(told - header) <= _DOUBT * header
        return self._fits

    def _rising(self, seconds: float) -> float:
        self._last = max(seconds, self._last + _STEP_S)
        return self._last


def _is_back(one: datetime | None, following: datetime | None) -> bool:
    return one is not None and following is not None and 0 < (one - following).total_seconds() <= _WRONG_S
