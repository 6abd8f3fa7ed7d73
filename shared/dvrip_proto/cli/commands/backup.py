"""`dvrip config export` and `import`: the configuration of a device in a file, and back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ...config.guards import destination
from ...device import Device
from ...errors import TransportError, UsageError
from .. import output
from ..command import YES, agree
from ..login import JSON
from ..new_file import readable, writable, write_whole
from ..plan_output import DISCONNECT


async def export(
    device: Device,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            callback=writable,
            help="ZIP file to write; - is standard output. Of many devices, {host} is in its name.",
        ),
    ],
    defaults: Annotated[
        bool, typer.Option("--defaults", help="The configuration of the device when it is new.")
    ] = False,
    json: JSON = False,
) -> None:
    """Write the whole configuration of a device to a file. The file holds passwords: hide it.

    Example: dvrip config export 192.168.1.10 gate.zip
    """
    archive = await (device.backup.export_defaults() if defaults else device.backup.export())
    if str(file) == "-":
        sys.stdout.buffer.write(archive)
        return
    write_whole(file, archive, private=True)
    size = len(archive)
    output.result(f"{file}: {size} bytes", {"file": str(file), "bytes": size}, json=json)


async def import_(
    device: Device,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", callback=readable, help="What export wrote, of the same model.")
    ],
    yes: YES = False,
    allow_disconnect: DISCONNECT = False,
    json: JSON = False,
) -> None:
    """Put an exported configuration back. The device may restart.

    It is compared with what the device has: nothing is written when it would move the device or lock this
    computer out, or when what differs cannot be read, unless that is allowed: then each of it is told, and
    where the device is afterwards.

    Example: dvrip config import 192.168.1.10 gate.zip --yes
    """
    try:
        archive = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}") from error
    where = f"{device.host}:{device.port}"
    if not allow_disconnect:
        await device.backup.check(archive)
    dangers = await device.backup.dangers(archive) if allow_disconnect else ()
    for danger in () if json else dangers:
        output.line(f"danger: {danger}")
    agree(f"Replace the configuration of {where}?", yes=yes)
    host, port = destination(dangers)
    there = f"{host or device.host}:{port or device.port}"
    try:
        applied = await device.backup.restore(archive, allow_disconnect=True)
    except TransportError as error:
        doubt = "whether the device took the file over is not known"
        if there != where:
            doubt = f"when the device took the file over, it is at {there} now"
        raise type(error)(f"{error}: {doubt}") from error
    restarts = "; takes effect after a reboot" if applied.reboot_needed else ""
    moves = "" if there == where else f"; look for it at {there}"
    told = {
        "device": where,
        "file": str(file),
        "reboot_needed": applied.reboot_needed,
        "dangers": [str(danger) for danger in dangers],
        "moves_to": None if there == where else there,
    }
    output.result(f"{where}: has the configuration of {file.name}{restarts}{moves}", told, json=json)
