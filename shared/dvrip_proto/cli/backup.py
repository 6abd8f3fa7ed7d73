"""`dvrip backup`: the configuration of a device in a file, and back."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from ..device import Device
from ..errors import UsageError
from . import show
from .reach import on_device

_OWNER_ONLY = 0o600

app = typer.Typer(
    no_args_is_help=True,
    help="Take the configuration out of a device, or put it back. The file holds passwords: hide it.",
)


async def export(
    device: Device,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="ZIP file to write; - is standard output.")],
    defaults: Annotated[
        bool, typer.Option("--defaults", help="The configuration of the device when it is new.")
    ] = False,
) -> None:
    """Write the device's configuration to a file."""
    archive = await (device.backup.export_defaults() if defaults else device.backup.export())
    if str(file) == "-":
        sys.stdout.buffer.write(archive)
        return
    write_whole(file, archive)
    show.line(f"{file}: {len(archive)} bytes")


async def import_(
    device: Device,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What export wrote, of the same model.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Put a device's configuration back. It may restart, and then have the address of the file."""
    try:
        archive = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}") from error
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError("an import asks first: give --yes")
        typer.confirm(f"Replace the configuration of {device.host}:{device.port}?", abort=True)
    applied = await device.backup.restore(archive)
    restarts = ", it restarts" if applied.reboot_needed else ""
    show.line(f"{device.host}:{device.port}: has the configuration of {file.name}{restarts}")


def write_whole(file: Path, data: bytes) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    part = file.with_name(f"{file.name}.part")
    try:
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "wb") as target:
            target.write(data)
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UsageError(f"{file}: {error.strerror or error}") from error


app.command()(on_device(export))
app.command("import")(on_device(import_))
