"""Media of a device: one channel and stream, on a socket of its own.

1. Claim on the media socket, start on the control connection; frames may arrive before either reply.
2. A reader that is too slow makes the socket wait: memory stays bounded, the device drops what does not fit.
3. The iterator gives every frame that came; then it ends if the stream was closed, or raises why it broke.
4. A recording ends when the device says so, in any of its ways; a live stream never ends well by itself.
"""

from __future__ import annotations

import asyncio
import copy
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from .connection import Connection, Reply
from .errors import DvripError, RequestTimeoutError, TransportError, UsageError
from .wire.framer import MediaMessage
from .wire.ids import MessageId
from .wire.media import MediaFrame, MediaParser

_HIGH: Final = 4 * 1024 * 1024  # bytes of frames held for a slow reader: 4 s of a 8 Mbit/s stream
_LOW: Final = _HIGH // 2
_ALIVE: Final = 64 * 1024  # bytes of a frame that show that it comes; fewer in `timeout_s` are silence
_FRAME_COST: Final = 256  # bytes a frame takes beside its payload
_STOP_S: Final = 2.0
# Two sockets have no common order: what says the end on one may overtake the last media on the other.
_LAST_S: Final = 1.0
_EOF_IDS: Final = (MessageId.PLAYBACK_EOF, MessageId.PLAYBACK, MessageId.PLAYBACK_REPLY)


type Cut = Callable[[*tuple[memoryview, ...]], list[MediaFrame]]
"""Makes frames of the bodies of media messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """How a kind of media is claimed, started and stopped; `what` it is, for messages.

    `extra` stands beside the operation in every message. A `recorded` one ends, after `expected` bytes if
    that is known. `cut` makes frames of media.
    """

    claim_id: int
    control_id: int
    name: str
    parameter: Mapping[str, Any]
    what: str
    members: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)
    start: str = "Start"
    stop: str = "Stop"
    recorded: bool = False
    expected: int = 0
    cut: Cut | None = None

    def value(self, action: str, changes: Mapping[str, Any]) -> dict[str, Any]:
        """The operation's object; `changes` replace members of it or of its Parameter."""
        own = {name: changes.get(name, value) for name, value in self.members.items()}
        parameter = {name: changes.get(name, value) for name, value in self.parameter.items()}
        return {"Action": action, **own, "Parameter": parameter}


