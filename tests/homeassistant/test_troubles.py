"""Repairs of what comes up while a device runs: each comes, says what, and goes when it is over."""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.dvrip import status as status_module
from custom_components.dvrip import troubles
from custom_components.dvrip.const import DOMAIN
from custom_components.dvrip.entity import channel_identifier, channel_name
from custom_components.dvrip.failure import translated
from dvrip_proto import Device
from dvrip_proto.simulator import Quirks, Simulator
from tests.homeassistant.repair import issue, mend
from tests.homeassistant.world import PASSWORD, entry_for, set_up, until


@pytest.mark.parametrize(
    ("language", "main", "speaker"), [("en", "Main stream", "Speaker"), ("de", "Hauptstream", "Lautsprecher")]
)
async def test_who_gets_no_connection_is_told_who_has_them(
    hass: HomeAssistant, recorder: Simulator, language: str, main: str, speaker: str
) -> None:
    hass.config.language = language
    recorder.quirks = Quirks(max_connections=4)
    entry = await set_up(hass, entry_for(recorder))
    session = entry.runtime_data.session
    assert issue(hass, "connections") is None
    async with AsyncExitStack() as stack:
        for channel in range(3):
            await stack.enter_async_context(session.monitor(channel, "Main"))

        @translated
        async def watch() -> None:
            async with session.monitor(3, "Main"):
                pass

        with pytest.raises(HomeAssistantError) as refused:
            await watch()
        assert refused.value.translation_key == "no_connection"
    found = issue(hass, "connections")
    assert found is not None
    assert found.translation_placeholders == {
        "name": "Gate",
        "holders": ", ".join(f"{channel_name(session, channel)}: {main}" for channel in range(3)),
    }
    assert troubles.holder_name(session, "talk") == speaker
    assert troubles.holder_name(session, "/idea0/13.h264") == "/idea0/13.h264"
    async with session.monitor(3, "Main"):
        pass
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=troubles.QUIET_S + 1))
    await hass.async_block_till_done()
    assert issue(hass, "connections") is None


async def test_a_device_is_listened_to_after_a_reconnect_too(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim))
    session = entry.runtime_data.session
    before = session.device
    sim.drop_connections()
    await until(lambda: session.connected and session.device is not before)
    for _ in range(2):  # said again, it is one repair and one end
        session.device.connection.budget._short("picture")
    assert issue(hass, "connections") is not None
    assert await hass.config_entries.async_unload(entry.entry_id)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=troubles.QUIET_S + 1))
    assert issue(hass, "connections") is not None  # nothing is known of it any more


@pytest.mark.parametrize("password", ["123456", "admin"])
async def test_a_password_that_everybody_knows_is_told_and_the_form_for_a_new_one_opens(
    hass: HomeAssistant, password: str
) -> None:
    async with Simulator(profile="ipc", users={"admin": password}) as sim:
        entry = await set_up(hass, entry_for(sim, data={"password": password}))
        assert issue(hass, "empty_password") is None
        found = issue(hass, "default_password")
        assert found is not None
        assert await async_setup_component(hass, REPAIRS, {})
        manager = hass.data[REPAIRS]["flow_manager"]
        flow = await manager.async_init(DOMAIN, data={"issue_id": found.issue_id})
        done = await manager.async_configure(flow["flow_id"], {})
        [form] = hass.config_entries.flow.async_progress()
        assert done["next_flow"] == ("config_flow", form["flow_id"])
        assert form["context"]["source"] == SOURCE_RECONFIGURE
        async with Device(sim.host, sim.port, password=password) as device:
            await device.users.set_password("admin", PASSWORD)
        hass.config_entries.async_update_entry(entry, data={**entry.data, "password": PASSWORD})
        await hass.config_entries.async_reload(entry.entry_id)
        assert entry.state is ConfigEntryState.LOADED
        assert issue(hass, "default_password") is None


