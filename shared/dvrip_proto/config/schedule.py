"""Kinds of time: the week plan of recording and detection, its sections, and the offset of a time zone.

They keep the four laws of kinds.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from ..values import Json, is_hex, number, spell
from .kinds import Plain

DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_GROUPS = {"everyday": DAYS, "weekdays": DAYS[1:6], "weekend": (DAYS[0], DAYS[6])}
_CLOCK = r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?"
_SECTION = re.compile(rf"(?:([0-9]{{1,3}}) )?{_CLOCK} ?- ?{_CLOCK}")
_WHOLE_DAY = "00:00:00-24:00:00"
_OFF = f"0 {_WHOLE_DAY}"


def _clock(hour: str, minute: str, second: str | None) -> str | None:
    seconds = int(hour) * 3600 + int(minute) * 60 + int(second or 0)
    if int(minute) > 59 or int(second or 0) > 59 or seconds > 86400:
        return None
    return f"{int(hour):02d}:{minute}:{second or '00'}"


@dataclass(frozen=True, slots=True)
class TimeSection(Plain):
    """A part of a day, "08:00:00-17:30:00", or "off". The device writes "1 08:00:00-17:30:00"."""

    name: ClassVar[str] = "time_section"
    secret: ClassVar[bool] = False
    allowed: ClassVar[str] = 'a part of a day such as "08:00-17:30", at most to 24:00, or "off"'

    def canon(self, value: Json) -> Json:
        parts = self._parts(value)
        if parts is None:
            return value
        state, times = parts
        return "off" if state == "0" else times if state == "1" else f"{state} {times}"

    def wire(self, value: Json, like: Json = None) -> Json:
        parts = self._parts(value)
        if parts is None:
            return value
        state, times = parts
        old = self._parts(like)
        # Switched off, a section keeps the times it had: the device's own screens still show them.
        return f"0 {old[1]}" if old and value.casefold() == "off" else f"{state} {times}"

    def _parts(self, value: Json) -> tuple[str, str] | None:
        """State (0 off, 1 on, others unknown) and the times, or None."""
        if not isinstance(value, str):
            return None
        if value.casefold() == "off":
            return "0", _WHOLE_DAY
        match = _SECTION.fullmatch(value)
        if match is None:
            return None
        start, end = _clock(*match.group(2, 3, 4)), _clock(*match.group(5, 6, 7))
        if start is None or end is None or start > end:
            return None
        return str(int(match[1] or "1")), f"{start}-{end}"

    def accepts(self, value: Json) -> bool:
        parts = self._parts(value)
        return parts is not None and parts[0] in ("0", "1")


TIME_SECTION = TimeSection()


@dataclass(frozen=True, slots=True)
class Schedule(Plain):
    """A week: "always", "never", or the sections of each day. The device keeps 7 lists, Sunday first."""

    sections: int = 6
    name: ClassVar[str] = "schedule"
    secret: ClassVar[bool] = False

    @property
    def allowed(self) -> str:
        return (
            '"always", "never", or all days (sunday to saturday; weekdays, weekend and everyday name '
            f'several) with up to {self.sections} sections such as "08:00-17:30" each'
        )

    def canon(self, value: Json) -> Json:
        week = self._week(value)
        if week is None:
            return value
        if all(day == [_WHOLE_DAY] for day in week):
            return "always"
        if not any(week):
            return "never"
        return dict(zip(DAYS, week, strict=True))

    def wire(self, value: Json, like: Json = None) -> Json:
        week = self._week(value)
        if week is None:
            return value
        old = like if isinstance(like, list) and len(like) == len(DAYS) else [None] * len(DAYS)
        return [self._day(day, was) for day, was in zip(week, old, strict=True)]

    def _day(self, sections: list[str], was: Json) -> list[Json]:
        places = was if isinstance(was, list) else [_OFF] * self.sections
        on = [TIME_SECTION.wire(section) for section in sections]
        return on + [TIME_SECTION.wire("off", place) for place in places[len(on) :]]

    def _week(self, value: Json) -> list[list[str]] | None:
        """Sections in force of the seven days, or None when the value is no complete week."""
        if isinstance(value, str) and value.casefold() in ("always", "never"):
            return [[_WHOLE_DAY] if value.casefold() == "always" else [] for _ in DAYS]
        if isinstance(value, dict):
            value = self._listed(value)
        if not isinstance(value, list | tuple) or len(value) != len(DAYS):
            return None
        week = [self._sections(day) for day in value]
        found = [day for day in week if day is not None]
        return found if len(found) == len(DAYS) else None

    def _listed(self, value: dict[str, Json]) -> list[Json] | None:
        """The seven days of a mapping; a single day wins over weekdays and weekend, these over everyday."""
        days: dict[str, Json] = {}
        for group, members in _GROUPS.items():
            days |= dict.fromkeys(members, value[group]) if group in value else {}
        days |= {day: value[day] for day in DAYS if day in value}
        complete = len(days) == len(DAYS) and all(key in DAYS or key in _GROUPS for key in value)
        return [days[day] for day in DAYS] if complete else None

    def _sections(self, day: Json) -> list[str] | None:
        if not isinstance(day, list | tuple):
            day = [day]
        sections = [TIME_SECTION.canon(section) for section in day]
        if not all(TIME_SECTION.accepts(section) for section in sections):
            return None
        return [section for section in sections if section != "off"]

    def accepts(self, value: Json) -> bool:
        week = self._week(value)
        return week is not None and all(len(day) <= self.sections for day in week)


_WEST_MAX = 15 * 60


def minutes_west(told: Json) -> int | None:
    """The minutes west of UTC that a device tells, -480 also as 4294966816; None for what is no zone."""
    west = None if isinstance(told, bool) else number(told)
    if west is not None and west >= 1 << 31:
        west -= 1 << 32
    return west if west is not None and abs(west) <= _WEST_MAX else None


_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])([0-9]{1,2})(?::?([0-9]{2}))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TimeZone(Plain):
    """A standard-time offset from UTC, "+08:00". The device holds minutes west of it: -480."""

    name: ClassVar[str] = "timezone"
    secret: ClassVar[bool] = False
    allowed: ClassVar[str] = "an offset from UTC such as +01:00 or -03:30"

    def canon(self, value: Json) -> Json:
        west = self._minutes_west(value)
        if west is None:
            return value
        hours, minutes = divmod(abs(west), 60)
        return f"{'-' if west > 0 else '+'}{hours:02d}:{minutes:02d}"

    def wire(self, value: Json, like: Json = None) -> Json:  # noqa: ARG002 - always a plain number
        west = self._minutes_west(value)
        return value if west is None else west

    def _minutes_west(self, value: Json) -> int | None:
        west = minutes_west(value) if is_hex(value) or not isinstance(value, str) else None
        if isinstance(value, str) and (match := _OFFSET.fullmatch(value)):
            minutes = int(match[2]) * 60 + int(match[3] or 0)
            west = None if int(match[3] or 0) > 59 else -minutes if match[1] == "+" else minutes
        elif isinstance(value, str) and value.upper() in ("UTC", "GMT", "Z"):
            west = 0
        return west if west is not None and abs(west) <= _WEST_MAX else None

    def accepts(self, value: Json) -> bool:
        return self._minutes_west(value) is not None


@dataclass(frozen=True, slots=True)
class Clock(Plain):
    """A time of day, "08:30", at most "24:00". The device holds hour and minute: [8, 30]."""

    name: ClassVar[str] = "time"
    secret: ClassVar[bool] = False
    allowed: ClassVar[str] = 'a time of day such as "08:30", at most "24:00"'

    def canon(self, value: Json) -> Json:
        parts = self._parts(value)
        return value if parts is None else f"{parts[0]:02d}:{parts[1]:02d}"

    def wire(self, value: Json, like: Json = None) -> Json:
        parts = self._parts(value)
        if parts is None:
            return value
        old = like if isinstance(like, list) and len(like) == len(parts) else [None] * len(parts)
        return [spell(part, was) for part, was in zip(parts, old, strict=True)]

    def _parts(self, value: Json) -> tuple[int, int] | None:
        if isinstance(value, str) and (match := re.fullmatch(_CLOCK, value, re.ASCII)):
            value = match[1], match[2]
        if not isinstance(value, list | tuple) or len(value) != 2 or any(isinstance(v, bool) for v in value):
            return None
        hour, minute = (int(v) if isinstance(v, str) and v.isdigit() else number(v) for v in value)
        if hour is None or minute is None or not 0 <= minute <= 59 or not 0 <= hour * 60 + minute <= 1440:
            return None
        return hour, minute

    def accepts(self, value: Json) -> bool:
        return self._parts(value) is not None


CLOCK = Clock()
SCHEDULE = Schedule()
TIME_ZONE = TimeZone()
