"""A device that is busy for a moment refuses what it tells at other times."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.dvrip import settings as settings_module
from custom_components.dvrip.settings import DvripSettings
from dvrip_proto import RequestError, UnsupportedError
from dvrip_proto.features.settings import Settings
from dvrip_proto.simulator import Simulator
from tests.homeassistant.test_settings import in_device, reads_of, state
from tests.homeassistant.world import entity, entry_for, set_up

MOTION, TAMPER = "Detect.MotionDetect", "Detect.BlindDetect"
REFUSALS = [RequestError("h:1: busy", ret=108), UnsupportedError("h:1: not there", ret=607)]

type Refuse = Callable[..., list[RequestError]]


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch) -> Refuse:
    """Have the next readings of an object refused, so many; what is left of them."""
    get, left = Settings.get, defaultdict[str, list[RequestError]](list)

    async def busy(self: Settings, name: str, **where: Any) -> Any:
        if left[name]:
            raise left[name].pop()
        return await get(self, name, **where)

    def more(times: int, error: RequestError, name: str = MOTION) -> list[RequestError]:
        left[name].extend([error] * times)
        return left[name]

    monkeypatch.setattr(Settings, "get", busy)
    return more


async def a_moment_later(hass: HomeAssistant) -> None:
    """When what was refused is asked for again: long before the next reading of everything."""
    assert timedelta(seconds=5 * settings_module.AGAIN_S) < settings_module.INTERVAL
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=settings_module.AGAIN_S + 1))
    await hass.async_block_till_done(wait_background_tasks=True)


async def set_up_and_read(hass: HomeAssistant, sim: Simulator) -> DvripSettings:
    """Set up, with nothing left that reads by itself."""
    entry = await set_up(hass, entry_for(sim))
    await hass.async_block_till_done(wait_background_tasks=True)
    settings: DvripSettings = entry.runtime_data.settings
    return settings


@pytest.mark.parametrize("error", REFUSALS)
async def test_what_is_refused_once_stays_what_it_was_and_is_asked_for_again_soon(
    hass: HomeAssistant, sim: Simulator, refuse: Refuse, error: RequestError
) -> None:
    settings = await set_up_and_read(hass, sim)
    switch = entity(hass, f"{sim.serial}_0_motion_detection", "switch")
    was, asked = state(hass, switch), reads_of(sim, MOTION)
    left = refuse(1, error)
    await settings.async_refresh()
    assert (left, state(hass, switch), reads_of(sim, MOTION)) == ([], was, asked)
    sim.state.config[MOTION][0]["Enable"] = was != STATE_ON
    await a_moment_later(hass)
    assert state(hass, switch) == (STATE_OFF if was == STATE_ON else STATE_ON)


@pytest.mark.parametrize("error", REFUSALS)
async def test_what_is_refused_again_is_unavailable_until_it_is_told(
    hass: HomeAssistant, sim: Simulator, refuse: Refuse, error: RequestError
) -> None:
    settings = await set_up_and_read(hass, sim)
    switch = entity(hass, f"{sim.serial}_0_motion_detection", "switch")
    was = state(hass, switch)
    left = refuse(3, error)
    await settings.async_refresh()
    assert state(hass, switch) == was
    await a_moment_later(hass)
    assert state(hass, switch) == STATE_UNAVAILABLE
    await settings.async_refresh()
    assert (left, state(hass, switch)) == ([], STATE_UNAVAILABLE)
    assert settings._again is None  # no question more than one for all of these
    await settings.async_refresh()
    assert state(hass, switch) == was


async def test_a_device_that_is_busy_at_its_very_first_look_has_everything_soon(
    hass: HomeAssistant, sim: Simulator, refuse: Refuse, hass_storage: dict[str, Any]
) -> None:
    refuse(1, REFUSALS[0])
    refuse(1, REFUSALS[0], TAMPER)
    settings = await set_up_and_read(hass, sim)
    late = {("motion_detection", 0), ("tamper_sensitivity", 0)}
    assert not late & set(settings.places)
    await a_moment_later(hass)
    assert late <= set(settings.places)
    assert state(hass, entity(hass, f"{sim.serial}_0_motion_detection", "switch")) in (STATE_ON, STATE_OFF)
    assert MOTION in hass_storage[f"dvrip.{settings.session.config_entry.entry_id}"]["data"]["objects"]


async def test_a_change_that_cannot_be_seen_is_not_shown_as_what_was(
    hass: HomeAssistant, sim: Simulator, refuse: Refuse, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = await set_up_and_read(hass, sim)
    switch = entity(hass, f"{sim.serial}_0_motion_detection", "switch")
    was, ensure = state(hass, switch), Settings.ensure

    async def then_busy(self: Settings, *args: Any, **wish: Any) -> Any:
        done = await ensure(self, *args, **wish)
        refuse(1, REFUSALS[0])
        return done

    monkeypatch.setattr(Settings, "ensure", then_busy)
    action = "turn_off" if was == STATE_ON else "turn_on"
    await hass.services.async_call("switch", action, {"entity_id": switch}, blocking=True)
    assert in_device(sim, "motion_detection", 0) is (was != STATE_ON)
    assert state(hass, switch) == STATE_UNAVAILABLE
    await settings.async_refresh()
    assert state(hass, switch) == (STATE_OFF if was == STATE_ON else STATE_ON)
    assert settings._again is not None
    assert await hass.config_entries.async_unload(settings.session.config_entry.entry_id)
    assert settings._again is None
