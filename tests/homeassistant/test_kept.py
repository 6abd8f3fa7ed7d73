"""What is kept from one start to the next, and what is closed whatever happens to the rest."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState, OperationNotAllowed
from homeassistant.const import CONF_PASSWORD
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.dvrip import relay as shared_relay
from custom_components.dvrip import session
from custom_components.dvrip.const import DOMAIN
from custom_components.dvrip.repairs import TryFlow
from custom_components.dvrip.select import option_key
from custom_components.dvrip.settings import INTERVAL
from dvrip_proto.simulator import Quirks, Simulator
from tests.homeassistant.repair import issue
from tests.homeassistant.world import entity, entry_for, set_up, until

CONFIG_GET = 1042


async def test_what_another_version_kept_is_read_again(
    hass: HomeAssistant, sim: Simulator, hass_storage: dict[str, Any]
) -> None:
    entry = await set_up(hass, entry_for(sim))
    assert await hass.config_entries.async_unload(entry.entry_id)
    kept = hass_storage[f"dvrip.{entry.entry_id}"]["data"]
    places = kept["objects"]["Detect.MotionDetect"]
    gone = [place for place in places if place[0] == "motion_detection"]
    assert gone
    # It knew no switch of motion detection, one control that is no more, and an object that nobody reads.
    kept["objects"]["Detect.MotionDetect"] = [["a_control_of_old", 0], *(p for p in places if p not in gone)]
    kept["controls"]["Detect.MotionDetect"] = ["a_control_of_old", "motion_level"]
    kept["objects"]["An.Object"] = [["a_control_of_old", None]]
    hass.states.async_remove("switch.gate_motion_detection")
    asked = len(sim.requests)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    switch = entity(hass, f"{sim.serial}_0_motion_detection", "switch")
    assert hass.states.get(switch).state in ("on", "off")
    read = {name for message, name, _user in list(sim.requests)[asked:] if message == CONFIG_GET}
    assert "Detect.MotionDetect" in read
    assert hass_storage[f"dvrip.{entry.entry_id}"]["data"]["objects"].keys() == kept["objects"].keys() - {
        "An.Object"
    }


@pytest.mark.parametrize(
    "part",
    ["alarms.async_stop", "settings.async_shutdown", "recordings.clips.async_stop", "streams.stills.close"],
)
async def test_a_part_that_cannot_stop_keeps_no_connection(
    hass: HomeAssistant, sim: Simulator, part: str
) -> None:
    entry = await set_up(hass, entry_for(sim))
    data = entry.runtime_data
    owner: Any = data
    *path, name = part.split(".")
    for each in path:
        owner = getattr(owner, each)
    with patch.object(type(owner), name, side_effect=ZeroDivisionError), pytest.raises(ZeroDivisionError):
        await data.async_stop()
    await until(lambda: sim.sessions == 0)
    assert hass.data[shared_relay._SHARED].users == 0
    await data.async_stop()
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_nothing_is_said_of_an_entry_that_is_disabled(hass: HomeAssistant) -> None:
    async with Simulator(profile="ipc", users={"admin": "admin"}) as sim:
        entry = await set_up(hass, entry_for(sim, data={CONF_PASSWORD: "admin"}))
        assert issue(hass, "default_password") is not None
        assert await hass.config_entries.async_reload(entry.entry_id)
        assert issue(hass, "default_password") is not None
        await hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
        assert issue(hass, "default_password") is None
        await hass.config_entries.async_set_disabled_by(entry.entry_id, None)
        await hass.async_block_till_done()
        assert issue(hass, "default_password") is not None
        assert await hass.config_entries.async_unload(entry.entry_id)


async def test_an_entry_that_cannot_be_set_up_now_is_told(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim))
    flow = TryFlow()
    flow.hass, flow.handler, flow.flow_id = hass, DOMAIN, "1"
    with patch.object(hass.config_entries, "async_reload", side_effect=OperationNotAllowed("not now")):
        result = await flow.async_do(entry)
    assert result["reason"] == "not_mended"


def test_a_word_without_an_end_is_cut() -> None:
    assert len(option_key("KeepOpen" * 90)) == 64
    assert option_key("KeepOpen") == "keep_open"


async def test_an_alarm_of_a_disk_that_nobody_counted_is_told(hass: HomeAssistant, sim: Simulator) -> None:
    await set_up(hass, entry_for(sim))
    problem = entity(hass, f"{sim.serial}_disk_problem", "binary_sensor")
    assert hass.states.get(problem).state == "off"
    sim.push_alarm(Channel=7, Event="StorageFailure", Status="Start")
    await until(lambda: hass.states.get(problem).state == "on")
    sim.push_alarm(Channel=7, Event="StorageFailure", Status="Stop")
    await until(lambda: hass.states.get(problem).state == "off")


async def test_a_network_that_stands_still_for_some_seconds_costs_no_setting(
    hass: HomeAssistant, sim: Simulator, prompt: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "REQUEST_TIMEOUT_S", 0.3)
    entry = await set_up(hass, entry_for(sim))
    switch = entity(hass, f"{sim.serial}_0_motion_detection", "switch")
    assert hass.states.get(switch).state == "on"
    data = entry.runtime_data
    before = data.session.device
    sim.quirks = Quirks(mute=frozenset({CONFIG_GET}))
    await data.settings.async_refresh()
    sim.quirks = Quirks()
    await until(lambda: data.session.connected and data.session.device is not before)
    assert data.session.silence.names == frozenset()
    sim.state.config["Detect.MotionDetect"][0]["Enable"] = False
    async_fire_time_changed(hass, dt_util.utcnow() + INTERVAL + timedelta(seconds=2))
    await until(lambda: hass.states.get(switch).state == "off")
