"""Two devices that tell the same identity: makers give several one serial number."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_socket
from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.dvrip.const import CONF_ANOTHER, DOMAIN, SCAN_INTERVAL
from dvrip_proto.simulator import Simulator
from tests.homeassistant.world import PASSWORD, Air, entity, entry_for, report, set_up, until

HOME, TWIN = "127.0.0.5", "127.0.0.6"


@pytest.fixture(autouse=True)
def street(socket_enabled: None) -> None:
    """More than one address of the loopback network can be reached."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", HOME, TWIN])


@pytest.fixture
async def camera(street: None) -> AsyncIterator[Simulator]:
    async with Simulator(bind=HOME, users={"admin": PASSWORD}) as device:
        yield device


@pytest.fixture
async def twin(camera: Simulator) -> AsyncIterator[Simulator]:
    """Another camera with the same serial number and, as it happens, the same MAC address."""
    async with Simulator(bind=TWIN, users={"admin": PASSWORD}, serial=camera.serial) as device:
        yield device


async def add(hass: HomeAssistant, device: Simulator):
    """What the form asks, or says, when a person types the address."""
    flow = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    typed = {
        CONF_HOST: device.host,
        CONF_PORT: device.port,
        CONF_USERNAME: "admin",
        CONF_PASSWORD: PASSWORD,
    }
    return await hass.config_entries.flow.async_configure(flow["flow_id"], typed)


async def add_twin(hass: HomeAssistant, device: Simulator) -> MockConfigEntry:
    asked = await add(hass, device)
    assert asked["step_id"] == "known_device"
    done = await hass.config_entries.flow.async_configure(asked["flow_id"], {CONF_ANOTHER: True})
    await hass.async_block_till_done()
    return done["result"]


async def test_a_person_can_have_both(hass: HomeAssistant, camera: Simulator, twin: Simulator) -> None:
    first = await set_up(hass, entry_for(camera))
    second = await add_twin(hass, twin)
    assert (first.state, second.state) == (ConfigEntryState.LOADED, ConfigEntryState.LOADED)
    assert first.data[CONF_HOST] == HOME
    assert second.data[CONF_HOST] == TWIN
    assert first.unique_id == camera.serial
    registry = dr.async_get(hass)
    devices = [dr.async_entries_for_config_entry(registry, each.entry_id) for each in (first, second)]
    assert [len(each) for each in devices] == [1, 1]
    assert devices[0][0].id != devices[1][0].id

    motions = [entity(hass, f"{each.unique_id}_0_motion", "binary_sensor") for each in (first, second)]
    twin.raise_alarm()
    await until(lambda: hass.states.get(motions[1]).state == "on")
    assert hass.states.get(motions[0]).state == "off"

    assert (await add(hass, twin))["reason"] == "already_configured"
    await hass.config_entries.async_reload(second.entry_id)
    assert second.state is ConfigEntryState.LOADED


async def test_both_behind_one_address_are_told_apart_by_the_port(
    hass: HomeAssistant, camera: Simulator
) -> None:
    async with Simulator(bind=HOME, users={"admin": PASSWORD}, serial=camera.serial) as twin:
        first = await set_up(hass, entry_for(camera))
        second = await add_twin(hass, twin)
        assert (first.data[CONF_PORT], second.data[CONF_PORT]) == (camera.port, twin.port)
        assert (first.state, second.state) == (ConfigEntryState.LOADED, ConfigEntryState.LOADED)
        await hass.config_entries.async_unload(second.entry_id)


async def test_what_both_report_moves_neither(
    hass: HomeAssistant, camera: Simulator, twin: Simulator, air: Air, caplog: pytest.LogCaptureFixture
) -> None:
    first = await set_up(hass, entry_for(camera))
    second = await add_twin(hass, twin)
    air.devices = [
        report(camera.serial, host=each.host, port=each.port, mac=each.state.mac) for each in (camera, twin)
    ]
    probes = len(air.probes)
    async_fire_time_changed(hass, dt_util.utcnow() + SCAN_INTERVAL)
    await until(lambda: len(air.probes) > probes)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert "several hosts claim" not in caplog.text

    await camera.stop()
    await until(lambda: not first.runtime_data.session.connected)
    air.devices = air.devices[1:]  # only the twin is still there
    probes = len(air.probes)
    async_fire_time_changed(hass, dt_util.utcnow() + 2 * SCAN_INTERVAL)
    await until(lambda: len(air.probes) > probes)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert (first.data[CONF_HOST], second.data[CONF_HOST]) == (HOME, TWIN)
    assert not [issue for _, issue in ir.async_get(hass).issues if issue.startswith("new_address")]
    assert hass.config_entries.flow.async_progress_by_handler(DOMAIN) == []
