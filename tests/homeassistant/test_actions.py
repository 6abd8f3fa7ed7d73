from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import voluptuous as vol
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component

from custom_components.dvrip.const import DOMAIN
from dvrip_proto.simulator import Simulator
from tests.homeassistant.world import entity, entry_for, set_up, until


async def test_a_move_arrives_and_stops(hass: HomeAssistant, sim: Simulator) -> None:
    await set_up(hass, entry_for(sim))
    call = asyncio.create_task(
        hass.services.async_call(
            DOMAIN,
            "ptz_move",
            {
                "entity_id": entity(hass, f"{sim.serial}_0_main", "camera"),
                "direction": "left",
                "speed": 7,
                "duration": 0.5,
            },
            blocking=True,
        )
    )
    await until(lambda: sim.ptz[0].moving == "DirectionLeft")
    assert sim.ptz[0].speed == 7
    assert not call.done()
    await call
    await until(lambda: sim.ptz[0].moving is None)


async def test_a_move_of_a_recorder_s_channel(hass: HomeAssistant, recorder: Simulator) -> None:
    await set_up(hass, entry_for(recorder))
    await hass.services.async_call(
        DOMAIN,
        "ptz_move",
        {
            "entity_id": entity(hass, f"{recorder.serial}_2_sub", "camera"),
            "direction": "zoom_in",
            "duration": 0.1,
        },
        blocking=True,
    )
    assert recorder.ptz[2].history
    assert not recorder.ptz[0].history


async def test_a_movement_goes_on_until_it_is_stopped(hass: HomeAssistant, sim: Simulator) -> None:
    await set_up(hass, entry_for(sim))
    camera = {"entity_id": entity(hass, f"{sim.serial}_0_main", "camera")}
    await hass.services.async_call(
        DOMAIN, "ptz_start", {**camera, "direction": "zoom_in", "speed": 3}, blocking=True
    )
    assert (sim.ptz[0].moving, sim.ptz[0].speed) == ("ZoomTile", 3)
    await hass.services.async_call(DOMAIN, "ptz_stop", camera, blocking=True)
    assert sim.ptz[0].moving is None


@pytest.mark.parametrize("action", ["set", "goto", "clear"])
@pytest.mark.parametrize("preset", [3, "3", " door "])
async def test_presets(hass: HomeAssistant, sim: Simulator, action: str, preset: int | str) -> None:
    sim.state.config["Uart.PTZPreset"] = [[{"Id": 3, "PresetName": "Door"}]]
    await set_up(hass, entry_for(sim))
    await hass.services.async_call(
        DOMAIN,
        "ptz_preset",
        {"entity_id": entity(hass, f"{sim.serial}_0_main", "camera"), "preset": preset, "action": action},
        blocking=True,
    )
    command, number, _ = sim.ptz[0].history[-1]
    assert (command, number) == (f"{action.title()}Preset", 3)


async def test_a_new_position_is_stored_by_its_number(hass: HomeAssistant, sim: Simulator) -> None:
    await set_up(hass, entry_for(sim))
    camera = {"entity_id": entity(hass, f"{sim.serial}_0_main", "camera")}
    await hass.services.async_call(
        DOMAIN, "ptz_preset", {**camera, "preset": 9, "action": "set"}, blocking=True
    )
    await hass.services.async_call(DOMAIN, "ptz_preset", {**camera, "preset": 9}, blocking=True)
    assert [done[:2] for done in sim.ptz[0].history] == [("SetPreset", 9), ("GotoPreset", 9)]


@pytest.mark.parametrize(("preset", "action"), [(4, "goto"), ("gate", "goto"), ("gate", "set"), (4, "clear")])
async def test_a_position_that_is_not_stored_is_an_error(
    hass: HomeAssistant, sim: Simulator, preset: int | str, action: str
) -> None:
    sim.state.config["Uart.PTZPreset"] = [[{"Id": 3, "PresetName": "Door"}]]
    await set_up(hass, entry_for(sim))
    camera = entity(hass, f"{sim.serial}_0_main", "camera")
    with pytest.raises(ServiceValidationError, match="stored are: 3 Door"):
        await hass.services.async_call(
            DOMAIN, "ptz_preset", {"entity_id": camera, "preset": preset, "action": action}, blocking=True
        )
    assert not sim.ptz[0].history


async def test_a_camera_that_does_not_tell_its_positions_is_believed_for_a_number(
    hass: HomeAssistant, sim: Simulator
) -> None:
    del sim.state.config["Uart.PTZPreset"]
    await set_up(hass, entry_for(sim))
    camera = {"entity_id": entity(hass, f"{sim.serial}_0_main", "camera")}
    await hass.services.async_call(DOMAIN, "ptz_preset", {**camera, "preset": 5}, blocking=True)
    assert sim.ptz[0].history[-1][:2] == ("GotoPreset", 5)
    with pytest.raises(ServiceValidationError, match="stored are: none"):
        await hass.services.async_call(DOMAIN, "ptz_preset", {**camera, "preset": "Door"}, blocking=True)


