"""Settings that change while they are being read."""

from __future__ import annotations

import asyncio

from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant

from custom_components.dvrip.settings import OBJECTS
from dvrip_proto import control
from dvrip_proto.simulator import Simulator
from tests.homeassistant.test_settings import behind, in_device, reads_of, set_up_with, state
from tests.homeassistant.world import entity, until

READ_FIRST, CHANGED = "motion_detection", "person_detection"


async def test_a_change_there_and_back_during_one_reading_is_seen(
    hass: HomeAssistant, sim: Simulator
) -> None:
    first, second = control(READ_FIRST).object, control(CHANGED).object
    assert OBJECTS.index(first) < OBJECTS.index(second)
    entry = await set_up_with(hass, sim, *(("switch", f"0_{key}") for key in (READ_FIRST, CHANGED)))
    switch = entity(hass, f"{sim.serial}_0_{CHANGED}", "switch")
    await hass.services.async_call("switch", "turn_on", {"entity_id": switch}, blocking=True)
    await hass.async_block_till_done()

    settings = entry.runtime_data.settings
    async with settings._locks[first]:  # a reading that begins now is held before both
        reading = hass.async_create_task(settings.async_refresh())
        await asyncio.sleep(0)
        await hass.services.async_call("switch", "turn_off", {"entity_id": switch}, blocking=True)
        assert state(hass, switch) == STATE_OFF
        await behind(sim, CHANGED, True, 0)
        assert in_device(sim, CHANGED, 0) is True
    await reading
    await until(lambda: state(hass, switch) == STATE_ON, 5.0)


async def test_what_was_found_meanwhile_is_not_asked_for_again(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up_with(hass, sim)
    await hass.async_block_till_done(wait_background_tasks=True)
    settings, name = entry.runtime_data.settings, control(CHANGED).object
    found = settings._shape.objects.pop(name)
    before = reads_of(sim, name)
    async with settings._locks[name]:
        looking = hass.async_create_task(settings._look_around())
        await asyncio.sleep(0)
        settings._shape.objects[name] = found
    await looking
    assert reads_of(sim, name) == before
