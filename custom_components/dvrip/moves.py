"""Devices that report from another address: which of them an entry follows, and when a person is asked.

No DVRIP client can prove who a device is, and everybody on the network can claim a serial number; whoever is
followed gets a login. So an entry that is connected stays where it is, two hosts with one identity move
nothing, and an entry moves alone only when nothing answers at its old address and all that is known of the
device fits.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Interface, ip_address
from pathlib import Path

from homeassistant.components import network
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import issue_registry as ir
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN, LOGGER
from .found import Found
from .identity import identity_in
from .inert import inert

_ANSWER_S = 3.0
_QUESTION = "new_address"
_ARP = Path("/proc/net/arp")
_NO_MAC = "00:00:00:00:00:00"


@dataclass(slots=True)
class _Known:
    """What was seen of the devices while they were connected, and which conflicts were told, by entry."""

    models: dict[str, str] = field(default_factory=dict)
    conflicts: dict[str, frozenset[str]] = field(default_factory=dict)


_KNOWN: HassKey[_Known] = HassKey(f"{DOMAIN}_known")


async def async_follow(hass: HomeAssistant, found: Iterable[Found]) -> None:
    """Weigh what devices with an entry have reported in one scan."""
    claims: defaultdict[str, list[Found]] = defaultdict(list)
    for device in found:
        claims[device.unique_id].append(device)
    for entry in hass.config_entries.async_entries(DOMAIN, include_ignore=False, include_disabled=False):
        told = claims.get(entry.unique_id or "", [])
        twins = _twins(hass, entry)
        if of_it := [claim for claim in told if (claim.host, claim.port) not in twins]:
            await _weigh(hass, entry, of_it)


def _twins(hass: HomeAssistant, entry: ConfigEntry) -> set[tuple[str, int]]:
    """Where the devices are that tell the same identity, as a person has said."""
    return {
        (twin.data[CONF_HOST], twin.data[CONF_PORT])
        for twin in hass.config_entries.async_entries(DOMAIN, include_ignore=False)
        if twin is not entry and identity_in(twin.unique_id) == entry.unique_id
    }


@callback
def async_move(hass: HomeAssistant, entry: ConfigEntry, host: str, port: int) -> None:
    """Use another address from now on."""
    LOGGER.info("%s: is at %s:%d now", inert(entry.title), host, port)
    ir.async_delete_issue(hass, DOMAIN, issue_id(entry))
    hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_HOST: host, CONF_PORT: port})
    hass.config_entries.async_schedule_reload(entry.entry_id)


def issue_id(entry: ConfigEntry) -> str:
    """The repair that asks about a new address of an entry."""
    return f"{_QUESTION}_{entry.entry_id}"


def is_connected(entry: ConfigEntry) -> bool:
    """Whether the device of an entry is there now."""
    return entry.state is ConfigEntryState.LOADED and entry.runtime_data.session.connected


async def _weigh(hass: HomeAssistant, entry: ConfigEntry, claims: list[Found]) -> None:
    known = hass.data.setdefault(_KNOWN, _Known())
    host, port = str(entry.data[CONF_HOST]), int(entry.data[CONF_PORT])
    own = await _addresses(host)
    if not _is_still(hass, entry, host, port):
        return
    elsewhere = [claim for claim in claims if claim.host not in own or claim.port != port]
    connected = is_connected(entry)
    if connected:
        ir.async_delete_issue(hass, DOMAIN, issue_id(entry))
    if connected and not elsewhere:
        known.models[entry.entry_id] = claims[0].model
    others = frozenset(claim.host for claim in claims if claim.host not in own)
    at_home = connected or any(claim.host in own for claim in claims)
    if at_home and entry.state is ConfigEntryState.LOADED:
        entry.runtime_data.session.async_seen()
    if len(others) > 1 or (others and at_home):
        _conflict(known, entry, others | ({host} if at_home else set()))
        return
    if connected or not elsewhere:
        return
    claim = elsewhere[0]
    doubtful = await _answers(host, port) or not await _fits(hass, entry, claim, known, own)
    if not _is_still(hass, entry, host, port) or is_connected(entry):
        return
    if doubtful:
        _ask(hass, entry, claim)
    else:
        async_move(hass, entry, claim.host, claim.port)


def _is_still(hass: HomeAssistant, entry: ConfigEntry, host: str, port: int) -> bool:
    """Whether nobody removed an entry, or told where its device is, while it was weighed."""
    at = (entry.data[CONF_HOST], entry.data[CONF_PORT])
    return hass.config_entries.async_get_entry(entry.entry_id) is entry and at == (host, port)


def _conflict(known: _Known, entry: ConfigEntry, hosts: frozenset[str]) -> None:
    if known.conflicts.get(entry.entry_id) != hosts:
        known.conflicts[entry.entry_id] = hosts
        LOGGER.warning(
            "%s: several hosts claim to be this device: %s. Its address stays as it is",
            inert(entry.title),
            ", ".join(sorted(hosts)[:8]),
        )


def _ask(hass: HomeAssistant, entry: ConfigEntry, claim: Found) -> None:
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id(entry),
        data={"entry_id": entry.entry_id, "host": claim.host, "port": claim.port},
        is_fixable=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key=_QUESTION,
        translation_placeholders=placeholders(entry, claim.host, claim.port),
    )


def placeholders(entry: ConfigEntry, host: str, port: int) -> dict[str, str]:
    """What a person is told who decides about a new address."""
    return {
        "name": inert(entry.title),
        "old": inert(f"{entry.data[CONF_HOST]}:{entry.data[CONF_PORT]}"),
        "new": inert(f"{host}:{port}"),
    }


async def _fits(hass: HomeAssistant, entry: ConfigEntry, claim: Found, known: _Known, own: set[str]) -> bool:
    """Whether all that is known of the device is what the claim says of itself."""
    if claim.host in own:
        return True  # the same host on another port
    if not _is_address(str(entry.data[CONF_HOST])):
        return False  # a name is what a person chose
    macs = {
        mac
        for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
        for kind, mac in device.connections
        if kind == dr.CONNECTION_NETWORK_MAC and (DOMAIN, entry.unique_id) in device.identifiers
    }
    if claim.mac is None or claim.mac not in macs:
        return False
    if known.models.get(entry.entry_id, claim.model) != claim.model:
        return False
    seen = await hass.async_add_executor_job(_neighbour, claim.host)
    return seen in (None, claim.mac) and await _is_near(hass, claim.host)


async def _is_near(hass: HomeAssistant, host: str) -> bool:
    """Whether an address belongs to a network of this host."""
    address = ip_address(host)
    if address.is_loopback:
        return True
    return any(
        address in IPv4Interface(f"{own['address']}/{own['network_prefix']}").network
        for adapter in await network.async_get_adapters(hass)
        if adapter["enabled"]
        for own in adapter["ipv4"]
    )


def _neighbour(host: str) -> str | None:
    """The MAC address that the system has for a neighbour; None when it knows none, or does not tell."""
    try:
        lines = _ARP.read_text(encoding="ascii", errors="replace").splitlines()[1:]
    except OSError:
        return None
    macs = (fields[3] for line in lines if len(fields := line.split()) > 3 and fields[0] == host)
    return next((dr.format_mac(mac) for mac in macs if mac != _NO_MAC), None)


async def _answers(host: str, port: int) -> bool:
    """Whether somebody takes connections there."""
    try:
        async with asyncio.timeout(_ANSWER_S):
            _, writer = await asyncio.open_connection(host, port)
    except OSError, ValueError:  # TimeoutError is an OSError
        return False
    writer.transport.abort()
    return True


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


async def _addresses(host: str) -> set[str]:
    """What a host is called in reports: itself, or what its name stands for."""
    if _is_address(host):
        return {host}
    try:
        answers = await asyncio.get_running_loop().getaddrinfo(host, None)
    except OSError:
        return {host}
    return {host, *(str(answer[4][0]) for answer in answers)}
