from __future__ import annotations

import asyncio
from datetime import timedelta
from unittest.mock import patch

import pytest
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.dvrip import alarms
from custom_components.dvrip.const import CONF_AUTO_OFF
from dvrip_proto import AlarmEvent, AlarmKind
from dvrip_proto.simulator import Quirks, Simulator
from tests.homeassistant.repair import issue
from tests.homeassistant.world import PASSWORD, entity, entry_for, set_up, until

LOGIN, GUARD = 1000, 1500


def is_in(hass: HomeAssistant, entity_id: str, state: str):
    return lambda: hass.states.get(entity_id).state == state


async def test_motion_is_off_once_armed_on_at_once_and_off_again(hass: HomeAssistant, sim: Simulator) -> None:
    await set_up(hass, entry_for(sim))
    motion = entity(hass, f"{sim.serial}_0_motion", "binary_sensor")
    assert hass.states.get(motion).state == STATE_OFF
    assert hass.states.get(motion).attributes["device_class"] == "motion"

    sim.raise_alarm()
    await until(is_in(hass, motion, STATE_ON))
    sim.raise_alarm(active=False)
    await until(is_in(hass, motion, STATE_OFF))


@pytest.mark.parametrize(
    ("event", "key"),
    [
        ("VideoMotion", "motion"),
        ("VideoBlind", "tamper"),
        ("VideoLoss", "video_loss"),
        ("HumanDetect", "person"),
    ],
)
async def test_each_alarm_has_its_sensor(hass: HomeAssistant, sim: Simulator, event: str, key: str) -> None:
    await set_up(hass, entry_for(sim))
    sensors = {
        name: entity(hass, f"{sim.serial}_0_{name}", "binary_sensor")
        for name in ("motion", "tamper", "video_loss", "person")
    }
    sim.raise_alarm(event=event)
    await until(is_in(hass, sensors[key], STATE_ON))
    assert {name for name, sensor in sensors.items() if hass.states.get(sensor).state == STATE_ON} == {key}
    sim.raise_alarm(event=event, active=False)
    await until(is_in(hass, sensors[key], STATE_OFF))


async def test_an_alarm_input_belongs_to_the_device(hass: HomeAssistant) -> None:
    async with Simulator(profile="hvr", users={"admin": PASSWORD}) as hvr:
        for contact in hvr.state.config["Alarm.LocalAlarm"]:
            contact["Enable"] = True
        entry = await set_up(hass, entry_for(hvr))
        first, second = (entity(hass, f"{hvr.serial}_{number}_input", "binary_sensor") for number in (0, 1))
        hvr.raise_alarm(channel=1, event="LocalAlarm")
        await until(is_in(hass, second, STATE_ON))
        assert hass.states.get(first).state == STATE_OFF
        assert hass.states.get(entity(hass, f"{hvr.serial}_1_motion", "binary_sensor")).state == STATE_OFF
        assert hass.states.get(second).name == "Gate Alarm input 2"
        await hass.config_entries.async_unload(entry.entry_id)


async def test_what_is_on_before_arming_is_on_after(hass: HomeAssistant, recorder: Simulator) -> None:
    recorder.raise_alarm(channel=3, event="VideoLoss")
    await set_up(hass, entry_for(recorder))
    sensors = [
        entity(hass, f"{recorder.serial}_{channel}_video_loss", "binary_sensor") for channel in range(4)
    ]
    assert [hass.states.get(sensor).state for sensor in sensors] == [
        STATE_OFF,
        STATE_OFF,
        STATE_OFF,
        STATE_ON,
    ]
    recorder.raise_alarm(channel=3, event="VideoLoss", active=False)
    await until(is_in(hass, sensors[3], STATE_OFF))


async def test_channels_are_not_confused(hass: HomeAssistant, recorder: Simulator) -> None:
    await set_up(hass, entry_for(recorder))
    sensors = [entity(hass, f"{recorder.serial}_{channel}_motion", "binary_sensor") for channel in range(4)]
    recorder.raise_alarm(channel=2)
    await until(is_in(hass, sensors[2], STATE_ON))
    assert [hass.states.get(sensor).state for sensor in sensors] == [
        STATE_OFF,
        STATE_OFF,
        STATE_ON,
        STATE_OFF,
    ]


