"""`dvrip logs`: what a device remembers."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ...device import Device
from ...errors import UsageError
from ...features.logs import LogEntry, LogKind
from .. import output
from ..command import YES, agree
from ..login import JSON
from ..moments import FROM, TO
from ..new_file import writable, write_whole


class Kind(StrEnum):
    """What entries are about: the members of LogKind."""

    ALL = "all"
    SYSTEM = "system"
    CONFIG = "config"
    STORAGE = "storage"
    ALARM = "alarm"
    RECORD = "record"
    ACCOUNT = "account"
    FILE_ACCESS = "file_access"


async def logs(
    device: Device,
    since: FROM = None,
    until: TO = None,
    kind: Annotated[Kind, typer.Option("--type", help="What about.")] = Kind.ALL,
    export: Annotated[
        Path | None,
        typer.Option(
            "--export",
            metavar="FILE",
            callback=writable,
            help="The device's own ZIP of it instead. Of many devices, {host} is in its name.",
        ),
    ] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Remove every entry instead.")] = False,
    yes: YES = False,
    json: JSON = False,
) -> None:
    """Show the log of a device, the oldest entry first. Times are the device's own."""
    if export is not None and clear:
        raise UsageError("give --export or --clear")
    if export is not None:
        await _export(device, export, json=json)
    elif clear:
        await _clear(device, asked=yes, json=json)
    else:
        found = [entry async for entry in device.logs.entries(since, until, kind=LogKind[kind.name])]
        _print(found, json=json)


def _print(found: list[LogEntry], *, json: bool) -> None:
    if json:
        output.as_json(
            [
                {
                    "position": entry.position,
                    "time": entry.time,
                    "event": entry.event,
                    "user": entry.user,
                    "data": entry.data,
                }
                for entry in found
            ]
        )
    else:
        output.table(("TIME", "EVENT", "USER", "DATA"), ((e.time, e.event, e.user, e.data) for e in found))


async def _export(device: Device, file: Path, *, json: bool) -> None:
    archive = await device.logs.export()
    await asyncio.to_thread(write_whole, file, archive)
    size = len(archive)
    output.result(f"{file}: {size} bytes", {"file": str(file), "bytes": size}, json=json)


async def _clear(device: Device, *, asked: bool, json: bool) -> None:
    where = f"{device.host}:{device.port}"
    agree(f"Remove the whole log of {where}?", yes=asked)
    await device.logs.clear()
    output.result(f"{where}: the log is empty", {"device": where, "cleared": True}, json=json)
