from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest
from homeassistant.config_entries import SOURCE_IGNORE, ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.dvrip.const import DOMAIN, SCAN_INTERVAL
from custom_components.dvrip.discovery import async_scan
from dvrip_proto import TransportError
from dvrip_proto import discover as real_discover
from dvrip_proto.simulator import Simulator
from tests.homeassistant.world import PASSWORD, Air, entry_for, report, set_up, until


def flows(hass: HomeAssistant) -> list[dict]:
    return hass.config_entries.flow.async_progress_by_handler(DOMAIN)


async def test_a_device_that_reports_is_offered_and_added(
    hass: HomeAssistant, sim: Simulator, air: Air
) -> None:
    air.devices = [report(sim.serial, port=sim.port)]
    assert await async_setup_component(hass, DOMAIN, {DOMAIN: None})
    await until(lambda: len(flows(hass)) == 1)
    [flow] = flows(hass)
    assert flow["step_id"] == "discovery_confirm"
    assert flow["context"]["unique_id"] == sim.serial
    assert flow["context"]["title_placeholders"] == {"name": "Gate", "host": "127.0.0.1"}

    result = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {CONF_USERNAME: "admin", CONF_PASSWORD: "wrong"}
    )
    assert result["errors"] == {"base": "invalid_auth"}
    result = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {CONF_USERNAME: "admin", CONF_PASSWORD: PASSWORD}
    )
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"][CONF_PORT] == sim.port
    assert result["result"].state is ConfigEntryState.LOADED


async def test_the_networks_are_asked_again_every_quarter_of_an_hour(hass: HomeAssistant, air: Air) -> None:
    assert await async_setup_component(hass, DOMAIN, {DOMAIN: None})
    await until(lambda: len(air.probes) == 1)
    assert not flows(hass)
    air.devices = [report()]
    async_fire_time_changed(hass, dt_util.utcnow() + SCAN_INTERVAL + timedelta(seconds=1))
    await until(lambda: len(flows(hass)) == 1)
    async_fire_time_changed(hass, dt_util.utcnow() + 2 * SCAN_INTERVAL + timedelta(seconds=2))
    await until(lambda: len(air.probes) == 3)
    await hass.async_block_till_done()
    assert len(flows(hass)) == 1


def adapter(enabled: bool, *addresses: tuple[str, int]) -> dict:
    ipv4 = [{"address": address, "network_prefix": prefix} for address, prefix in addresses]
    return {
        "name": "x",
        "index": 1,
        "enabled": enabled,
        "auto": True,
        "default": True,
        "ipv4": ipv4,
        "ipv6": [],
    }


async def test_each_enabled_adapter_is_asked_from_its_own_address(hass: HomeAssistant, air: Air) -> None:
    adapters = [
        adapter(True, ("192.168.1.7", 24), ("10.3.2.1", 8)),
        adapter(True, ("127.0.0.1", 8)),
        adapter(False, ("172.16.0.5", 16)),
    ]
    with patch("custom_components.dvrip.discovery.network.async_get_adapters", return_value=adapters):
        await async_scan(hass, 1.0)
    assert air.probes == [
        ("192.168.1.7", ("192.168.1.255", "255.255.255.255")),
        ("10.3.2.1", ("10.255.255.255", "255.255.255.255")),
        ("127.0.0.1", ("127.255.255.255",)),
    ]


@pytest.mark.parametrize("error", [OSError("no such device"), TransportError("port in use")])
async def test_a_network_that_cannot_be_asked_has_no_devices(
    hass: HomeAssistant, air: Air, error: Exception
) -> None:
    air.error = error
    assert await async_scan(hass, 1.0) == []
    air.devices = [report()]
    [found] = await async_scan(hass, 1.0)
    assert found.host == "127.0.0.1"


async def test_a_device_on_two_networks_is_found_once(hass: HomeAssistant, air: Air) -> None:
    air.devices = [report(), report()]
    assert len(await async_scan(hass, 1.0)) == 1


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"serial": "5db94fb036a7e2f5"}, "5db94fb036a7e2f5"),
        ({"serial": "00000000"}, "00:12:34:56:78:91"),
        ({"serial": ""}, "00:12:34:56:78:91"),
        ({"serial": "", "mac": "00-12-34-56-78-9A"}, "00:12:34:56:78:9a"),
        ({"serial": "", "mac": ""}, "127.0.0.1:34567"),
        ({"serial": "", "mac": "00:00:00:00:00:00"}, "127.0.0.1:34567"),
        ({"serial": "", "mac": "rubbish"}, "127.0.0.1:34567"),
    ],
)
async def test_who_a_device_is(hass: HomeAssistant, air: Air, said: dict, expected: str) -> None:
    air.devices = [report(**said)]
    [found] = await async_scan(hass, 1.0)
    assert found.unique_id == expected


