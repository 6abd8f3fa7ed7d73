"""`dvrip set-address`: another IPv4 address for a device that may not be reachable where it is."""

from __future__ import annotations

from ipaddress import IPv4Interface
from typing import Annotated

import typer

from ...discovery import Discovered
from ...discovery import discover as search
from ...discovery import set_address as order
from ...errors import RequestError, RequestTimeoutError, UsageError
from ...wire.probe import DISCOVERY_PORT
from .. import output
from ..command import YES, agree
from ..exit_codes import ExitCode
from ..login import JSON, Login


async def set_address(
    login: Login,
    device: Annotated[
        str, typer.Argument(metavar="DEVICE", help="MAC address, serial number or present address.")
    ],
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="The new address.")],
    netmask: Annotated[
        str, typer.Option("--netmask", metavar="MASK", help="As dots or prefix length.")
    ] = "24",
    gateway: Annotated[
        str | None, typer.Option("--gateway", metavar="ADDR", help="The first of the network without it.")
    ] = None,
    target: Annotated[
        list[str] | None,
        typer.Option("--target", metavar="ADDR", help="Broadcast address to tell. Repeatable."),
    ] = None,
    interface: Annotated[
        str, typer.Option("--interface", metavar="ADDR", help="Own address to tell from.")
    ] = "0.0.0.0",
    discovery_port: Annotated[
        int, typer.Option("--discovery-port", metavar="N", min=1, max=65535, help="UDP port.")
    ] = DISCOVERY_PORT,
    yes: YES = False,
    json: JSON = False,
) -> ExitCode:
    """Give a device of this network another address, by broadcast. Switch its DHCP off first.

    The broadcast carries the hash of the password to the whole network: change the password afterwards.
    """
    _check(address, netmask, gateway)
    targets = tuple(target or ("255.255.255.255",))
    found = await _find(device, targets, interface, discovery_port, login.timeout_s)
    if found is None:
        raise RequestTimeoutError(f"{device}: no such device answered")
    agree(f"Give {found.host} ({found.mac}) the address {address}?", yes=yes)
    await order(
        found,
        host=address,
        netmask=netmask,
        gateway=gateway or _first(address, netmask),
        username=login.username,
        password=login.secret(),
        targets=targets,
        port=discovery_port,
        timeout_s=login.timeout_s,
        interface=interface,
    )
    now = await _find(found.mac, targets, interface, discovery_port, login.timeout_s)
    if now is None or address not in (now.host, now.own_address):
        raise RequestError(f"{found.mac}: agreed, but was not seen at {address} yet")
    told = {"device": found.mac, "address": address}
    output.result(f"{found.mac}: has the address {address}", told, json=json)
    return ExitCode.DONE


async def _find(
    wanted: str, targets: tuple[str, ...], interface: str, port: int, timeout_s: float
) -> Discovered | None:
    mac = wanted.lower().replace("-", ":")
    answers = search(targets=targets, port=port, timeout_s=timeout_s, interface=interface)
    async for found in answers:
        if wanted in (found.host, found.serial) or mac == found.mac:
            await answers.aclose()
            return found
    return None


def _check(address: str, netmask: str, gateway: str | None) -> None:
    """Refuse what is no address before anybody is asked."""
    for text in (f"{address}/{netmask}", gateway):
        try:
            IPv4Interface(text or address)
        except ValueError as error:
            raise UsageError(f"{text}: not an address: {error}") from error


def _first(address: str, netmask: str) -> str:
    return str(IPv4Interface(f"{address}/{netmask}").network.network_address + 1)
