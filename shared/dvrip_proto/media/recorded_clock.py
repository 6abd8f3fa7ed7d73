"""When the frames of a recording are shown: only its key frames carry a time, in whole seconds."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from ..wire.media import MediaFrame
from .clock import VIDEO_RATE, VideoClock
from .pace import DEFAULT_FPS

# Times in frames are whole seconds: two of them tell a span to one second.
_DOUBT_S: Final = 1.5
_CLOCK_SET_S: Final = 600
_WRONG_S: Final = 30.0  # as long a clock may be wrong that is then right again
_SAME_RATE: Final = 0.3
_UNHEARD: Final = 30  # pictures without sound between them: it counts the time no more


class RecordedClock:
    """Times of the frames of a recording, in seconds from its first picture.

    Sound counts the time exactly; without it the rate of the pictures does. The seconds in key frames tell
    when that is wrong: a gap, another rate than the device says, or a clock that was set. While there is
    sound, time never runs back: a device's clock that does was set, or a key frame tells it wrongly, after
    which the others go on as before (NTsvetkov/xmeye-nvr-tools mends files of such recorders).
    """

    def __init__(self) -> None:
        self._video = VideoClock()
        self._zero: datetime | None = None
        self._before: tuple[datetime, float] | None = None
        self._now = 0.0
        self._pictures = 0
        self._unheard = _UNHEARD
        self._fps: float = 0.0
        self._told_fps = 0
        self._measured = (0.0, 0, 0.0)

    def picture(self, frame: MediaFrame) -> float:
        """When to show a picture."""
        if not self._fps or (frame.fps and frame.fps != self._told_fps):
            # What the device says, until a stretch has been measured, and again when it says another.
            self._told_fps, self._fps = frame.fps, frame.fps or DEFAULT_FPS
        if self._pictures and self._unheard >= _UNHEARD:
            self._now += 1 / self._fps
        if frame.keyframe and frame.time is not None:
            self._compare(frame.time)
        self._pictures += 1
        self._unheard += 1
        return self._video.stamp(self._now, round(self._fps)) / VIDEO_RATE

    def sound(self, samples: int, rate: int) -> float:
        """When a block of sound begins."""
        began = self._now
        self._unheard = 0
        self._now += samples / rate
        return began

    def _compare(self, told: datetime) -> None:
        if self._zero is None:
            self._zero = told - timedelta(seconds=self._now)
        late = self._late(told, self._zero)
        if self._was_wrong_only(told):
            return
        if abs(late) > _CLOCK_SET_S or (late < -_DOUBT_S and self._unheard < _UNHEARD):
            self._before = self._zero, self._now
            self._zero = told - timedelta(seconds=self._now)
        elif abs(late) > _DOUBT_S:
            self._learn(self._now + late)
            self._now += late

    def _was_wrong_only(self, told: datetime) -> bool:
        """Whether the clock goes on as before it was seen to be set, a moment ago."""
        if self._before is None:
            return False
        zero, since = self._before
        if self._now - since > _WRONG_S or abs(self._late(told, zero)) > _DOUBT_S:
            return False
        self._zero, self._before = zero, None
        return True

    def _late(self, told: datetime, zero: datetime) -> float:
        """How much later than the time that was counted a key frame is, on a clock that began at `zero`."""
        return (told - zero).total_seconds() - self._now

    def _learn(self, seconds: float) -> None:
        """Take the rate that two stretches have in common; what is only in one of them is a gap."""
        at, pictures, before = self._measured
        rate = (self._pictures - pictures) / max(seconds - at, 1.0)
        if self._unheard >= _UNHEARD and abs(rate - before) < _SAME_RATE * rate:
            self._fps = rate
        self._measured = (seconds, self._pictures, rate)
