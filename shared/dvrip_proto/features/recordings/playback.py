"""Recordings as media: played at their own pace, or downloaded as fast as the device can.

Each takes a connection of the few that a device has, and a device plays four at most. Old recorders crash
after many downloads in a row, so there is a second of rest behind each. Archives pause for more than a minute
and end well: recorded media have more patience than live ones.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from ...connection import Connection
from ...errors import ProtocolError, RequestTimeoutError, UnsupportedError, UsageError
from ...stream import MediaStream, open_stream
from ...stream_state import Cutter, Exchange, Patience
from ...wire.ids import MessageId
from ...wire.media import FrameKind, MediaFrame
from ..times import wire_time
from .recording import STREAMS, Recording, check_source

_NAME = "OPPlayBack"
_SECOND = timedelta(seconds=1)
_MINUTE = timedelta(minutes=1)
_FILE = timedelta(hours=1)  # files are as long at most
_STEPS = (1, 2, 3, 4)
_FRAMES_TO_PICTURE = 5000  # a minute of pictures and sound; key frames are 12 s apart at most
# What devices take for "from the beginning" and "to the end".
_EVER = (datetime(2000, 1, 1), datetime(2037, 12, 31, 23, 59, 59))


@dataclass(slots=True, kw_only=True)
class Pace:
    """Seconds that recorded media get: `silence_s` without progress, `first_s` for the first played frame.

    Owners of XMEye recorders saw pauses of 18, 38 and 74 s. `rest_s` lies between two downloads.
    """

    silence_s: float = 120.0
    first_s: float = 60.0
    rest_s: float = 1.0


class Playback:
    """The frames of a recording at their own pace, as an async iterator, and the keys of a recorder.

    Some devices agree to a key and do nothing: NBD8008R-U knows neither speeds nor pauses.
    """

    def __init__(self, stream: MediaStream, where: str) -> None:
        self._stream = stream
        self._where = where
        self._waits_for_picture = False
        self._came = False

    def __aiter__(self) -> Playback:
        return self

    async def __anext__(self) -> MediaFrame:
        for _ in range(_FRAMES_TO_PICTURE):
            try:
                frame = await anext(self._stream)
            except RequestTimeoutError as error:
                raise self._explained(error) from error
            self._came = True
            if frame.kind is FrameKind.I or not self._waits_for_picture:
                self._waits_for_picture = False
                return frame
        raise ProtocolError(f"{self._where}: no key frame in {_FRAMES_TO_PICTURE} frames behind the seek")

    async def pause(self) -> None:
        """Hold; the frames that are on their way still come."""
        await self._stream.command("Pause", still=True)

    async def resume(self) -> None:
        """Go on, at the recording's own pace."""
        await self._stream.command("Continue", still=False)

    async def seek(self, when: datetime) -> None:
        """Go on at a time of the recording, with a key frame; some on their way may still come before it."""
        await self._stream.command("Locate", still=False, StartTime=wire_time(when))
        self._stream.discard()
        self._waits_for_picture = True

    async def fast(self, step: int = 1) -> None:
        """Play 2, 4, 8 or 16 times as fast: step 1 to 4."""
        await self._speed("Fast", step)

    async def slow(self, step: int = 1) -> None:
        """Play at a half, a quarter, an eighth or a sixteenth of the pace: step 1 to 4."""
        await self._speed("Slow", step)

    async def close(self) -> None:
        """Stop; any number of times. Raises no DvripError."""
        await self._stream.close()

    def _explained(self, error: RequestTimeoutError) -> RequestTimeoutError | UnsupportedError:
        """IPC_XM210_X2-WR-T_S38 agrees to play and sends nothing; a download it sends."""
        if self._came:
            return copy(error)
        return UnsupportedError(
            f"{error}: the device agreed to play and sent nothing: download the recording instead",
            message_id=MessageId.PLAYBACK,
            name=_NAME,
        )

    async def _speed(self, action: str, step: int) -> None:
        if step not in _STEPS:
            raise UsageError(f"{action}: step {step} is not possible, it is from 1 to 4")
        await self._stream.command(action, still=False, Value=step)


