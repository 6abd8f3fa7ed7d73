"""`dvrip snapshot` and `dvrip record`: what a camera sees, in a file."""

from __future__ import annotations

import sys
from dataclasses import asdict
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from ...device import Device
from ...errors import UsageError
from ...media.new_file import fresh
from ...relay import take_picture
from .. import output, recording
from ..exit_codes import ExitCode, complain, until_stopped
from ..login import CHANNEL, JSON, wire_channel


class Stream(StrEnum):
    """The two streams of a channel, as people call them."""

    MAIN = "main"
    SUB = "sub"

    @property
    def wire(self) -> str:
        """The device's name for it."""
        return "Main" if self is Stream.MAIN else "Extra1"


STREAM = Annotated[Stream, typer.Option("--stream", help="Full picture, or the small one.")]


async def snapshot(
    device: Device,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JPEG file to write; - is standard output.")],
    channel: CHANNEL = 1,
    json: JSON = False,
) -> None:
    """Take a picture; of the video stream when the device takes none itself.

    Example: dvrip snapshot 192.168.1.10 gate.jpg --channel 2
    """
    picture = await take_picture(device, await wire_channel(device, channel))
    if str(file) == "-":
        sys.stdout.buffer.write(picture)
        return
    part = file.with_name(f"{file.name}.part")
    try:
        with fresh(part) as target:
            target.write(picture)
        part.replace(file)
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}") from error
    size = len(picture)
    output.result(f"{file}: {size} bytes", {"file": str(file), "bytes": size}, json=json)


def _checked(file: Path) -> Path:
    try:
        recording.check(file)
    except UsageError as error:
        raise typer.BadParameter(str(error)) from error
    return file


async def record(
    device: Device,
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="Ends in .mp4, .mkv, .h264 or .h265.", callback=_checked),
    ],
    channel: CHANNEL = 1,
    stream: STREAM = Stream.MAIN,
    seconds: Annotated[
        float | None,
        typer.Option("--seconds", metavar="S", min=0.1, help="How long; until Ctrl-C without it."),
    ] = None,
    json: JSON = False,
) -> ExitCode:
    """Record live video without coding it again.

    Example: dvrip record 192.168.1.10 gate.mp4 --seconds 30
    """
    recorded = recording.Recorded()
    opening = partial(device.monitor.open, await wire_channel(device, channel), stream.wire)
    await until_stopped(recording.record(opening, file, seconds, recorded))
    if not recorded.codec:
        complain(f"{file}: nothing was recorded")
        return ExitCode.INTERRUPTED
    sound = " with sound" if recorded.sound else ""
    what = f"{recorded.codec} {recorded.width}x{recorded.height}{sound}"
    size = file.stat().st_size
    text = f"{file}: {recorded.seconds:.1f} s of {what}, {size} bytes"
    output.result(text, {"file": str(file), "bytes": size, **asdict(recorded)}, json=json)
    return ExitCode.DONE
