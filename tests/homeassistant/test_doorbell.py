"""The button at a door is an entity of its own, which Home Assistant's trigger for doorbells knows."""

from __future__ import annotations

from unittest.mock import PropertyMock, patch

import pytest
from homeassistant.components.event import ATTR_EVENT_TYPE
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.dvrip.const import DOMAIN
from custom_components.dvrip.session import DvripSession
from dvrip_proto.simulator import Simulator
from tests.homeassistant.world import entity, entry_for, set_up, until

BELL = "event.gate_doorbell"
DOORBELL_TYPE = 21


@pytest.fixture
async def doorbell(sim: Simulator) -> Simulator:
    """A camera of the type of a doorbell."""
    sim.state.firmware["DeviceType"] = DOORBELL_TYPE
    return sim


def ring(device: Simulator, **changes: object) -> None:
    device.raise_alarm(event="DoorBell", **changes)


def bell(hass: HomeAssistant, device: Simulator, channel: int = 0) -> str | None:
    return er.async_get(hass).async_get_entity_id("event", DOMAIN, f"{device.serial}_{channel}_doorbell")


async def test_a_doorbell_rings_home_assistants_own_trigger(hass: HomeAssistant, doorbell: Simulator) -> None:
    await set_up(hass, entry_for(doorbell))
    assert bell(hass, doorbell) == BELL
    assert hass.states.get(BELL).state == STATE_UNKNOWN
    assert hass.states.get(BELL).attributes["friendly_name"] == "Gate Doorbell"
    heard = async_mock_service(hass, "test", "heard")
    automation = {
        "triggers": {"trigger": "doorbell.rang", "target": {"entity_id": BELL}},
        "actions": {"action": "test.heard"},
    }
    assert await async_setup_component(hass, "automation", {"automation": automation})
    await hass.async_block_till_done()
    for times in (1, 2):
        ring(doorbell)
        await until(lambda times=times: len(heard) == times)
    doorbell.raise_alarm()  # motion
    await until(lambda: hass.states.get("binary_sensor.gate_motion").state == "on")
    assert len(heard) == 2


async def test_the_button_of_a_doorbell_is_told_as_the_alarm_of_an_input(
    hass: HomeAssistant, doorbell: Simulator
) -> None:
    """Source: the vendor's programs for phones (XMAlarmMsgResource.m), which call it a visitor."""
    await set_up(hass, entry_for(doorbell))
    doorbell.raise_alarm(event="LocalAlarm")
    await until(lambda: hass.states.get(BELL).state != STATE_UNKNOWN)
    rang = hass.states.get(BELL).state
    doorbell.raise_alarm(event="LocalAlarm", active=False)
    doorbell.raise_alarm()  # motion
    await until(lambda: hass.states.get("binary_sensor.gate_motion").state == "on")
    assert hass.states.get(BELL).state == rang


async def test_the_alarm_of_an_input_rings_nowhere_else(hass: HomeAssistant, sim: Simulator) -> None:
    await set_up(hass, entry_for(sim))
    sim.raise_alarm(event="LocalAlarm")
    sim.raise_alarm()  # motion
    await until(lambda: hass.states.get("binary_sensor.gate_motion").state == "on")
    assert hass.states.get(BELL) is None


async def test_a_camera_that_rings_without_having_said_so_has_a_doorbell_from_then_on(
    hass: HomeAssistant, sim: Simulator
) -> None:
    entry = await set_up(hass, entry_for(sim))
    assert bell(hass, sim) is None
    ring(sim)
    await until(lambda: hass.states.get(BELL) is not None)
    assert hass.states.get(BELL).attributes[ATTR_EVENT_TYPE] == "ring"
    rang = hass.states.get(BELL).state
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert hass.states.get(BELL).state == STATE_UNAVAILABLE
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert hass.states.get(BELL).state == rang


async def test_only_the_channel_that_rings_gets_a_doorbell(hass: HomeAssistant, recorder: Simulator) -> None:
    await set_up(hass, entry_for(recorder))
    ring(recorder, channel=2)
    await until(lambda: bell(hass, recorder, 2) is not None)
    assert [bell(hass, recorder, channel) for channel in (0, 1, 3)] == [None] * 3
    alarm = hass.states.get(entity(hass, f"{recorder.serial}_2_alarm", "event"))
    assert alarm.attributes[ATTR_EVENT_TYPE] == "ring"


async def test_a_ring_while_the_entry_is_unloaded_leaves_nothing_behind(
    hass: HomeAssistant, sim: Simulator
) -> None:
    entry = await set_up(hass, entry_for(sim))
    with patch.object(DvripSession, "going", PropertyMock(return_value=True)):
        ring(sim)
        alarm = entity(hass, f"{sim.serial}_0_alarm", "event")
        await until(lambda: hass.states.get(alarm).state != STATE_UNKNOWN)
    assert bell(hass, sim) is None
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert entry.state is ConfigEntryState.NOT_LOADED
