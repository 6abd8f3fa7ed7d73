"""Timestamps for streams that carry none: frames are stamped from their arrival, on one monotonic clock.

1. Timestamps of a track rise strictly, whatever arrives when.
2. They stay near the arrival, so that a silence of the device is as long for a viewer as it was on the wire.
3. Time comes in as an argument, in seconds of the hub's clock.
"""

from __future__ import annotations

VIDEO_RATE = 90_000

_PULL = 0.1  # share of the distance to the arrival that one frame makes up
_LEARN = _PULL**2 / 4  # critically damped: the interval is learned without swinging
_JUMP_S = 0.5  # a frame that late comes after a gap, not after jitter
_MIN_STEP_S = 0.001
_DEFAULT_FPS = 25


class VideoClock:
    """Spaces frames evenly at the rate at which they really come; the device's `fps` is a first guess."""

    def __init__(self) -> None:
        self._interval = 0.0
        self._guess = 0.0
        self._last: float | None = None
        self._stamp = 0

    def stamp(self, arrival_s: float, fps: int | None = None) -> int:
        """Return the 90 kHz timestamp of the frame that came at `arrival_s`."""
        guess = 1 / (fps or _DEFAULT_FPS)
        if guess != self._guess:
            self._interval = self._guess = guess
        if self._last is None:
            time = arrival_s
        else:
            error = arrival_s - (self._last + self._interval)
            if error > _JUMP_S:
                time = arrival_s
            else:
                learned = self._interval + _LEARN * error
                self._interval = min(max(learned, guess / 4), guess * 8)
                step = max(self._interval + _PULL * error, self._interval / 4, _MIN_STEP_S)
                time = self._last + step
        self._last = time
        self._stamp = max(round(time * VIDEO_RATE), self._stamp + 1)
        return self._stamp


_SLEW = 0.005  # share of the distance that one block makes up: inaudible, and faster than any drift
_APART_S = 0.5  # further apart than this the block belongs elsewhere


class AudioClock:
    """Counts samples, and stays with the hub's clock although the device's sample clock drifts."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._next: float | None = None
        self._stamp = -1

    def stamp(self, arrival_s: float, samples: int) -> int | None:
        """Return the timestamp of the first of `samples`; None when they are too far ahead."""
        target = arrival_s * self._rate - samples
        start = target if self._next is None else self._next
        error = target - start
        if error > _APART_S * self._rate:
            start = target
        elif error < -_APART_S * self._rate:
            return None
        else:
            start += _SLEW * error
        self._next = start + samples
        self._stamp = max(round(start), self._stamp + 1)
        return self._stamp
