"""Firmware that encrypts, in Home Assistant: how it is added, what the entry keeps, and what a thief is not told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from homeassistant.config_entries import SOURCE_RECONFIGURE, SOURCE_USER, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.components.diagnostics import get_diagnostics_for_config_entry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.dvrip.const import DOMAIN
from dvrip_proto.simulator import Quirks, Simulator
from tests.encrypted_device import EncryptedDevice, old_hash, serve
from tests.homeassistant.world import PASSWORD, entry_for, set_up, until


def typed(host: str, port: int) -> dict[str, Any]:
    return {"host": host, "port": port, "username": "admin", "password": PASSWORD}


async def add(hass: HomeAssistant, host: str, port: int) -> dict[str, Any]:
    flow = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    result = await hass.config_entries.flow.async_configure(flow["flow_id"], typed(host, port))
    await hass.async_block_till_done()
    return dict(result)


@pytest.fixture
async def encrypting(request: pytest.FixtureRequest) -> AsyncIterator[Simulator]:
    async with Simulator(quirks=Quirks(encrypted=request.param), users={"admin": PASSWORD}) as sim:
        yield sim


@pytest.mark.parametrize(
    ("encrypting", "policy"),
    [
        ("required", "always"),
        ("md5_dh", "salted"),
        ("empty", "always"),
        ("light", "light"),
        ("offered", None),
    ],
    indirect=["encrypting"],
)
async def test_a_device_is_added_and_the_entry_keeps_how_it_was_met(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, encrypting: Simulator, policy: str | None
) -> None:
    assert await async_setup_component(hass, "diagnostics", {})
    result = await add(hass, encrypting.host, encrypting.port)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    entry = result["result"]
    assert entry.data.get("encryption") == policy
    assert entry.state is ConfigEntryState.LOADED
    said = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert said["login"]["way"] == {"always": "encrypted", None: "plain"}.get(policy, policy)
    assert said["login"]["logins"] == 1  # the entry knows the way already
    assert "wxyz" not in json.dumps(said)
    encrypting.raise_alarm(0, "VideoMotion", active=True)
    await until(lambda: any(kind.name == "MOTION" for kind, _ in entry.runtime_data.alarms.active))
    await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.parametrize("encrypting", ["required"], indirect=True)
async def test_a_device_that_wants_it_from_today_on_is_kept_so(
    hass: HomeAssistant, encrypting: Simulator
) -> None:
    encrypting.quirks = Quirks()
    entry = await set_up(hass, entry_for(encrypting))
    assert "encryption" not in entry.data
    encrypting.quirks = Quirks(encrypted="required")
    encrypting.drop_connections()
    await until(lambda: entry.data.get("encryption") == "always")
    await until(lambda: entry.runtime_data.session.connected)


async def test_a_thief_at_the_address_is_told_nothing_in_clear(hass: HomeAssistant) -> None:
    heard: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(4096))
        writer.close()

    async with Simulator(quirks=Quirks(encrypted="required"), users={"admin": PASSWORD}) as sim:
        result = await add(hass, sim.host, sim.port)
        entry, port = result["result"], sim.port
        await hass.config_entries.async_unload(entry.entry_id)
    thief = await asyncio.start_server(listen, "127.0.0.1", port)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: bool(heard))
    thief.close()
    await thief.wait_closed()
    said = b"".join(heard)
    assert b"OPMonitor" in said
    assert old_hash(PASSWORD).encode() not in said
    assert b"admin" not in said

    # The thief learns to take any login in clear: it is not offered one.
    device = EncryptedDevice(manner="open", offers=False, password=PASSWORD)
    async with serve(device) as (host, its_port):
        hass.config_entries.async_update_entry(entry, data={**entry.data, "host": host, "port": its_port})
        await hass.config_entries.async_reload(entry.entry_id)
        context = {"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id}
        flow = await hass.config_entries.flow.async_init(DOMAIN, context=context)
        result = await hass.config_entries.flow.async_configure(flow["flow_id"], typed(host, its_port))
        assert result["errors"] == {"base": "unsupported_encryption"}
    assert device.logins == []