class Player:
    """Opens the media of recordings, with a rest behind each."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.pace = Pace()
        self._rested_at = 0.0
        self._open_now: set[str] = set()
        self._one = asyncio.Lock()
        self._downloader: asyncio.Task[Any] | None = None

    @asynccontextmanager
    async def play(
        self, recording: Recording, *, begin: datetime | None, end: datetime | None, any_time: bool = False
    ) -> AsyncIterator[Playback]:
        """The recording, or the part of it between two times, at its own pace."""
        exchange = self._exchange(recording, begin, end, any_time=any_time)
        exchange = replace(exchange, until=end or recording.end, paced=True)
        async with self._open(exchange, first_s=self.pace.first_s) as stream:
            yield Playback(stream, f"{self._connection.where}: {exchange.what}")

    @asynccontextmanager
    async def download(
        self,
        recording: Recording,
        *,
        begin: datetime | None,
        end: datetime | None,
        any_time: bool = False,
        cutter: Cutter | None = None,
    ) -> AsyncIterator[MediaStream]:
        """The recording, or the part between two times, as fast as it comes; `cutter` makes its frames.

        One at a time: the next one waits. UsageError when it would wait for its own task.
        """
        exchange = self._exchange(recording, begin, end, any_time=any_time)
        whole, size = begin is None and end is None, recording.size_kib * 1024
        exchange = replace(
            exchange,
            start="DownloadStart",
            stop="DownloadStop",
            announced=size if whole else 0,
            listed=size,
            until=recording.end,
            cutter=cutter,
        )
        task = asyncio.current_task()
        if self._one.locked() and task is self._downloader:
            raise UsageError(f"{self._connection.where}: {exchange.what}: another download is open here")
        async with self._one:
            self._downloader = task
            async with self._open(exchange) as stream:
                yield stream

    @asynccontextmanager
    async def _open(self, exchange: Exchange, *, first_s: float = 0.0) -> AsyncIterator[MediaStream]:
        loop = asyncio.get_running_loop()
        # The device stops by name: the end of one would be the end of the other.
        if exchange.what in self._open_now:
            raise UsageError(f"{self._connection.where}: {exchange.what} is open already on this connection")
        self._open_now.add(exchange.what)
        try:
            await asyncio.sleep(max(0.0, self._rested_at - loop.time()))
            async with open_stream(
                self._connection,
                exchange,
                channel=exchange.parameter["Channel"],
                stream="Extra1" if exchange.parameter["StreamType"] else "Main",
                timeout_s=self._connection.timeout_s,
                patience=Patience(
                    silence_s=self.pace.silence_s, first_s=first_s, rest_s=self._connection.timeout_s
                ),
            ) as stream:
                yield stream
        finally:
            self._open_now.discard(exchange.what)
            self._rested_at = loop.time() + self.pace.rest_s

    def _exchange(
        self, recording: Recording, begin: datetime | None, end: datetime | None, *, any_time: bool
    ) -> Exchange:
        where = self._connection.where
        check_source(where, recording.channel, recording.stream)
        begin, end = begin or recording.begin, end or recording.end
        if not recording.name and (begin is None or end is None):
            raise UsageError(f"{where}: {recording}: without a name it needs a beginning and an end")
        begin, end = begin or _EVER[0], end or _EVER[1]
        if begin > end:
            raise UsageError(f"{where}: {recording}: it ends at {end}, before {begin}")
        login = self._connection.login_reply
        token = login.token if login is not None else ""
        # Newer firmware refuses less than all of these.
        parameter: dict[str, Any] = {
            "Channel": recording.channel,
            "FileName": recording.name,
            "IntelligentPlayBackEvent": "ALL",
            "IntelligentPlayBackSpeed": 0,
            "PlayMode": "ByName" if recording.name else "ByTime",
            "StreamType": STREAMS[recording.stream],
            "TransMode": "TCP",
            "Value": 0,
        }
        return Exchange(
            claim_id=MessageId.PLAYBACK_CLAIM,
            control_id=MessageId.PLAYBACK,
            name=_NAME,
            parameter=parameter,
            what=str(recording),
            # A picture is of one moment: some firmware sends nothing, or something else, for no time at all.
            members={"EndTime": wire_time(max(end, begin + _SECOND)), "StartTime": wire_time(begin)},
            extra={"AdminToken": token} if token else {},
            recorded=True,
            between=None if any_time else _expected(recording, begin, end),
        )


def _expected(recording: Recording, begin: datetime, end: datetime) -> tuple[datetime, datetime] | None:
    """When the first picture can be of; a stretch of time may begin with the file that it begins in."""
    if not recording.name:
        return begin - _FILE, end + _MINUTE
    if recording.begin is None or recording.end is None:
        return None
    return min(recording.begin, begin) - _MINUTE, max(recording.end, end) + _MINUTE
