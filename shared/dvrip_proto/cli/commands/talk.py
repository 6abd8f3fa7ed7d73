"""`dvrip talk`: say a sound file through the loudspeaker of a device."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...device import Device
from ...features.talk import BLOCK_BYTES
from .. import output
from ..exit_codes import ExitCode, until_stopped
from ..login import JSON
from ..new_file import readable


async def talk(
    device: Device,
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", callback=readable, help="Sound in any format, or a video's sound."),
    ],
    block: Annotated[
        int, typer.Option("--block", metavar="BYTES", help="160 for devices that crackle.")
    ] = BLOCK_BYTES,
    channel: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="The camera of a recorder's channel.")
    ] = None,
    volume: Annotated[int, typer.Option(metavar="%", min=1, max=400, help="How loud.")] = 100,
    json: JSON = False,
) -> ExitCode:
    """Say a sound file through the device's loudspeaker, until its end or Ctrl-C.

    Example: dvrip talk 192.168.1.10 doorbell.wav
    """
    camera = None if channel is None else channel - 1
    seconds = await until_stopped(device.talk.say(file, channel=camera, block_bytes=block, volume=volume))
    if seconds is None:
        return ExitCode.INTERRUPTED
    where = f"{device.host}:{device.port}"
    output.result(
        f"{where}: said {seconds:.1f} s", {"device": where, "seconds": round(seconds, 1)}, json=json
    )
    return ExitCode.DONE
