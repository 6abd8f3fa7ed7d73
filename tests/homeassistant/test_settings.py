from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.dvrip import session as session_module
from custom_components.dvrip import settings as settings_module
from custom_components.dvrip.const import DOMAIN
from dvrip_proto import Device, RequestError, TransportError, control, spec_for
from dvrip_proto.features.settings import Settings
from dvrip_proto.features.system import System
from dvrip_proto.simulator import Quirks, Simulator
from tests.homeassistant.world import PASSWORD, entity, entry_for, set_up, until


def state(hass: HomeAssistant, entity_id: str) -> str:
    found = hass.states.get(entity_id)
    assert found is not None, entity_id
    return found.state


def in_device(sim: Simulator, key: str, channel: int | None) -> Any:
    row = control(key)
    return dict(row.values(sim.state.config[row.object]))[channel]


def reads_of(sim: Simulator, name: str) -> int:
    reading = (spec_for(name).get_id, name)
    return sum(1 for message_id, asked, *_ in sim.requests if (message_id, asked) == reading)


async def set_up_with(hass: HomeAssistant, sim: Simulator, *unique: tuple[str, str]) -> MockConfigEntry:
    """Set up with entities enabled that are hidden at first: platform and the rest of the unique id."""
    entry = entry_for(sim)
    entry.add_to_hass(hass)
    registry = er.async_get(hass)
    for platform, place in unique:
        registry.async_get_or_create(platform, DOMAIN, f"{sim.serial}_{place}", config_entry=entry)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return entry


