"""What owners reported of alarms, as Home Assistant shows it: cases 1, 2, 6, 7, 9, 30 and values like theirs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from unittest.mock import patch

import pytest
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from custom_components.dvrip import alarms
from custom_components.dvrip import session as session_module
from dvrip_proto import UnsupportedError
from dvrip_proto.simulator import Quirks, Simulator
from tests.homeassistant.world import entity, entry_for, set_up, until

PERSON = "appEventHumanDetectAlarm"


def is_in(hass: HomeAssistant, entity_id: str, state: str) -> Callable[[], bool]:
    return lambda: hass.states.get(entity_id).state == state


async def heard(hass: HomeAssistant, sim: Simulator) -> None:
    """Everything pushed so far has been read: the device answers behind it."""
    entry = hass.config_entries.async_entries("dvrip")[0]
    await entry.runtime_data.session.device.system.time()


async def test_case_1_an_end_of_any_word_ends_and_an_unknown_word_does_nothing(
    hass: HomeAssistant, sim: Simulator
) -> None:
    await set_up(hass, entry_for(sim))
    person = entity(hass, f"{sim.serial}_0_person", "binary_sensor")
    event = entity(hass, f"{sim.serial}_0_alarm", "event")
    sim.push_alarm(Channel=0, Event=PERSON, Status="Start")
    sim.push_alarm(Channel=0, Event="FaceDetect", Status="Start")
    await until(is_in(hass, person, STATE_ON))
    await until(lambda: hass.states.get(event).state != STATE_UNKNOWN)
    fired = hass.states.get(event).state
    for word in ("Continue", "Keep", "???"):
        sim.push_alarm(Channel=0, Event=PERSON, Status=word)
        sim.push_alarm(Channel=0, Event="FaceDetect", Status=word)
    await heard(hass, sim)
    assert (hass.states.get(person).state, hass.states.get(event).state) == (STATE_ON, fired)
    sim.push_alarm(Channel=0, Event=PERSON, Status="End")
    await until(is_in(hass, person, STATE_OFF))
    assert hass.states.get(event).state == fired
    sim.push_alarm(Channel=0, Event=PERSON, Status="Sideways")
    await heard(hass, sim)
    assert (hass.states.get(person).state, hass.states.get(event).state) == (STATE_OFF, fired)


@pytest.mark.parametrize("name", ["Motion", "MOTION_DETECT", "appEventMotionDetectAlarm:1"])
async def test_case_2_motion_under_other_names(hass: HomeAssistant, sim: Simulator, name: str) -> None:
    await set_up(hass, entry_for(sim))
    sim.push_alarm(Channel=0, Event=name, Status="Start")
    await until(is_in(hass, entity(hass, f"{sim.serial}_0_motion", "binary_sensor"), STATE_ON))


@pytest.mark.parametrize("channel", [1, -1, 255, "0xFFFFFFFF"])
async def test_case_6_the_only_channel_has_every_number(
    hass: HomeAssistant, sim: Simulator, channel: int | str
) -> None:
    await set_up(hass, entry_for(sim))
    sim.push_alarm(Channel=channel, Event="VideoMotion", Status="Start")
    await until(is_in(hass, entity(hass, f"{sim.serial}_0_motion", "binary_sensor"), STATE_ON))
    event = entity(hass, f"{sim.serial}_0_alarm", "event")
    assert hass.states.get(event).state == STATE_UNKNOWN  # the sensor shows it
    sim.push_alarm(Channel=channel, Event="FaceDetect", Status="Start")
    await until(lambda: hass.states.get(event).attributes.get("event_type") == "face")


async def test_case_6_what_no_channel_owns_is_an_event_of_the_device(
    hass: HomeAssistant, recorder: Simulator
) -> None:
    await set_up(hass, entry_for(recorder))
    event = entity(hass, f"{recorder.serial}_device_alarm", "event")
    for name, channel, kind, number in (
        ("VideoMotion", -1, "motion", None),
        ("HumanDetect", 99, "person", 100),
        ("StorageFailure", 0, "storage", 1),
        ("NetAbort", 0, "network", 1),
        ("LowBattery", -1, "battery", None),
    ):
        before = hass.states.get(event).state
        await asyncio.sleep(0.01)  # an event's state is its time, to the millisecond
        recorder.push_alarm(Channel=channel, Event=name, Status="Start")
        await until(lambda before=before: hass.states.get(event).state != before)
        told = hass.states.get(event).attributes
        assert (told["event_type"], told["device_event"], told["number"]) == (kind, name, number)
    sensors = [f"{recorder.serial}_{channel}_motion" for channel in range(recorder.channels)]
    assert {hass.states.get(entity(hass, sensor, "binary_sensor")).state for sensor in sensors} == {STATE_OFF}


async def test_case_7_silence_to_the_arming_is_no_end(
    hass: HomeAssistant, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "REQUEST_TIMEOUT_S", 1.0)
    sim.quirks = Quirks(mute=frozenset({1500}))
    await set_up(hass, entry_for(sim))
    motion = entity(hass, f"{sim.serial}_0_motion", "binary_sensor")
    sim.raise_alarm()
    await until(is_in(hass, motion, STATE_ON))
    assert len(sim.requests) - 1 > [message_id for message_id, _, _ in sim.requests].index(1500)


async def test_case_9_a_recorder_has_a_sensor_of_persons_a_channel(
    hass: HomeAssistant, recorder: Simulator
) -> None:
    flags = {"AlarmFunction": {"MotionDetect": True, "FaceDetect": True, "HumanDectionNVRNew": True}}
    with patch("dvrip_proto.features.system.System.functions", return_value=flags):
        await set_up(hass, entry_for(recorder))
    recorder.push_alarm(Channel=2, Event=PERSON, Status="Start")
    third = entity(hass, f"{recorder.serial}_2_person", "binary_sensor")
    await until(is_in(hass, third, STATE_ON))
    assert hass.states.get(entity(hass, f"{recorder.serial}_1_person", "binary_sensor")).state == STATE_OFF


async def test_case_30_a_device_that_never_pushes_and_does_not_tell_is_unknown(
    hass: HomeAssistant, sim: Simulator
) -> None:
    sim.quirks = Quirks(no_push=True)
    with patch(
        "dvrip_proto.features.system.System.work_state", side_effect=UnsupportedError("h:1: no", ret=607)
    ):
        await set_up(hass, entry_for(sim))
    motion = entity(hass, f"{sim.serial}_0_motion", "binary_sensor")
    assert hass.states.get(motion).state == STATE_UNKNOWN
    sim.raise_alarm()
    await heard(hass, sim)
    assert hass.states.get(motion).state == STATE_UNKNOWN


async def test_case_30_a_device_that_never_pushes_is_asked_instead(
    hass: HomeAssistant, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    sim.quirks = Quirks(no_push=True)
    entry = await set_up(hass, entry_for(sim))
    motion = entity(hass, f"{sim.serial}_0_motion", "binary_sensor")
    assert hass.states.get(motion).state == STATE_OFF
    caplog.set_level("INFO")
    sim.raise_alarm()
    looking: alarms.DvripAlarms = entry.runtime_data.alarms
    await looking._look(dt_util.utcnow())
    assert hass.states.get(motion).state == STATE_ON
    assert "was not pushed" in caplog.text
    sim.raise_alarm(active=False)
    await looking._look(dt_util.utcnow())
    assert hass.states.get(motion).state == STATE_OFF
