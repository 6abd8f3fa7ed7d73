"""Media of a device: one channel and stream, on a socket of its own.

1. Claim on the media socket, start on the control connection; frames may arrive before either reply, or
   without one.
2. A reader that is too slow makes the socket wait: memory stays bounded, the device drops what does not fit.
3. The iterator gives every frame that came; then it ends if the stream was closed, or raises why it broke.
4. A recording ends when the device says so, in any of its ways; a live stream never ends well by itself.
5. What a stream is doing stands in a table, and its life is progress of frames: `stream_state`.
"""

from __future__ import annotations

import asyncio
import copy
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final

from .connection import Connection, MediaConnection, Reply
from .errors import DvripError, ProtocolError, RequestError, RequestTimeoutError, TransportError, UsageError
from .stream_state import Cutter, Event, Exchange, FirstPicture, Life, Patience, State, says_end
from .wire.framer import MediaMessage
from .wire.ids import MessageId, label
from .wire.media import MediaFrame, MediaParser
from .wire.ret import STREAMS_FULL

type OpenStream = Callable[[], AbstractAsyncContextManager[AsyncIterator[MediaFrame]]]

_HIGH: Final = 4 * 1024 * 1024  # bytes of frames held for a slow reader: 4 s of a 8 Mbit/s stream
_LOW: Final = _HIGH // 2
_FRAME_COST: Final = 256  # bytes a frame takes beside its payload
STOP_S: Final = 2.0
PROVED_S: Final = 1.0  # for an answer, once media have shown that there is nothing to wait for
_UNANSWERED_S: Final = 0.1  # for the stop of what was never answered
_EOF_IDS: Final = (MessageId.PLAYBACK_EOF, MessageId.PLAYBACK, MessageId.PLAYBACK_REPLY)


