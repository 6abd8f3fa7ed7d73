from __future__ import annotations

import asyncio
from unittest.mock import patch

import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component

from custom_components.dvrip import async_remove_config_entry_device
from custom_components.dvrip import relay as shared_relay
from custom_components.dvrip import session as session_module
from custom_components.dvrip import settings as settings_module
from custom_components.dvrip.const import DOMAIN
from dvrip_proto import TransportError, UnsupportedError
from dvrip_proto.simulator import Quirks, Simulator
from tests import hostile
from tests.homeassistant.world import PASSWORD, entity, entry_for, set_up, until


async def test_a_camera_is_one_device(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim))
    assert entry.state is ConfigEntryState.LOADED
    [device] = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert device.identifiers == {(DOMAIN, sim.serial)}
    assert device.serial_number == sim.serial
    assert device.sw_version
    assert device.model
    assert any(kind == dr.CONNECTION_NETWORK_MAC for kind, _ in device.connections)
    enabled = {
        entity.unique_id.removeprefix(f"{sim.serial}_")
        for entity in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
        if not entity.disabled
    }
    assert enabled >= {
        "0_main",
        "0_sub",
        "0_motion",
        "0_tamper",
        "0_video_loss",
        "0_alarm",
        "connected",
        "reboot",
    }


async def test_a_recorder_has_a_device_for_each_channel(hass: HomeAssistant, recorder: Simulator) -> None:
    entry = await set_up(hass, entry_for(recorder))
    registry = dr.async_get(hass)
    devices = dr.async_entries_for_config_entry(registry, entry.entry_id)
    hub = next(device for device in devices if device.identifiers == {(DOMAIN, recorder.serial)})
    channels = [device for device in devices if device is not hub]
    assert {next(iter(device.identifiers)) for device in channels} == {
        (DOMAIN, f"{recorder.serial}|{channel}") for channel in range(4)
    }
    assert {device.via_device_id for device in channels} == {hub.id}
    assert len({device.name for device in channels}) == 4
    states = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    cameras = {entity.unique_id: entity.disabled_by for entity in states if entity.domain == "camera"}
    assert cameras == {
        f"{recorder.serial}_{channel}_{key}": er.RegistryEntryDisabler.INTEGRATION if key == "main" else None
        for channel in range(4)
        for key in ("main", "sub")
    }


async def test_a_device_that_is_off_is_tried_again_later(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim, data={CONF_PORT: 1}))
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.reason == "Gate: Cannot connect to the device"
    assert PASSWORD not in entry.reason


async def test_a_silent_device_does_not_hold_up_the_start(
    hass: HomeAssistant, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "REQUEST_TIMEOUT_S", 0.3)
    async with hostile.silent() as (host, port):
        async with asyncio.timeout(8):
            entry = await set_up(hass, entry_for(sim, data={CONF_HOST: host, CONF_PORT: port}))
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert "did not answer in time" in entry.reason


@pytest.mark.parametrize("peer", [hostile.http, hostile.garbage, hostile.closes_mid_reply])
async def test_other_things_that_listen_are_tried_again_later(
    hass: HomeAssistant, sim: Simulator, peer
) -> None:
    async with peer() as (host, port):
        entry = await set_up(hass, entry_for(sim, data={CONF_HOST: host, CONF_PORT: port}))
    assert entry.state is ConfigEntryState.SETUP_RETRY


async def test_refused_credentials_ask_for_others_and_are_sent_once(
    hass: HomeAssistant, sim: Simulator
) -> None:
    entry = await set_up(hass, entry_for(sim, data={CONF_PASSWORD: "wrong"}))
    assert entry.state is ConfigEntryState.SETUP_ERROR
    [flow] = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert flow["context"]["source"] == "reauth"
    assert len(sim.requests) == 1


async def test_a_device_that_cannot_be_used_is_not_tried_again(hass: HomeAssistant, sim: Simulator) -> None:
    with patch.object(session_module, "identify", side_effect=UnsupportedError("h:1: encrypted", ret=103)):
        entry = await set_up(hass, entry_for(sim))
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.reason == "Gate: The device cannot do this (code of the device: 103)"


async def test_another_device_at_the_address_is_not_taken_for_the_old_one(
    hass: HomeAssistant, sim: Simulator, recorder: Simulator
) -> None:
    entry = await set_up(hass, entry_for(sim, data={CONF_PORT: recorder.port}))
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert "another device" in entry.reason.lower()
    assert recorder.sessions == 0