async def test_a_name_is_text_of_a_stranger(hass: HomeAssistant, air: Air) -> None:
    air.devices = [report(hostname="Ga\x07te\n")]
    assert (await async_scan(hass, 1.0))[0].name == "Gate"
    air.devices = [report(hostname="LocalHost")]
    assert (await async_scan(hass, 1.0))[0].name == "Camera"
    air.devices = [report(hostname="LocalHost", channels=8)]
    assert (await async_scan(hass, 1.0))[0].name == "Recorder"


async def test_a_known_device_is_not_offered(hass: HomeAssistant, sim: Simulator, air: Air) -> None:
    air.devices = [report(sim.serial, port=sim.port)]
    await set_up(hass, entry_for(sim))
    await until(lambda: bool(air.probes))
    await hass.async_block_till_done()
    assert not flows(hass)


async def test_a_device_that_moved_is_followed(hass: HomeAssistant, sim: Simulator, air: Air) -> None:
    entry = await set_up(hass, entry_for(sim, data={CONF_PORT: 1}))
    assert entry.state is ConfigEntryState.SETUP_RETRY
    air.devices = [report(sim.serial, port=sim.port)]
    async_fire_time_changed(hass, dt_util.utcnow() + SCAN_INTERVAL + timedelta(seconds=1))
    await until(lambda: entry.data[CONF_PORT] == sim.port)
    await hass.async_block_till_done()
    if entry.state is ConfigEntryState.SETUP_RETRY:  # it was trying the old address just then
        async_fire_time_changed(hass, dt_util.utcnow() + 2 * SCAN_INTERVAL)
    await until(lambda: entry.state is ConfigEntryState.LOADED)
    assert not flows(hass)


async def test_a_device_that_moved_while_it_was_used_is_followed(hass: HomeAssistant, air: Air) -> None:
    users = {"admin": PASSWORD}
    async with Simulator(users=users) as old:
        entry = await set_up(hass, entry_for(old))
    await until(lambda: not entry.runtime_data.session.connected)
    async with Simulator(users=users, serial=old.serial) as new:
        air.devices = [report(new.serial, port=new.port)]
        async_fire_time_changed(hass, dt_util.utcnow() + SCAN_INTERVAL + timedelta(seconds=1))
        await until(lambda: entry.data[CONF_PORT] == new.port)
        await until(lambda: new.sessions == 1)
        await hass.async_block_till_done()
        assert entry.state is ConfigEntryState.LOADED
        assert await hass.config_entries.async_unload(entry.entry_id)


async def test_nobody_takes_the_place_of_a_connected_device(
    hass: HomeAssistant, sim: Simulator, air: Air
) -> None:
    entry = await set_up(hass, entry_for(sim))
    air.devices = [report(sim.serial, host="127.0.0.66")]
    async_fire_time_changed(hass, dt_util.utcnow() + SCAN_INTERVAL + timedelta(seconds=1))
    await until(lambda: len(air.probes) == 2)
    await hass.async_block_till_done()
    assert entry.data[CONF_HOST] == sim.host
    assert entry.state is ConfigEntryState.LOADED
    assert not flows(hass)


async def test_one_host_that_makes_up_many_devices_offers_four_of_them(hass: HomeAssistant, air: Air) -> None:
    air.devices = [report(f"{number:016x}") for number in range(1, 10)]
    air.devices += [report("5db94fb036a7e2f5", host="127.0.0.9")]
    assert await async_setup_component(hass, DOMAIN, {DOMAIN: None})
    await until(lambda: len(flows(hass)) == 5)
    await hass.async_block_till_done()
    assert len(flows(hass)) == 5
    assert "5db94fb036a7e2f5" in {flow["context"]["unique_id"] for flow in flows(hass)}


async def test_an_ignored_device_stays_ignored(hass: HomeAssistant, air: Air) -> None:
    MockConfigEntry(domain=DOMAIN, unique_id=report().serial, source=SOURCE_IGNORE).add_to_hass(hass)
    air.devices = [report()]
    assert await async_setup_component(hass, DOMAIN, {DOMAIN: None})
    await until(lambda: bool(air.probes))
    await hass.async_block_till_done()
    assert not flows(hass)


async def test_a_known_address_is_not_offered_under_another_identity(
    hass: HomeAssistant, sim: Simulator, air: Air
) -> None:
    await set_up(hass, entry_for(sim))
    air.devices = [report(serial="", port=sim.port)]
    async_fire_time_changed(hass, dt_util.utcnow() + SCAN_INTERVAL + timedelta(seconds=1))
    await until(lambda: len(air.probes) == 2)
    await hass.async_block_till_done()
    assert not flows(hass)


async def test_a_simulated_device_is_really_heard(hass: HomeAssistant) -> None:
    adapters = [adapter(True, ("127.0.0.1", 8))]
    async with Simulator(bind="127.0.0.1", discovery_port=34569, users={"admin": PASSWORD}) as sim:
        with (
            patch("custom_components.dvrip.discovery.discover", real_discover),
            patch("custom_components.dvrip.discovery.network.async_get_adapters", return_value=adapters),
        ):
            found = {device.unique_id: device for device in await async_scan(hass, 1.5)}
        assert found[sim.serial].host == sim.host
        assert found[sim.serial].port == sim.port
