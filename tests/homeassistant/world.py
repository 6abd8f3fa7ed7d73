"""What the tests of Home Assistant say about the world around it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.dvrip.const import DOMAIN
from dvrip_proto import Discovered
from dvrip_proto.simulator import Simulator

PASSWORD = "s3cr3t-of-the-device"


class Air:
    """Stands for the network that discovery listens to."""

    def __init__(self) -> None:
        self.devices: list[Discovered] = []
        self.probes: list[tuple[str, tuple[str, ...]]] = []
        self.error: Exception | None = None

    async def discover(
        self, *, targets: tuple[str, ...], interface: str, **_timing: Any
    ) -> AsyncIterator[Discovered]:
        """As `dvrip_proto.discover`."""
        self.probes.append((interface, targets))
        for device in self.devices:
            yield device
        if self.error is not None:
            raise self.error


def report(serial: str = "5db94fb036a7e2f5", **changes: Any) -> Discovered:
    """What a device says when it is probed."""
    fields = {
        "host": "127.0.0.1",
        "port": 34567,
        "serial": serial,
        "mac": "00:12:34:56:78:91",
        "hostname": "Gate",
        "firmware": "V5.00",
        "channels": 1,
        "device_type": 24,
        "raw": {},
    }
    return Discovered(**{**fields, **changes})


def entry_for(sim: Simulator, **changes: Any) -> MockConfigEntry:
    """An entry as the form makes it."""
    data = {CONF_HOST: sim.host, CONF_PORT: sim.port, CONF_USERNAME: "admin", CONF_PASSWORD: PASSWORD}
    data |= changes.pop("data", {})
    return MockConfigEntry(domain=DOMAIN, title="Gate", **{"unique_id": sim.serial, "data": data, **changes})


async def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> MockConfigEntry:
    """Add `entry` and let Home Assistant set it up."""
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return entry


def entity(hass: HomeAssistant, unique_id: str, platform: str) -> str:
    """Entity id of a unique id."""
    entity_id = er.async_get(hass).async_get_entity_id(platform, DOMAIN, unique_id)
    assert entity_id, f"no {platform} {unique_id}"
    return entity_id


async def until(condition: Callable[[], bool], timeout_s: float = 30.0) -> None:
    """Wait until `condition()` holds; fails when it does not within `timeout_s`."""
    async with asyncio.timeout(timeout_s):
        while not condition():  # noqa: ASYNC110 - what is waited for happens elsewhere
            await asyncio.sleep(0.01)
