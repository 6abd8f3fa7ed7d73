"""`dvrip upgrade`: new firmware for a device."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from ...device import Device
from ...errors import UsageError
from ...features.firmware.package import Firmware
from ...features.firmware.upgrade import OnProgress, Upgraded, UpgradePhase, UpgradeProgress
from .. import output
from ..command import YES, agree
from ..exit_codes import ExitCode, complain
from ..login import JSON
from ..new_file import readable

_BACK_S = 300.0


async def upgrade(
    device: Device,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", callback=readable, help="Firmware file of the device's maker.")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only check whether the file is whole and for this device.")
    ] = False,
    force: Annotated[
        bool,
        typer.Option("--force", help="Send a file that is for another device. It may never start again."),
    ] = False,
    yes: YES = False,
    back: Annotated[
        float, typer.Option("--back", metavar="S", min=1, help="Seconds to wait for the restarted device.")
    ] = _BACK_S,
    json: JSON = False,
) -> ExitCode:
    """Put firmware on a device. It takes minutes and must not lose its power meanwhile."""
    if force and output.keeps():
        raise UsageError("--force is for one device, not for all of a file")
    firmware = await asyncio.to_thread(Firmware.read, file)
    reasons = await device.upgrade.misfits(firmware)
    if dry_run:
        return await _tell_check(device, firmware, reasons, json=json)
    if reasons and not force:
        raise UsageError(f"{file} is not for {device.connection.where}: {'; '.join(reasons)}")
    for reason in reasons:
        complain(f"{file}: {reason}: sent nevertheless")
    agree(f"Put {file.name} on {device.host}:{device.port}?", yes=yes)
    with _bar() as progress:
        done = await device.upgrade.install(firmware, force=force, progress=progress, back_s=back)
    _tell_result(device, done, json=json)
    return ExitCode.DONE


async def _tell_check(
    device: Device, firmware: Firmware, reasons: tuple[str, ...], *, json: bool
) -> ExitCode:
    info = await device.system.info()
    installed = firmware.is_installed(info.firmware, info.build_time)
    told = {
        "file": firmware.path.name,
        "release": firmware.release,
        "date": firmware.date and firmware.date.isoformat(),
        "hardware": firmware.hardware,
        "vendor": firmware.vendor,
        "fits": not reasons,
        "misfits": list(reasons),
        "installed": installed,
    }
    if json:
        output.as_json(told)
    else:
        output.fields({**told, "misfits": "; ".join(reasons) or None})
    return ExitCode.REFUSED if reasons else ExitCode.DONE


def _tell_result(device: Device, done: Upgraded, *, json: bool) -> None:
    if json:
        output.as_json(
            {
                "before": {"firmware": done.before.firmware, "build_time": done.before.build_time},
                "after": {"firmware": done.after.firmware, "build_time": done.after.build_time},
                "changed": done.changed,
                "confirmed": done.confirmed,
            }
        )
        return
    news = "has" if done.changed else "still has"
    output.line(f"{device.host}:{device.port}: {news} {done.after.firmware} of {done.after.build_time}")


@contextmanager
def _bar() -> Iterator[OnProgress]:
    """A bar a phase on standard error, when somebody looks at it."""
    columns = (TextColumn("{task.description:<10}"), BarColumn(), TaskProgressColumn())
    with Progress(
        *columns, console=Console(file=sys.stderr), disable=output.keeps() or not sys.stderr.isatty()
    ) as bars:
        tasks = {
            phase: bars.add_task(phase.value, total=100, start=False, visible=False) for phase in UpgradePhase
        }

        def progress(step: UpgradeProgress) -> None:
            task = tasks[step.phase]
            bars.start_task(task)
            bars.update(task, completed=step.percent, visible=True)

        yield progress
