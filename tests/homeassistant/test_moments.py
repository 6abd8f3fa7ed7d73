"""Moments of actions on recordings: the device's clock counts, in another zone and in the nights of a change."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
import voluptuous as vol
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from custom_components.dvrip.const import DOMAIN
from custom_components.dvrip.recording_actions import _covering
from dvrip_proto import Recording
from dvrip_proto.features.system import System
from dvrip_proto.simulator import Simulator
from tests.homeassistant.world import entity, entry_for, set_up

BERLIN = ZoneInfo("Europe/Berlin")


class _Search:
    """What the device is asked for, of a camera whose clock is `ahead` of Home Assistant's local time."""

    def __init__(self, hass: HomeAssistant, sim: Simulator, ahead: timedelta) -> None:
        self.hass, self.sim, self.ahead = hass, sim, ahead
        self.asked: list[datetime] = []

    def _search(self, _channel: int, begin: datetime, end: datetime) -> Any:
        self.asked = [begin, end]
        raise vol.Invalid("enough")

    async def _time(self, _system: Any = None) -> datetime:
        return dt_util.now().replace(tzinfo=None) + self.ahead + timedelta(seconds=7)

    async def __call__(self, start: Any, end: Any) -> list[datetime]:
        await self.hass.config.async_set_time_zone("Europe/Berlin")
        if not self.hass.config_entries.async_entries(DOMAIN):
            await set_up(self.hass, entry_for(self.sim))
        (entry,) = self.hass.config_entries.async_entries(DOMAIN)
        wish = {
            "entity_id": entity(self.hass, f"{self.sim.serial}_0_main", "camera"),
            "start": start,
            "end": end,
        }
        with (
            patch.object(System, "time", self._time),
            patch.object(entry.runtime_data.recordings, "async_search", self._search),
            suppress(vol.Invalid),
        ):
            await self.hass.services.async_call(
                DOMAIN, "search_recordings", wish, blocking=True, return_response=True
            )
        return self.asked


@pytest.mark.parametrize("hours", [0, -1, 7])
async def test_a_moment_with_a_zone_is_that_moment_by_the_clock_of_the_device(
    hass: HomeAssistant, sim: Simulator, hours: int
) -> None:
    """As `trigger.to_state.last_changed` of an automation, which is in UTC."""
    search = _Search(hass, sim, timedelta(hours=hours))
    there = datetime(2026, 11, 26, 12, 30) + timedelta(hours=hours)
    for moment in (
        datetime(2026, 11, 26, 11, 30, tzinfo=dt_util.UTC),
        "2026-11-26T11:30:00Z",
        "2026-11-26 12:30:00+01:00",
    ):
        assert await search(moment, "2026-11-26 13:00:00+01:00") == [there, there + timedelta(minutes=30)]
    assert (await search("2026-11-26 12:30:00", "2026-11-26 13:00:00"))[0] == datetime(2026, 11, 26, 12, 30)


@pytest.mark.parametrize(
    ("begin", "end", "asked"),
    [
        ("2026-10-25T00:10:00Z", "2026-10-25T00:50:00Z", ("02:10", "02:50")),  # the first time
        ("2026-10-25T01:10:00Z", "2026-10-25T01:50:00Z", ("02:10", "02:50")),  # the second time
        ("2026-10-25T00:50:00Z", "2026-10-25T01:10:00Z", ("02:10", "02:50")),  # from one into the other
        ("2026-03-29T00:50:00Z", "2026-03-29T01:10:00Z", ("01:50", "03:10")),  # over the hour that is not
    ],
)
async def test_in_the_nights_of_a_change_the_clock_on_the_wall_is_asked_for(
    hass: HomeAssistant, sim: Simulator, begin: str, end: str, asked: tuple[str, str]
) -> None:
    found = await _Search(hass, sim, timedelta(0))(begin, end)
    assert tuple(f"{each:%H:%M}" for each in found) == asked
    assert {each.date() for each in found} == {dt_util.parse_datetime(begin).astimezone(BERLIN).date()}


def test_a_recording_in_which_the_clock_was_put_back_covers_both_ends() -> None:
    night = datetime(2026, 10, 25, 2, 50)
    recording = Recording(
        name="x", channel=0, stream="Main", begin=night, end=night - timedelta(minutes=45), size_kib=1
    )
    assert _covering([recording], night + timedelta(minutes=5)) is recording
    assert _covering([recording], night - timedelta(minutes=47)) is recording
    assert _covering([recording], night - timedelta(minutes=20)) is None


def test_a_recording_that_the_device_gives_no_times_covers_nothing() -> None:
    night = datetime(2026, 10, 25, 3, 0)
    untimed = Recording(name="x", channel=0, stream="Main", begin=None, end=None, size_kib=1)
    assert _covering([untimed], night) is None
