"""Downloads into files: complete under their name, or `.part`, to go on with another time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from ...connection.to_its_end import to_its_end
from ...errors import ProtocolError
from ...media.remux import remux_file
from ...stream import MediaStream
from ...wire.media import FrameKind, MediaFrame
from .part_file import Mark, PartFile
from .recording import Recording

BATCH_BYTES = 1024 * 1024
# Devices seek to a key frame before or behind the wanted second: go back further than any is apart.
_BACK = timedelta(seconds=15)

type Progress = Callable[[int, int], None]
"""Takes the bytes that are there, and how many there will be, 0 when nobody knows."""

type Download = Callable[[datetime | None], AbstractAsyncContextManager[MediaStream]]
"""Opens the recording from a time on, or whole; frames come with their headers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A file with a whole recording: from its first to its last key frame, by the device's clock.

    `codec` is h264, h265, jpeg ...; "" when it is unknown.
    """

    path: Path
    size_bytes: int
    codec: str
    begin: datetime | None
    end: datetime | None


async def save(
    download: Download,
    recording: Recording,
    path: Path,
    *,
    headers: bool,
    progress: Progress,
    resume: bool,
    batch_bytes: int = BATCH_BYTES,
) -> Saved:
    """Download into a file; what was there under its name stays until the new one is whole."""
    async with _begun(path, resume=resume) as file:
        await _fill(file, download, partial(_copy, file, recording, progress, batch_bytes), recording)
        if not file.size:
            raise ProtocolError(f"{path}: the device sent nothing of {recording}")
        await blocking(lambda: file.finish(headers=headers))
    return Saved(path=path, size_bytes=file.size, codec=file.codec, begin=file.begin, end=file.end)


async def save_picture(fetch: Callable[[], Awaitable[bytes]], recording: Recording, path: Path) -> Saved:
    """Fetch a picture into a file."""
    async with _begun(path, resume=False) as file:
        picture = MediaFrame(kind=FrameKind.JPEG, payload=await fetch(), time=recording.begin)
        await blocking(lambda: file.write([picture]))
        await blocking(lambda: file.finish(headers=True))
    return Saved(path=path, size_bytes=file.size, codec=file.codec, begin=file.begin, end=file.end)


@asynccontextmanager
async def _begun(path: Path, *, resume: bool) -> AsyncIterator[PartFile]:
    """The file on its way; whatever ends the block, it is closed, also one that was just being opened."""
    begun: list[PartFile] = []
    try:
        await blocking(lambda: begun.append(PartFile(path, resume=resume)))
        yield begun[0]
    finally:
        for file in begun:
            await blocking(file.close)


async def blocking[T](work: Callable[[], T]) -> T:
    """Run in a thread, to its end even when cancelled: nothing else may touch the file meanwhile."""
    return await to_its_end(asyncio.to_thread(work))


async def _fill(
    file: PartFile,
    download: Download,
    copy: Callable[[MediaStream], Awaitable[None]],
    recording: Recording,
) -> None:
    if file.mark is not None and file.mark.time - _BACK <= (recording.end or datetime.max):
        async with download(_before(file.mark, recording)) as frames:
            if await _arrives(frames, file.mark):
                await blocking(file.go_on)
                await copy(frames)
                return
    async with download(None) as frames:
        await blocking(file.start_over)
        await copy(frames)


def _before(mark: Mark, recording: Recording) -> datetime | None:
    begin = mark.time - _BACK
    return begin if recording.begin is None or begin > recording.begin else None


async def _arrives(frames: MediaStream, mark: Mark) -> bool:
    """Whether the very key frame comes at which the part ends; another at its time is another recording."""
    async for frame in frames:
        if frame.kind is FrameKind.I and frame.time is not None:
            if frame.payload == mark.data:
                return True
            if frame.time > mark.time:
                return False
    return False


async def contain(saved: Saved, file: Path) -> Saved:
    """Turn what was saved with its headers into a container, and remove it."""

    def turn() -> int:
        remux_file(saved.path, file)
        saved.path.unlink()
        return file.stat().st_size

    return replace(saved, path=file, size_bytes=await blocking(turn))


async def _copy(
    file: PartFile, recording: Recording, progress: Progress, batch_bytes: int, frames: MediaStream
) -> None:
    batch: list[MediaFrame] = []
    held = 0
    expected = recording.size_kib * 1024
    progress(file.size, expected)
    try:
        async for frame in frames:
            batch.append(frame)
            held += len(frame.payload)
            if held >= batch_bytes:
                full, batch, held = batch, [], 0
                await blocking(partial(file.write, full))
                progress(file.size, expected)
    finally:
        if batch:
            await blocking(partial(file.write, batch))
    progress(file.size, expected)
