"""`dvrip info` and `dvrip time`: what a device is, and its clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from ...device import Device
from ...errors import RequestError, UnsupportedError, UsageError
from ...features.storage import Disk
from ...features.zones import zoned_time
from .. import book, output
from ..complete import complete_device
from ..exit_codes import ExitCode, told
from ..fleet import HOSTS_HELP, PARALLEL, Answer, ask, places, worst
from ..login import JSON, Login

_MIB_A_GIB = 1024


async def info(
    login: Login,
    host: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="HOST",
            help=f"Any number of devices; without any, all that have names. {HOSTS_HELP}",
            autocompletion=complete_device,
        ),
    ] = None,
    parallel: PARALLEL = 32,
    json: JSON = False,
) -> ExitCode:
    """Show what devices are: model, firmware, serial number, channels, disks."""
    words = host or list(book.devices())
    if not words:
        raise UsageError(f"which device? No one has a name in {book.path()}")
    answers = await ask(login, places(words), _about, parallel=parallel)
    single = len(host or ()) == 1 and not words[0].startswith("@")
    if json:
        rows = [
            {"host": each.host, **(told(each.error) if each.error else each.value or {})} for each in answers
        ]
        output.as_json(rows[0] if single else rows)
    elif single:
        if answers[0].value is not None:
            output.fields({"address": answers[0].address, **_for_people(answers[0].value)})
    else:
        _print_many(answers)
    return worst(answers)


async def _about(device: Device, _name: str) -> dict[str, object]:
    found = await device.system.info()
    try:
        disks = await device.storage.disks()
    except RequestError:  # cameras without a card refuse the question
        disks = []
    return {
        "port": device.port,
        "login": device.entry.way,
        "serial": found.serial,
        "model": found.model,
        "hardware": found.hardware,
        "firmware": found.firmware,
        "build_time": found.build_time,
        "device_type": device.login_reply.device_type,
        "channels": found.channel_count,
        "video_inputs": found.video_inputs,
        "digital_channels": found.digital_channels,
        "audio_inputs": found.audio_inputs,
        "alarm_inputs": found.alarm_inputs,
        "alarm_outputs": found.alarm_outputs,
        "uptime_s": round(found.uptime.total_seconds()),
        "disks": [_disk(disk) for disk in disks],
    }


def _disk(disk: Disk) -> dict[str, object]:
    return {
        "number": disk.number,
        "formatted": disk.formatted,
        "total_mib": sum(part.total_mib for part in disk.partitions),
        "remaining_mib": sum(part.remaining_mib for part in disk.partitions),
    }


def _for_people(about: dict[str, object]) -> dict[str, object]:
    disks = about["disks"]
    sizes = [
        f"{disk['remaining_mib'] / _MIB_A_GIB:.1f} of {disk['total_mib'] / _MIB_A_GIB:.1f} GiB free"
        for disk in (disks if isinstance(disks, list) else [])
    ]
    shown = {
        name.replace("_", " "): value
        for name, value in about.items()
        if name not in ("port", "disks", "uptime_s")
    }
    return {**shown, "uptime": _duration(about["uptime_s"]), "disks": ", ".join(sizes) or None}


def _duration(seconds: object) -> str:
    minutes = int(str(seconds)) // 60
    return f"{minutes // 1440} d {minutes // 60 % 24} h {minutes % 60} min"


def _print_many(answers: list[Answer[dict[str, object]]]) -> None:
    names = ("model", "firmware", "serial", "channels")
    rows = [
        (answer.host, *((answer.value or {}).get(name) for name in names), "failed" if answer.error else "ok")
        for answer in answers
    ]
    output.table(("DEVICE", *(name.upper() for name in names), "RESULT"), rows)


def _known(zone: str | None) -> str | None:
    if zone is not None:
        zoned_time(datetime.now(UTC), zone)  # a device that keeps its own zone would never be asked
    return zone


async def time(
    device: Device,
    sync: Annotated[
        bool, typer.Option("--sync", help="Set the device's clock, to the local time of where it stands.")
    ] = False,
    tolerance: Annotated[
        float, typer.Option("--tolerance", metavar="S", min=0, help="Difference that --sync leaves alone.")
    ] = 2.0,
    zone: Annotated[
        str | None,
        typer.Option(
            "--zone",
            metavar="ZONE",
            callback=_known,
            help="Where a device stands that keeps no time zone: Europe/Berlin.",
        ),
    ] = None,
    json: JSON = False,
) -> None:
    """Show the clock of a device, or set it."""
    was_set = sync and await device.system.sync_time(tolerance, zone=zone)
    try:
        ours = await device.system.local_time(zone=zone)
    except UnsupportedError:
        ours = datetime.now()
    theirs = await device.system.time()
    ahead_s = _ahead_s(theirs, ours)
    if json:
        output.as_json(
            {"device": theirs, "computer": ours.replace(microsecond=0), "ahead_s": ahead_s, "set": was_set}
        )
        return
    difference = f"{abs(ahead_s)} s {'ahead' if ahead_s > 0 else 'behind'}" if ahead_s else "right"
    output.line(f"{theirs}  {difference}{', was set' if was_set else ''}")


def _ahead_s(theirs: datetime, ours: datetime) -> int:
    """Return by how many seconds a clock is ahead that tells seconds, and no fractions of them."""
    ahead = (theirs - ours).total_seconds()
    return 0 if -1 <= ahead <= 0 else round(ahead if ahead > 0 else ahead + 1)
