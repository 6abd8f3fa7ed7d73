"""Disks and memory cards of a device."""

from __future__ import annotations

from typing import Annotated

import typer

from ...device import Device
from ...errors import UsageError
from ...features.storage import ERASE, Disk
from .. import output
from ..command import on_device, on_devices
from ..lazy import list_first
from ..login import JSON

app = typer.Typer(
    cls=list_first("show"), no_args_is_help=True, help=f"{__doc__} `dvrip storage HOST` shows them."
)

_MIB_A_GIB = 1024
_FINE = 0


@app.command("show")
@on_devices
async def listing(device: Device, json: JSON = False) -> None:
    """Show disks and their partitions. With overwriting on, a healthy one is full for ever."""
    disks = await device.storage.disks()
    if json:
        output.as_json([_fields(number, disk) for number, disk in enumerate(disks, 1)])
        return
    rows: list[tuple[object, ...]] = []
    for number, disk in enumerate(disks, 1):
        if not disk.formatted:
            rows.append((number, 1, "not formatted", *[None] * 5))
            continue
        for index, part in enumerate(disk.partitions, 1):
            status = "fine" if part.status == _FINE else f"error {part.status}"
            sizes = (f"{size / _MIB_A_GIB:.1f}" for size in (part.total_mib, part.remaining_mib))
            rows.append((number, index, part.kind, *sizes, status, part.oldest, part.newest))
    output.table(("DISK", "PARTITION", "USE", "GIB", "FREE", "STATUS", "OLDEST", "NEWEST"), rows)


@app.command("format")
@on_device
async def erase(
    device: Device,
    disk: Annotated[int, typer.Argument(metavar="DISK", min=1, help="Number of the disk.")],
    partition: Annotated[int, typer.Option("--partition", metavar="N", min=1, help="Its partition.")] = 1,
    yes_erase: Annotated[
        int | None,
        typer.Option("--yes-erase", metavar="DISK", help="The number again: its recordings will be lost."),
    ] = None,
    json: JSON = False,
) -> None:
    """Format a partition of a disk. All recordings on it are lost; it takes up to a minute."""
    if yes_erase != disk:
        raise UsageError(f"all recordings on disk {disk} would be lost: give --yes-erase {disk}")
    restart = await device.storage.clear(disk - 1, partition - 1, confirm=ERASE)
    where = f"{device.host}:{device.port}"
    done = f"{where}: disk {disk} partition {partition} is empty"
    told = {"device": where, "disk": disk, "partition": partition, "reboot_needed": restart}
    output.result(f"{done}; the device must be restarted" if restart else done, told, json=json)


def _fields(number: int, disk: Disk) -> dict[str, object]:
    return {
        "disk": number,
        "formatted": disk.formatted,
        "partitions": [
            {
                "partition": index,
                "use": part.kind,
                "current": part.current,
                "total_mib": part.total_mib,
                "remaining_mib": part.remaining_mib,
                "status": part.status,
                "oldest": part.oldest,
                "newest": part.newest,
            }
            for index, part in enumerate(disk.partitions, 1)
        ],
    }
