"""Alarms that come or go while something else is going on: arming, being asked for, unloading."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from unittest.mock import patch

import pytest
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.dvrip import alarms as alarms_module
from custom_components.dvrip.const import DEFAULT_AUTO_OFF_S
from custom_components.dvrip.identity import Alarm
from dvrip_proto import AlarmEvent, AlarmKind, Device, Silence
from dvrip_proto.simulator import Quirks, Simulator
from tests.homeassistant.world import entity, entry_for, set_up, until


def pushed(name: str, *, kind: AlarmKind, active: bool | None) -> AlarmEvent:
    """What the library makes of a push."""
    return AlarmEvent(channel=0, event=name, kind=kind, active=active, started="", raw={})


class Between:
    """What happens once between an answer about alarms and whoever asked for it."""

    def __init__(self) -> None:
        self.act: Callable[[], Awaitable[None]] | None = None
        self.done = 0

    async def happen(self) -> None:
        act, self.act = self.act, None
        if act is not None:
            await act()
            self.done += 1


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> Between:
    moment, real = Between(), alarms_module.active_alarms

    async def asked(device: Device, silence: Silence, channels: int) -> set[Alarm] | None:
        told = await real(device, silence, channels)
        await moment.happen()
        return told

    monkeypatch.setattr(alarms_module, "active_alarms", asked)
    return moment


async def again(hass: HomeAssistant, sim: Simulator, between: Between, event: AlarmEvent) -> None:
    """Let the device connect again; `event` is pushed right behind its answer about alarms."""
    [entry] = hass.config_entries.async_entries("dvrip")

    async def push() -> None:
        entry.runtime_data.alarms._heard(event)

    between.act = push
    sim.drop_connections()
    await until(lambda: between.done == 1 and entry.runtime_data.session.connected)


async def test_an_alarm_that_ends_while_the_device_is_armed_is_off(
    hass: HomeAssistant, sim: Simulator, prompt: None, between: Between
) -> None:
    await set_up(hass, entry_for(sim))
    loss = entity(hass, f"{sim.serial}_0_video_loss", "binary_sensor")
    sim.raise_alarm(event="VideoLoss")
    await until(lambda: hass.states.get(loss).state == STATE_ON)
    end = pushed("VideoLoss", kind=AlarmKind.VIDEO_LOSS, active=False)
    await again(hass, sim, between, end)
    assert hass.states.get(loss).state == STATE_OFF


async def test_an_alarm_without_an_end_that_comes_while_the_device_is_armed_ends_by_itself(
    hass: HomeAssistant, sim: Simulator, prompt: None, between: Between
) -> None:
    entry = await set_up(hass, entry_for(sim))
    pulse = pushed("VideoBlind", kind=AlarmKind.TAMPER, active=None)
    await again(hass, sim, between, pulse)
    tamper = entity(hass, f"{sim.serial}_0_tamper", "binary_sensor")
    assert hass.states.get(tamper).state == STATE_ON
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=DEFAULT_AUTO_OFF_S + 1))
    assert hass.states.get(tamper).state == STATE_OFF
    await hass.config_entries.async_unload(entry.entry_id)


async def test_an_alarm_that_comes_while_the_entry_is_unloaded_leaves_no_timer(
    hass: HomeAssistant, sim: Simulator
) -> None:
    entry = await set_up(hass, entry_for(sim))
    alarms, recordings = entry.runtime_data.alarms, entry.runtime_data.recordings
    real = recordings.clips.async_stop

    async def stop() -> None:
        alarms._heard(pushed("VideoMotion", kind=AlarmKind.MOTION, active=True))
        await real()

    with patch.object(recordings.clips, "async_stop", stop):
        assert await hass.config_entries.async_unload(entry.entry_id)
    assert alarms.active == frozenset()


async def test_an_answer_about_alarms_that_comes_while_the_entry_is_unloaded_leaves_no_timer(
    hass: HomeAssistant, sim: Simulator, between: Between
) -> None:
    sim.quirks = Quirks(no_push=True)
    entry = await set_up(hass, entry_for(sim))
    sim.raise_alarm()
    alarms, recordings = entry.runtime_data.alarms, entry.runtime_data.recordings
    asked = asyncio.Event()
    unloading, real = asyncio.Event(), recordings.clips.async_stop

    async def wait() -> None:
        asked.set()
        await unloading.wait()

    async def stop() -> None:
        unloading.set()
        await looking
        await real()

    between.act = wait
    looking = hass.async_create_task(alarms._look(None))
    await asked.wait()
    with patch.object(recordings.clips, "async_stop", stop):
        assert await hass.config_entries.async_unload(entry.entry_id)
    assert alarms.active == frozenset()
