"""The blueprints: Home Assistant takes them as they are, and they do what they say."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest
from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from homeassistant.util import yaml as yaml_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_mock_service

FOLDER = Path(__file__).resolve().parents[2] / "blueprints" / "automation" / "dvrip"
NAMES = ("arm_and_disarm", "doorbell_answers", "person_at_night")


def test_there_is_a_test_for_each() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.yaml")) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_home_assistant_takes_it(name: str) -> None:
    data = yaml_util.load_yaml_dict(str(FOLDER / f"{name}.yaml"))
    blueprint = Blueprint(
        data, path=f"dvrip/{name}.yaml", expected_domain="automation", schema=AUTOMATION_BLUEPRINT_SCHEMA
    )
    assert blueprint.validate() is None
    assert blueprint.metadata["source_url"].endswith(f"/blueprints/automation/dvrip/{name}.yaml")


async def automate(hass: HomeAssistant, name: str, **inputs: Any) -> None:
    """Set up one automation of the blueprint `name`."""
    target = Path(hass.config.path("blueprints", "automation", "dvrip"))
    await hass.async_add_executor_job(lambda: target.mkdir(parents=True, exist_ok=True))
    await hass.async_add_executor_job(shutil.copy, FOLDER / f"{name}.yaml", target)
    used = {"use_blueprint": {"path": f"dvrip/{name}.yaml", "input": inputs}}
    assert await async_setup_component(hass, "automation", {"automation": used})
    await hass.async_block_till_done()
    assert [state.state for state in hass.states.async_all("automation")] == ["on"]


async def become(hass: HomeAssistant, entity_id: str, state: str, **attributes: Any) -> None:
    """Let an entity have a state."""
    hass.states.async_set(entity_id, state, attributes)
    await hass.async_block_till_done()


@pytest.fixture(autouse=True)
def own_folder(hass: HomeAssistant, tmp_path: Path) -> None:
    """Blueprints are copied to a folder of this test."""
    hass.config.config_dir = str(tmp_path)


@pytest.mark.parametrize(("sun", "seen"), [("below_horizon", 1), ("above_horizon", 0)])
async def test_a_person_at_night_turns_the_light_on_and_a_picture_is_sent(
    hass: HomeAssistant, sun: str, seen: int
) -> None:
    entry = MockConfigEntry(domain="mobile_app")
    entry.add_to_hass(hass)
    phone = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={("mobile_app", "one")}, name="Anna's phone"
    )
    light = async_mock_service(hass, "homeassistant", "turn_on")
    dark = async_mock_service(hass, "homeassistant", "turn_off")
    told = async_mock_service(hass, "notify", "mobile_app_anna_s_phone")
    await become(hass, "sun.sun", sun)
    await become(hass, "binary_sensor.gate_person", "off", friendly_name="Gate Person")
    await become(hass, "camera.gate", "idle", friendly_name="Gate")
    await automate(
        hass,
        "person_at_night",
        person=["binary_sensor.gate_person"],
        camera="camera.gate",
        light={"entity_id": "light.gate"},
        phone=phone.id,
        minutes=0,
    )
    hass.states.async_set("binary_sensor.gate_person", "on", {"friendly_name": "Gate Person"})
    # It waits for the end of what is seen, so there is no "done" to wait for.
    for _ in range(100):
        await asyncio.sleep(0.01)
    assert dark == []
    await become(hass, "binary_sensor.gate_person", "off")
    assert len(dark) == seen
    assert [call.data["entity_id"] for call in light] == [["light.gate"]] * seen
    assert [call.data["data"]["image"] for call in told] == ["/api/camera_proxy/camera.gate"] * seen
    assert [call.data["title"] for call in told] == ["Gate"] * seen


async def test_the_doorbell_answers_a_ring_and_nothing_else(hass: HomeAssistant) -> None:
    said = async_mock_service(hass, "tts", "speak")
    await become(hass, "event.door_alarm", "unavailable")
    await automate(
        hass,
        "doorbell_answers",
        doorbell="event.door_alarm",
        speaker="media_player.door",
        voice="tts.local",
        sentence="Coming!",
    )
    await become(hass, "event.door_alarm", "2026-11-01T10:00:00+00:00", event_type="ring")
    await become(hass, "event.door_alarm", "2026-11-01T10:01:00+00:00", event_type="motion")
    assert said == []
    await become(hass, "event.door_alarm", "2026-11-01T10:02:00+00:00", event_type="ring")
    assert [(call.data["media_player_entity_id"], call.data["message"]) for call in said] == [
        ("media_player.door", "Coming!")
    ]


def entities(calls: list[ServiceCall]) -> list[list[str]]:
    """What each call was for."""
    return [call.data["entity_id"] for call in calls]


async def test_arming_turns_detection_on_and_privacy_off(hass: HomeAssistant) -> None:
    on, off = (async_mock_service(hass, "switch", f"turn_{word}") for word in ("on", "off"))
    await become(hass, "alarm_control_panel.house", "disarmed")
    await automate(
        hass,
        "arm_and_disarm",
        armed="alarm_control_panel.house",
        detection=["switch.gate_motion_detection"],
        privacy=["switch.gate_privacy"],
    )
    await become(hass, "alarm_control_panel.house", "arming")
    assert (on, off) == ([], [])
    await become(hass, "alarm_control_panel.house", "armed_away")
    assert (entities(on), entities(off)) == (
        [["switch.gate_motion_detection"]],
        [["switch.gate_privacy"]],
    )
    await become(hass, "alarm_control_panel.house", "disarmed")
    assert (entities(on)[1], entities(off)[1]) == (["switch.gate_privacy"], ["switch.gate_motion_detection"])
