"""The device's clock: local time with an offset that can be set, a time zone, an uptime."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Final

FORMAT: Final = "%Y-%m-%d %H:%M:%S"
# What the time field of video frames can say, with room for a day of zone.
_FIRST: Final = datetime(2000, 1, 1)
_LAST: Final = datetime(2062, 12, 31)


class Clock:
    """Local time = UTC + zone + whatever somebody set it wrong by."""

    def __init__(self, uptime_minutes: int) -> None:
        local = datetime.now().astimezone()
        self.west_min = -int((local.utcoffset() or timedelta()).total_seconds() // 60)
        """Minutes west of UTC, as `System.TimeZone.timeMin` counts."""
        self._error = timedelta()
        self._booted = time.monotonic() - 60 * uptime_minutes

    def now(self) -> datetime:
        """The device's local time, without a zone as devices have it."""
        return max(self._universal() - timedelta(minutes=self.west_min), _FIRST)

    def text(self) -> str:
        """The local time as the wire spells it."""
        return self.now().strftime(FORMAT)

    def set_local(self, text: str) -> bool:
        """Set the local time; False when the text is none."""
        return self._set(text, timedelta(minutes=self.west_min))

    def set_universal(self, text: str) -> bool:
        """Set the time in UTC; False when the text is none."""
        return self._set(text, timedelta())

    @property
    def error_s(self) -> float:
        """Seconds this clock is ahead of the real time."""
        return self._error.total_seconds()

    @error_s.setter
    def error_s(self, seconds: float) -> None:
        self._error = timedelta(seconds=seconds)

    def uptime_minutes(self) -> int:
        """Minutes since the last start."""
        return int((time.monotonic() - self._booted) // 60)

    def restart(self) -> None:
        """Uptime begins again; the time goes on."""
        self._booted = time.monotonic()

    def _universal(self) -> datetime:
        return datetime.now(UTC).replace(tzinfo=None) + self._error

    def _set(self, text: str, west: timedelta) -> bool:
        try:
            wanted = datetime.strptime(text, FORMAT)
        except ValueError:
            return False
        if not _FIRST <= wanted <= _LAST:
            return False
        self._error += wanted + west - self._universal()
        return True
