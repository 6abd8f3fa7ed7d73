"""`dvrip discover`: which devices are there."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from ...discovery import Discovered
from ...discovery import discover as search
from ...wire.probe import DISCOVERY_PORT
from .. import output
from ..exit_codes import ExitCode, complain, run
from ..login import JSON

_EVERYBODY: Final = "255.255.255.255"
_HINT: Final = (
    ": a broadcast does not leave this network (--target ADDRESS asks one device or another network), "
    "nor does it reach what runs on this computer, such as dvrip simulate (--target 127.255.255.255)"
)


def discover(
    target: Annotated[
        list[str] | None,
        typer.Option("--target", metavar="ADDR", help="Broadcast or device address to ask. Repeatable."),
    ] = None,
    interface: Annotated[
        str, typer.Option("--interface", metavar="ADDR", help="Own address to ask from.")
    ] = "0.0.0.0",
    discovery_port: Annotated[
        int, typer.Option("--discovery-port", metavar="N", min=1, max=65535, help="UDP port.")
    ] = DISCOVERY_PORT,
    timeout: Annotated[
        float, typer.Option("--timeout", "-t", metavar="S", min=0.1, help="Seconds to wait for answers.")
    ] = 3.0,
    json: JSON = False,
) -> None:
    """Find the devices of this network. Each is listed once; none found is no error."""
    run(_discover(tuple(target or (_EVERYBODY,)), interface, discovery_port, timeout, json=json), json=json)


async def _discover(
    targets: tuple[str, ...], interface: str, port: int, timeout_s: float, *, json: bool
) -> ExitCode:
    answers = search(targets=targets, port=port, timeout_s=timeout_s, interface=interface)
    found = sorted([device async for device in answers], key=lambda device: _order(device.host))
    if not found:
        complain(f"no device answered{_HINT if targets == (_EVERYBODY,) else ''}")
    if json:
        output.as_json([_fields(device) for device in found])
    elif found:
        rows = ((f"{d.host}:{d.port}", d.hostname, d.serial, d.mac, d.channels, d.firmware) for d in found)
        output.table(("DEVICE", "NAME", "SERIAL", "MAC", "CHANNELS", "FIRMWARE"), rows)
    return ExitCode.DONE


def _order(host: str) -> tuple[int, ...]:
    return tuple(int(part) for part in host.split(".") if part.isdecimal())


def _fields(device: Discovered) -> dict[str, object]:
    return {
        "host": device.host,
        "port": device.port,
        "hostname": device.hostname,
        "serial": device.serial,
        "mac": device.mac,
        "firmware": device.firmware,
        "channels": device.channels,
        "device_type": device.device_type,
    }
