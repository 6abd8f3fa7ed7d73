"""Two things at once: an entity that fails, a device that is lost, a person who decides meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from unittest.mock import AsyncMock, patch

import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_HOST, STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.dvrip import (
    async_remove_config_entry_device,
    moves,
    session,
    status,
    troubles,
)
from custom_components.dvrip.const import CONF_CHANNELS, CONF_LIGHT_ON, DOMAIN
from custom_components.dvrip.diagnostics import async_get_config_entry_diagnostics
from custom_components.dvrip.found import Found
from dvrip_proto import Device, NoConnectionError, Preset, TransportError
from dvrip_proto.features.ptz import Ptz
from dvrip_proto.simulator import Simulator
from tests.homeassistant.repair import issue
from tests.homeassistant.world import PASSWORD, entity, entry_for, report, set_up, until


async def test_an_entity_that_fails_keeps_neither_the_others_nor_the_device(
    hass: HomeAssistant, sim: Simulator, prompt: None, caplog: pytest.LogCaptureFixture
) -> None:
    entry = await set_up(hass, entry_for(sim))
    connected = entity(hass, f"{sim.serial}_connected", "binary_sensor")
    listeners = entry.runtime_data.session._listeners

    def fails() -> None:
        raise ZeroDivisionError

    others = dict(listeners)
    listeners.clear()
    listeners.update({object(): fails, **others})
    sim.drop_connections()
    await until(lambda: hass.states.get(connected).state == STATE_OFF)
    await until(lambda: hass.states.get(connected).state == STATE_ON)
    assert entry.runtime_data.session.connected
    assert "could not look again" in caplog.text


@pytest.mark.parametrize("how", ["empty", "fewer"])
async def test_a_camera_that_goes_for_good_is_no_error_of_its_sensors(
    hass: HomeAssistant, recorder: Simulator, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    entry = await set_up(hass, entry_for(recorder))
    why = entity(hass, f"{recorder.serial}_3_camera_state", "sensor")
    data = entry.runtime_data
    if how == "empty":
        recorder.set_link(3, "NoConfig")
        await data.status.async_refresh()
    else:
        fewer = data.status.data[status.CHANNELS][:3]
        with patch.object(data.session.device.system, "channels", return_value=fewer):
            await data.status.async_refresh()
    assert hass.states.get(why).state != "connected"
    await hass.async_block_till_done()
    assert "Unexpected error" not in caplog.text


async def test_a_device_that_is_lost_while_it_is_asked_has_all_its_sensors(
    hass: HomeAssistant, sim: Simulator, prompt: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Device] = []
    questions = dict(status._QUESTIONS)
    real = questions[status.CHANNELS]

    async def lost(device: Device) -> Any:
        asked.append(device)
        if len(asked) == 1:
            sim.drop_connections()
            await until(lambda: device.closed)
            raise TransportError("the cable is out")
        return await real(device)

    monkeypatch.setattr(status, "_QUESTIONS", {**questions, status.CHANNELS: lost})
    entry = await set_up(hass, entry_for(sim))
    assert entry.state is ConfigEntryState.LOADED
    assert len(asked) == 2
    assert entity(hass, f"{sim.serial}_storage_used", "sensor")


async def test_a_device_that_stays_away_while_it_is_asked_is_tried_again_later(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "BACK_S", 0.5)
    questions = dict(status._QUESTIONS)
    async with Simulator(profile="ipc", users={"admin": PASSWORD}) as sim:

        async def gone(device: Device) -> Any:
            await sim.stop()
            await until(lambda: device.closed)
            raise TransportError("the cable is out")

        monkeypatch.setattr(status, "_QUESTIONS", {**questions, status.CHANNELS: gone})
        entry = await set_up(hass, entry_for(sim))
        assert entry.state is ConfigEntryState.SETUP_RETRY
        await hass.config_entries.async_remove(entry.entry_id)


async def test_channels_that_were_chosen_stay_while_the_recorder_is_away(hass: HomeAssistant) -> None:
    chosen = {CONF_CHANNELS: ["1", "4"], CONF_LIGHT_ON: "Auto"}
    async with Simulator(profile="nvr", channels=4, users={"admin": PASSWORD}) as recorder:
        entry = entry_for(recorder, options=chosen)
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    form = await hass.config_entries.options.async_init(entry.entry_id)
    assert CONF_CHANNELS not in form["data_schema"].schema
    await hass.config_entries.options.async_configure(form["flow_id"], {"auto_off_s": 90})
    assert dict(entry.options) == {"auto_off_s": 90, CONF_CHANNELS: ["1", "4"]}
    await hass.config_entries.async_remove(entry.entry_id)


async def test_a_chosen_channel_whose_camera_is_gone_can_be_kept_and_taken_out(
    hass: HomeAssistant, recorder: Simulator
) -> None:
    recorder.set_link(3, "NoConfig")
    entry = await set_up(hass, entry_for(recorder, options={CONF_CHANNELS: ["1", "4", "9"]}))
    form = await hass.config_entries.options.async_init(entry.entry_id)
    marker = next(key for key in form["data_schema"].schema if key == CONF_CHANNELS)
    assert marker.description == {"suggested_value": ["1", "4"]}
    offered = form["data_schema"].schema[CONF_CHANNELS].config["options"]
    assert [option["value"] for option in offered] == ["1", "2", "3", "4"]
    await hass.config_entries.options.async_configure(
        form["flow_id"], {"auto_off_s": 60, CONF_CHANNELS: ["1"]}
    )
    await hass.async_block_till_done()
    assert entry.options[CONF_CHANNELS] == ["1"]


@pytest.mark.parametrize("meanwhile", ["removed", "moved by a person"])
@pytest.mark.parametrize(
    ("step", "answer"), [("_answers", True), ("_answers", False), ("_addresses", {"127.0.0.1"})]
)
async def test_what_a_person_does_while_a_report_is_weighed_stands(
    hass: HomeAssistant, meanwhile: str, step: str, answer: Any
) -> None:
    async with Simulator(profile="ipc", users={"admin": PASSWORD}) as sim:
        entry = await set_up(hass, entry_for(sim))
        mac = sim.state.mac
    await until(lambda: not entry.runtime_data.session.connected)
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(*_address: object) -> Any:
        asked.set()
        await go_on.wait()
        return answer

    claim = Found.of(report(sim.serial, host="127.0.0.9", port=sim.port, mac=mac, device_type=24))
    with patch.object(moves, step, slowly):
        weighing = hass.async_create_task(moves.async_follow(hass, [claim]))
        await asked.wait()
        if meanwhile == "removed":
            await hass.config_entries.async_remove(entry.entry_id)
        else:
            by_hand = {**entry.data, CONF_HOST: "127.0.0.7"}
            hass.config_entries.async_update_entry(entry, data=by_hand)
        go_on.set()
        await weighing
    assert entry.data[CONF_HOST] != "127.0.0.9"
    assert not [key for key in ir.async_get(hass).issues if key[0] == DOMAIN and "new_address" in key[1]]
    await hass.async_block_till_done()
    if meanwhile != "removed":
        await hass.config_entries.async_remove(entry.entry_id)


async def test_a_lack_of_connections_is_over_some_time_after_the_entry_was_set_up_again(
    hass: HomeAssistant, sim: Simulator
) -> None:
    entry = await set_up(hass, entry_for(sim))
    refused = NoConnectionError("h:1: no free connection", holders=("channel 1 Main",))
    budget = entry.runtime_data.session.device.connection.budget
    [tell] = budget._refusals
    tell(refused)
    assert issue(hass, "connections") is not None
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert issue(hass, "connections") is not None
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=troubles.QUIET_S + 1))
    await hass.async_block_till_done()
    assert issue(hass, "connections") is None
    tell(refused)  # of the session before
    assert issue(hass, "connections") is None


@pytest.fixture
async def away(hass: HomeAssistant) -> AsyncIterator[Any]:
    async with Simulator(profile="nvr", channels=2, users={"admin": PASSWORD}) as recorder:
        entry = await set_up(hass, entry_for(recorder))
        assert await hass.config_entries.async_unload(entry.entry_id)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    yield entry
    await hass.config_entries.async_remove(entry.entry_id)


async def test_a_recorder_that_is_away_cannot_say_which_channel_is_gone(
    hass: HomeAssistant, away: Any
) -> None:
    for device in dr.async_entries_for_config_entry(dr.async_get(hass), away.entry_id):
        assert not await async_remove_config_entry_device(hass, away, device)


async def test_diagnostics_are_there_in_the_moment_of_a_loss(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim))
    with patch.object(entry.runtime_data.session._keeper, "_device", None):
        told = await async_get_config_entry_diagnostics(hass, entry)
    assert (told["login"], told["connections"]) == (None, None)


@pytest.mark.parametrize("what", ["setting", "input", "preset", "tour"])
async def test_nothing_turns_up_in_an_entry_that_is_being_unloaded(
    hass: HomeAssistant, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(_self: Any, *, channel: int) -> tuple[Any, ...]:
        assert channel == 0
        asked.set()
        await go_on.wait()
        return (Preset(number=1, name="Door"),)

    if what in ("preset", "tour"):
        monkeypatch.setattr(Ptz, f"{what}s", slowly)
    if what == "tour":
        monkeypatch.setattr(Ptz, "presets", AsyncMock(return_value=(Preset(number=1, name="Door"),)))
    async with Simulator(profile="hvr", channels=1, users={"admin": PASSWORD}) as hvr:
        contacts = hvr.state.config["Alarm.LocalAlarm"]
        contacts[0]["Enable"] = False
        entry = await set_up(hass, entry_for(hvr))
        settings, real = entry.runtime_data.settings, hass.config_entries.async_unload_platforms

        async def unload(*args: Any) -> bool:
            done = await real(*args)
            if what == "setting":
                settings._shape.objects.clear()
                settings._found("Detect.MotionDetect", [*settings.data["Detect.MotionDetect"], {}])
            elif what == "input":
                trees = [{**contact, "Enable": True} for contact in contacts]
                settings._found("Alarm.LocalAlarm", trees)
                look()
            else:
                go_on.set()
                for _ in range(5):
                    await asyncio.sleep(0)
            return done

        # Its listener goes with the entry only, behind the platforms.
        look = next(
            told
            for told, context in settings._listeners.values()
            if context == "Alarm.LocalAlarm" and told.__name__ == "look"
        )
        with patch.object(hass.config_entries, "async_unload_platforms", unload):
            assert await hass.config_entries.async_unload(entry.entry_id)
        await hass.async_block_till_done()
    here = [state for state in hass.states.async_all() if not state.attributes.get("restored")]
    assert [state.entity_id for state in here] == []
