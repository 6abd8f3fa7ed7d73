"""Devices that report on the local networks: looked for at start and then every quarter of an hour.

Every enabled adapter is asked for itself: from its own address, probes go to the broadcast address of its
network and to the limited broadcast address.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from ipaddress import IPv4Interface

from homeassistant.components import network
from homeassistant.config_entries import SOURCE_INTEGRATION_DISCOVERY
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import discovery_flow
from homeassistant.helpers.event import async_track_time_interval

from dvrip_proto import DvripError, discover

from .const import DOMAIN, FORM_SCAN_TIMEOUT_S, LOGGER, SCAN_INTERVAL, SCAN_TIMEOUT_S
from .found import Found
from .inert import error_text
from .moves import async_follow

_NEW_MAX = 64
"""Devices that wait to be added at a time: nobody goes through more, and anybody can make them up."""

_A_HOST_MAX = 4


@callback
def async_setup_discovery(hass: HomeAssistant) -> None:
    """Look for devices now and every quarter of an hour, in the background."""

    async def look(_now: datetime | None = None) -> None:
        found = await async_scan(hass, SCAN_TIMEOUT_S)
        await async_follow(hass, found)
        for device in _newcomers(hass, found):
            discovery_flow.async_create_flow(
                hass,
                DOMAIN,
                context={"source": SOURCE_INTEGRATION_DISCOVERY},
                data=asdict(device),
            )

    _ = hass.async_create_background_task(look(), "dvrip discovery")
    async_track_time_interval(hass, look, SCAN_INTERVAL, name="dvrip discovery", cancel_on_shutdown=True)


async def async_scan(hass: HomeAssistant, timeout_s: float) -> list[Found]:
    """Devices that report within `timeout_s`, each once a host. A network that cannot be asked has none."""
    probes = list(_probes(await network.async_get_adapters(hass)))
    heard = await asyncio.gather(*(_ask(source, targets, timeout_s) for source, targets in probes))
    found = {(device.unique_id, device.host): device for devices in heard for device in devices}
    return sorted(found.values(), key=lambda device: (device.name, device.unique_id))


async def async_look_at(hass: HomeAssistant, host: str) -> None:
    """Weigh what one host reports, which may have a known device's MAC address."""
    await async_follow(hass, await _ask("0.0.0.0", (host,), FORM_SCAN_TIMEOUT_S))


def _newcomers(hass: HomeAssistant, found: list[Found]) -> list[Found]:
    """Devices that nobody knows yet, as many as may wait."""
    entries = hass.config_entries.async_entries(DOMAIN)
    waiting = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    known = {entry.unique_id for entry in entries}
    known |= {flow["context"].get("unique_id") for flow in waiting}
    reported = sum(flow["context"]["source"] == SOURCE_INTEGRATION_DISCOVERY for flow in waiting)
    hosts: Counter[str] = Counter()
    new: list[Found] = []
    for device in found:
        if device.unique_id not in known and hosts[device.host] < _A_HOST_MAX:
            hosts[device.host] += 1
            known.add(device.unique_id)
            new.append(device)
    room = max(0, _NEW_MAX - reported)
    if len(new) > room:
        LOGGER.info("%d devices report that are not set up: %d of them are offered", len(new), room)
    return new[:room]


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
        LOGGER.debug("Cannot look for devices from %s: %s", source, error_text(error))
    return devices