async def test_motion_without_an_end_ends_itself_and_each_start_prolongs_it(hass: HomeAssistant) -> None:
    async with Simulator(users={"admin": PASSWORD}, quirks=Quirks(no_alarm_stop=True)) as sim:
        entry = await set_up(hass, entry_for(sim, options={CONF_AUTO_OFF: 30}))
        motion = entity(hass, f"{sim.serial}_0_motion", "binary_sensor")
        sim.raise_alarm()
        await until(is_in(hass, motion, STATE_ON))
        started = dt_util.utcnow()
        sim.raise_alarm(active=False)
        await asyncio.sleep(1.0)
        assert hass.states.get(motion).state == STATE_ON
        before = hass.states.get(motion).last_changed
        again: list[AlarmEvent] = []
        entry.runtime_data.session.device.alarms.subscribe(again.append)
        sim.raise_alarm()
        await until(lambda: bool(again))
        assert hass.states.get(motion).last_changed == before  # it lasts, and has not begun anew
        async_fire_time_changed(hass, started + timedelta(seconds=30.5))
        await hass.async_block_till_done()
        assert hass.states.get(motion).state == STATE_ON
        async_fire_time_changed(hass, started + timedelta(seconds=33))
        await hass.async_block_till_done()
        assert hass.states.get(motion).state == STATE_OFF
        await hass.config_entries.async_unload(entry.entry_id)


async def test_an_alarm_that_has_no_end_ends_itself(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim))
    tamper = entity(hass, f"{sim.serial}_0_tamper", "binary_sensor")
    moment = AlarmEvent(channel=0, event="HideAlarm", kind=AlarmKind.TAMPER, active=None, started="", raw={})
    entry.runtime_data.alarms._heard(moment)
    await hass.async_block_till_done()
    assert hass.states.get(tamper).state == STATE_ON
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=61))
    await hass.async_block_till_done()
    assert hass.states.get(tamper).state == STATE_OFF


async def test_an_end_without_start_means_nothing(hass: HomeAssistant, sim: Simulator) -> None:
    await set_up(hass, entry_for(sim))
    motion = entity(hass, f"{sim.serial}_0_motion", "binary_sensor")
    before = hass.states.get(motion)
    sim.raise_alarm(active=False)
    sim.raise_alarm(event="VideoBlind")
    tamper = entity(hass, f"{sim.serial}_0_tamper", "binary_sensor")
    await until(is_in(hass, tamper, STATE_ON))
    assert hass.states.get(motion) is before


async def test_what_lasts_for_hours_does_not_end_itself(hass: HomeAssistant, sim: Simulator) -> None:
    await set_up(hass, entry_for(sim))
    loss = entity(hass, f"{sim.serial}_0_video_loss", "binary_sensor")
    sim.raise_alarm(event="VideoLoss")
    await until(is_in(hass, loss, STATE_ON))
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(hours=3))
    await hass.async_block_till_done()
    assert hass.states.get(loss).state == STATE_ON


async def test_a_person_is_only_there_when_the_device_says_so(
    hass: HomeAssistant, recorder: Simulator
) -> None:
    entry = await set_up(hass, entry_for(recorder))
    alarms = entry.runtime_data.session.functions["AlarmFunction"]
    has = any(on for name, on in alarms.items() if "HumanDection" in name)
    keys = {state.entity_id for state in hass.states.async_all("binary_sensor")}
    assert any(entity_id.endswith("person") for entity_id in keys) is has


async def test_every_start_that_no_sensor_shows_is_an_event(hass: HomeAssistant, sim: Simulator) -> None:
    await set_up(hass, entry_for(sim))
    event = entity(hass, f"{sim.serial}_0_alarm", "event")
    assert hass.states.get(event).state == "unknown"
    for name, kind in (("CarShape", "vehicle"), ("FaceDetect", "face"), ("SomethingNew", "other")):
        before = hass.states.get(event).state
        sim.raise_alarm(event=name)
        await until(lambda before=before: hass.states.get(event).state != before)
        assert hass.states.get(event).attributes["event_type"] == kind
        assert hass.states.get(event).attributes["device_event"] == name
    before = hass.states.get(event)
    for name, key in (
        ("VideoMotion", "motion"),
        ("HumanDetect", "person"),
        ("VideoBlind", "tamper"),
        ("VideoLoss", "video_loss"),
    ):
        sim.raise_alarm(event=name)
        await until(is_in(hass, entity(hass, f"{sim.serial}_0_{key}", "binary_sensor"), STATE_ON))
    sim.raise_alarm(active=False)
    await until(is_in(hass, entity(hass, f"{sim.serial}_0_motion", "binary_sensor"), STATE_OFF))
    assert hass.states.get(event) is before
    assert not {"motion", "person", "tamper", "video_loss"} & set(before.attributes["event_types"])