async def behind(sim: Simulator, key: str, value: Any, channel: int | None) -> None:
    """Change a setting as the vendor's app does."""
    row = control(key)
    async with Device(sim.host, sim.port, password=PASSWORD) as device:
        await device.settings.ensure(row.object, row.patch(value), channel=channel)


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time between two readings passes quickly."""
    assert timedelta(minutes=5) == settings_module.INTERVAL
    monkeypatch.setattr(settings_module, "INTERVAL", timedelta(seconds=0.2))


CHANGES = [
    ("switch", "motion_detection", 0, "turn_off", {}, STATE_OFF, False),
    ("switch", "motion_detection", 0, "turn_on", {}, STATE_ON, True),
    ("number", "motion_sensitivity", 0, "set_value", {"value": 5}, "5", 5),
    ("select", "day_night", 0, "select_option", {"option": "black_white"}, "black_white", "black-white"),
    ("select", "white_light", None, "select_option", {"option": "keep_open"}, "keep_open", "KeepOpen"),
    ("time", "white_light_from", None, "set_value", {"time": "21:05:00"}, "21:05:00", "21:05"),
    ("text", "channel_name", 0, "set_value", {"value": "Porch"}, "Porch", "Porch"),
]


@pytest.mark.parametrize(("platform", "key", "channel", "action", "fields", "shown", "kept"), CHANGES)
async def test_a_change_reaches_the_device_and_what_it_says_is_the_state(
    hass: HomeAssistant,
    sim: Simulator,
    platform: str,
    key: str,
    channel: int | None,
    action: str,
    fields: dict[str, Any],
    shown: str,
    kept: Any,
) -> None:
    place = key if channel is None else f"{channel}_{key}"
    await set_up_with(hass, sim, (platform, place))
    entity_id = entity(hass, f"{sim.serial}_{place}", platform)
    await hass.services.async_call(platform, action, {"entity_id": entity_id, **fields}, blocking=True)
    assert in_device(sim, key, channel) == kept
    assert state(hass, entity_id) == shown


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(("platform", "key", "channel", "action", "fields", "shown", "kept"), CHANGES)
async def test_a_change_that_the_app_makes_is_seen_within_five_minutes(
    hass: HomeAssistant,
    sim: Simulator,
    platform: str,
    key: str,
    channel: int | None,
    action: str,
    fields: dict[str, Any],
    shown: str,
    kept: Any,
) -> None:
    place = key if channel is None else f"{channel}_{key}"
    await set_up_with(hass, sim, (platform, place))
    await behind(sim, key, kept, channel)
    await until(lambda: state(hass, entity(hass, f"{sim.serial}_{place}", platform)) == shown)


async def test_channels_of_a_recorder_have_their_own(hass: HomeAssistant, recorder: Simulator) -> None:
    await set_up(hass, entry_for(recorder))
    before = [in_device(recorder, "motion_detection", channel) for channel in range(4)]
    third = entity(hass, f"{recorder.serial}_2_motion_detection", "switch")
    action = "turn_off" if before[2] else "turn_on"
    await hass.services.async_call("switch", action, {"entity_id": third}, blocking=True)
    after = [in_device(recorder, "motion_detection", channel) for channel in range(4)]
    assert after == [before[0], before[1], not before[2], before[3]]


async def test_changes_of_one_object_queue(hass: HomeAssistant, recorder: Simulator) -> None:
    await set_up(hass, entry_for(recorder))
    switches = [
        entity(hass, f"{recorder.serial}_{channel}_motion_detection", "switch") for channel in range(4)
    ]
    await asyncio.gather(
        *(
            hass.services.async_call("switch", "turn_off", {"entity_id": switch}, blocking=True)
            for switch in switches
        )
    )
    assert not any(in_device(recorder, "motion_detection", channel) for channel in range(4))
    assert {state(hass, switch) for switch in switches} == {STATE_OFF}


CONTACTS = {"Alarm.LocalAlarm"}
"""Looked at on a device with alarm inputs: which of them it listens to."""


OTHERS = {"Simplify.Encode", "fVideo.Volume"}
"""Looked at by the repair of a sub stream that few browsers play, and by the speaker."""


@pytest.mark.usefixtures("soon")
async def test_only_what_is_looked_at_is_read(hass: HomeAssistant, sim: Simulator) -> None:
    await set_up(hass, entry_for(sim))
    before = {name: reads_of(sim, name) for name in settings_module.OBJECTS}
    entries = er.async_entries_for_config_entry(
        er.async_get(hass), hass.config_entries.async_entries(DOMAIN)[0].entry_id
    )
    enabled = {entry.unique_id.removeprefix(f"{sim.serial}_") for entry in entries if not entry.disabled}
    basic = {row.object for row in settings_module.SHOWN if enabled & {row.key, f"0_{row.key}"}}

    def asked() -> set[str]:
        return {name for name in settings_module.OBJECTS if reads_of(sim, name) > before[name]}

    for _ in range(2):  # with a whole round behind the one in which the last of them was asked for
        await until(lambda: asked() >= basic | CONTACTS | OTHERS)
        seen = asked()
        before = {name: reads_of(sim, name) for name in settings_module.OBJECTS}
        assert seen == basic | CONTACTS | OTHERS
    assert len(seen) < len(settings_module.OBJECTS)


async def test_after_a_reconnect_it_is_read_at_once(hass: HomeAssistant, sim: Simulator) -> None:
    await set_up(hass, entry_for(sim))
    switch = entity(hass, f"{sim.serial}_0_motion_detection", "switch")
    was = state(hass, switch)
    sim.drop_connections()
    await until(lambda: state(hass, switch) == STATE_UNAVAILABLE)
    sim.state.config["Detect.MotionDetect"][0]["Enable"] = was == STATE_OFF
    await until(lambda: state(hass, switch) == (STATE_ON if was == STATE_OFF else STATE_OFF))


async def test_the_next_set_up_asks_only_for_what_is_shown(
    hass: HomeAssistant, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    read = settings_module.DvripSettings._read

    async def noted(self: settings_module.DvripSettings, name: str) -> None:
        asked.append(name)
        await read(self, name)

    monkeypatch.setattr(settings_module.DvripSettings, "_read", noted)
    entry = await set_up(hass, entry_for(sim))
    places = set(entry.runtime_data.settings.places)
    assert asked == list(settings_module.OBJECTS)
    asked.clear()
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert set(entry.runtime_data.settings.places) == places
    basic = {row.object for row in settings_module.SHOWN if row.basic}
    assert set(asked) == (basic | CONTACTS) & {control(key).object for key, _ in places}
    assert len(asked) == len(set(asked))


async def test_another_firmware_is_looked_at_anew(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim))
    assert await hass.config_entries.async_unload(entry.entry_id)
    sim.state.firmware["SoftWareVersion"] = "V9.99"
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert min(reads_of(sim, name) for name in settings_module.OBJECTS) == 2


async def test_what_was_kept_goes_with_the_entry(
    hass: HomeAssistant, sim: Simulator, hass_storage: dict[str, Any]
) -> None:
    entry = await set_up(hass, entry_for(sim))
    assert f"dvrip.{entry.entry_id}" in hass_storage
    assert sim.serial in str(hass_storage[f"dvrip.{entry.entry_id}"])
    await hass.config_entries.async_remove(entry.entry_id)
    assert f"dvrip.{entry.entry_id}" not in hass_storage


@pytest.mark.usefixtures("soon")
async def test_an_object_that_is_away_for_a_time_costs_no_entity(hass: HomeAssistant) -> None:
    async with Simulator(profile="ipc", users={"admin": PASSWORD}) as sim:
        entry = await set_up(hass, entry_for(sim))
        switch = entity(hass, f"{sim.serial}_0_motion_detection", "switch")
        assert await hass.config_entries.async_unload(entry.entry_id)
        lost = sim.state.config.pop("Detect.MotionDetect")
        assert await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert state(hass, switch) == STATE_UNAVAILABLE
        sim.state.config["Detect.MotionDetect"] = lost
        await until(lambda: state(hass, switch) in (STATE_ON, STATE_OFF))
        await hass.config_entries.async_unload(entry.entry_id)


async def test_a_device_that_does_not_tell_its_choices_offers_all_of_them(
    hass: HomeAssistant, sim: Simulator
) -> None:
    del sim.state.abilities["Camera"]
    await set_up(hass, entry_for(sim))
    day_night = entity(hass, f"{sim.serial}_0_day_night", "select")
    offered = hass.states.get(day_night).attributes["options"]
    assert len(offered) == len(control("day_night").kind.options)


async def test_a_device_that_is_lost_while_it_tells_its_choices_is_set_up_all_the_same(
    hass: HomeAssistant, sim: Simulator
) -> None:
    asked: list[str] = []
    entry, told = entry_for(sim), System.ability

    async def lost(system: System, name: str) -> Any:
        if name not in settings_module.ABILITIES:
            return await told(system, name)
        asked.append(name)
        sim.drop_connections()
        await until(lambda: not entry.runtime_data.session.connected)
        raise TransportError("the cable is out")

    with patch.object(System, "ability", lost):
        await set_up(hass, entry)
    assert asked == [settings_module.ABILITIES[0]]
    assert entry.state is ConfigEntryState.LOADED
    await until(lambda: entry.runtime_data.session.connected)


async def test_a_device_that_is_lost_before_it_tells_its_choices_is_tried_again_later(
    hass: HomeAssistant, sim: Simulator
) -> None:
    entry, load = entry_for(sim), settings_module.ShapeStore.async_load

    async def lost(*what: Any) -> Any:
        sim.drop_connections()
        await until(lambda: not entry.runtime_data.session.connected)
        return await load(*what)

    with patch.object(settings_module.ShapeStore, "async_load", lost):
        await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY


async def test_a_device_that_is_silent_about_objects_has_the_rest(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "REQUEST_TIMEOUT_S", 0.3)
    asked: list[str] = []
    get = Settings.get

    async def silent_about_some(self: Settings, name: str, **where: Any) -> Any:
        if name in ("Camera.Param", "Record"):
            asked.append(name)
            return await self._connection.request(1360, name)
        return await get(self, name, **where)

    mute = Quirks(mute=frozenset({1360}))
    monkeypatch.setattr(Settings, "get", silent_about_some)
    async with Simulator(profile="ipc", users={"admin": PASSWORD}, quirks=mute) as sim:
        entry = await set_up(hass, entry_for(sim))
        settings = entry.runtime_data.settings
        await until(lambda: ("cloud", None) in settings.places and len(asked) == 2)
        assert not [key for key, _ in settings.places if control(key).object == "Camera.Param"]
        assert ("motion_detection", 0) in settings.places
        assert asked == ["Camera.Param", "Record"]
        await hass.async_block_till_done()
        assert entity(hass, f"{sim.serial}_cloud", "switch")
        await hass.config_entries.async_unload(entry.entry_id)


async def test_an_account_that_may_not_change_it_is_told_and_the_entity_says_so(
    hass: HomeAssistant, sim: Simulator
) -> None:
    await set_up(hass, entry_for(sim))
    switch = entity(hass, f"{sim.serial}_0_motion_detection", "switch")
    was = state(hass, switch)
    rights = sim.state.users["admin"]["AuthorityList"]
    kept = list(rights)
    rights.clear()
    with pytest.raises(HomeAssistantError, match="may not do this"):
        await hass.services.async_call(
            "switch", "turn_off" if was == STATE_ON else "turn_on", {"entity_id": switch}, blocking=True
        )
    assert state(hass, switch) == STATE_UNAVAILABLE
    rights[:] = kept
    sim.drop_connections()
    await until(lambda: state(hass, switch) == was)


async def test_what_the_account_may_not_read_is_there_when_it_may(
    hass: HomeAssistant, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    get, refused = Settings.get, [RequestError("h:1: refused", ret=107)]

    async def refuses(self: Settings, name: str, **where: Any) -> Any:
        if refused and name == "Detect.MotionDetect":
            raise refused[0]
        return await get(self, name, **where)

    monkeypatch.setattr(Settings, "get", refuses)
    entry = await set_up(hass, entry_for(sim))
    settings = entry.runtime_data.settings
    assert settings.refusal("Detect.MotionDetect") is refused[0]
    assert ("motion_detection", 0) not in settings.places
    refused.clear()
    sim.drop_connections()
    await until(lambda: ("motion_detection", 0) in settings.places)
    await hass.async_block_till_done()
    assert state(hass, entity(hass, f"{sim.serial}_0_motion_detection", "switch")) in (STATE_ON, STATE_OFF)


async def test_a_value_that_the_device_does_not_take_is_no_state(hass: HomeAssistant) -> None:
    stubborn = Quirks(ignore_writes=frozenset({"Detect.MotionDetect"}))
    async with Simulator(profile="ipc", users={"admin": PASSWORD}, quirks=stubborn) as sim:
        entry = await set_up(hass, entry_for(sim))
        switch = entity(hass, f"{sim.serial}_0_motion_detection", "switch")
        was = state(hass, switch)
        action = "turn_off" if was == STATE_ON else "turn_on"
        with pytest.raises(HomeAssistantError, match="did not take it"):
            await hass.services.async_call("switch", action, {"entity_id": switch}, blocking=True)
        assert state(hass, switch) == was
        await hass.config_entries.async_unload(entry.entry_id)


async def test_the_camera_follows_and_sets_motion_detection(hass: HomeAssistant, sim: Simulator) -> None:
    await set_up(hass, entry_for(sim))
    camera = entity(hass, f"{sim.serial}_0_main", "camera")
    switch = entity(hass, f"{sim.serial}_0_motion_detection", "switch")
    for action, expected in (("disable", None), ("enable", True)):
        await hass.services.async_call(
            "camera", f"{action}_motion_detection", {"entity_id": camera}, blocking=True
        )
        assert in_device(sim, "motion_detection", 0) is bool(expected)
        assert hass.states.get(camera).attributes.get("motion_detection") is expected
        assert state(hass, switch) == (STATE_ON if expected else STATE_OFF)


async def test_an_entity_is_never_there_for_what_is_not_there(hass: HomeAssistant) -> None:
    async with Simulator(profile="nvr", channels=2, users={"admin": PASSWORD}) as sim:
        sim.state.config["Detect.MotionDetect"] = sim.state.config["Detect.MotionDetect"] * 3
        sim.state.config["fVideo.Volume"] = sim.state.config["fVideo.Volume"] * 3
        entry = await set_up(hass, entry_for(sim))
        places = entry.runtime_data.settings.places
        assert {channel for key, channel in places if key == "motion_detection"} == {0, 1}
        assert not [place for place in places if place[0] == "alarm_output"]
        await hass.config_entries.async_unload(entry.entry_id)


async def test_homeassistant_update_entity_reads_the_setting(hass: HomeAssistant, sim: Simulator) -> None:
    from homeassistant.setup import async_setup_component

    assert await async_setup_component(hass, "homeassistant", {})
    await set_up(hass, entry_for(sim))
    switch = entity(hass, f"{sim.serial}_0_motion_detection", "switch")
    was = state(hass, switch)
    await behind(sim, "motion_detection", was == STATE_OFF, 0)
    await hass.services.async_call("homeassistant", "update_entity", {"entity_id": switch}, blocking=True)
    await hass.async_block_till_done()
    assert state(hass, switch) != was
