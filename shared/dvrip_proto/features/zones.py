"""Time zones by name: those of the IANA database of this host, or of the package tzdata."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from ..config.schedule import TIME_ZONE
from ..config.spelling import near
from ..config.zones import LOCATION, ZONE, zone_rule
from ..errors import UsageError
from ..values import Json, number


def zone_wishes(zone: str, when: datetime) -> dict[str, dict[str, Json]]:
    """What System.TimeZone and General.Location must hold for a zone in the year of `when`.

    "Europe/Berlin" and "UTC" set both, an offset such as "+01:00" says nothing about daylight saving time.
    UsageError for a zone that does not exist, or that moves its clocks in a way that devices cannot keep.
    """
    if TIME_ZONE.accepts(zone):
        offset: dict[str, dict[str, Json]] = {ZONE: {"timeMin": TIME_ZONE.canon(zone)}}
        return offset if set(zone) & {"+", "-"} else offset | {LOCATION: {"DSTRule": "Off"}}
    return zone_rule(_zone(zone), zone, when.year)


def zoned_time(when: datetime, zone: str) -> datetime:
    """What a clock in this zone (a name or an offset) shows at `when`, without its zone."""
    if TIME_ZONE.accepts(zone):
        west = number(TIME_ZONE.wire(zone)) or 0
        return when.astimezone(timezone(timedelta(minutes=-west))).replace(tzinfo=None)
    return when.astimezone(_zone(zone)).replace(tzinfo=None)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        known = available_timezones()
        if not known:
            raise UsageError(
                f"timezone {name!r}: this computer has no time zone database: install the package tzdata"
            ) from error
        raise UsageError(
            f"timezone {name!r} is not known{near(name, known)}: give a name such as Europe/Berlin or "
            f"{TIME_ZONE.allowed}"
        ) from error
