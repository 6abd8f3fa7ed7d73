from __future__ import annotations

import asyncio

import pytest
import voluptuous as vol
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
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
    await until(lambda: sim.ptz[0].moving == "DirectionLeft", 1.0)
    assert sim.ptz[0].speed == 7
    assert not call.done()
    await call
    await until(lambda: sim.ptz[0].moving is None, 1.0)


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


@pytest.mark.parametrize("action", ["set", "goto", "clear"])
async def test_presets(hass: HomeAssistant, sim: Simulator, action: str) -> None:
    await set_up(hass, entry_for(sim))
    await hass.services.async_call(
        DOMAIN,
        "ptz_preset",
        {"entity_id": entity(hass, f"{sim.serial}_0_main", "camera"), "preset": 3, "action": action},
        blocking=True,
    )
    command, preset, _ = sim.ptz[0].history[-1]
    assert (command, preset) == (f"{action.title()}Preset", 3)


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
    await until(lambda: hass.states.get(connected).state == "off", 5.0)


async def test_actions_exist_before_any_device(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    assert set(hass.services.async_services_for_domain(DOMAIN)) == {
        "download_recording",
        "ptz_move",
        "ptz_preset",
        "recording_picture",
        "search_recordings",
    }
    await hass.async_block_till_done()
