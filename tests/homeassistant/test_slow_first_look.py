"""A device that is too slow to tell its settings while it is set up: what it tells later counts as much."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from homeassistant.components.camera import CameraEntityFeature
from homeassistant.const import STATE_OFF, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from custom_components.dvrip import settings as settings_module
from custom_components.dvrip.camera import MOTION
from dvrip_proto.simulator import Simulator
from tests.homeassistant.world import PASSWORD, entity, entry_for, set_up, until

READ = settings_module.DvripSettings._read


@pytest.fixture
async def hvr(socket_enabled: None) -> AsyncIterator[Simulator]:
    """A recorder that listens to its second alarm input only."""
    async with Simulator(profile="hvr", users={"admin": PASSWORD}) as simulator:
        for number, contact in enumerate(simulator.state.config["Alarm.LocalAlarm"]):
            contact["Enable"] = number == 1
        yield simulator


class _Slow:
    """Holds every reading of settings until the device has its answer ready."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ready = asyncio.Event()
        monkeypatch.setattr(settings_module, "FIRST_LOOK_S", 0)
        monkeypatch.setattr(settings_module.DvripSettings, "_read", self._reader())

    def _reader(self) -> Callable[[settings_module.DvripSettings, str], Awaitable[None]]:
        async def read(settings: settings_module.DvripSettings, name: str) -> None:
            await self.ready.wait()
            await READ(settings, name)

        return read


def _inputs(hass: HomeAssistant, sim: Simulator) -> list[int]:
    registry = er.async_get(hass)
    ids = ((number, f"{sim.serial}_{number}_input") for number in range(8))
    return [n for n, unique in ids if registry.async_get_entity_id("binary_sensor", "dvrip", unique)]


async def test_only_the_inputs_that_it_listens_to_are_there_at_last(
    hass: HomeAssistant, hvr: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = _Slow(monkeypatch)
    entry = await set_up(hass, entry_for(hvr))
    assert _inputs(hass, hvr) == []
    slow.ready.set()
    await until(lambda: _inputs(hass, hvr) == [1])
    await hass.async_block_till_done(wait_background_tasks=True)
    assert _inputs(hass, hvr) == [1]
    contact = entity(hass, f"{hvr.serial}_1_input", "binary_sensor")
    assert hass.states.get(contact).state == STATE_OFF
    hvr.state.config["Alarm.LocalAlarm"][1]["Enable"] = False
    await entry.runtime_data.settings.async_refresh()
    assert hass.states.get(contact).state == STATE_UNAVAILABLE


async def test_of_a_device_that_does_not_tell_all_inputs_are_there_once_it_was_asked_everything(
    hass: HomeAssistant, hvr: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    del hvr.state.config["Alarm.LocalAlarm"]
    slow = _Slow(monkeypatch)
    await set_up(hass, entry_for(hvr))
    assert _inputs(hass, hvr) == []
    slow.ready.set()
    await until(lambda: _inputs(hass, hvr) == list(range(4)))


async def test_its_camera_follows_what_is_set_on_it(
    hass: HomeAssistant, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = _Slow(monkeypatch)
    entry = await set_up(hass, entry_for(sim))
    camera = entity(hass, f"{sim.serial}_0_main", "camera")
    assert not hass.states.get(camera).attributes["supported_features"] & CameraEntityFeature.ON_OFF
    slow.ready.set()
    await until(lambda: hass.states.get(camera).attributes["supported_features"] & CameraEntityFeature.ON_OFF)
    await hass.async_block_till_done(wait_background_tasks=True)
    for enabled in (False, True):
        sim.state.config[MOTION.object][0]["Enable"] = enabled
        await entry.runtime_data.settings.async_refresh()
        assert hass.states.get(camera).attributes.get("motion_detection", False) is enabled
