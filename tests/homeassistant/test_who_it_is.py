"""Devices without a serial number: they stay who they are, whatever they leave unsaid, and wherever they go."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_USERNAME
from homeassistant.core import HomeAssistant

from custom_components.dvrip.const import CONF_NO_PASSWORD
from custom_components.dvrip.identity import NET_COMMON
from dvrip_proto.simulator import Quirks, Simulator
from tests.homeassistant.world import PASSWORD, entry_for, set_up, until

CONFIG_GET = 1042
NO_MAC = "00:00:00:00:00:00"
SERIAL = "5db94fb036a7e2f5"


@pytest.fixture
async def nameless(sim: Simulator) -> Simulator:
    """A camera that tells its MAC address and no serial number."""
    sim.state.serial = "0000000000000000"
    return sim


@pytest.fixture
async def elsewhere(socket_enabled: None) -> AsyncIterator[Simulator]:
    """Where it is later: another address, of which one port is as good as another."""
    async with Simulator(profile="ipc", users={"admin": PASSWORD}) as simulator:
        simulator.state.serial = ""
        yield simulator


async def reload(hass: HomeAssistant, entry_id: str) -> None:
    await hass.config_entries.async_reload(entry_id)
    await hass.async_block_till_done()


async def move(hass: HomeAssistant, entry, to: Simulator) -> str:
    """What the form says when a person types the new address."""
    flow = await entry.start_reconfigure_flow(hass)
    typed = {
        CONF_HOST: to.host,
        CONF_PORT: to.port,
        CONF_USERNAME: "admin",
        CONF_PASSWORD: PASSWORD,
        CONF_NO_PASSWORD: False,
    }
    result = await hass.config_entries.flow.async_configure(flow["flow_id"], typed)
    await hass.async_block_till_done()
    return result.get("reason") or result["step_id"]


@pytest.mark.parametrize("serial", ["", SERIAL])  # the second since an update of its firmware
async def test_a_connection_that_is_lost_over_the_question_who_it_is_makes_no_other_device(
    hass: HomeAssistant, nameless: Simulator, serial: str
) -> None:
    entry = await set_up(hass, entry_for(nameless, unique_id=nameless.state.mac))
    assert entry.state is ConfigEntryState.LOADED
    assert await hass.config_entries.async_unload(entry.entry_id)
    nameless.state.serial = serial
    nameless.quirks = Quirks(reset_on=frozenset({CONFIG_GET}))
    asked = len(nameless.requests)
    setup = hass.async_create_task(hass.config_entries.async_setup(entry.entry_id))
    await until(lambda: any(message == CONFIG_GET for message, _, _ in list(nameless.requests)[asked:]))
    nameless.quirks = Quirks()
    await setup
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED


async def test_an_account_that_may_no_longer_see_the_mac_address_is_let_in(
    hass: HomeAssistant, nameless: Simulator
) -> None:
    entry = await set_up(hass, entry_for(nameless, unique_id=nameless.state.mac))
    del nameless.state.config[NET_COMMON]
    await reload(hass, entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED


async def test_a_device_that_tells_its_serial_number_since_an_update_is_known_by_its_mac_address(
    hass: HomeAssistant, nameless: Simulator
) -> None:
    entry = await set_up(hass, entry_for(nameless, unique_id=nameless.state.mac))
    nameless.state.serial = SERIAL
    await reload(hass, entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED
    assert entry.unique_id == nameless.state.mac


async def test_a_device_that_tells_its_mac_address_at_last_is_known_by_its_address(
    hass: HomeAssistant, nameless: Simulator
) -> None:
    entry = await set_up(hass, entry_for(nameless, unique_id=f"{nameless.host}:{nameless.port}"))
    assert entry.state is ConfigEntryState.LOADED


async def test_a_device_with_no_identity_at_all_can_be_moved(
    hass: HomeAssistant, nameless: Simulator, elsewhere: Simulator
) -> None:
    for device in (nameless, elsewhere):
        device.state.config[NET_COMMON]["MAC"] = NO_MAC
    known = f"{nameless.host}:{nameless.port}"
    entry = await set_up(hass, entry_for(nameless, unique_id=known))
    assert await move(hass, entry, elsewhere) == "reconfigure_successful"
    assert entry.state is ConfigEntryState.LOADED
    assert (entry.unique_id, entry.data[CONF_PORT]) == (known, elsewhere.port)


@pytest.mark.parametrize(
    ("known", "mac", "serial", "said"),
    [
        (SERIAL, NO_MAC, "", "wrong_device"),  # its model is not known either
        ("mac", None, "", "replaced"),
        ("mac", NO_MAC, "0badc0de", "replaced"),
    ],
)
async def test_what_is_another_device_stays_one(
    hass: HomeAssistant,
    nameless: Simulator,
    elsewhere: Simulator,
    known: str,
    mac: str | None,
    serial: str,
    said: str,
) -> None:
    entry = await set_up(hass, entry_for(nameless, unique_id=nameless.state.mac if known == "mac" else known))
    elsewhere.state.serial = serial
    if mac is not None:
        elsewhere.state.config[NET_COMMON]["MAC"] = mac
    assert await move(hass, entry, elsewhere) == said
    assert entry.data[CONF_PORT] == nameless.port
