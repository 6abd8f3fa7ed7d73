"""The tutorial's entities are there, and its automations do what it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.template import Template
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from dvrip_proto.simulator import Simulator

from .world import entry_for, set_up, until

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "tutorial-home-assistant.md").read_text("utf-8")
NOT_SHOWN = "number.gate_motion_sensitivity"
AUTOMATIONS = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]


async def gate(hass: HomeAssistant, sim: Simulator) -> MockConfigEntry:
    """Set up the camera of the tutorial."""
    sim.state.config["ChannelTitle"] = ["Gate"]
    return await set_up(hass, entry_for(sim))


async def automate(hass: HomeAssistant, automation: dict[str, Any]) -> None:
    assert await async_setup_component(hass, "automation", {"automation": automation})
    await hass.async_block_till_done()
    assert [state.state for state in hass.states.async_all("automation")] == ["on"]


async def test_every_entity_that_it_names_is_there(hass: HomeAssistant, sim: Simulator) -> None:
    await gate(hass, sim)
    named = set(re.findall(r"\b((?:camera|binary_sensor|switch|number)\.gate_\w+)", PAGE))
    assert len(named) >= 5
    assert {each for each in named if er.async_get(hass).async_get(each) is None} == set()
    shown = named - {NOT_SHOWN}
    assert {each for each in shown if hass.states.get(each) is None} == set()


async def test_a_picture_when_somebody_moves(
    hass: HomeAssistant, sim: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await gate(hass, sim)
    pictures = async_mock_service(hass, "camera", "snapshot")
    told = async_mock_service(hass, "notify", "phone")
    await automate(hass, AUTOMATIONS[0])
    sim.raise_alarm(0, "VideoMotion", active=True)
    await until(lambda: len(told) == 1)
    assert pictures[0].data["entity_id"] == ["camera.gate_sub_stream"]
    assert told[0].data["message"] == "Somebody is at the gate"


@pytest.mark.parametrize(("when", "level"), [("night", 2), ("day", 4)])
async def test_less_sensitive_at_night(hass: HomeAssistant, sim: Simulator, when: str, level: int) -> None:
    entry = await gate(hass, sim)
    er.async_get(hass).async_update_entity(NOT_SHOWN, disabled_by=None)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    await until(
        lambda: _is_known(hass, NOT_SHOWN)
    )  # what is asked of an entity that is not there is left out
    await automate(hass, AUTOMATIONS[1])
    try:
        assert {each["id"] for each in AUTOMATIONS[1]["triggers"]} == {"night", "day"}
        (action,) = AUTOMATIONS[1]["actions"]
        value = Template(action["data"]["value"], hass).async_render({"trigger": {"id": when}})
        called = {**action["target"], "value": value}
        await hass.services.async_call("number", "set_value", called, blocking=True)
        await until(lambda: sim.state.config["Detect.MotionDetect"][0]["Level"] == level, 60)
    finally:
        await hass.services.async_call("automation", "turn_off", {"entity_id": "all"}, blocking=True)
        await hass.config_entries.async_unload(entry.entry_id)


def _is_known(hass: HomeAssistant, name: str) -> bool:
    state = hass.states.get(name)
    return state is not None and state.state not in ("unavailable", "unknown")
