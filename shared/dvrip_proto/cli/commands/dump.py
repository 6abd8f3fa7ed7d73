"""`dvrip dump`: a device's profile without anything private, for a report of a bug."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ...device import Device
from .. import output
from ..login import JSON
from ..new_file import writable, write_whole


async def dump(
    device: Device,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            callback=writable,
            help="JSON file to write; - is standard output. Of many devices, {host} is in its name.",
        ),
    ],
    json: JSON = False,
) -> None:
    """Write what a device is, can and has, without passwords, addresses and names.

    Read it before you post it. `dvrip simulate --profile FILE` then behaves like the device.
    """
    text = output.json_text(await device.dump(), indent=1, sort_keys=True) + "\n"
    if str(file) == "-":
        sys.stdout.write(text)
        return
    write_whole(file, text.encode(), private=True)
    size = len(text.encode())
    output.result(f"{file}: {size} bytes", {"file": str(file), "bytes": size}, json=json)
