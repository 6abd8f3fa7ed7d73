"""`dvrip talk`: say a sound file through the loudspeaker of a device."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ...connection.to_its_end import to_its_end
from ...device import Device
from ...errors import UsageError
from ...features.talk import BLOCK_BYTES, SAMPLE_RATE
from .. import output
from ..exit_codes import ExitCode, until_stopped

if TYPE_CHECKING:
    import av

_CHUNK = 4096  # bytes, half a second


async def talk(
    device: Device,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Sound in any format, or a video's sound.")],
    block: Annotated[
        int, typer.Option("--block", metavar="BYTES", help="160 for devices that crackle.")
    ] = BLOCK_BYTES,
    channel: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="The camera of a recorder's channel.")
    ] = None,
) -> ExitCode:
    """Say a sound file through the device's loudspeaker, until its end or Ctrl-C."""
    sound = _alaw(file)
    chunk = await asyncio.to_thread(next, sound, b"")
    if not chunk:
        raise UsageError(f"{file}: no sound in it")
    try:
        samples = await until_stopped(
            _say(device, sound, chunk, block, None if channel is None else channel - 1)
        )
    finally:
        sound.close()
    if samples is None:
        return ExitCode.INTERRUPTED
    output.line(f"{device.host}:{device.port}: said {samples / SAMPLE_RATE:.1f} s")
    return ExitCode.DONE


async def _say(device: Device, sound: Iterator[bytes], chunk: bytes, block: int, channel: int | None) -> int:
    samples = 0
    async with device.talk.open(channel=channel, block_bytes=block) as conversation:
        while chunk:
            await conversation.send(chunk)
            samples += len(chunk)
            # To its end: a generator that runs cannot be closed.
            chunk = await to_its_end(asyncio.to_thread(next, sound, b""))
    return samples


def _alaw(file: Path) -> Any:
    """Sound of a file as A-law, 8000 samples a second, in pieces. Needs PyAV (extra `av`), imported."""
    try:
        import av
    except ImportError as error:
        raise UsageError("sound files need PyAV: pip install 'dvrip-proto[av]'") from error
    try:
        with av.open(str(file)) as container:
            if not container.streams.audio:
                raise UsageError(f"{file}: no sound in it")
            yield from _encoded(container)
    except (OSError, ValueError) as error:  # what PyAV raises is one of them
        if isinstance(error, UsageError):
            raise
        raise UsageError(f"{file}: {getattr(error, 'strerror', None) or error}") from error


def _encoded(container: av.container.InputContainer) -> Iterator[bytes]:
    import av

    resampler = av.AudioResampler("s16", "mono", SAMPLE_RATE)
    encoder = av.CodecContext.create("pcm_alaw", "w")
    if not isinstance(encoder, av.AudioCodecContext):
        raise TypeError("pcm_alaw is no audio codec")
    encoder.sample_rate, encoder.layout, encoder.format = SAMPLE_RATE, "mono", "s16"
    pending = bytearray()
    for frame in _frames(container):
        for resampled in resampler.resample(frame):
            pending += b"".join(bytes(packet) for packet in encoder.encode(resampled))
        if len(pending) >= _CHUNK or (frame is None and pending):
            yield bytes(pending)
            pending.clear()


def _frames(container: av.container.InputContainer) -> Iterator[av.AudioFrame | None]:
    """Every frame, then None, which empties the resampler."""
    yield from container.decode(audio=0)
    yield None
