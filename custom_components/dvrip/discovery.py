"""Devices that report on the local networks: looked for at start and then every quarter of an hour.

Every enabled adapter is asked for itself: from its own address, probes go to the broadcast address of its
network and to the limited broadcast address.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from ipaddress import IPv4Interface
from typing import Self

from homeassistant.components import network
from homeassistant.config_entries import SOURCE_INTEGRATION_DISCOVERY
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import discovery_flow
from homeassistant.helpers.event import async_track_time_interval

from dvrip_proto import Discovered, DvripError, discover

from .const import DOMAIN, LOGGER, SCAN_INTERVAL, SCAN_TIMEOUT_S
from .identity import display_name, unique_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A device that reported, in the form that a flow keeps."""

    host: str
    port: int
    name: str
    unique_id: str

    @classmethod
    def of(cls, reply: Discovered) -> Self:
        """What one reply says."""
        return cls(
            host=reply.host,
            port=reply.port,
            name=display_name(reply.hostname, "Recorder" if (reply.channels or 1) > 1 else "Camera"),
            unique_id=unique_id(serial=reply.serial, mac=reply.mac, host=reply.host, port=reply.port),
        )


@callback
def async_setup_discovery(hass: HomeAssistant) -> None:
    """Look for devices now and every quarter of an hour, in the background."""

    async def look(_now: datetime | None = None) -> None:
        for found in await async_scan(hass, SCAN_TIMEOUT_S):
            discovery_flow.async_create_flow(
                hass,
                DOMAIN,
                context={"source": SOURCE_INTEGRATION_DISCOVERY},
                data=asdict(found),
            )

    _ = hass.async_create_background_task(look(), "dvrip discovery")
    async_track_time_interval(hass, look, SCAN_INTERVAL, name="dvrip discovery", cancel_on_shutdown=True)


async def async_scan(hass: HomeAssistant, timeout_s: float) -> list[Found]:
    """Devices that report within `timeout_s`, each once. A network that cannot be asked has none."""
    probes = list(_probes(await network.async_get_adapters(hass)))
    heard = await asyncio.gather(*(_ask(source, targets, timeout_s) for source, targets in probes))
    found = {device.unique_id: device for devices in heard for device in devices}
    return sorted(found.values(), key=lambda device: (device.name, device.unique_id))


def _probes(adapters: list[network.Adapter]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for adapter in adapters:
        if not adapter["enabled"]:
            continue
        for address in adapter["ipv4"]:
            interface = IPv4Interface(f"{address['address']}/{address['network_prefix']}")
            targets = [str(interface.network.broadcast_address)]
            if not interface.is_loopback:
                targets.append("255.255.255.255")
            yield str(interface.ip), tuple(targets)


async def _ask(source: str, targets: tuple[str, ...], timeout_s: float) -> list[Found]:
    devices = []
    try:
        async for reply in discover(targets=targets, interface=source, timeout_s=timeout_s):
            devices.append(Found.of(reply))
    except (DvripError, OSError) as error:
        LOGGER.debug("Cannot look for devices from %s: %s", source, error)
    return devices