class MediaStream:
    """The frames of one channel and stream, as an async iterator for one reader.

    Memory: at most 4 MiB of finished frames, one read of 256 KiB, and the frame being read (16 MiB at most).
    When no frame makes progress within the patience, the iterator raises RequestTimeoutError; when the device
    or the network ends the stream, TransportError; when what comes is no media of DVRIP, ProtocolError.
    """

    def __init__(
        self,
        control: Connection,
        exchange: Exchange,
        *,
        channel: int,
        stream: str,
        timeout_s: float,
        patience: Patience,
        stop_s: float,
    ) -> None:
        self.channel = channel
        self.stream = stream
        self._control = control
        self._exchange = exchange
        self._timeout_s = timeout_s
        self._stop_s = self._stopped_s = min(stop_s, timeout_s)
        self._loop = asyncio.get_running_loop()
        self._life = Life(
            patience,
            announced=exchange.announced,
            listed=exchange.listed,
            until=exchange.until,
            paced=exchange.paced,
        )
        self._cutter: Cutter = exchange.cutter or MediaParser(channel)
        self._media: MediaConnection | None = None
        self._frames: deque[MediaFrame] = deque()
        self._held = 0
        self._first = FirstPicture(exchange.between, exchange.members)
        self._came = False
        self._unclaimed = ""
        self._paused = False
        self._waiter: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._to_stop = False
        self._error: DvripError | None = None

    def __aiter__(self) -> MediaStream:
        return self

    async def __anext__(self) -> MediaFrame:
        if not self._frames:
            await self._arrival()
        frame = self._frames.popleft()
        self._held -= len(frame.payload) + _FRAME_COST
        if self._paused and self._held <= _LOW:
            self._resume()
        return frame

    async def batch(self) -> list[MediaFrame]:
        """The frames that are here, at least one; none at the end. Cheaper than one by one."""
        try:
            if not self._frames:
                await self._arrival()
        except StopAsyncIteration:
            return []
        frames = list(self._frames)
        self._frames.clear()
        self._held = 0
        if self._paused:
            self._resume()
        return frames

    async def _arrival(self) -> None:
        """Wait for a frame. StopAsyncIteration at the end, or the error that was the end."""
        while not self._frames:
            if self._error is not None:
                raise copy.copy(self._error)
            if self._life.state is State.OVER:
                raise StopAsyncIteration
            if self._waiter is not None:
                raise UsageError(f"{self._where}: somebody else reads this stream")
            self._waiter = self._loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None

    async def close(self) -> None:
        """Stop the stream on the device and close its socket; any number of times. Raises no DvripError."""
        self._frames.clear()
        self._held = 0
        self._end(None)
        media, self._media = self._media, None
        if media is None:
            return
        try:
            if self._to_stop and not self._control.closed:
                async with asyncio.timeout(self._stop_s):  # it may have to wait for another channel's Start
                    await self._ask(self._exchange.stop, timeout_s=self._stopped_s, optional=True)
        except (DvripError, TimeoutError):
            pass  # 103 from devices that had stopped already; whatever else, closing the socket stops it too
        finally:
            await media.close()

    async def command(self, action: str, *, still: bool | None = None, **changes: Any) -> None:
        """Ask for another action of this stream; a `still` one sends nothing, and no silence ends it."""
        await self._ask(action, timeout_s=self._timeout_s, **changes)
        if still is not None:
            self._happened(Event.HOLD if still else Event.GO_ON)

    def spare(self, give_up: Callable[[], None] | None) -> None:
        """Say how to end this stream while nobody needs it; None when somebody does."""
        if self._media is not None and self._media.slot is not None:
            self._media.slot.give_up = give_up

    def discard(self) -> None:
        """Drop the frames that nobody has read yet."""
        self._frames.clear()
        self._held = 0
        self._happened(Event.SEEK)
        if self._paused:
            self._resume()

    @property
    def _where(self) -> str:
        return f"{self._control.where}: {self._exchange.what}"

    async def _start(self) -> None:
        control, exchange = self._control, self._exchange
        if control.login_reply is None:
            raise UsageError(f"{self._where}: log in first")
        self._media = media = await MediaConnection.beside(
            control, self._take, what=exchange.what, timeout_s=self._timeout_s
        )
        media.on_close(self._lost)
        forget = control.on_close(self._lost)
        media.on_close(lambda _error: forget())
        if exchange.recorded:
            self._listen_for_the_end(media)
        claim = exchange.value("Claim", {})
        try:
            async with control.hold.alone():
                claimed = await media.claim(exchange.claim_id, exchange.name, claim, extra=exchange.extra)
                self._unclaimed = "" if claimed else f", and no reply to {label(exchange.claim_id)}"
                await self._begin()
        except RequestError as error:
            reason = str(error).removeprefix(f"{control.where}: ")
            if error.ret in STREAMS_FULL and media.slot is not None:
                raise media.slot.refused(reason) from error
            if self._unclaimed:  # which is why, and may be another time
                raise RequestTimeoutError(f"{self._where}: {reason}{self._unclaimed}") from error
            refused = copy.copy(error)
            refused.args = (f"{self._where}: {reason}",)
            raise refused from error
        if self._unclaimed:
            self._life.unpromised(self._timeout_s)
        self._to_stop = True
        self._happened(Event.STARTED)

    async def _begin(self) -> None:
        """Start. Some recorders send media at once and no answer: media are one, too."""
        try:
            patience_s = min(self._timeout_s, PROVED_S) if self._came else self._timeout_s
            await self._ask(self._exchange.start, timeout_s=patience_s, optional=True)
        except RequestTimeoutError as error:
            if self._came and not self._control.closed:
                self._stopped_s = min(self._stop_s, _UNANSWERED_S)
                return
            raise RequestTimeoutError(f"{error}{self._unclaimed}") from error

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
        life, cutter, now = self._life, self._cutter, self._loop.time()
        before = life.state
        if before is State.OVER:
            return
        if not self._came:
            self._came = True
            self._control.hurry(self._exchange.control_id)
        bodies, over = self._bodies(messages, now)
        frames = cutter.feed(*bodies)
        if strange := self._first.strange(frames):
            self.discard()
            self._end(ProtocolError(f"{self._where}: {strange}"))
            return
        life.media(len(frames), growing=cutter.growing, skipped=cutter.skipped, now=now)
        self._keep(frames)
        if over:
            recorded = self._exchange.recorded
            self._end(None if recorded else TransportError(f"{self._where}: the device ended the stream"))
        elif fault := life.fault(cutter.skipped):
            self._end(ProtocolError(f"{self._where}: {fault}"))
        elif self._frames:
            self._wake()
        if life.state is not before or self._exchange.recorded:
            self._watch_earlier()

    def _bodies(self, messages: list[MediaMessage], now: float) -> tuple[list[memoryview], bool]:
        """The bodies up to the message that is the end, and whether there is one."""
        bodies = [body for _, _, _, body in messages]
        recorded = self._exchange.recorded
        if all(bodies) and not recorded:
            return bodies, False
        bodies.clear()
        for _, _, end, body in messages:
            if end and not body:
                return bodies, True
            if recorded:
                self._life.message(len(body), mark=bool(end) or not body, now=now)
            bodies.append(body)
        return bodies, False

    def _keep(self, frames: list[MediaFrame]) -> None:
        """Hold frames for the reader; when it is too slow, the device has to wait."""
        self._frames += frames
        self._held += sum([len(frame.payload) for frame in frames]) + _FRAME_COST * len(frames)
        for frame in frames if self._exchange.recorded else ():
            if frame.time is not None:
                self._life.picture(frame.time)
        if self._held > _HIGH and not self._paused and self._media is not None:
            self._paused = True
            self._media.pause_reading()

    def _told_end(self, push: Reply) -> None:
        """Take the end that is said on the media socket, behind the last media."""
        if says_end(push) is not None:
            self._end(None)

    def _told_end_apart(self, push: Reply) -> None:
        """Take an end that is said on the control connection: of this recording, if it names none."""
        if says_end(push) in ("", self._exchange.parameter.get("FileName")):
            self._happened(Event.TOLD)

    def _happened(self, event: Event) -> None:
        self._life.on(event, self._loop.time())
        self._watch()

    def _resume(self) -> None:
        self._paused = False
        if self._media is not None:
            self._media.resume_reading()
        self._life.renew(self._loop.time())
        self._watch()

    def _lost(self, error: DvripError | None) -> None:
        """The media socket or the session has ended."""
        if self._life.at_its_end or (error is not None and self._life.complete):
            self._end(None)
        elif error is None:
            self._end(TransportError(f"{self._where}: the connection was closed"))
        else:
            reason = str(error).removeprefix(f"{self._control.where}: ")
            self._end(type(error)(f"{self._where}: {reason}"))

    def _end(self, error: DvripError | None) -> None:
        if self._life.state is not State.OVER:
            self._error = error
            self._happened(Event.END)
        if self._paused:
            self._resume()  # a device that waits to send media may not hear the Stop
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _watch_earlier(self) -> None:
        """Look as soon as it can be over: a recording that is whole has less patience."""
        silent_at = self._life.deadline()
        if self._timer is None or silent_at is None or silent_at < self._timer.when():
            self._watch()

    def _watch(self) -> None:
        """End the stream when the device is silent; look again when it can be so."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        silent_at = None if self._paused else self._life.deadline()
        if silent_at is None:
            return
        if silent_at > (now := self._loop.time()):
            if self._life.doubtful_at() <= now:
                self._life.doubted()
                self._control.doubt()
            self._timer = self._loop.call_at(min(silent_at, self._life.doubtful_at()), self._watch)
        elif self._life.at_its_end or self._life.whole:
            self._end(None)
        else:
            self._end(RequestTimeoutError(f"{self._where}: {self._life.silence()}{self._unclaimed}"))


@asynccontextmanager
async def open_stream(
    connection: Connection,
    exchange: Exchange,
    *,
    channel: int,
    stream: str,
    timeout_s: float,
    patience: Patience | None = None,
    stop_s: float = STOP_S,
) -> AsyncIterator[MediaStream]:
    """The media of an exchange; stopped at the end of the block, within `stop_s` or `timeout_s`.

    Each request has `timeout_s`, and so have the media, if no `patience` is given.
    """
    media = MediaStream(
        connection,
        exchange,
        channel=channel,
        stream=stream,
        timeout_s=timeout_s,
        patience=patience or Patience(silence_s=timeout_s),
        stop_s=stop_s,
    )
    try:
        await media._start()  # noqa: SLF001 - its own module
        yield media
    finally:
        await media.close()