async def test_a_conflict_of_addresses_is_told_until_it_is_over(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim))
    sim.raise_alarm(0, "NetAbort", active=True)
    sim.raise_alarm(0, "NetIPConflict", active=True)
    await until(lambda: issue(hass, "address_conflict") is not None)
    found = issue(hass, "address_conflict")
    assert found is not None
    assert not found.is_fixable
    assert found.translation_placeholders == {"name": "Gate", "address": f"127.0.0.1:{sim.port}"}
    sim.raise_alarm(0, "NetIPConflict", active=False)
    await until(lambda: issue(hass, "address_conflict") is None)
    sim.raise_alarm(0, "NetIPConflict", active=True)
    await until(lambda: issue(hass, "address_conflict") is not None)
    sim.drop_connections()
    await until(lambda: issue(hass, "address_conflict") is None)
    assert entry.runtime_data.session.connected


@pytest.mark.parametrize("kind", ["login", "replies"])
async def test_a_device_with_unknown_encryption_is_told_and_tried_again_by_a_person(
    hass: HomeAssistant, sim: Simulator, kind: str
) -> None:
    entry = await set_up(hass, entry_for(sim))
    assert issue(hass, "encryption") is None
    sim.quirks = Quirks(encrypted=kind)
    sim.drop_connections()
    await until(lambda: entry.state is ConfigEntryState.SETUP_ERROR)
    found = issue(hass, "encryption")
    assert found is not None
    assert (await mend(hass, found))["reason"] == "not_mended"
    assert issue(hass, "encryption") is not None
    sim.quirks = Quirks()
    assert (await mend(hass, found))["type"] == "create_entry"
    assert entry.state is ConfigEntryState.LOADED
    assert issue(hass, "encryption") is None


async def test_channels_without_a_camera_any_more_are_offered_for_removal(
    hass: HomeAssistant, recorder: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status_module, "INTERVAL", timedelta(seconds=0.2))
    entry = await set_up(hass, entry_for(recorder))
    registry = dr.async_get(hass)
    session = entry.runtime_data.session
    third = registry.async_get_device_by_identifier(channel_identifier(session, 2), entry.entry_id)
    assert third is not None
    assert issue(hass, "gone_channels") is None
    recorder.quirks = Quirks(channel_state={2: "NoConfig", 3: "NoConfig"})
    await until(lambda: issue(hass, "gone_channels") is not None)
    await hass.async_block_till_done()
    found = issue(hass, "gone_channels")
    assert found is not None
    assert len((found.translation_placeholders or {})["channels"].split(", ")) == 2
    registry.async_remove_device(third.id)
    await hass.async_block_till_done()
    found = issue(hass, "gone_channels")
    assert found is not None
    assert len((found.translation_placeholders or {})["channels"].split(", ")) == 1
    assert (await mend(hass, found))["type"] == "create_entry"
    await hass.async_block_till_done()
    assert issue(hass, "gone_channels") is None
    assert len(dr.async_entries_for_config_entry(registry, entry.entry_id)) == 3


async def test_a_camera_that_is_only_away_is_kept(hass: HomeAssistant, recorder: Simulator) -> None:
    recorder.quirks = Quirks(channel_state={2: "Offline"})
    await set_up(hass, entry_for(recorder))
    assert issue(hass, "gone_channels") is None


async def test_a_channel_that_comes_back_is_offered_no_more(
    hass: HomeAssistant, recorder: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status_module, "INTERVAL", timedelta(seconds=0.2))
    await set_up(hass, entry_for(recorder))
    recorder.quirks = Quirks(channel_state={1: "NoConfig"})
    await until(lambda: issue(hass, "gone_channels") is not None)
    recorder.quirks = Quirks()
    await until(lambda: issue(hass, "gone_channels") is None)
    assert hass.config_entries.async_entries(DOMAIN)[0].state is not ConfigEntryState.SETUP_ERROR
