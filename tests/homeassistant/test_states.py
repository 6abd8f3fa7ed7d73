"""Whether a device records, whether its disks are well, which contacts it listens to; the health of all."""

from __future__ import annotations

import dataclasses

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import get_system_health_info

from custom_components.dvrip.const import DOMAIN
from custom_components.dvrip.status import DISKS, WORK
from dvrip_proto import WorkState
from dvrip_proto.simulator import Simulator
from tests.homeassistant.world import PASSWORD, entity, entry_for, set_up, until


async def test_a_disk_that_is_not_well_is_a_problem(hass: HomeAssistant, sim: Simulator) -> None:
    entry = await set_up(hass, entry_for(sim))
    status = entry.runtime_data.status
    problem = entity(hass, f"{sim.serial}_disk_problem", "binary_sensor")
    assert hass.states.get(problem).state == "off"
    well = status.data[DISKS]
    [disk, *_] = well
    sick = dataclasses.replace(disk.partitions[0], status=2)
    for disks in (
        [dataclasses.replace(disk, formatted=False)],
        [dataclasses.replace(disk, partitions=(sick,))],
        [],
    ):
        status.async_set_updated_data({**status.data, DISKS: disks})
        assert hass.states.get(problem).state == "on"
    status.async_set_updated_data({**status.data, DISKS: well})
    assert hass.states.get(problem).state == "off"


@pytest.mark.parametrize("channel", [0, -1])
async def test_a_disk_of_which_the_device_complains_is_a_problem(
    hass: HomeAssistant, sim: Simulator, channel: int
) -> None:
    await set_up(hass, entry_for(sim))
    problem = entity(hass, f"{sim.serial}_disk_problem", "binary_sensor")
    for status, word in (("Start", "on"), ("Stop", "off")):
        sim.push_alarm(Channel=channel, Event="StorageFailure", Status=status)
        await until(lambda word=word: hass.states.get(problem).state == word)


async def test_a_network_in_trouble_is_a_problem(hass: HomeAssistant, sim: Simulator) -> None:
    entry = entry_for(sim)
    entry.add_to_hass(hass)
    place = f"{sim.serial}_network_problem"
    problem = er.async_get(hass).async_get_or_create("binary_sensor", DOMAIN, place, config_entry=entry)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert hass.states.get(problem.entity_id).state == "off"
    for status, word in (("Start", "on"), ("Stop", "off")):
        sim.push_alarm(Channel=0, Event="NetAbort", Status=status)
        await until(lambda word=word: hass.states.get(problem.entity_id).state == word)


async def test_a_channel_that_records_says_so(hass: HomeAssistant, recorder: Simulator) -> None:
    entry = entry_for(recorder)
    entry.add_to_hass(hass)
    place = f"{recorder.serial}_0_recording"
    registry = er.async_get(hass)
    recording = registry.async_get_or_create("binary_sensor", DOMAIN, place, config_entry=entry).entity_id
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    status = entry.runtime_data.status
    state: WorkState = status.data[WORK]
    for on, word in ((True, "on"), (False, "off")):
        channel = dataclasses.replace(state.channels[0], recording=on)
        told = dataclasses.replace(state, channels=(channel, *state.channels[1:]))
        status.async_set_updated_data({**status.data, WORK: told})
        assert hass.states.get(recording).state == word
    status.async_set_updated_data({**status.data, WORK: dataclasses.replace(state, channels=())})
    assert hass.states.get(recording).state == "unknown"


async def test_only_contacts_that_the_device_listens_to_are_there(hass: HomeAssistant) -> None:
    async with Simulator(profile="hvr", users={"admin": PASSWORD}) as hvr:
        hvr.state.config["Alarm.LocalAlarm"][1]["Enable"] = True
        entry = await set_up(hass, entry_for(hvr))
        await hass.async_block_till_done(wait_background_tasks=True)
        registry = er.async_get(hass)

        def there() -> list[int]:
            ids = (f"{hvr.serial}_{number}_input" for number in range(4))
            found = [registry.async_get_entity_id("binary_sensor", DOMAIN, place) for place in ids]
            return [number for number, entity_id in enumerate(found) if entity_id]

        assert there() == [1]
        contact = hass.states.get(entity(hass, f"{hvr.serial}_1_input", "binary_sensor"))
        assert contact.attributes["device_class"] == "opening"
        hvr.state.config["Alarm.LocalAlarm"][3]["Enable"] = True
        await entry.runtime_data.settings.async_refresh()
        await hass.async_block_till_done(wait_background_tasks=True)
        assert there() == [1, 3]
        hvr.state.config["Alarm.LocalAlarm"][1]["Enable"] = False
        await entry.runtime_data.settings.async_refresh()
        names = [entity(hass, f"{hvr.serial}_{number}_input", "binary_sensor") for number in (1, 3)]
        assert [hass.states.get(name).state for name in names] == ["unavailable", "off"]


@pytest.mark.parametrize("loaded", [True, False])
async def test_the_health_of_the_system(hass: HomeAssistant, sim: Simulator, loaded: bool) -> None:
    assert await async_setup_component(hass, "system_health", {})
    entry = await set_up(hass, entry_for(sim))
    if not loaded:
        await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()
    told = await get_system_health_info(hass, DOMAIN)
    assert told == {"devices": 1, "connected": int(loaded), "armed": int(loaded), "viewers": 0}
