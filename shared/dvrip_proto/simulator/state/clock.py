"""The device's clock: local time with an offset that can be set, a time zone, an uptime."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

FORMAT: Final = "%Y-%m-%d %H:%M:%S"
# What the time field of video frames can say, with room for a day of zone.
_FIRST: Final = datetime(2000, 1, 1)
_LAST: Final = datetime(2062, 12, 31)
_HOUR: Final = timedelta(hours=1)


class Clock:
    """Local time = UTC + zone + an hour in summer + whatever somebody set it wrong by."""

    def __init__(self, uptime_s: int) -> None:
        self.west_min = _host_west_min()
        """Minutes west of UTC, as `System.TimeZone.timeMin` counts."""
        self.location: Callable[[], Any] = dict
        """Tells General.Location, whose rule says when it is summer."""
        self._error = timedelta()
        self._booted = time.monotonic() - uptime_s

    def stand_here(self) -> None:
        """Take the zone in which the clock, with its rule, shows this host's time."""
        self.west_min = _host_west_min()
        if self._summer(self._universal() - timedelta(minutes=self.west_min) - _HOUR):
            self.west_min += 60

    def now(self) -> datetime:
        """The device's local time, without a zone as devices have it."""
        standard = max(self._universal() - timedelta(minutes=self.west_min), _FIRST)
        return standard + (_HOUR if self._summer(standard) else timedelta())

    def text(self) -> str:
        """The local time as the wire spells it."""
        return self.now().strftime(FORMAT)

    def set_local(self, text: str) -> bool:
        """Set the local time; False when the text is none."""
        try:
            shown = datetime.strptime(text, FORMAT)
        except ValueError:
            return False
        summer = self._summer(shown - _HOUR)
        return self._set(text, timedelta(minutes=self.west_min) - (_HOUR if summer else timedelta()))

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
        return self.uptime_s() // 60

    def uptime_s(self) -> int:
        """Seconds since the last start."""
        return int(time.monotonic() - self._booted)

    def restart(self) -> None:
        """Uptime begins again; the time goes on."""
        self._booted = time.monotonic()

    def _summer(self, standard: datetime) -> bool:
        """Whether daylight saving time is in force at this standard time: its end is told in summer time."""
        location = self.location()
        if not isinstance(location, dict) or location.get("DSTRule") != "On":
            return False
        try:
            begin, end = (_moment(location[key], standard.year) for key in ("DSTStart", "DSTEnd"))
        except (LookupError, TypeError, ValueError):  # anything can be written
            return False
        end -= _HOUR
        return begin <= standard < end if begin < end else standard >= begin or standard < end

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


def _host_west_min() -> int:
    return -int((datetime.now().astimezone().utcoffset() or timedelta()).total_seconds() // 60)


def _moment(point: Mapping[str, int], year: int) -> datetime:
    """A point of the rule: the day of a month, or (from 1, -1 the last) one of the weekdays in it."""
    month = datetime(year, point["Month"], 1)
    days = [month + timedelta(days=day) for day in range(31)]
    days = [day for day in days if day.month == month.month]
    if point["Week"]:
        days = [day for day in days if (day.weekday() + 1) % 7 == point["Day"]]
        day = days[-1 if point["Week"] == -1 else min(point["Week"], len(days)) - 1]
    else:
        day = days[min(max(point["Day"], 1), len(days)) - 1]
    return day + timedelta(hours=point["Hour"], minutes=point["Minute"])