async def test_what_a_device_has_no_sensor_for_is_an_event(hass: HomeAssistant) -> None:
    async with Simulator(profile="nvr", channels=2, users={"admin": PASSWORD}) as sim:
        flags = {"AlarmFunction": {"MotionDetect": True}}
        with patch("dvrip_proto.features.system.System.functions", return_value=flags):
            entry = await set_up(hass, entry_for(sim))
        event = entity(hass, f"{sim.serial}_1_alarm", "event")
        sim.push_alarm(Channel=1, Event="HumanDetect", Status="Start")
        await until(lambda: hass.states.get(event).attributes.get("event_type") == "person")
        event = entity(hass, f"{sim.serial}_device_alarm", "event")
        assert entry.runtime_data.session.identity.info.alarm_inputs == 0
        sim.push_alarm(Channel=0, Event="LocalAlarm", Status="Start")
        await until(lambda: hass.states.get(event).attributes.get("event_type") == "input")


async def test_an_alarm_of_a_channel_is_an_event_of_that_channel_alone(
    hass: HomeAssistant, recorder: Simulator
) -> None:
    await set_up(hass, entry_for(recorder))
    events = [entity(hass, f"{recorder.serial}_{place}_alarm", "event") for place in (1, 0, "device")]
    recorder.push_alarm(Channel=1, Event="FaceDetection", Status="Start")
    await until(lambda: hass.states.get(events[0]).attributes.get("event_type") == "face")
    assert [hass.states.get(event).attributes.get("event_type") for event in events] == ["face", None, None]
    recorder.push_alarm(Event="StorageFailure", Status="Start")
    await until(lambda: hass.states.get(events[2]).attributes.get("event_type") == "storage")
    assert [hass.states.get(event).attributes.get("event_type") for event in events] == [
        "face",
        None,
        "storage",
    ]
    assert hass.states.get(events[0]).attributes["device_event"] == "FaceDetection"


async def test_a_device_that_refuses_to_arm_still_shows_video_and_may_push_all_the_same(
    hass: HomeAssistant, sim: Simulator
) -> None:
    sim.quirks = Quirks(guard_ret=107)
    await set_up(hass, entry_for(sim))
    assert issue(hass, "no_alarms")
    motion = entity(hass, f"{sim.serial}_0_motion", "binary_sensor")
    assert hass.states.get(motion).state == STATE_UNAVAILABLE
    assert hass.states.get(entity(hass, f"{sim.serial}_0_main", "camera")).state == "idle"
    assert hass.states.get(entity(hass, f"{sim.serial}_connected", "binary_sensor")).state == STATE_ON
    sim.push_alarm(Channel=0, Event="VideoMotion", Status="Start")
    await until(is_in(hass, motion, STATE_ON))
    assert not issue(hass, "no_alarms")
    sim.push_alarm(Channel=0, Event="VideoMotion", Status="Stop")
    await until(is_in(hass, motion, STATE_OFF))


async def test_a_device_whose_account_is_given_the_right_is_armed_without_a_new_login(
    hass: HomeAssistant, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alarms, "_ARM_AGAIN_EVERY", timedelta(seconds=0.05))
    sim.quirks = Quirks(guard_ret=107)
    await set_up(hass, entry_for(sim))
    motion = entity(hass, f"{sim.serial}_0_motion", "binary_sensor")

    def asked(number: int) -> int:
        return sum(message == number for message, _, _ in sim.requests)

    await until(lambda: asked(GUARD) > 2)
    assert hass.states.get(motion).state == STATE_UNAVAILABLE
    sim.quirks = Quirks()
    await until(is_in(hass, motion, STATE_OFF))
    assert not issue(hass, "no_alarms")
    assert asked(LOGIN) == 1
