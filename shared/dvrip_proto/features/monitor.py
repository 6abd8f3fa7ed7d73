"""Live video of a device."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from ..connection import Connection
from ..errors import RequestError, UsageError
from ..stream import STOP_S, MediaStream, open_stream
from ..stream_state import Exchange, Patience
from ..wire.body import encode, session_text
from ..wire.ids import MessageId
from .live_file import OnRecorded, record, record_file
from .live_writers import Recorded, writer_to

_SUB: Final = "Extra1"
_SUB_NAMES: Final = (_SUB, "Extra")  # the second is the specification's, and that of XM210 cameras
_NOT_SO: Final = frozenset({101, 102, 103, 117, 605})
_DOUBT_S: Final = 2.0  # live pictures are closer to each other; where they are not, a keep-alive does no harm


class Monitor:
    """Opens live streams; each takes a connection of the few that a device has."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sub_names: tuple[str, ...] = _SUB_NAMES

    def open(self, channel: int = 0, stream: str = "Main") -> AbstractAsyncContextManager[MediaStream]:
        """Stream of a channel (from 0): "Main" or "Extra1"; it is stopped at the end of the block."""
        if channel < 0:
            raise UsageError(f"{self._connection.where}: there is no channel {channel + 1}", channel=channel)
        if stream == _SUB:
            return self._sub_stream(channel)
        return open_monitor(self._connection, channel, stream, timeout_s=self._connection.timeout_s)

    @asynccontextmanager
    async def _sub_stream(self, channel: int) -> AsyncIterator[MediaStream]:
        """The second stream, by the name that this device knows it by."""
        connection, names = self._connection, self._sub_names
        async with AsyncExitStack() as stack:
            for name in names:
                opening = open_monitor(connection, channel, _SUB, told=name, timeout_s=connection.timeout_s)
                try:
                    stream = await stack.enter_async_context(opening)
                except RequestError as error:
                    if error.ret not in _NOT_SO or name == names[-1]:
                        raise
                else:
                    self._sub_names = (name,)
                    break
            yield stream

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


def open_monitor(
    connection: Connection,
    channel: int,
    stream: str = "Main",
    *,
    told: str = "",
    timeout_s: float = 10.0,
    stop_s: float = STOP_S,
) -> AbstractAsyncContextManager[MediaStream]:
    """The live stream of a channel (from 0): "Main", "Extra1" ...; stopped at the end of the block.

    The device hears another name for it when one is `told`.

    RequestError with Ret 121 for a digital channel that is not connected; one that is offline may start and
    then stay silent.
    """
    exchange = Exchange(
        claim_id=MessageId.MONITOR_CLAIM,
        control_id=MessageId.MONITOR,
        name="OPMonitor",
        parameter={
            "Channel": channel,
            "CombinMode": "NONE",
            "StreamType": told or stream,
            "TransMode": "TCP",
        },
        what=f"channel {channel + 1} {stream}",
    )
    return open_stream(
        connection,
        exchange,
        channel=channel,
        stream=stream,
        timeout_s=timeout_s,
        patience=Patience(silence_s=timeout_s, doubt_s=_DOUBT_S),
        stop_s=stop_s,
    )
