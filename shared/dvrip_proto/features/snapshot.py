"""Still pictures taken by the device.

1. A device whose SystemFunction has SnapStream off leaves the question unanswered: it is not asked.
2. Others keep silent at times, and a device that is late would answer the next request with the picture of
   this one. So a silence does not end the connection, but no further picture is asked for until the late one
   has come, or for a minute.
3. A picture may come in parts. The end of the connection is its end at once, and all of it has three times
   the time of a request: parts that never make a picture are none.
"""

from __future__ import annotations

import asyncio
from typing import Final

from ..connection import Connection, Reply
from ..connection.inbox import Inbox
from ..errors import (
    DvripError,
    ProtocolError,
    RequestError,
    RequestTimeoutError,
    TransportError,
    UnsupportedError,
    UsageError,
)
from ..media.picture import check_jpeg
from ..values import Json, flag
from ..wire.ids import MessageId
from ..wire.jpeg_frame import MAX_BYTES, is_framed, unwrapped
from ..wire.media import FrameKind, MediaParser

_NAME: Final = "OPSNAP"
_ABILITY: Final = "SystemFunction"
_END: Final = b"\xff\xd9"
_PADDING: Final = b"\0\r\n \xff"
_BEGIN: Final = 4  # bytes that tell a frame
_HEAD: Final = 512  # bytes in which a picture begins
_ABILITY_S: Final = 2.0
_NEXT_PART_S: Final = 3.0
_SILENT_S: Final = 60.0
_WHOLE_TIMES: Final = 3
_PARTS_MAX: Final = 4096
# What devices without pictures say: command or request not supported.
_TIMEOUT: Final = 108
_NO_PICTURES: Final = frozenset({101, 102, 103})


class Snapshot:
    """Takes pictures, one at a time."""

    def __init__(self, connection: Connection) -> None:
        self.max_bytes = MAX_BYTES
        self._connection = connection
        self._turn = asyncio.Lock()
        self._able: bool | None = None
        self._is_owed = False  # the rest of a picture that nobody waits for any more
        self._silent_until = 0.0
        self._tasks: set[asyncio.Task[bytes]] = set()
        self._asking: asyncio.Task[bytes] | None = None
        connection.on_push(MessageId.SNAPSHOT_REPLY, self._late)

    async def take(self, channel: int = 0) -> bytes:
        """JPEG of a channel (from 0).

        UnsupportedError when this device takes no pictures, which the first call asks it; RequestError when
        it failed this time, RequestTimeoutError when it does not answer.
        """
        if channel < 0:
            raise UsageError(f"{self._connection.where}: there is no channel {channel + 1}")
        # A picture nobody waits for any more is still received: the rest of it must not join the next one.
        task = asyncio.create_task(self._take(channel))
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            if self._asking is not task:
                task.cancel()  # it is not its turn yet: nothing was asked
            raise
        return task.result()

    async def _take(self, channel: int) -> bytes:
        async with self._turn:
            self._asking = asyncio.current_task()
            if self._able is None or self._is_owed:  # what is owed comes before the answer
                self._able, self._is_owed = await self._ask_able(), False
            if not self._able:
                raise self._unsupported("the device takes no pictures: its SnapStream is off")
            if self._now() < self._silent_until:
                raise self._unsupported("the device left the last request without an answer")
            parts: Inbox[Reply] = Inbox(_PARTS_MAX)
            forget = (
                self._connection.on_push(MessageId.SNAPSHOT_REPLY, parts.put),
                self._connection.on_close(lambda error: parts.end(self._gone(error))),
            )
            self._is_owed = True
            try:
                reply = await self._first(channel)
                until = self._now() + _WHOLE_TIMES * self._connection.timeout_s
                picture = Picture()
                jpeg = picture.add(b"" if reply.body else reply.raw)
                while jpeg is None:
                    jpeg = picture.add(await self._part(parts, picture.size, until))
                self._is_owed = False
            except RequestError:
                self._is_owed = False
                raise
            finally:
                for end in forget:
                    end()
            return check_jpeg(jpeg)

    async def _ask_able(self) -> bool:
        """Whether the device may take pictures; what does not tell its functions may."""
        try:
            reply = await self._connection.request(
                MessageId.ABILITY_GET,
                _ABILITY,
                timeout_s=min(_ABILITY_S, self._connection.timeout_s),
                optional=True,
            )
        except RequestTimeoutError:
            if self._connection.closed:
                raise
            return True
        except RequestError:
            return True
        return takes_pictures(reply.body.get(_ABILITY))

    def _unsupported(self, why: str) -> UnsupportedError:
        return UnsupportedError(
            f"{self._connection.where}: {_NAME}: {why}", message_id=MessageId.SNAPSHOT, name=_NAME
        )

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
            kind, why = type(error), ""
            if error.ret in _NO_PICTURES:
                kind = UnsupportedError
            elif error.ret == _TIMEOUT:
                why = ": recorders say so of a channel without a camera, and some of all until they restart"
            raise kind(
                f"{error}{why}", ret=error.ret, message_id=error.message_id, name=error.name
            ) from error

    async def _part(self, parts: Inbox[Reply], have: int, until: float) -> bytes:
        """Next message of a picture that comes in several."""
        where = self._connection.where
        if have > self.max_bytes:
            raise ProtocolError(f"{where}: {_NAME}: no picture in {have} bytes")
        patience_s = min(_NEXT_PART_S, self._connection.timeout_s, until - self._now())
        part, empty = b"", 0
        try:
            async with asyncio.timeout(patience_s):
                while not part and empty < 2:  # one of no bytes may lie between
                    part = (await anext(parts)).raw
                    empty += not part
        except TimeoutError:
            if not empty:
                what = f"the picture broke off after {have} bytes"
                raise RequestTimeoutError(f"{where}: {_NAME}: {what}") from None
        if not part:
            raise ProtocolError(f"{where}: {_NAME}: the device sent {have} bytes that are no picture")
        return part

    def _gone(self, error: DvripError | None) -> DvripError:
        """What the end of the connection is to a picture of which a part is here."""
        where = self._connection.where
        if error is None:
            return TransportError(f"{where}: {_NAME}: the connection was closed")
        reason = str(error).removeprefix(f"{where}: ")
        return type(error)(f"{where}: {_NAME}: in the middle of a picture: {reason}")


def takes_pictures(functions: Json) -> bool:
    """Whether a SystemFunction leaves it possible that the device takes pictures: only a clear no is one."""
    group = functions.get("EncodeFunction") if isinstance(functions, dict) else None
    return flag(group.get("SnapStream"), otherwise=True) if isinstance(group, dict) else True


class Picture:
    """A JPEG that comes in parts, bare or in a media frame; each is looked at once, however many come."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._end = 0  # behind the last byte that is no padding
        self._frame = MediaParser()

    @property
    def size(self) -> int:
        """Bytes that are here."""
        return len(self._data)

    def add(self, part: bytes) -> bytes | None:
        """The picture that a part completes; None while it is not complete."""
        before = len(self._data)
        self._data += part
        if is_framed(bytes(self._data[:_BEGIN])):
            frames = self._frame.feed(part if before >= _BEGIN else self._data)
            whole = any(frame.kind is FrameKind.JPEG for frame in frames)
            return (unwrapped(bytes(self._data)) or None) if whole else None
        if solid := len(part.rstrip(_PADDING)):
            self._end = before + solid
        if not self._data.endswith(_END, 0, self._end) or not unwrapped(bytes(self._data[:_HEAD])):
            return None
        return unwrapped(bytes(self._data[: self._end]))
