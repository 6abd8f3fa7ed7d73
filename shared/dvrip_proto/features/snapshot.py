"""Still pictures taken by the device.

Recorders keep silent when they have no picture, and a device that is late would answer the next request with
the picture of this one. So a silence does not end the connection, but no further picture is asked for until
the late one has come, or for a minute.
"""

from __future__ import annotations

import asyncio
from collections import deque

from ..connection import Connection, Reply
from ..errors import ProtocolError, RequestError, RequestTimeoutError, UnsupportedError, UsageError
from ..wire.ids import MessageId
from ..wire.media import FrameKind, MediaParser

_NAME = "OPSNAP"
_START, _END = b"\xff\xd8", b"\xff\xd9"
_FRAME = b"\x00\x00\x01\xfe"
_NEXT_PART_S = 3.0
_SILENT_S = 60.0
_MAX_BYTES = 32 * 1024 * 1024
# What devices without pictures say: command or request not supported.
_NO_PICTURES = frozenset({101, 102, 103})


class Snapshot:
    """Takes pictures, one at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._turn = asyncio.Lock()
        self._silent_until = 0.0
        self._tasks: set[asyncio.Task[bytes]] = set()
        connection.on_push(MessageId.SNAPSHOT_REPLY, self._late)

    async def take(self, channel: int = 0) -> bytes:
        """JPEG of a channel (from 0).

        UnsupportedError when this device takes no pictures, RequestError when it failed this time,
        RequestTimeoutError when it does not answer.
        """
        if channel < 0:
            raise UsageError(f"{self._connection.where}: no channel {channel}")
        # A picture nobody waits for any more is still received: the rest of it must not join the next one.
        task = asyncio.create_task(self._take(channel))
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        await asyncio.wait({task})
        return task.result()

    async def _take(self, channel: int) -> bytes:
        async with self._turn:
            if self._now() < self._silent_until:
                raise UnsupportedError(
                    f"{self._connection.where}: {_NAME}: the device left the last request without an answer",
                    message_id=MessageId.SNAPSHOT,
                    name=_NAME,
                )
            parts: deque[Reply] = deque()
            news = asyncio.Event()

            def more(part: Reply) -> None:
                parts.append(part)
                news.set()

            forget = self._connection.on_push(MessageId.SNAPSHOT_REPLY, more)
            try:
                reply = await self._first(channel)
                picture = b"" if reply.body else reply.raw
                while (jpeg := _jpeg(picture)) is None:
                    picture += await self._part(parts, news, len(picture))
            finally:
                forget()
            return jpeg

    def _forget(self, task: asyncio.Task[bytes]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _late(self, _push: Reply) -> None:
        self._silent_until = 0.0

    async def _first(self, channel: int) -> Reply:
        try:
            return await self._connection.request(
                MessageId.SNAPSHOT, _NAME, {"Channel": channel}, optional=True
            )
        except RequestTimeoutError:
            self._silent_until = self._now() + _SILENT_S
            raise
        except RequestError as error:
            if error.ret in _NO_PICTURES:
                raise UnsupportedError(
                    str(error), ret=error.ret, message_id=error.message_id, name=error.name
                ) from error
            raise

    async def _part(self, parts: deque[Reply], news: asyncio.Event, have: int) -> bytes:
        """Next message of a picture that comes in several."""
        where = self._connection.where
        if have > _MAX_BYTES:
            raise ProtocolError(f"{where}: {_NAME}: no picture in {have} bytes")
        news.clear()
        if not parts:
            try:
                async with asyncio.timeout(min(_NEXT_PART_S, self._connection.timeout_s)):
                    await news.wait()
            except TimeoutError:
                raise RequestTimeoutError(
                    f"{where}: {_NAME}: the picture broke off after {have} bytes"
                ) from None
        part = parts.popleft().raw
        if not part:
            raise ProtocolError(f"{where}: {_NAME}: the device sent {have} bytes that are no picture")
        return part


def _jpeg(data: bytes) -> bytes | None:
    """Picture in the bytes so far, bare or in a media frame; None while it is not complete."""
    if data.startswith(_FRAME):
        frames = MediaParser().feed(data)
        return next((frame.payload for frame in frames if frame.kind is FrameKind.JPEG), None)
    picture = data.rstrip(b"\0")
    return picture if picture.startswith(_START) and picture.endswith(_END) else None
