"""Time zones: names and rules as devices keep them, and what a device's clock should then show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dvrip_proto import UsageError
from dvrip_proto.config.schedule import TIME_ZONE
from dvrip_proto.config.zones import LOCATION, ZONE, local_time
from dvrip_proto.features.zones import zone_wishes, zoned_time
from dvrip_proto.values import Json

NOW = datetime(2026, 11, 26, 10, tzinfo=UTC)
# Known dates of 2026, from the laws and not from a database: zone, a moment, what its clocks show.
CLOCKS = [
    ("Europe/Berlin", "2026-03-29 00:59", "2026-03-29 01:59"),
    ("Europe/Berlin", "2026-03-29 01:00", "2026-03-29 03:00"),
    ("Europe/Berlin", "2026-10-25 00:59", "2026-10-25 02:59"),
    ("Europe/Berlin", "2026-10-25 01:00", "2026-10-25 02:00"),
    ("America/New_York", "2026-03-08 07:00", "2026-03-08 03:00"),
    ("America/New_York", "2026-11-01 06:00", "2026-11-01 01:00"),
    ("Australia/Sydney", "2026-01-15 00:00", "2026-01-15 11:00"),
    ("Australia/Sydney", "2026-07-15 00:00", "2026-07-15 10:00"),
    ("Europe/Dublin", "2026-07-15 00:00", "2026-07-15 01:00"),
    ("Asia/Kolkata", "2026-07-15 00:00", "2026-07-15 05:30"),
    ("UTC", "2026-07-15 00:00", "2026-07-15 00:00"),
]


def kept(zone: str) -> tuple[dict[str, object], object]:
    """What a device has after it was told of this zone."""
    wishes = zone_wishes(zone, NOW)
    return {"timeMin": TIME_ZONE.wire(wishes[ZONE]["timeMin"])}, wishes.get(LOCATION)


@pytest.mark.parametrize(("zone", "universal", "shown"), CLOCKS)
def test_a_device_told_of_a_zone_shows_that_zones_time(zone: str, universal: str, shown: str) -> None:
    when = datetime.fromisoformat(universal).replace(tzinfo=UTC)
    assert local_time(when, *kept(zone)) == datetime.fromisoformat(shown)
    assert zoned_time(when, zone) == datetime.fromisoformat(shown)


def test_a_yearly_rule_is_written_as_one() -> None:
    assert zone_wishes("Europe/Berlin", NOW)[LOCATION] == {
        "DSTRule": "On",
        "DSTStart": {"Month": 3, "Week": -1, "Day": 0, "Hour": 2, "Minute": 0},
        "DSTEnd": {"Month": 10, "Week": -1, "Day": 0, "Hour": 3, "Minute": 0},
    }
    start = zone_wishes("America/New_York", NOW)[LOCATION]["DSTStart"]
    assert isinstance(start, dict)
    assert start["Week"] == 2


def test_what_follows_no_weekday_is_written_as_the_date_of_this_year() -> None:
    start = zone_wishes("Africa/Casablanca", NOW)[LOCATION]["DSTStart"]
    assert isinstance(start, dict)
    assert (start["Week"], start["Year"]) == (0, 2026)


def test_an_offset_says_nothing_of_summer_and_a_name_does() -> None:
    assert zone_wishes("-03:30", NOW) == {ZONE: {"timeMin": "-03:30"}}
    assert zone_wishes("UTC", NOW) == {ZONE: {"timeMin": "+00:00"}, LOCATION: {"DSTRule": "Off"}}
    assert zone_wishes("Asia/Tokyo", NOW) == {ZONE: {"timeMin": "+09:00"}, LOCATION: {"DSTRule": "Off"}}


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Mars", "'Mars' is not known"),
        ("europe/berln", "did you mean 'Europe/Berlin'"),
        ("../../etc/passwd", "is not known"),
        ("", "is not known"),
        ("Australia/Lord_Howe", "one hour of daylight saving time"),
        ("+25:00", "is not known"),
    ],
)
def test_a_zone_that_no_device_can_keep_is_refused(zone: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        zone_wishes(zone, NOW)


@pytest.mark.parametrize(
    "rule",
    [None, {}, {"DSTRule": "On"}, {"DSTRule": "On", "DSTStart": {"Month": 13, "Day": 1}, "DSTEnd": []}],
)
def test_a_rule_that_says_nothing_is_no_summer(rule: object) -> None:
    shown = local_time(NOW, {"timeMin": -60}, rule)  # type: ignore[arg-type]  # whatever a device may tell
    assert shown == NOW.replace(tzinfo=None) + timedelta(hours=1)


@pytest.mark.parametrize("told", ["On", "ON", "on\0", " On ", 1, True])
def test_a_rule_that_is_on_in_other_letters(told: Json) -> None:
    location = {"DSTRule": told, "DSTStart": {"Month": 1, "Day": 1}, "DSTEnd": {"Month": 12, "Day": 31}}
    assert local_time(NOW, {"timeMin": 0}, location) == NOW.replace(tzinfo=None) + timedelta(hours=1)


def test_a_device_without_zone_has_no_local_time() -> None:
    assert local_time(NOW, None, None) is None
    assert local_time(NOW, {"timeMin": "x"}, None) is None


@pytest.mark.parametrize("told", [-480, "-480", 2**32 - 480, "0xFFFFFE20", -480.0])
def test_minutes_west_of_every_spelling(told: Json) -> None:
    assert local_time(NOW, {"timeMin": told}, None) == NOW.replace(tzinfo=None) + timedelta(hours=8)


@pytest.mark.parametrize("told", ["0xFFFFFE20", 2**32 - 480])
def test_a_zone_without_a_sign_is_the_one_that_is_meant(told: Json) -> None:
    assert TIME_ZONE.canon(told) == "+08:00"
    assert TIME_ZONE.wire("+08:00", told) == -480


@pytest.mark.parametrize(
    "told", [901, -901, 2**31, 2**32 - 901, 2**63, 10**40, "99999999999999999999", True, [], None]
)
def test_minutes_that_are_no_zone(told: Json) -> None:
    assert local_time(NOW, {"timeMin": told}, None) is None


@pytest.mark.parametrize("member", ["Month", "Week", "Day", "Hour", "Minute"])
@pytest.mark.parametrize("told", [None, -1, -5, 0, 7, 99, -(10**9), 2**31, 2**32 - 1, 10**40, "x", [1]])
def test_absurd_rules_of_daylight_saving_time_crash_nothing(member: str, told: Json) -> None:
    rule = {"Month": 3, "Week": -1, "Day": 0, "Hour": 2, "Minute": 0}
    location = {
        "DSTRule": "On",
        "DSTStart": {**rule, member: told},
        "DSTEnd": {**rule, "Month": 10, member: told},
    }
    standard = NOW.replace(tzinfo=None)
    assert local_time(NOW, {"timeMin": 0}, location) in (standard, standard + timedelta(hours=1))
