from __future__ import annotations

import pytest
from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import mock_restore_cache_with_extra_data

from custom_components.dvrip import ptz
from custom_components.dvrip.const import DOMAIN
from dvrip_proto import DIRECTIONS, Device
from dvrip_proto.simulator import Simulator
from tests.homeassistant.world import PASSWORD, entity, entry_for, set_up, until


async def set_up_with(hass: HomeAssistant, sim: Simulator, *hidden: tuple[str, str]):
    """Set up with entities enabled that are hidden at first."""
    entry = entry_for(sim)
    entry.add_to_hass(hass)
    for platform, place in hidden:
        er.async_get(hass).async_get_or_create(
            platform, DOMAIN, f"{sim.serial}_{place}", config_entry=entry, suggested_object_id=place
        )
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


@pytest.mark.parametrize("direction", ["up_left", "zoom_in", "iris_close"])
async def test_a_button_moves_one_step_at_the_speed_of_the_channel(
    hass: HomeAssistant, recorder: Simulator, monkeypatch: pytest.MonkeyPatch, direction: str
) -> None:
    monkeypatch.setattr("custom_components.dvrip.button.STEP_S", 0.05)
    await set_up_with(hass, recorder, ("button", f"2_ptz_{direction}"), ("number", "2_ptz_speed"))
    speed = entity(hass, f"{recorder.serial}_2_ptz_speed", "number")
    assert hass.states.get(speed).state == str(ptz.SPEED)
    await hass.services.async_call("number", "set_value", {"entity_id": speed, "value": 7}, blocking=True)
    assert hass.states.get(speed).state == "7"
    button = entity(hass, f"{recorder.serial}_2_ptz_{direction}", "button")
    await hass.services.async_call("button", "press", {"entity_id": button}, blocking=True)
    command, _, step = recorder.ptz[2].history[0]
    assert (command, step) == (DIRECTIONS[direction], 7)
    assert recorder.ptz[2].moving is None
    assert not recorder.ptz[0].history


async def test_the_speed_is_kept_across_a_restart(hass: HomeAssistant, sim: Simulator) -> None:
    kept = {"native_max_value": 8, "native_min_value": 1, "native_step": 1, "native_value": 3}
    restored = State("number.0_ptz_speed", "3")
    mock_restore_cache_with_extra_data(hass, [(restored, {**kept, "native_unit_of_measurement": None})])
    entry = entry_for(sim)
    entry.add_to_hass(hass)
    registered = er.async_get(hass).async_get_or_create(
        "number", DOMAIN, f"{sim.serial}_0_ptz_speed", config_entry=entry, suggested_object_id="0_ptz_speed"
    )
    assert registered.entity_id == restored.entity_id
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert hass.states.get(restored.entity_id).state == "3"


@pytest.mark.parametrize("says", [True, False])
async def test_buttons_are_there_at_first_where_the_device_says_that_it_moves(
    hass: HomeAssistant, sim: Simulator, says: bool
) -> None:
    sim.state.abilities["SystemFunction"]["OtherFunction"] = {"SupportPTZDirectionControl": says}
    await set_up(hass, entry_for(sim))
    registry = er.async_get(hass)
    found = {
        direction: registry.entities[entity(hass, f"{sim.serial}_0_ptz_{direction}", "button")].disabled
        for direction in DIRECTIONS
    }
    assert {direction for direction, disabled in found.items() if not disabled} == (
        set(ptz.BUTTONS) if says else set()
    )


async def test_stored_positions_are_chosen_by_name(hass: HomeAssistant, sim: Simulator) -> None:
    async with Device(sim.host, sim.port, password=PASSWORD) as device:
        await device.ptz.set_preset(3)
        await device.ptz.set_preset(7)
    sim.state.config["Uart.PTZPreset"][0] = [
        {"Id": 3, "PresetName": "Door"},
        {"Id": 7, "PresetName": "Door"},
        {"Id": 9, "PresetName": ""},
    ]
    assert await async_setup_component(hass, "homeassistant", {})
    await set_up_with(hass, sim)
    select = entity(hass, f"{sim.serial}_0_ptz_preset", "select")
    await until(lambda: hass.states.get(select) is not None)
    assert hass.states.get(select).attributes["options"] == ["Door", "Door (7)", "9"]
    assert hass.states.get(select).state == "unknown"
    await hass.services.async_call(
        "select", "select_option", {"entity_id": select, "option": "Door (7)"}, blocking=True
    )
    assert sim.ptz[0].history[-1][:2] == ("GotoPreset", 7)
    assert hass.states.get(select).state == "Door (7)"
    with pytest.raises(ServiceValidationError):
        await hass.services.async_call(
            "select", "select_option", {"entity_id": select, "option": "Window"}, blocking=True
        )
    sim.state.config["Uart.PTZPreset"][0].append({"Id": 11, "PresetName": "Window"})
    await hass.services.async_call("homeassistant", "update_entity", {"entity_id": select}, blocking=True)
    assert "Window" in hass.states.get(select).attributes["options"]
    sim.drop_connections()
    await until(lambda: hass.states.get(select).state == "unavailable")
    [entry] = hass.config_entries.async_entries(DOMAIN)
    assert not entry.runtime_data.session.connected
    with pytest.raises(HomeAssistantError):
        await hass.data["entity_components"]["select"].get_entity(select).async_select_option("Door")
    assert await hass.data["entity_components"]["select"].get_entity(select).async_learn()


async def test_a_camera_without_positions_has_no_select(hass: HomeAssistant, sim: Simulator) -> None:
    await set_up_with(hass, sim)
    registry = er.async_get(hass)
    assert registry.async_get_entity_id("select", DOMAIN, f"{sim.serial}_0_ptz_preset") is None


async def test_a_tour_is_started_by_its_name_and_ended(hass: HomeAssistant, sim: Simulator) -> None:
    sim.state.config["Uart.PTZPreset"][0] = [{"Id": 3, "PresetName": "Door"}]
    sim.state.config["Uart.PTZTour"][0] = [
        {"Id": 2, "Name": "Night", "Tour": [{"Id": 3, "Time": 9}]},
        {"Id": 4, "Name": "stop", "Tour": []},
    ]
    await set_up_with(hass, sim)
    select = entity(hass, f"{sim.serial}_0_ptz_tour", "select")
    await until(lambda: hass.states.get(select) is not None)
    assert hass.states.get(select).attributes["options"] == ["Night", "stop (4)", "stop"]
    for option, tour in (("Night", 2), ("stop (4)", 4), ("stop", None)):
        await hass.services.async_call(
            "select", "select_option", {"entity_id": select, "option": option}, blocking=True
        )
        assert (sim.ptz[0].touring, hass.states.get(select).state) == (tour, option)


async def test_positions_without_a_tour_have_no_select_of_tours(hass: HomeAssistant, sim: Simulator) -> None:
    sim.state.config["Uart.PTZPreset"][0] = [{"Id": 3}]
    await set_up_with(hass, sim)
    registry = er.async_get(hass)
    assert registry.async_get_entity_id("select", DOMAIN, f"{sim.serial}_0_ptz_preset")
    assert registry.async_get_entity_id("select", DOMAIN, f"{sim.serial}_0_ptz_tour") is None
