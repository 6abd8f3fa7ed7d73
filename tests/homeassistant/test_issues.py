from __future__ import annotations

from datetime import timedelta

import pytest
from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component

from custom_components.dvrip.const import DOMAIN
from dvrip_proto import Device
from dvrip_proto.simulator import Quirks, Simulator
from tests.homeassistant.repair import issue, mend
from tests.homeassistant.world import PASSWORD, entry_for, set_up, until


@pytest.mark.parametrize("where", [("Enable",), ("EventHandler", "MessageEnable")])
async def test_motion_that_is_never_reported_can_be_mended(
    hass: HomeAssistant, sim: Simulator, where: tuple[str, ...]
) -> None:
    tree = sim.state.config["Detect.MotionDetect"][0]
    for key in where[:-1]:
        tree = tree[key]
    tree[where[-1]] = False
    await set_up(hass, entry_for(sim))
    found = issue(hass, "motion_silent")
    assert found is not None
    assert found.translation_placeholders == {"name": "Gate"}
    assert (await mend(hass, found))["type"] == "create_entry"
    detect = sim.state.config["Detect.MotionDetect"][0]
    assert detect["Enable"] is True
    assert detect["EventHandler"]["MessageEnable"] is True
    assert issue(hass, "motion_silent") is None


async def test_a_recorder_has_one_repair_for_all_its_channels(
    hass: HomeAssistant, recorder: Simulator
) -> None:
    for channel in (1, 2, 3):
        recorder.state.config["Detect.MotionDetect"][channel]["Enable"] = False
    recorder.state.config["Detect.MotionDetect"][0]["Enable"] = True
    recorder.state.config["Detect.MotionDetect"][0]["EventHandler"]["MessageEnable"] = True
    await set_up(hass, entry_for(recorder))
    found = issue(hass, "motion_silent")
    assert found is not None
    assert found.translation_placeholders == {"name": "Gate (2-4)"}
    assert (await mend(hass, found))["type"] == "create_entry"
    assert all(each["Enable"] is True for each in recorder.state.config["Detect.MotionDetect"])
    assert issue(hass, "motion_silent") is None


async def test_nobody_is_told_who_has_disabled_the_sensor(hass: HomeAssistant, sim: Simulator) -> None:
    sim.state.config["Detect.MotionDetect"][0]["Enable"] = False
    entry = entry_for(sim)
    entry.add_to_hass(hass)
    er.async_get(hass).async_get_or_create(
        "binary_sensor",
        DOMAIN,
        f"{sim.serial}_0_motion",
        config_entry=entry,
        disabled_by=er.RegistryEntryDisabler.USER,
    )
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert issue(hass, "motion_silent") is None


async def test_a_clock_that_is_off_can_be_set(hass: HomeAssistant, sim: Simulator) -> None:
    async with Device(sim.host, sim.port, password=PASSWORD) as device:
        await device.system.set_time(await device.system.local_time() + timedelta(minutes=10))
    await set_up(hass, entry_for(sim))
    found = issue(hass, "clock_drift")
    assert found is not None
    assert (await mend(hass, found))["type"] == "create_entry"
    async with Device(sim.host, sim.port, password=PASSWORD) as device:
        drift = await device.system.time() - await device.system.local_time()
    assert abs(drift) < timedelta(seconds=30)
    assert issue(hass, "clock_drift") is None


async def test_a_device_that_does_not_take_it_is_told(hass: HomeAssistant) -> None:
    stubborn = Quirks(ignore_writes=frozenset({"Detect.MotionDetect"}))
    async with Simulator(profile="ipc", users={"admin": PASSWORD}, quirks=stubborn) as sim:
        sim.state.config["Detect.MotionDetect"][0]["Enable"] = False
        entry = await set_up(hass, entry_for(sim))
        found = issue(hass, "motion_silent")
        assert found is not None
        assert (await mend(hass, found))["reason"] == "not_mended"
        assert await hass.config_entries.async_unload(entry.entry_id)
        assert (await mend(hass, found))["reason"] == "no_entry"


