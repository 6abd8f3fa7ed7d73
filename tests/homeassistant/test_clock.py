"""What the clock of a device should show: it stands where Home Assistant is, if it does not say otherwise."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from custom_components.dvrip.const import DOMAIN
from dvrip_proto import Device, RequestError
from dvrip_proto.features.system import System
from dvrip_proto.simulator import Simulator
from tests.homeassistant.repair import issue, mend
from tests.homeassistant.world import PASSWORD, entity, entry_for, set_up

MAKERS = -480  # minutes west of UTC, as recorded of a camera that nobody has set otherwise


@pytest.fixture
async def camera(hass: HomeAssistant, sim: Simulator) -> AsyncIterator[Device]:
    """The camera whose clock is set and read, in a house in Berlin."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    sim.state.config["System.TimeZone"]["timeMin"] = MAKERS
    async with Device(sim.host, sim.port, password=PASSWORD) as device:
        yield device


def ours() -> datetime:
    """What a clock in the house shows."""
    return dt_util.now().replace(tzinfo=None)


def is_near(one: datetime, other: datetime) -> bool:
    return abs(one - other) < timedelta(minutes=5)


async def test_a_clock_that_was_set_by_hand_is_right_whatever_its_zone(
    hass: HomeAssistant, sim: Simulator, camera: Device
) -> None:
    await camera.system.set_time(ours())
    entry = await set_up(hass, entry_for(sim))
    assert issue(hass, "clock_drift") is None
    wish = {"device_id": entry.runtime_data.session.device_id}
    await hass.services.async_call(DOMAIN, "sync_time", wish, blocking=True)
    assert is_near(await camera.system.time(), ours())


@pytest.mark.parametrize("wrong", [datetime(2000, 1, 1), None])  # None: it was set by hand, and went wrong
async def test_a_clock_that_goes_by_no_zone_is_set_to_the_time_of_home_assistant(
    hass: HomeAssistant, sim: Simulator, camera: Device, wrong: datetime | None
) -> None:
    await camera.system.set_time(wrong or ours() + timedelta(minutes=10))
    await set_up(hass, entry_for(sim))
    found = issue(hass, "clock_drift")
    assert found is not None
    assert (await mend(hass, found))["type"] == "create_entry"
    assert is_near(await camera.system.time(), ours())
    assert issue(hass, "clock_drift") is None


async def test_a_clock_that_goes_by_the_zone_of_its_device_is_set_to_the_time_there(
    hass: HomeAssistant, sim: Simulator, camera: Device
) -> None:
    await camera.system.set_time(await camera.system.local_time() + timedelta(minutes=10))
    await set_up(hass, entry_for(sim))
    assert (await mend(hass, issue(hass, "clock_drift")))["type"] == "create_entry"
    assert is_near(await camera.system.time(), await camera.system.local_time())


async def test_a_device_without_a_zone_has_a_clock_all_the_same(hass: HomeAssistant) -> None:
    async with Simulator(profile="xm210", users={"admin": PASSWORD}) as sim:
        async with Device(sim.host, sim.port, password=PASSWORD) as device:
            await device.system.set_time(ours() + timedelta(minutes=10))
        entry = await set_up(hass, entry_for(sim))
        assert (await mend(hass, issue(hass, "clock_drift")))["type"] == "create_entry"
        assert is_near(await entry.runtime_data.session.device.system.time(), ours())
        await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.parametrize(
    ("ahead", "counted"),
    [
        (timedelta(hours=7, minutes=3), timedelta(hours=7)),  # it stands elsewhere, and is a little off
        (timedelta(minutes=-4), timedelta()),
        (timedelta(days=-9000), timedelta()),  # it has lost its time: what it stamped before was right
    ],
)
async def test_recordings_are_as_old_as_the_clock_says_that_stamped_them(
    hass: HomeAssistant, recorder: Simulator, ahead: timedelta, counted: timedelta
) -> None:
    await hass.config.async_set_time_zone("Europe/Berlin")
    async with Device(recorder.host, recorder.port, password=PASSWORD) as device:
        await device.system.set_time(ours() + ahead)
        disks = await device.storage.disks()
    await set_up(hass, entry_for(recorder))
    stamps = [part.oldest for disk in disks for part in disk.partitions if part.oldest is not None]
    shown = hass.states.get(entity(hass, f"{recorder.serial}_oldest_recording", "sensor"))
    assert shown is not None
    told = dt_util.as_local(datetime.fromisoformat(shown.state)).replace(tzinfo=None)
    assert told == min(stamps) - counted


async def test_recordings_of_a_device_that_does_not_tell_its_time_are_of_the_time_of_home_assistant(
    hass: HomeAssistant, recorder: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(*_: Any) -> None:
        raise RequestError("h:1: no", ret=103)

    monkeypatch.setattr(System, "time", refused)
    await set_up(hass, entry_for(recorder))
    async with Device(recorder.host, recorder.port, password=PASSWORD) as device:
        disks = await device.storage.disks()
    stamps = [part.oldest for disk in disks for part in disk.partitions if part.oldest is not None]
    shown = hass.states.get(entity(hass, f"{recorder.serial}_oldest_recording", "sensor"))
    assert shown is not None
    assert dt_util.as_local(datetime.fromisoformat(shown.state)).replace(tzinfo=None) == min(stamps)