async def test_questions_that_are_never_answered_do_not_stop_it(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch, prompt: None
) -> None:
    monkeypatch.setattr(session_module, "REQUEST_TIMEOUT_S", 0.3)
    mute = Quirks(mute=frozenset({1042, 1048, 1360, 1500}))
    async with Simulator(profile="ipc", users={"admin": PASSWORD}, quirks=mute) as sim:
        entry = await set_up(hass, entry_for(sim))
        assert entry.state is ConfigEntryState.LOADED
        asked = {"NetWork.NetCommon", "ChannelTitle", "SystemFunction"}
        assert entry.runtime_data.session.silence.names >= asked
        camera = entity(hass, f"{sim.serial}_0_main", "camera")
        told = entry.runtime_data.session.silence
        objects = set(settings_module.OBJECTS)
        await until(lambda: len(told.names & objects) == 3 and not told.suspected)
        await until(lambda: hass.states.get(camera).state == "idle")
        await asyncio.sleep(0.5)
        assert len(told.names & objects) == 3, "the rest of the settings is not asked for"
        assert hass.states.get(entity(hass, f"{sim.serial}_0_motion", "binary_sensor")).state == "off"
        await hass.config_entries.async_unload(entry.entry_id)


async def test_unload_closes_every_socket(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim))
    assert sim.sessions == 1
    assert await hass.config_entries.async_unload(entry.entry_id)
    await until(lambda: sim.sessions == 0)
    assert entry.state is ConfigEntryState.NOT_LOADED
    assert hass.data[shared_relay._SHARED].relay is None


async def test_a_failed_set_up_leaves_nothing_open(hass: HomeAssistant, sim: Simulator) -> None:
    await set_up(hass, entry_for(sim, data={CONF_PASSWORD: "wrong"}))
    await until(lambda: sim.sessions == 0)
    assert hass.data[shared_relay._SHARED].relay is None
    assert hass.data[shared_relay._SHARED].users == 0


async def test_the_relay_is_shared_and_closed_by_the_last(
    hass: HomeAssistant, sim: Simulator, recorder: Simulator
) -> None:
    first = await set_up(hass, entry_for(sim))
    second = await set_up(hass, entry_for(recorder))
    shared = hass.data[shared_relay._SHARED]
    assert shared.users == 2
    assert await hass.config_entries.async_unload(first.entry_id)
    assert shared.relay is not None
    assert await hass.config_entries.async_unload(second.entry_id)
    assert shared.relay is None


async def test_reload(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim))
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    await until(lambda: sim.sessions == 1)


async def test_a_stop_of_home_assistant_logs_out(hass: HomeAssistant, sim: Simulator) -> None:
    await set_up(hass, entry_for(sim))
    await hass.async_stop(force=True)
    await until(lambda: sim.sessions == 0)


async def test_only_a_channel_that_is_gone_can_be_removed(hass: HomeAssistant, recorder: Simulator) -> None:
    entry = await set_up(hass, entry_for(recorder))
    registry = dr.async_get(hass)
    gone = registry.async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(DOMAIN, f"{recorder.serial}|9")}, name="Gone"
    )
    present = registry.async_get_device_by_identifier((DOMAIN, f"{recorder.serial}|0"), entry.entry_id)
    hub = registry.async_get_device_by_identifier((DOMAIN, recorder.serial), entry.entry_id)
    assert await async_remove_config_entry_device(hass, entry, gone)
    assert not await async_remove_config_entry_device(hass, entry, present)
    assert not await async_remove_config_entry_device(hass, entry, hub)


async def test_the_camera_itself_cannot_be_removed(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim))
    [device] = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert not await async_remove_config_entry_device(hass, entry, device)


async def test_an_entry_that_is_gone_has_no_streams(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim))
    streams = entry.runtime_data.streams
    assert await hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(TransportError, match="being unloaded"):
        streams.url(0, "Main")


async def test_a_recorder_that_comes_back_with_more_channels_is_set_up_again(hass: HomeAssistant) -> None:
    users = {"admin": PASSWORD}
    async with Simulator(profile="nvr", channels=2, users=users) as small:
        entry = await set_up(hass, entry_for(small))
    assert len(hass.states.async_entity_ids("camera")) == 2
    async with Simulator(profile="nvr", channels=3, users=users, port=small.port, serial=small.serial):
        await until(lambda: len(hass.states.async_entity_ids("camera")) == 3)
        await hass.async_block_till_done()
        assert entry.state is ConfigEntryState.LOADED
        await hass.config_entries.async_unload(entry.entry_id)


async def test_asking_for_an_update_changes_nothing(hass: HomeAssistant, sim: Simulator) -> None:
    assert await async_setup_component(hass, "homeassistant", {})
    await set_up(hass, entry_for(sim))
    asked = len(sim.requests)
    await hass.services.async_call(
        "homeassistant",
        "update_entity",
        {"entity_id": entity(hass, f"{sim.serial}_0_motion", "binary_sensor")},
        blocking=True,
    )
    assert len(sim.requests) == asked
