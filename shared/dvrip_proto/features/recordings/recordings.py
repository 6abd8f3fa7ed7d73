"""Recordings on the disks of a device: find, play, download."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from functools import partial
from pathlib import Path

from ...connection import Connection
from ...errors import ProtocolError
from ...media.container import CONTAINERS, import_av
from ...media.jpeg import jpeg
from ...media.picture import check_jpeg
from ...media.units import KeyFrame
from ...stream import MediaStream
from ...wire.jpeg_frame import MAX_BYTES, unwrapped
from ...wire.media import FrameKind, MediaFrame, MediaParser
from .download import BATCH_BYTES, Progress, Saved, contain, save, save_picture
from .file_query import PAGES_A_DAY, Habits, search
from .playback import Pace, Playback, Player
from .recording import Recording
from .thumbnail import thumbnail
from .timeline import Timeline, Timelines


class Recordings:
    """Finds recordings and brings them home. All times are the device's local ones; channels count from 0."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._player = Player(connection)
        self._timelines = Timelines(connection)
        self._habits = Habits()
        self.pages_a_day = PAGES_A_DAY
        """A day of more pages is taken for one that never ends."""
        self.batch_bytes = BATCH_BYTES
        """How much is held before it is written into a file."""

    @property
    def pace(self) -> Pace:
        """How long recorded media may be without progress; its fields may be set."""
        return self._player.pace

    def search(
        self,
        begin: datetime,
        end: datetime,
        *,
        channel: int = 0,
        stream: str = "Main",
        kind: str = "h264",
        events: Collection[str] | None = None,
    ) -> AsyncIterator[Recording]:
        """Recordings that overlap a span of time, sorted, each once; `kind` "jpg" finds pictures.

        `events` are the words or letters that are wanted (EVENT_NAMES: "motion", "M"), None for all;
        UsageError for what is neither.
        """
        return search(
            self._connection,
            begin,
            end,
            channel=channel,
            stream=stream,
            kind=kind,
            events=events,
            pages_a_day=self.pages_a_day,
            habits=self._habits,
            says=partial(self._timelines.says, kind=kind),
        )

    async def timeline(self, day: date, *, channel: int = 0, stream: str = "Main") -> Timeline:
        """Which minutes of a day are recorded, in one request. UnsupportedError from most cameras."""
        return await self._timelines.day(day, channel=channel, stream=stream)

    async def calendar(self, year: int, month: int, *, kind: str = "h264") -> frozenset[date]:
        """Days of a month with recordings of any channel."""
        return await self._timelines.month(year, month, kind=kind)

    async def year_calendar(self, year: int, *, kind: str = "h264") -> frozenset[date]:
        """Days of a year with recordings of any channel; recorders know it, many cameras do not."""
        return await self._timelines.year(year, kind=kind)

    def download(
        self,
        recording: Recording,
        *,
        begin: datetime | None = None,
        end: datetime | None = None,
        any_time: bool = False,
    ) -> AbstractAsyncContextManager[MediaStream]:
        """Frames of a recording, or of the part between two times, as fast as they come, to its end.

        A Recording without a name is a stretch of time. Recorders of the NBD8008R-U kind play channel 0
        then, whichever is asked for. Pictures of another time are a ProtocolError, for some devices send
        another recording; with `any_time` they are taken: cameras of a recorder may have clocks of their own.
        """
        return self._player.download(recording, begin=begin, end=end, any_time=any_time)

    def play(
        self,
        recording: Recording,
        *,
        begin: datetime | None = None,
        end: datetime | None = None,
        any_time: bool = False,
    ) -> AbstractAsyncContextManager[Playback]:
        """Frames of a recording, or of the part between two times, at their own pace, with pause and seek."""
        return self._player.play(recording, begin=begin, end=end, any_time=any_time)

    async def picture(self, recording: Recording) -> bytes:
        """A picture (kind "jpg") from the disk, as JPEG; video under such a name needs PyAV (extra `av`)."""
        pieces: list[bytes] = []
        size = 0
        async with self._player.download(recording, begin=None, end=None, cutter=_Pieces()) as stream:
            async for piece in stream:
                pieces.append(piece.payload)
                size += len(piece.payload)
                if size > MAX_BYTES:
                    break
        data = b"".join(pieces) if size <= MAX_BYTES else b""
        picture = check_jpeg(unwrapped(data))
        if not picture and recording.kind == "jpg":
            frames = MediaParser(recording.channel).feed(data)
            key = next((frame for frame in frames if frame.kind is FrameKind.I), None)
            picture = b"" if key is None else await _drawn(key)
        if not picture:
            where = self._connection.where
            raise ProtocolError(f"{where}: {recording}: the device sent {size} bytes that are no picture")
        return picture

    async def thumbnail(self, recording: Recording, *, width: int = 320, height: int = 240) -> bytes:
        """Small picture of a recording or picture, made by the device, as JPEG.

        From the vendor's library. UnsupportedError from most devices: the first key frame is a picture, too.
        """
        return await thumbnail(self._connection, recording.name, width, height)

    async def still(self, recording: Recording, *, begin: datetime | None = None) -> bytes:
        """First picture of a recording, or from a time of it on, as JPEG. Needs PyAV (extra `av`).

        ProtocolError when no key frame comes, or a broken one.
        """
        async with self._player.download(recording, begin=begin, end=None) as stream:
            async for frame in stream:
                if frame.kind is FrameKind.I:
                    break
            else:
                raise ProtocolError(f"{self._connection.where}: {recording}: there is no picture in it")
        return await _drawn(frame)

    async def save(
        self,
        recording: Recording,
        path: str | Path,
        *,
        headers: bool = False,
        progress: Progress | None = None,
        resume: bool = False,
        any_time: bool = False,
    ) -> Saved:
        """Download into a file: pictures alone (Annex-B video), or every frame with its header and the sound.

        A name that ends in .mp4, .mov or .mkv gets video and sound (extra `av`); what comes waits beside it
        as .dvrip. `progress` hears of the bytes that came, and of those expected: 0 where nobody knows.

        The name appears with the whole content, never before; until then it is `NAME.part`, and `resume` goes
        on with what a broken download left there. UsageError for what the file system refuses; ProtocolError
        when pictures of another time come, unless `any_time` takes them.
        """
        file = Path(path)
        if recording.kind == "jpg":
            return await save_picture(lambda: self.picture(recording), recording, file)

        def download(begin: datetime | None) -> AbstractAsyncContextManager[MediaStream]:
            cutter = MediaParser(recording.channel, headers=True)
            return self._player.download(recording, begin=begin, end=None, any_time=any_time, cutter=cutter)

        contained = file.suffix.lower() in CONTAINERS
        if contained:
            await asyncio.to_thread(import_av)
        saved = await save(
            download,
            recording,
            file.with_suffix(".dvrip") if contained else file,
            headers=headers or contained,
            progress=progress or _silent,
            resume=resume,
            batch_bytes=self.batch_bytes,
        )
        return await contain(saved, file) if contained else saved


async def _drawn(frame: MediaFrame) -> bytes:
    key = KeyFrame(codec=frame.codec or "", payload=frame.payload, time=frame.time, arrived_s=0.0)
    return await asyncio.to_thread(jpeg, key)


class _Pieces:
    """Media as it comes: devices send pictures bare, or in a frame."""

    skipped = growing = 0

    def feed(self, *bodies: memoryview) -> list[MediaFrame]:
        return [MediaFrame(kind=FrameKind.JPEG, payload=bytes(body)) for body in bodies if body]


def _silent(_size: int, _expected: int) -> None:
    """Show nobody how far it is."""
