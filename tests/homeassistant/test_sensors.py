from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

from custom_components.dvrip import status as status_module
from custom_components.dvrip.const import DOMAIN
from dvrip_proto import Device, SystemInfo
from dvrip_proto.features.system import System
from dvrip_proto.simulator import Quirks, Simulator
from tests.homeassistant.world import PASSWORD, entity, entry_for, set_up, until


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute passes quickly."""
    monkeypatch.setattr(status_module, "INTERVAL", timedelta(seconds=0.2))


async def set_up_all(hass: HomeAssistant, sim: Simulator, *hidden: str):
    """Set up with the sensors enabled that are hidden at first."""
    entry = entry_for(sim)
    entry.add_to_hass(hass)
    for place in hidden:
        er.async_get(hass).async_get_or_create("sensor", DOMAIN, f"{sim.serial}_{place}", config_entry=entry)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return entry


async def test_disks_are_told_as_the_device_has_them(hass: HomeAssistant, recorder: Simulator) -> None:
    await set_up_all(hass, recorder, "newest_recording")
    async with Device(recorder.host, recorder.port, password=PASSWORD) as device:
        parts = [part for disk in await device.storage.disks() for part in disk.partitions]
        ahead = await device.system.time() - dt_util.now().replace(tzinfo=None)
    kept = [part for part in parts if part.kind != "snapshot"]
    total, left = sum(part.total_mib for part in kept), sum(part.remaining_mib for part in kept)

    def shown(key: str) -> str:
        return hass.states.get(entity(hass, f"{recorder.serial}_{key}", "sensor")).state

    assert total > 0
    assert float(shown("storage_total")) == pytest.approx(total / 1024)
    assert float(shown("storage_used")) == pytest.approx(100 * (total - left) / total, abs=0.1)
    oldest = dt_util.parse_datetime(shown("oldest_recording"))
    newest = dt_util.parse_datetime(shown("newest_recording"))
    assert oldest is not None
    assert newest is not None
    zone = dt_util.get_default_time_zone()
    by_device = oldest.astimezone(zone).replace(tzinfo=None) + ahead
    assert abs(by_device - min(p.oldest for p in parts if p.oldest)) < timedelta(minutes=5)
    assert newest > oldest


async def test_a_camera_without_a_card_has_no_storage(hass: HomeAssistant, sim: Simulator) -> None:
    sim.state.storage.disks.clear()
    entry = await set_up(hass, entry_for(sim))
    entries = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    assert not [
        one
        for one in entries
        if one.domain == "sensor" and not one.unique_id.endswith(("clock_drift", "connections", "started"))
    ]


async def test_the_clock_is_asked_once_an_hour_and_when_somebody_wants_to_know(
    hass: HomeAssistant, sim: Simulator
) -> None:
    await async_setup_component(hass, "homeassistant", {})
    entry = await set_up_all(hass, sim, "clock_drift")
    status = entry.runtime_data.status

    async def asked() -> int:
        sim.requests.clear()
        for _ in range(3):
            await status.async_refresh()
        names = [name for _, name, _ in sim.requests]
        assert names.count("StorageInfo") >= 3
        return names.count("OPTimeQuery")

    assert await asked() == 0
    status._clock_asked -= timedelta(minutes=58)
    assert await asked() == 0
    status._clock_asked -= timedelta(minutes=2)
    assert await asked() == 1
    drift = entity(hass, f"{sim.serial}_clock_drift", "sensor")
    before = status._clock_asked
    await hass.services.async_call("homeassistant", "update_entity", {"entity_id": drift}, blocking=True)
    await until(lambda: status._clock_asked not in (None, before))


async def test_the_clock_is_compared_with_the_device_s_own_local_time(
    hass: HomeAssistant, sim: Simulator
) -> None:
    await async_setup_component(hass, "homeassistant", {})
    await set_up_all(hass, sim, "clock_drift")
    drift = entity(hass, f"{sim.serial}_clock_drift", "sensor")
    async with Device(sim.host, sim.port, password=PASSWORD) as device:
        right = await device.system.local_time()
        await device.system.set_time(right + timedelta(seconds=90))
    await hass.services.async_call("homeassistant", "update_entity", {"entity_id": drift}, blocking=True)
    await until(lambda: abs(float(hass.states.get(drift).state) - 90) < 10)


async def test_a_device_is_running_since_one_moment_until_it_is_restarted(
    hass: HomeAssistant, sim: Simulator
) -> None:
    entry = await set_up_all(hass, sim, "started")
    sensor, status = entity(hass, f"{sim.serial}_started", "sensor"), entry.runtime_data.status
    status.update_interval = None
    told = entry.runtime_data.session.identity.info

    async def shown_after(uptime: timedelta) -> str:
        with patch.object(System, "info", return_value=replace(told, uptime=uptime)):
            await status.async_refresh()
        return hass.states.get(sensor).state

    first = hass.states.get(sensor).state
    began = dt_util.utcnow() - told.uptime
    assert abs(dt_util.parse_datetime(first) - began) < timedelta(minutes=2)
    for seconds in (-59, 59, 170, -170):  # minutes are counted, and two clocks do not run alike
        assert await shown_after(told.uptime + timedelta(seconds=seconds)) == first
    later = dt_util.utcnow() + timedelta(minutes=20)
    with patch.object(dt_util, "utcnow", return_value=later):  # as behind a loss, before it is asked again
        entry.runtime_data.session.async_tell()
    assert hass.states.get(sensor).state == first
    again = dt_util.parse_datetime(await shown_after(timedelta(0)))
    assert abs(dt_util.utcnow() - again) < timedelta(minutes=2)


async def test_a_device_that_does_not_tell_how_long_it_runs_has_no_sensor_of_it(
    hass: HomeAssistant, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = System.info

    async def info(system: System) -> SystemInfo:
        told = await real(system)
        return replace(told, raw={key: one for key, one in told.raw.items() if key != "DeviceRunTime"})

    monkeypatch.setattr(System, "info", info)
    await set_up(hass, entry_for(sim))
    registry = er.async_get(hass)
    assert registry.async_get_entity_id("sensor", DOMAIN, f"{sim.serial}_started") is None


async def test_the_bit_rate_of_a_channel(hass: HomeAssistant, recorder: Simulator) -> None:
    await set_up_all(hass, recorder, "0_bit_rate_now")
    rate = entity(hass, f"{recorder.serial}_0_bit_rate_now", "sensor")
    async with Device(recorder.host, recorder.port, password=PASSWORD) as device:
        told = (await device.system.work_state()).channels[0].bitrate_kbit_s
    assert float(hass.states.get(rate).state) == told


async def test_the_resolution_of_a_recorder_s_camera(hass: HomeAssistant, recorder: Simulator) -> None:
    await set_up_all(hass, recorder, "1_camera_resolution")
    shown = hass.states.get(entity(hass, f"{recorder.serial}_1_camera_resolution", "sensor")).state
    async with Device(recorder.host, recorder.port, password=PASSWORD) as device:
        assert (await device.system.channels())[1].resolution == shown != ""


async def test_a_device_that_says_nothing_of_itself_has_no_sensors(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = Quirks(mute=frozenset())
    async with Simulator(profile="ipc", users={"admin": PASSWORD}, quirks=refused) as sim:
        for name in ("disks", "clock", "work"):
            monkeypatch.setitem(status_module._QUESTIONS, name, refuses)
        entry = await set_up(hass, entry_for(sim))
        assert set(entry.runtime_data.status.data) == {"channels", "connections", "started"}
        await hass.config_entries.async_unload(entry.entry_id)


async def refuses(_device: Device) -> None:
    from dvrip_proto import UnsupportedError

    raise UnsupportedError("h:1: no", ret=102)


async def test_a_lost_session_keeps_what_was_told_and_asks_again_at_once(
    hass: HomeAssistant, recorder: Simulator
) -> None:
    entry = await set_up(hass, entry_for(recorder))
    used = entity(hass, f"{recorder.serial}_storage_used", "sensor")
    before = hass.states.get(used).state
    recorder.drop_connections()
    await until(lambda: hass.states.get(used).state == "unavailable")
    await entry.runtime_data.status.async_refresh()
    assert entry.runtime_data.status.last_update_success
    await until(lambda: hass.states.get(used).state == before)


async def test_update_entity_asks_now(hass: HomeAssistant, recorder: Simulator) -> None:
    assert await async_setup_component(hass, "homeassistant", {})
    entry = await set_up(hass, entry_for(recorder))
    entry.runtime_data.status.update_interval = None
    used = entity(hass, f"{recorder.serial}_storage_used", "sensor")
    before = len(recorder.requests)
    await hass.services.async_call("homeassistant", "update_entity", {"entity_id": used}, blocking=True)
    await hass.async_block_till_done()
    assert len(recorder.requests) > before


async def test_connections_are_counted_with_what_they_are_for(
    hass: HomeAssistant, recorder: Simulator
) -> None:
    entry = await set_up_all(hass, recorder, "connections")
    sensor = entity(hass, f"{recorder.serial}_connections", "sensor")
    async with entry.runtime_data.session.monitor(1, "Main"):
        await until(lambda: hass.states.get(sensor).state == "2")
        assert hass.states.get(sensor).attributes["held_for"] == ["session", "channel 2 Main"]
    await until(lambda: hass.states.get(sensor).state == "1")


async def test_a_camera_on_wi_fi_tells_how_well_it_hears_it(hass: HomeAssistant) -> None:
    async with Simulator(profile="r80x30", users={"admin": PASSWORD}) as sim:
        await set_up_all(hass, sim, "wifi_signal")
        sensor = entity(hass, f"{sim.serial}_wifi_signal", "sensor")
        assert hass.states.get(sensor).state == "61"
        assert hass.states.get(sensor).attributes["unit_of_measurement"] == "%"
        sim.state.config["WifiRouteInfo"]["SignalLevel"] = 12
        await until(lambda: hass.states.get(sensor).state == "12")


async def test_a_camera_on_a_battery_tells_how_full_it_is(
    hass: HomeAssistant, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    sim.state.battery = {"devStorageStatus": 1, "electable": 0, "percent": 80}
    entry = await set_up(hass, entry_for(sim))
    registry = er.async_get(hass)
    assert registry.async_get_entity_id("sensor", DOMAIN, f"{sim.serial}_battery") is None
    await hass.config_entries.async_unload(entry.entry_id)
    monkeypatch.setitem(sim.state.profile.data["system_info"], "DeviceType", 285409282)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    state = hass.states.get(entity(hass, f"{sim.serial}_battery", "sensor"))
    assert (state.state, state.attributes["device_class"]) == ("80", "battery")