class MediaStream:
    """The frames of one channel and stream, as an async iterator for one reader.

    Memory: at most 4 MiB of finished frames, one read of 256 KiB, and the frame being read (16 MiB at most).
    When neither a frame nor 64 KiB of one comes in `timeout_s`, the iterator raises RequestTimeoutError; when
    the device or the network ends the stream, TransportError; when what comes is not DVRIP, ProtocolError.
    """

    def __init__(
        self, control: Connection, exchange: Exchange, *, channel: int, stream: str, timeout_s: float
    ) -> None:
        self.channel = channel
        self.stream = stream
        self._control = control
        self._exchange = exchange
        self._timeout_s = timeout_s
        self._loop = asyncio.get_running_loop()
        self._cut = exchange.cut or MediaParser(channel).feed
        self._received = 0
        self._last = False
        self._last_means_end = True
        self._told = False
        self._still = False
        self._media: Connection | None = None
        self._frames: deque[MediaFrame] = deque()
        self._held = 0
        self._paused = False
        self._waiter: asyncio.Future[None] | None = None
        self._heard_at = self._loop.time()
        self._unfinished = 0
        self._timer: asyncio.TimerHandle | None = None
        self._started = False
        self._ended = False
        self._error: DvripError | None = None

    def __aiter__(self) -> MediaStream:
        return self

    async def __anext__(self) -> MediaFrame:
        while not self._frames:
            if self._error is not None:
                raise copy.copy(self._error)
            if self._ended:
                raise StopAsyncIteration
            if self._waiter is not None:
                raise UsageError(f"{self._where}: somebody else reads this stream")
            self._waiter = self._loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        frame = self._frames.popleft()
        self._held -= len(frame.payload) + _FRAME_COST
        if self._paused and self._held <= _LOW:
            self._resume()
        return frame

    async def close(self) -> None:
        """Stop the stream on the device and close its socket; any number of times. Raises no DvripError."""
        self._frames.clear()
        self._held = 0
        self._end(None)
        media, self._media = self._media, None
        if media is None:
            return
        try:
            if self._started and not self._control.closed:
                async with asyncio.timeout(_STOP_S):  # it may have to wait for another channel's Start
                    await self._ask(self._exchange.stop, timeout_s=_STOP_S, optional=True)
        except (DvripError, TimeoutError):
            pass  # 103 from devices that had stopped already; whatever else, closing the socket stops it too
        finally:
            await media.close()

    async def command(self, action: str, *, still: bool | None = None, **changes: Any) -> None:
        """Ask for another action of this stream; a `still` one sends nothing, and no silence ends it."""
        await self._ask(action, timeout_s=self._timeout_s, **changes)
        if still is not None:
            self._still = still
            self._heard_at = self._loop.time()

    def discard(self) -> None:
        """Drop the frames that nobody has read yet."""
        self._frames.clear()
        self._held = 0
        self._last = False
        if self._paused:
            self._resume()

    @property
    def _where(self) -> str:
        return f"{self._control.where}: {self._exchange.what}"

    async def _start(self) -> None:
        control, exchange = self._control, self._exchange
        if control.login_reply is None:
            raise UsageError(f"{self._where}: log in first")
        self._media = media = await control.beside(self._take, timeout_s=self._timeout_s)
        media.on_close(self._lost)
        forget = control.on_close(self._lost)
        media.on_close(lambda _error: forget())
        if exchange.recorded:
            self._listen_for_the_end(media)
        await media.claim(exchange.claim_id, exchange.name, exchange.value("Claim", {}), extra=exchange.extra)
        await self._ask(exchange.start, timeout_s=self._timeout_s)
        self._started = True
        self._heard_at = self._loop.time()
        self._watch()

    def _listen_for_the_end(self, media: Connection) -> None:
        for eof in _EOF_IDS:
            media.on_push(eof, self._told_end)
        forget = self._control.on_push(MessageId.PLAYBACK_EOF, self._told_end_apart)
        media.on_close(lambda _error: forget())

    async def _ask(self, action: str, *, timeout_s: float, optional: bool = False, **changes: Any) -> None:
        exchange = self._exchange
        await self._control.request(
            exchange.control_id,
            exchange.name,
            exchange.value(action, changes),
            extra=exchange.extra,
            timeout_s=timeout_s,
            optional=optional,
        )

    def _take(self, messages: list[MediaMessage]) -> None:
        """Take the media messages of one read; their bodies are valid during this call only."""
        if self._ended:
            return
        bodies: list[memoryview] = []
        over, recorded = False, self._exchange.recorded
        for _, _, end, body in messages:
            if end and not body:
                over = True
                break
            if recorded:
                self._note(len(body), last=bool(end) or not body)
            bodies.append(body)
        frames = self._cut(*bodies)
        self._unfinished += sum(map(len, bodies))
        if frames or self._unfinished > _ALIVE:
            self._heard_at = self._loop.time()
            self._unfinished = 0
        for frame in frames:
            self._frames.append(frame)
            self._held += len(frame.payload) + _FRAME_COST
        if over:
            error = TransportError(f"{self._where}: the device ended the stream")
            self._end(None if recorded else error)
        elif self._frames:
            self._wake()
        if self._held > _HIGH and not self._paused and self._media is not None:
            self._paused = True
            self._media.pause_reading()

    def _note(self, size: int, *, last: bool) -> None:
        """Count media of a recording; behind the `last` of it a short silence is the end."""
        self._received += size
        if self._last and size:
            self._last_means_end = False  # more came: this device marks something else so
        self._last = last and self._last_means_end
        if self._last:
            self._watch()

    def _told_end(self, push: Reply) -> None:
        """Take the end that is said on the media socket, behind the last media."""
        if _says_end(push) is not None:
            self._end(None)

    def _told_end_apart(self, push: Reply) -> None:
        """Take an end that is said on the control connection: of this recording, if it names none."""
        if _says_end(push) in ("", self._exchange.parameter.get("FileName")):
            self._told = True
            self._watch()

    def _resume(self) -> None:
        self._paused = False
        self._heard_at = self._loop.time()
        if self._media is not None:
            self._media.resume_reading()

    def _lost(self, error: DvripError | None) -> None:
        """The media socket or the session has ended."""
        if self._last or self._told:
            self._end(None)
        elif error is None:
            self._end(TransportError(f"{self._where}: the connection was closed"))
        else:
            reason = str(error).removeprefix(f"{self._control.where}: ")
            self._end(type(error)(f"{self._where}: {reason}"))

    def _end(self, error: DvripError | None) -> None:
        if not self._ended:
            self._ended = True
            self._error = error
        if self._paused:
            self._resume()  # a device that waits to send media may not hear the Stop
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _watch(self) -> None:
        """End the stream when the device is silent; look again when it can be so."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._ended:
            return
        now, over = self._loop.time(), self._last or self._told
        limit = _LAST_S if over else self._timeout_s
        silent_at = (now if self._paused or self._still else self._heard_at) + limit
        if silent_at > now:
            self._timer = self._loop.call_at(silent_at, self._watch)
        elif over or 0 < self._exchange.expected <= self._received:
            self._end(None)
        else:
            self._end(RequestTimeoutError(f"{self._where}: no media for {self._timeout_s:g} s"))


def _says_end(push: Reply) -> str | None:
    """The file whose end a device tells, "" when it names none; None when it tells no end."""
    operation = push.body.get("OPPlayBack")
    told = operation if isinstance(operation, dict) else {}
    if told.get("Action", "EOF" if push.message_id == MessageId.PLAYBACK_EOF else "") != "EOF":
        return None
    parameter = told.get("Parameter")
    return str(parameter.get("FileName", "")) if isinstance(parameter, dict) else ""


@asynccontextmanager
async def open_stream(
    connection: Connection, exchange: Exchange, *, channel: int, stream: str, timeout_s: float
) -> AsyncIterator[MediaStream]:
    """The media of an exchange; stopped at the end of the block."""
    media = MediaStream(connection, exchange, channel=channel, stream=stream, timeout_s=timeout_s)
    try:
        await media._start()  # noqa: SLF001 - its own module
        yield media
    finally:
        await media.close()


def open_monitor(
    connection: Connection, channel: int, stream: str = "Main", *, timeout_s: float = 10.0
) -> AbstractAsyncContextManager[MediaStream]:
    """The live stream of a channel (from 0): "Main", "Extra1" ...; stopped at the end of the block.

    RequestError with Ret 121 for a digital channel that is not connected; one that is offline may start and
    then stay silent.
    """
    exchange = Exchange(
        claim_id=MessageId.MONITOR_CLAIM,
        control_id=MessageId.MONITOR,
        name="OPMonitor",
        parameter={"Channel": channel, "CombinMode": "NONE", "StreamType": stream, "TransMode": "TCP"},
        what=f"channel {channel + 1} {stream}",
    )
    return open_stream(connection, exchange, channel=channel, stream=stream, timeout_s=timeout_s)
