"""`dvrip snapshot` and `dvrip record`: what a camera sees, in a file."""

from __future__ import annotations

import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ...device import Device
from ...errors import UnsupportedError, UsageError
from ...features.live_writers import Recorded, suffix_of
from ...relay import take_picture
from .. import output
from ..exit_codes import ExitCode, undone, until_stopped
from ..login import CHANNEL, JSON, wire_channel
from ..new_file import writable, write_whole
from ..seconds import Seconds
from ..streams import STREAM, Stream


async def snapshot(
    device: Device,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            callback=writable,
            help="JPEG file to write; - is standard output. Of many devices, {host} is in its name.",
        ),
    ],
    channel: CHANNEL = 1,
    json: JSON = False,
) -> None:
    """Take a picture; of the video stream when the device takes none itself.

    Example: dvrip snapshot 192.168.1.10 gate.jpg --channel 2
    """
    picture = await take_picture(device, await wire_channel(device, channel))
    if str(file) == "-":
        _refuse_terminal("a picture")
        sys.stdout.buffer.write(picture)
        return
    write_whole(file, picture)
    size = len(picture)
    output.result(f"{file}: {size} bytes", {"file": str(file), "bytes": size}, json=json)


def _checked(file: Path) -> Path | None:
    if str(file) == "-":
        return file
    try:
        suffix_of(Path(file.name) if "{host}" in str(file.parent) else file)
    except (UsageError, UnsupportedError) as error:
        raise typer.BadParameter(str(error)) from error
    return writable(file)


class Kind(StrEnum):
    """What goes through a pipe."""

    MKV = "mkv"
    MP4 = "mp4"
    H264 = "h264"
    H265 = "h265"


async def record(
    device: Device,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="Ends in .mp4, .mkv, .h264 or .h265; - is standard output, for a player or a pipe. "
            "Of many devices, {host} is in its name.",
            callback=_checked,
        ),
    ],
    channel: CHANNEL = 1,
    stream: STREAM = Stream.MAIN,
    seconds: Annotated[
        float | None,
        typer.Option("--seconds", metavar="S", min=0.1, help="How long; until Ctrl-C without it."),
    ] = None,
    kind: Annotated[
        Kind, typer.Option("--kind", help="What - gets; h264 and h265 without sound.")
    ] = Kind.MKV,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Also a file that is there.")] = False,
    json: JSON = False,
) -> ExitCode:
    """Record live video without coding it again. Many devices end together, with Ctrl-C or after --seconds.

    Example: dvrip record 192.168.1.10 gate.mp4 --seconds 30

    Example: dvrip record @cameras.txt '{host}.mkv'

    Example: dvrip record 192.168.1.10 - | mpv -
    """
    at = await wire_channel(device, channel)
    if str(file) == "-":
        _refuse_terminal("video")
        piping = device.monitor.record_to(
            sys.stdout.buffer, kind.value, channel=at, stream=stream.wire, seconds=seconds
        )
        await until_stopped(piping)
        return ExitCode.DONE
    if file.exists() and not overwrite:
        raise UsageError(f"{file}: is there already: another name, or --overwrite")
    with Seconds(file.name) as shown:
        heard = Last(shown)
        await until_stopped(
            device.record(file, channel=at, stream=stream.wire, seconds=seconds, progress=heard)
        )
    recorded = heard.recorded
    if not recorded.codec:
        return undone(f"{file}: nothing was recorded", json=json)
    sound = " with sound" if recorded.sound else ""
    what = f"{recorded.codec} {recorded.width}x{recorded.height}{sound}"
    size = file.stat().st_size
    text = f"{file}: {recorded.seconds:.1f} s of {what}, {size} bytes"
    output.result(
        text,
        {"file": str(file), "bytes": size, **asdict(recorded), "seconds": round(recorded.seconds, 3)},
        json=json,
    )
    return ExitCode.DONE


class Last:
    """What a recording has told last, shown while it goes on."""

    def __init__(self, shown: Seconds) -> None:
        self.recorded = Recorded()
        self._shown = shown

    def __call__(self, recorded: Recorded) -> None:
        """Hear of another picture."""
        self.recorded = recorded
        self._shown.show(recorded.seconds)


def _refuse_terminal(what: str) -> None:
    if sys.stdout.isatty():
        raise UsageError(f"{what} is nothing for a terminal: give a file, or send it on with |")
