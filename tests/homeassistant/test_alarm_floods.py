"""A device that repeats itself by the thousand fills no recorder, and its last word is what stands."""

from __future__ import annotations

import asyncio

import pytest
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import Event, HomeAssistant, callback

from dvrip_proto import AlarmEvent, AlarmKind
from dvrip_proto.simulator import Simulator
from tests.homeassistant.world import entity, entry_for, set_up, until

PUSHES = 3000


def push(
    number: int, *, active: bool | None = True, event: str = "VideoMotion", kind=AlarmKind.MOTION
) -> AlarmEvent:
    raw = {"Channel": 0, "Event": event, "Status": "Start" if active else "Stop", "N": number}
    return AlarmEvent(channel=0, event=event, kind=kind, active=active, started="", raw=raw)


def written(hass: HomeAssistant, entity_id: str) -> list[str]:
    states: list[str] = []

    @callback
    def noted(event: Event) -> None:
        if event.data["entity_id"] == entity_id:
            states.append(event.data["new_state"].state)

    hass.bus.async_listen("state_changed", noted)
    return states


async def test_three_thousand_repeats_of_one_start_are_one_event(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim))
    states = written(hass, entity(hass, f"{sim.serial}_0_alarm", "event"))
    for number in range(PUSHES):
        entry.runtime_data.alarms._heard(push(number, event="FaceDetect", kind=AlarmKind.FACE))
    await hass.async_block_till_done()
    assert len(states) == 1


@pytest.mark.parametrize("last", [True, False])
async def test_three_thousand_starts_and_ends_are_few_writes_and_the_last_is_right(
    hass: HomeAssistant, sim: Simulator, last: bool
) -> None:
    entry = await set_up(hass, entry_for(sim))
    sensor = entity(hass, f"{sim.serial}_0_motion", "binary_sensor")
    events = written(hass, entity(hass, f"{sim.serial}_0_alarm", "event"))
    states = written(hass, sensor)
    for number in range(PUSHES + last):
        entry.runtime_data.alarms._heard(push(number, active=number % 2 == 0))
        face = push(number, active=number % 2 == 0, event="FaceDetect", kind=AlarmKind.FACE)
        entry.runtime_data.alarms._heard(face)
    await asyncio.sleep(0)
    # A slow machine takes more than a second for them: then as many more as there were seconds.
    assert len(states) <= 60
    assert 0 < len(events) <= 60
    await until(lambda: hass.states.get(sensor).state == (STATE_ON if last else STATE_OFF))


async def test_a_bell_rings_each_time_up_to_ten_a_second(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim))
    states = written(hass, entity(hass, f"{sim.serial}_0_alarm", "event"))
    for number in range(3):
        entry.runtime_data.alarms._heard(push(number, active=None, event="DoorBell", kind=AlarmKind.RING))
    assert len(states) == 3
    for number in range(PUSHES):
        entry.runtime_data.alarms._heard(push(number, active=None, event="DoorBell", kind=AlarmKind.RING))
    assert len(states) <= 60


async def test_the_device_s_word_in_an_event_is_short_and_inert(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim))
    event = entity(hass, f"{sim.serial}_0_alarm", "event")
    word = "<img src=x>\x1b[2J" + "x" * 9000
    entry.runtime_data.alarms._heard(push(0, event=word, kind=AlarmKind.OTHER))
    said = hass.states.get(event).attributes["device_event"]
    assert said.startswith("‹img src=x›(2Jx")
    assert len(said) == 64
