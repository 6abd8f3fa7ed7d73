"""Times as devices spell them, and how long a device has been running."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from ..values import Json, loose_number
from ..wire.shapes import member

# Day and hour may touch ("2026-04-0210:08:02", an NBD80S16S-KL), a month may have a blank for its zero, and
# at the end there may be a zone or a count ("2026- 1-30 01:48:13(8)", log of an XM530).
_SPELLED: Final = re.compile(
    r"\s*(\d{4})[-/.]\s?(\d{1,2})[-/.]\s?(\d{1,2})(?:[ T_-]+(\d{1,2})|(\d\d))[:.-]\s?(\d{1,2})"
    r"(?:[:.-]\s?(\d{1,2})(?!\d)|(?![:.\d-])).*",
    re.DOTALL,
)
_DIGITS: Final = re.compile(
    r"\s*(\d{4})(\d\d)(\d\d)(?:[ T_-]*(\d\d)(\d\d)(\d\d)|[ T_-]+(\d\d):(\d\d):(\d\d))(?:Z|\s|\0)*"
)
_AFTERNOON: Final = re.compile(r"\d\s?p\.?m\b", re.IGNORECASE)
_MORNING: Final = re.compile(r"\d\s?a\.?m\b", re.IGNORECASE)
_PARTS: Final = ("Year", "Month", "Day", "Hour", "Minute", "Second")
_IN_NAME: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)/(?:[^/]*/)*?(\d\d)\.(\d\d)\.(\d\d)(?:-(\d\d)\.(\d\d)\.(\d\d))?(?!\d)"
)
_NOON: Final = 12
_LONGEST: Final = 512  # of a name that is looked at; real ones have below 100 characters
_DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)
_SECOND: Final = timedelta(seconds=1)
_YEARS: Final = range(1900, 9000)  # others are nonsense, and a day more or less would be no date
_OLDEST: Final = datetime(2004, 1, 1)  # no device of this protocol is older
_LARGEST: Final = 0xFFFFFFFF
_TELLS_SECONDS_S: Final = 5.0
_TELLS_MINUTES_S: Final = 30.0


def parse_time(text: Json) -> datetime | None:
    """Time in a device's spelling; None for "0000-00-00 00:00:00", "2000-00-00 00:00:00" and nonsense.

    The vendor's programs spell it with digits alone, too ("20140313 08:03:07"), or as an object of its parts.
    """
    if isinstance(text, dict):
        numbers = [loose_number(member(text, name)) for name in _PARTS]
        return _moment(*(str(number or 0) for number in numbers)) if any(numbers) else None
    if not isinstance(text, str):
        return None
    if found := _SPELLED.fullmatch(text):
        year, month, day, hour, touching, minute, second = found.groups()
        spoken = hour or touching
        if int(spoken) < _NOON and _AFTERNOON.search(text):
            spoken = str(int(spoken) + _NOON)
        elif int(spoken) == _NOON and _MORNING.search(text):
            spoken = "0"
        return _moment(year, month, day, spoken, minute, second or "0")
    digits = _DIGITS.fullmatch(text)
    return _moment(*filter(None, digits.groups())) if digits else None


def wire_time(when: datetime) -> str:
    """A time in the spelling of devices; one with a zone is taken as it reads."""
    return when.strftime("%Y-%m-%d %H:%M:%S")


def times_in_name(name: str) -> tuple[datetime | None, datetime | None]:
    """Begin and end that the name of a recorded file tells: ".../2026-04-02/002/10.08.02-10.30.00[R]..."."""
    found = _IN_NAME.search(name[-_LONGEST:].replace("\\", "/"))
    if found is None:
        return None, None
    day, begin, end = found.groups()[:3], found.groups()[3:6], found.groups()[6:]
    first = _moment(*day, *begin)
    last = _moment(*day, *end) if end[0] else None
    return first, last + _DAY if first and last and last < first else last


def _moment(*parts: str) -> datetime | None:
    """The time that digits tell; a day may end at 24:00:00, a minute with a leap second."""
    year, month, day, hour, minute, second = map(int, parts)
    if year not in _YEARS:
        return None
    midnight = (hour, minute, second) == (24, 0, 0)
    try:
        told = datetime(year, month, day, 0 if midnight else hour, minute, 59 if second == 60 else second)
        return told + _DAY if midnight else told
    except ValueError:
        return None


class Uptime:
    """Reads DeviceRunTime, which counts minutes on some devices and seconds on others.

    Two dumps of an HI3516EV100, eight days apart, differ by eight days' minutes; an R80X30-PQ and an
    NBD80S16S-KL would have been running since before their firmware was built. A second reading, some seconds
    after the first, settles it. With one, minutes that reach back before the firmware was built are seconds.
    """

    def __init__(self) -> None:
        self._first: tuple[float, int] | None = None
        self._unit: timedelta | None = None

    def read(self, told: int, *, at_s: float, built: datetime | None, now: datetime) -> timedelta:
        """How long the device has been running; `at_s` is a monotonic clock, `now` this computer's time."""
        value = min(told, _LARGEST)
        self._compare(value, at_s)
        return value * (self._unit or self._guess(value, built, now))

    def _compare(self, value: int, at_s: float) -> None:
        if self._first is None or value < self._first[1]:  # it has been restarted
            self._first = at_s, value
            return
        passed_s, grown = at_s - self._first[0], value - self._first[1]
        if passed_s >= _TELLS_SECONDS_S and grown > passed_s / 60 + 2:
            self._unit = _SECOND
        elif passed_s >= _TELLS_MINUTES_S and grown <= passed_s / 60 + 1:
            self._unit = _MINUTE

    @staticmethod
    def _guess(value: int, built: datetime | None, now: datetime) -> timedelta:
        earliest = (built or _OLDEST) - _DAY  # a firmware is built in another time zone
        return _SECOND if value * _MINUTE > now - earliest else _MINUTE
