"""A device of the same model takes the place of one that broke: nothing that a person made of it is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from homeassistant.config_entries import SOURCE_IGNORE, ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_USERNAME, STATE_OFF
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.dvrip.const import CONF_NO_PASSWORD, DOMAIN
from dvrip_proto.simulator import Simulator
from tests.homeassistant.world import PASSWORD, Air, entity, entry_for, report, set_up, until


@pytest.fixture
async def spare(socket_enabled: None) -> AsyncIterator[Simulator]:
    """A recorder as `recorder`, from the same shelf."""
    async with Simulator(profile="nvr", channels=4, users={"admin": PASSWORD}) as simulator:
        yield simulator


async def reconfigure(hass: HomeAssistant, entry: MockConfigEntry, device: Simulator):
    """What the form says when a person types where the other device is."""
    flow = await entry.start_reconfigure_flow(hass)
    typed = {
        CONF_HOST: device.host,
        CONF_PORT: device.port,
        CONF_USERNAME: "admin",
        CONF_PASSWORD: PASSWORD,
        CONF_NO_PASSWORD: False,
    }
    return await hass.config_entries.flow.async_configure(flow["flow_id"], typed)


@pytest.mark.parametrize("broken", [True, False])
async def test_the_new_one_has_the_names_and_choices_of_the_old_one(
    hass: HomeAssistant, recorder: Simulator, spare: Simulator, air: Air, broken: bool
) -> None:
    air.devices = [report(spare.serial, port=spare.port), report("0badc0de", host="127.0.0.9")]
    entry = await set_up(hass, entry_for(recorder))
    await until(lambda: len(hass.config_entries.flow.async_progress_by_handler(DOMAIN)) == 2)
    registry, devices = er.async_get(hass), dr.async_get(hass)
    motion = entity(hass, f"{recorder.serial}_1_motion", "binary_sensor")
    registry.async_update_entity(motion, new_entity_id="binary_sensor.garden")
    [channel] = [
        device
        for device in dr.async_entries_for_config_entry(devices, entry.entry_id)
        if any(known.endswith("|1") for _, known in device.identifiers)
    ]
    devices.async_update_device(channel.id, name_by_user="Garden")
    before = {each.entity_id for each in er.async_entries_for_config_entry(registry, entry.entry_id)}
    if broken:
        await hass.config_entries.async_unload(entry.entry_id)
        await recorder.stop()

    asked = await reconfigure(hass, entry, spare)
    assert asked["step_id"] == "replaced"
    assert entry.unique_id == recorder.serial  # nothing is done without a yes
    done = await hass.config_entries.flow.async_configure(asked["flow_id"], {})
    await hass.async_block_till_done()
    assert done["reason"] == "reconfigure_successful"
    assert (entry.state, entry.unique_id) == (ConfigEntryState.LOADED, spare.serial)
    [left] = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert left["context"]["unique_id"] == "0badc0de"
    assert entity(hass, f"{spare.serial}_1_motion", "binary_sensor") == "binary_sensor.garden"
    assert hass.states.get("binary_sensor.garden").state == STATE_OFF
    assert {each.entity_id for each in er.async_entries_for_config_entry(registry, entry.entry_id)} == before
    now = dr.async_entries_for_config_entry(devices, entry.entry_id)
    assert len(now) == 5
    assert devices.async_get(channel.id).name_by_user == "Garden"
    [whole] = [device for device in now if device.serial_number is not None]
    assert whole.serial_number == spare.serial
    assert whole.connections == {(dr.CONNECTION_NETWORK_MAC, spare.state.mac)}


async def test_one_at_the_same_address_with_another_password_can_take_the_place(
    hass: HomeAssistant, recorder: Simulator, spare: Simulator
) -> None:
    """An installer gives the new one the address of the old one: what comes up is the form for the password."""
    entry = await set_up(hass, entry_for(recorder))
    assert await hass.config_entries.async_unload(entry.entry_id)
    there = {**entry.data, CONF_HOST: spare.host, CONF_PORT: spare.port, CONF_PASSWORD: "of the old one"}
    hass.config_entries.async_update_entry(entry, data=there)
    await hass.config_entries.async_setup(entry.entry_id)
    [form] = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert form["step_id"] == "reauth_confirm"
    typed = {CONF_USERNAME: "admin", CONF_PASSWORD: PASSWORD}
    asked = await hass.config_entries.flow.async_configure(form["flow_id"], typed)
    assert asked["step_id"] == "replaced"
    assert (entry.unique_id, entry.data[CONF_PASSWORD]) == (recorder.serial, "of the old one")
    done = await hass.config_entries.flow.async_configure(form["flow_id"], {})
    await hass.async_block_till_done()
    assert done["reason"] == "reauth_successful"
    assert (entry.state, entry.unique_id) == (ConfigEntryState.LOADED, spare.serial)
    assert entity(hass, f"{spare.serial}_1_motion", "binary_sensor")


async def test_one_that_a_person_did_not_want_to_add_can_take_the_place(
    hass: HomeAssistant, recorder: Simulator, spare: Simulator
) -> None:
    MockConfigEntry(domain=DOMAIN, unique_id=spare.serial, source=SOURCE_IGNORE).add_to_hass(hass)
    entry = await set_up(hass, entry_for(recorder))
    asked = await reconfigure(hass, entry, spare)
    assert asked["step_id"] == "replaced"
    done = await hass.config_entries.flow.async_configure(asked["flow_id"], {})
    await hass.async_block_till_done()
    assert done["reason"] == "reconfigure_successful"
    assert hass.config_entries.async_entries(DOMAIN) == [entry]
    assert (entry.state, entry.unique_id) == (ConfigEntryState.LOADED, spare.serial)


async def test_one_that_is_set_up_already_replaces_nothing(
    hass: HomeAssistant, recorder: Simulator, spare: Simulator
) -> None:
    entry = await set_up(hass, entry_for(recorder))
    await set_up(hass, entry_for(spare))
    assert (await reconfigure(hass, entry, spare))["reason"] == "already_configured"
    assert entry.unique_id == recorder.serial
