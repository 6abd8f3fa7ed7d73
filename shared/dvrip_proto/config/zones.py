"""Time zones: from a zone's clocks to what a device keeps of them, and from that to the device's local time.

A device keeps minutes west of UTC (System.TimeZone) and a rule for daylight saving time, which is one hour
(General.Location).
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from ..errors import UsageError
from ..values import Json, number
from .schedule import TIME_ZONE, minutes_west

ZONE = "System.TimeZone"
LOCATION = "General.Location"
_HOUR = timedelta(hours=1)
_YEARS = 6  # that a rule must hold to be written as one, and not as this year's date
_LAST = -1
_DAY_HOURS = 24
_HOUR_MINUTES = 60


def zone_rule(found: tzinfo, named: str, year: int) -> dict[str, dict[str, Json]]:
    """What System.TimeZone and General.Location must hold for a zone in a year.

    UsageError, with the zone as `named`, for one that moves its clocks in a way that devices cannot keep.
    """
    turns = _turns(found, year)
    standard = min(_offset(found, moment) for moment in (*turns, datetime(year, 1, 1, tzinfo=UTC)))
    minutes = int(standard.total_seconds() // 60)
    wishes: dict[str, dict[str, Json]] = {ZONE: {"timeMin": TIME_ZONE.canon(-minutes)}}
    if not turns:
        return wishes | {LOCATION: {"DSTRule": "Off"}}
    if len(turns) != 2 or {_shift(found, turn) for turn in turns} != {_HOUR, -_HOUR}:
        raise UsageError(
            f"timezone {named}: devices know one hour of daylight saving time, from one day of a year to "
            f"another: in {year} this zone has something else, give its offset"
        )
    begin, end = sorted(turns, key=lambda turn: _shift(found, turn), reverse=True)
    rule: dict[str, Json] = {"DSTRule": "On"}
    for key, turn in (("DSTStart", begin), ("DSTEnd", end)):
        rule[key] = _point(found, turn)
    return wishes | {LOCATION: rule}


def local_time(when: datetime, zone: Json, location: Json) -> datetime | None:
    """What the clock of a device should show at `when` (with a zone); None for a device that keeps no zone.

    `zone` and `location` are its System.TimeZone and General.Location, None where it has none.
    """
    west = minutes_west(zone.get("timeMin")) if isinstance(zone, Mapping) else None
    if west is None:
        return None
    standard = when.astimezone(UTC).replace(tzinfo=None) - timedelta(minutes=west)
    return standard + _HOUR if summer(standard, location) else standard


def summer(standard: datetime, location: Json) -> bool:
    """Whether the rule in General.Location has daylight saving time at this standard local time."""
    if not isinstance(location, Mapping) or str(location.get("DSTRule")).strip(" \0").casefold() not in (
        "on",
        "1",
        "true",
    ):
        return False
    begin, end = (_when(location.get(key), standard.year) for key in ("DSTStart", "DSTEnd"))
    if begin is None or end is None:
        return False
    end -= _HOUR  # told by the clock of the summer
    return begin <= standard < end if begin < end else not end <= standard < begin


def _when(point: Json, year: int) -> datetime | None:
    """Moment of a rule's point in a year. A date is meant for every year: devices look at no other part."""
    if not isinstance(point, Mapping):
        return None
    month, week, day, hour, minute = (
        number(point.get(key)) for key in ("Month", "Week", "Day", "Hour", "Minute")
    )
    if month is None or day is None or not 1 <= month <= 12:
        return None
    if not 0 <= (hour or 0) <= _DAY_HOURS or not 0 <= (minute or 0) < _HOUR_MINUTES:
        return None
    days = calendar.monthrange(year, month)[1]
    if not week:
        day = min(max(day, 1), days)
    else:
        first = (day - (calendar.weekday(year, month, 1) + 1)) % 7 + 1  # devices' Sunday is 0
        nth = range(first, days + 1, 7)
        day = nth[week - 1] if 0 < week <= len(nth) else nth[-1]
    return datetime(year, month, day) + timedelta(hours=hour or 0, minutes=minute or 0)


def _point(zone: tzinfo, turn: datetime) -> dict[str, Json]:
    """A change of the clocks as a device keeps it, in the local time that ends with it."""
    local = _before(zone, turn)
    at: dict[str, Json] = {"Month": local.month, "Hour": local.hour, "Minute": local.minute}
    years = range(local.year, local.year + _YEARS)
    same = [_alike(zone, year, turn) for year in years]
    for week in (_LAST, 1, 2, 3, 4):
        if all(
            other is not None and _rule(other) == _rule(local) and _in_week(other, week) for other in same
        ):
            return at | {"Week": week, "Day": (local.weekday() + 1) % 7}
    return at | {"Week": 0, "Day": local.day, "Year": local.year}


def _alike(zone: tzinfo, year: int, turn: datetime) -> datetime | None:
    """The same change of clocks in another year, in the local time before it."""
    found = [other for other in _turns(zone, year) if _shift(zone, other) == _shift(zone, turn)]
    return _before(zone, found[0]) if len(found) == 1 else None


def _rule(local: datetime) -> tuple[int, ...]:
    return local.month, local.weekday(), local.hour, local.minute


def _in_week(local: datetime, week: int) -> bool:
    if week == _LAST:
        return local.day + 7 > calendar.monthrange(local.year, local.month)[1]
    return (local.day - 1) // 7 + 1 == week


def _before(zone: tzinfo, turn: datetime) -> datetime:
    """Local time at a change, as if it did not come."""
    offset = (turn - timedelta(seconds=1)).astimezone(zone).utcoffset() or timedelta()
    return turn.replace(tzinfo=None) + offset


def _shift(zone: tzinfo, turn: datetime) -> timedelta:
    return _offset(zone, turn) - _offset(zone, turn - timedelta(seconds=1))


def _offset(zone: tzinfo, when: datetime) -> timedelta:
    return when.astimezone(zone).utcoffset() or timedelta()


@lru_cache(maxsize=256)
def _turns(zone: tzinfo, year: int) -> tuple[datetime, ...]:
    """The moments of a year, in UTC, from which this zone has another offset."""
    hours = [datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=day) for day in range(367)]
    found = []
    for early, late in zip(hours, hours[1:], strict=False):
        low, high = early, late
        if _offset(zone, low) == _offset(zone, high):
            continue
        while high - low > timedelta(minutes=1):
            middle = low + timedelta(minutes=int((high - low).total_seconds() // 120))
            low, high = (middle, high) if _offset(zone, middle) == _offset(zone, low) else (low, middle)
        if high.year == year:
            found.append(high)
    return tuple(found)
