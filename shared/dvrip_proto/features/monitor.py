"""Live video of a device."""

from __future__ import annotations

from asyncio import to_thread
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import BinaryIO

from ..connection import Connection
from ..stream import MediaStream, open_monitor
from ..wire.body import encode, session_text
from ..wire.ids import MessageId
from .live_file import OnRecorded, Recorded, record, record_file, writer_to


class Monitor:
    """Opens live streams; each takes a connection of the few that a device has."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self, channel: int = 0, stream: str = "Main") -> AbstractAsyncContextManager[MediaStream]:
        """Stream of a channel (from 0): "Main" or "Extra1"; it is stopped at the end of the block."""
        return open_monitor(self._connection, channel, stream, timeout_s=self._connection.timeout_s)

    async def record(
        self,
        file: str | Path,
        *,
        channel: int = 0,
        stream: str = "Main",
        seconds: float | None = None,
        progress: OnRecorded | None = None,
    ) -> Recorded:
        """Record live video into a file, without coding it again: for `seconds`, or until cancelled.

        Its suffix says what it is: .mp4, .mov or .mkv with sound (extra `av`), .h264 or .h265 as the device
        sends it. It appears under its name when it is whole; what came before an error or a cancellation is
        kept. `progress` hears of each picture. UsageError for another suffix, or the wrong codec.
        """
        opening = partial(self.open, channel, stream)
        heard = progress or (lambda _recorded: None)
        return await record_file(opening, Path(file), seconds=seconds, progress=heard, gone=self._gone)

    async def record_to(
        self,
        target: BinaryIO,
        kind: str,
        *,
        channel: int = 0,
        stream: str = "Main",
        seconds: float | None = None,
        progress: OnRecorded | None = None,
    ) -> Recorded:
        """Record as `record` does into what has `write`, such as a pipe: "mkv", "mp4", "h264" or "h265"."""
        where = self._connection.where
        writer = await to_thread(writer_to, target, f".{kind}", where)
        heard = progress or (lambda _recorded: None)
        await record(
            partial(self.open, channel, stream), writer, seconds=seconds, progress=heard, gone=self._gone
        )
        return writer.recorded

    def _gone(self) -> bool:
        return self._connection.closed

    def request_key_frame(self) -> None:
        """Ask the device for key frames now. Many ignore it, and hardly one answers: nothing is awaited."""
        body = encode({"Name": "", "SessionID": session_text(self._connection.session_id)})
        self._connection.tell(MessageId.FORCE_KEY_FRAME, body)
