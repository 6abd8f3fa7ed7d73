"""Live video into a file without coding the pictures again: raw as the device sends it, or in a container.

1. A file appears under its name when it is complete; what came before an error, or before the end of the
   waiting task, is kept.
2. A stream that breaks while the device is there is opened again for OUTAGE_S, into the same file.
3. MP4, QuickTime and Matroska need PyAV (extra `av`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from ..errors import (
    AuthenticationError,
    DvripError,
    TransportError,
    UnsupportedError,
    UsageError,
)
from ..media.new_file import fresh
from ..stream import OpenStream
from .live_writers import ChangedError, Recorded, Writer, suffix_of, writer_to

type OnRecorded = Callable[[Recorded], object]

OUTAGE_S: Final = 15.0
_ENDED: Final = frozenset({".mp4", ".mov"})
_PAUSE_S: Final = 0.5


_FINAL: Final = (AuthenticationError, ChangedError, UnsupportedError, UsageError)  # trying again is in vain


async def record_file(
    open_stream: OpenStream,
    file: Path,
    *,
    seconds: float | None,
    progress: OnRecorded,
    gone: Callable[[], bool],
) -> Recorded:
    """Write `seconds` of a stream into a file, or until cancelled."""
    if seconds is not None and not seconds >= 0:
        raise UsageError(f"{file}: a recording has a number of seconds, not {seconds:g}")
    suffix = await asyncio.to_thread(suffix_of, file)
    part = file.with_name(f"{file.name}.part")
    writer: Writer | None = None
    try:
        with fresh(part) as target:
            writer = writer_to(target, suffix, str(file), whole=True)
            await record(open_stream, writer, seconds=seconds, progress=progress, gone=gone)
    except OSError as error:
        if writer is not None:  # it is ours; MP4 and QuickTime are nothing without their end
            _end(part, file, keeps=bool(writer.recorded.codec) and suffix not in _ENDED)
        raise UsageError(f"{file}: {error.strerror or error}") from error
    except BaseException:
        _end(part, file, keeps=writer is not None and bool(writer.recorded.codec))
        raise
    _end(part, file, keeps=bool(writer.recorded.codec))
    return writer.recorded


def _end(part: Path, file: Path, *, keeps: bool) -> None:
    with suppress(FileNotFoundError):
        if keeps and part.stat().st_size:
            part.replace(file)
        else:
            part.unlink()


async def record(
    open_stream: OpenStream,
    writer: Writer,
    *,
    seconds: float | None,
    progress: OnRecorded,
    gone: Callable[[], bool],
) -> None:
    """Hand frames to a writer for so long, or until cancelled, and close it; `gone` is without hope."""
    try:
        async with asyncio.timeout(OUTAGE_S) as patience:
            while True:
                try:
                    if await _copy(open_stream, writer, seconds, progress, patience):
                        return
                    raise TransportError(f"{writer.name}: the device ended the stream")
                except _FINAL:
                    raise
                except DvripError:
                    if gone() or not writer.recorded.codec:
                        raise
                writer.interrupt()
                await asyncio.sleep(_PAUSE_S)
    except TimeoutError as error:
        raise TransportError(f"{writer.name}: no picture for {OUTAGE_S:g} s") from error
    finally:
        writer.close()


async def _copy(
    open_stream: OpenStream,
    writer: Writer,
    seconds: float | None,
    progress: OnRecorded,
    patience: asyncio.Timeout,
) -> bool:
    """Write what one stream brings; whether that was all that was wanted."""
    loop = asyncio.get_running_loop()
    async with open_stream() as frames:
        async for frame in frames:
            before = writer.recorded
            writer.take(frame, loop.time())
            if writer.recorded is before:
                continue
            patience.reschedule(loop.time() + OUTAGE_S)
            progress(writer.recorded)
            if seconds is not None and writer.recorded.seconds >= seconds:
                return True
    return False