async def test_repairs_go_with_the_entry(hass: HomeAssistant, sim: Simulator) -> None:
    sim.state.config["Detect.MotionDetect"][0]["Enable"] = False
    entry = await set_up(hass, entry_for(sim))
    assert issue(hass, "motion_silent") is not None
    ir.async_create_issue(
        hass,
        DOMAIN,
        "of_another_entry",
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key="cloud",
        translation_placeholders={"name": "Another"},
    )
    await hass.config_entries.async_remove(entry.entry_id)
    assert [key for key in ir.async_get(hass).issues if key[0] == DOMAIN] == [(DOMAIN, "of_another_entry")]


async def test_home_assistant_finds_the_repair(hass: HomeAssistant, sim: Simulator) -> None:
    assert await async_setup_component(hass, REPAIRS, {})
    sim.state.config["Detect.MotionDetect"][0]["Enable"] = False
    await set_up(hass, entry_for(sim))
    found = issue(hass, "motion_silent")
    assert found is not None
    flow = await hass.data[REPAIRS]["flow_manager"].async_init(DOMAIN, data={"issue_id": found.issue_id})
    assert flow["step_id"] == "confirm"


async def test_a_device_that_pushes_all_the_same_is_left_alone(hass: HomeAssistant, sim: Simulator) -> None:
    sim.state.config["Detect.MotionDetect"][0]["EventHandler"]["MessageEnable"] = False
    sim.state.config["Detect.MotionDetect"][0]["Enable"] = True
    entry = await set_up(hass, entry_for(sim))
    assert issue(hass, "motion_silent") is not None
    sim.raise_alarm()
    await until(lambda: entry.runtime_data.alarms.known_by_push)
    await entry.runtime_data.settings.async_refresh()
    entry.runtime_data.settings.async_update_listeners()
    assert issue(hass, "motion_silent") is None


async def test_a_cloud_connection_is_told_and_stays_ignored(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim))
    found = issue(hass, "cloud")
    assert found is not None
    assert not found.is_fixable
    ir.async_ignore_issue(hass, DOMAIN, found.issue_id, True)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    again = issue(hass, "cloud")
    assert again is not None
    assert again.dismissed_version is not None
    sim.state.config["NetWork.Nat"]["NatEnable"] = False
    await entry.runtime_data.settings.async_refresh()
    assert issue(hass, "cloud") is None


@pytest.mark.parametrize("password", ["", PASSWORD])
async def test_an_account_without_a_password_is_told(hass: HomeAssistant, password: str) -> None:
    async with Simulator(profile="ipc", users={"admin": password}) as sim:
        await set_up(hass, entry_for(sim, data={"password": password}))
        assert (issue(hass, "empty_password") is not None) == (password == "")


async def test_a_device_as_it_comes_has_no_motion_repair(hass: HomeAssistant, sim: Simulator) -> None:
    await set_up(hass, entry_for(sim))
    detect = sim.state.config["Detect.MotionDetect"][0]
    silent = not (detect["Enable"] and detect["EventHandler"]["MessageEnable"])
    assert (issue(hass, "motion_silent") is not None) == silent


async def test_a_sub_stream_that_many_browsers_do_not_play_can_be_mended(
    hass: HomeAssistant, recorder: Simulator
) -> None:
    encode = recorder.state.config["Simplify.Encode"]
    for channel in (1, 3):
        encode[channel]["ExtraFormat"]["Video"]["Compression"] = "H.265"
    encode[0]["MainFormat"]["Video"]["Compression"] = "H.265"
    await set_up(hass, entry_for(recorder))
    await hass.async_block_till_done(wait_background_tasks=True)
    found = issue(hass, "extra_codec")
    assert found is not None
    assert found.translation_placeholders == {"name": "Gate (2, 4)"}
    assert (await mend(hass, found))["type"] == "create_entry"
    words = [each["ExtraFormat"]["Video"]["Compression"] for each in recorder.state.config["Simplify.Encode"]]
    assert words == ["H.264"] * 4
    assert recorder.state.config["Simplify.Encode"][0]["MainFormat"]["Video"]["Compression"] == "H.265"
    assert issue(hass, "extra_codec") is None