@pytest.mark.parametrize(("tour", "number"), [(2, 2), ("2", 2), ("night", 2), (None, 1)])
async def test_a_tour_is_started_by_number_or_name_and_ended(
    hass: HomeAssistant, sim: Simulator, tour: int | str | None, number: int
) -> None:
    sim.state.config["Uart.PTZTour"] = [[{"Id": 1, "Name": "Day"}, {"Id": 2, "Name": "Night"}]]
    await set_up(hass, entry_for(sim))
    camera = {"entity_id": entity(hass, f"{sim.serial}_0_main", "camera")}
    wish = camera if tour is None else {**camera, "tour": tour}
    await hass.services.async_call(DOMAIN, "ptz_tour", wish, blocking=True)
    assert sim.ptz[0].touring == number
    await hass.services.async_call(DOMAIN, "ptz_tour", {**camera, "action": "stop"}, blocking=True)
    assert sim.ptz[0].touring is None
    with pytest.raises(ServiceValidationError, match="no stored tour 'dawn'; stored are: 1 Day, 2 Night"):
        await hass.services.async_call(DOMAIN, "ptz_tour", {**camera, "tour": "dawn"}, blocking=True)


async def test_an_action_on_a_device_is_done_once_for_its_channel(
    hass: HomeAssistant, sim: Simulator, tmp_path: Path
) -> None:
    await set_up(hass, entry_for(sim))
    found = er.async_get(hass).async_get(entity(hass, f"{sim.serial}_0_main", "camera"))
    device = {"device_id": found.device_id}
    for _ in range(2):
        wish = {**device, "direction": "up", "duration": 0.1}
        await hass.services.async_call(DOMAIN, "ptz_move", wish, blocking=True)
    assert [(name, preset) for name, preset, _ in sim.ptz[0].history] == [
        ("DirectionUp", 65535),
        ("DirectionUp", -1),
    ] * 2
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    wish = {**device, "filename": str(tmp_path / "gate.jpg")}
    told = await hass.services.async_call(DOMAIN, "snapshot", wish, blocking=True, return_response=True)
    assert len(told) == 2
    assert len({answer["bytes"] for answer in told.values()}) == 1


async def test_an_output_of_the_drive_is_switched(hass: HomeAssistant, sim: Simulator) -> None:
    await set_up(hass, entry_for(sim))
    camera = {"entity_id": entity(hass, f"{sim.serial}_0_main", "camera")}
    await hass.services.async_call(DOMAIN, "ptz_auxiliary", {**camera, "number": 3}, blocking=True)
    assert sim.ptz[0].outputs == {3}
    off = {**camera, "number": 3, "turn_on": False}
    await hass.services.async_call(DOMAIN, "ptz_auxiliary", off, blocking=True)
    assert sim.ptz[0].outputs == set()


async def test_a_picture_is_saved_where_it_may_be(
    hass: HomeAssistant, sim: Simulator, tmp_path: Path
) -> None:
    await set_up(hass, entry_for(sim))
    camera = {"entity_id": entity(hass, f"{sim.serial}_0_main", "camera")}
    wish = {**camera, "filename": str(tmp_path / "new" / "gate.jpg")}
    with pytest.raises(ServiceValidationError, match="may not use"):
        await hass.services.async_call(DOMAIN, "snapshot", wish, blocking=True)
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    told = await hass.services.async_call(DOMAIN, "snapshot", wish, blocking=True, return_response=True)
    picture = (tmp_path / "new" / "gate.jpg").read_bytes()
    assert picture.startswith(b"\xff\xd8")
    assert told == {camera["entity_id"]: {"filename": wish["filename"], "bytes": len(picture)}}
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(ServiceValidationError, match="cannot be used"):
        await hass.services.async_call(
            DOMAIN, "snapshot", {**camera, "filename": str(tmp_path / "file" / "a.jpg")}, blocking=True
        )


@pytest.mark.parametrize(
    "bad",
    [
        {"direction": "sideways"},
        {"direction": "left", "speed": 9},
        {"direction": "left", "speed": 0},
        {"direction": "left", "duration": 60},
        {},
    ],
)
async def test_bad_values_never_reach_the_device(hass: HomeAssistant, sim: Simulator, bad: dict) -> None:
    await set_up(hass, entry_for(sim))
    camera = entity(hass, f"{sim.serial}_0_main", "camera")
    with pytest.raises(vol.Invalid):
        await hass.services.async_call(DOMAIN, "ptz_move", {"entity_id": camera, **bad}, blocking=True)
    assert not sim.ptz[0].history


async def test_a_refusal_of_the_device_is_told(hass: HomeAssistant, sim: Simulator) -> None:
    await set_up(hass, entry_for(sim))
    camera = entity(hass, f"{sim.serial}_0_main", "camera")
    rights = sim.state.users["admin"]["AuthorityList"]
    rights[:] = [right for right in rights if "PTZ" not in right]
    with pytest.raises(HomeAssistantError, match="may not do this"):
        await hass.services.async_call(
            DOMAIN, "ptz_move", {"entity_id": camera, "direction": "up"}, blocking=True
        )


async def test_the_reboot_button(hass: HomeAssistant, sim: Simulator) -> None:
    await set_up(hass, entry_for(sim))
    await hass.services.async_call(
        "button", "press", {"entity_id": entity(hass, f"{sim.serial}_reboot", "button")}, blocking=True
    )
    connected = entity(hass, f"{sim.serial}_connected", "binary_sensor")
    await until(lambda: hass.states.get(connected).state == "off")


async def test_actions_exist_before_any_device(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    assert set(hass.services.async_services_for_domain(DOMAIN)) == {
        "download_recording",
        "get_config",
        "ptz_auxiliary",
        "ptz_move",
        "ptz_preset",
        "ptz_start",
        "ptz_stop",
        "ptz_tour",
        "recording_picture",
        "search_recordings",
        "set_config",
        "snapshot",
        "sync_time",
        "talk",
    }
    await hass.async_block_till_done()
