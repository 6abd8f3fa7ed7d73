"""Two-way audio: what is said to the device in real time, and what its microphone hears.

1. Claim on a socket of its own, start on the control connection; one client talks at a time. Either may be
   left without an answer: an answer to one of them, or a sound, is enough.
2. The device has a buffer of a fifth of a second: sound is sent as fast as it is spoken, never faster.
3. Stop is sent at the end, whatever ends it: a device that was not stopped refuses the next talker.
4. A device may have nothing to say; bytes that never make a frame end the talk.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from copy import copy
from pathlib import Path
from typing import Final

from ..connection import Connection, MediaConnection
from ..connection.inbox import Inbox
from ..connection.to_its_end import to_its_end
from ..errors import (
    DvripError,
    ProtocolError,
    RequestError,
    RequestTimeoutError,
    TransportError,
    UnsupportedError,
    UsageError,
)
from ..media.sound import SAMPLE_RATE, alaw_of
from ..stream_state import MAX_SKIPPED
from ..values import Json
from ..wire.body import encode_wish
from ..wire.framer import MediaMessage
from ..wire.ids import MessageId
from ..wire.media import FrameKind, MediaFrame, MediaParser, pack_frame

BLOCK_BYTES: Final = 320  # 40 ms
SILENCE: Final = b"\xd5"  # in A-law
_NAME: Final = "OPTalk"
_FORMAT: Final[dict[str, Json]] = {
    "BitRate": 0,
    "EncodeType": "G711_ALAW",
    "SampleBit": 8,
    "SampleRate": SAMPLE_RATE // 1000,
}
_FILES: Final = (b"RIFF", b"OggS", b"ID3", b"fLaC", b".snd", b"FORM")
_BLOCK_SIZES: Final = (160, BLOCK_BYTES)
_LATE_S: Final = 0.2  # later than this, the clock starts anew instead of catching up
_LAST_WORD_S: Final = 0.3
_HEARD_MAX: Final = 250  # 10 s
_STOP_S: Final = 2.0
_START_S: Final = 2.0  # for an answer that devices may leave out
_OPEN, _CLOSED, _NO_RIGHT, _ILLEGAL = 503, 504, 107, 103
_REASONS: Final = {
    _OPEN: "somebody else is talking to the device",
    _CLOSED: "the device has closed the talk",
    _NO_RIGHT: "the user has no right to talk (Talk_01)",
}


class Conversation:
    """A talk that is open. As an async iterator: audio frames of the device, for one reader.

    Of a reader that is slower than the device the oldest frames are lost, beyond ten seconds.
    """

    def __init__(self, control: Connection, block_bytes: int, channel: int | None) -> None:
        self._control = control
        self._channel = channel
        self._block_bytes = block_bytes
        self._loop = asyncio.get_running_loop()
        self._parser = MediaParser()
        self._media: MediaConnection | None = None
        self._unsent = bytearray()
        self._fresh = True
        self._next_at = 0.0
        self._heard: Inbox[MediaFrame] = Inbox(_HEARD_MAX)
        self._started = False
        self._start: asyncio.Task[None] | None = None
        self._unanswered = False
        self._came = False
        self._frameless_since: float | None = None
        self._skipped = 0

    def __aiter__(self) -> Conversation:
        return self

    async def __anext__(self) -> MediaFrame:
        return await anext(self._heard)

    async def send(self, pcma: bytes) -> None:
        """Say A-law samples, 8000 a second; returns when the last whole block of them has been sent.

        UsageError for a file in place of its samples.
        TransportError when the device has ended the talk, or has not taken 256 KiB of it.
        """
        if self._fresh and pcma.startswith(_FILES):
            raise UsageError(
                f"{self._control.where}: {_NAME}: that is a sound file: "
                "say its samples, 8000 bytes of A-law a second"
            )
        self._fresh = self._fresh and not pcma
        self._unsent += pcma
        while len(self._unsent) >= self._block_bytes:
            block = bytes(self._unsent[: self._block_bytes])
            del self._unsent[: self._block_bytes]
            await self._say(block)

    async def finish(self) -> None:
        """Say what is left, filled up with silence, and let the device say it to its end."""
        if self._unsent:
            await self.send(SILENCE * (self._block_bytes - len(self._unsent)))
        await asyncio.sleep(_LAST_WORD_S)

    async def _say(self, block: bytes) -> None:
        now = self._loop.time()
        if self._next_at < now - _LATE_S:
            self._next_at = now
        await asyncio.sleep(max(0.0, self._next_at - now))
        if self._media is None or self._heard.ended:
            self._unsent.clear()
            raise copy(self._heard.error) or TransportError(f"{self._control.where}: {_NAME}: it is closed")
        frame = MediaFrame(kind=FrameKind.AUDIO, payload=block, codec="pcma", sample_rate=SAMPLE_RATE)
        try:
            self._media.tell(MessageId.TALK_CLIENT_DATA, pack_frame(frame))
        except TransportError as error:
            self._unsent.clear()
            self._heard.end(error)
            raise
        self._next_at += len(block) / SAMPLE_RATE

    async def _open(self) -> None:
        control = self._control
        if control.login_reply is None:
            raise UsageError(f"{control.where}: {_NAME}: log in first")
        self._media = media = await MediaConnection.beside(
            control, self._take, what="talk", timeout_s=control.timeout_s
        )
        media.on_close(self._heard.end)
        forget = control.on_close(self._heard.end)
        media.on_close(lambda _error: forget())
        claimed = False
        try:
            async with control.hold.alone():
                claimed = await media.claim(MessageId.TALK_CLAIM, _NAME, self._wish("Claim"))
                self._started = True
                self._start = start = asyncio.create_task(self._ask_to_start())
                start.add_done_callback(lambda task: task.cancelled() or task.exception())
                await asyncio.wait({start}, timeout=_START_S if claimed else None)
                self._unanswered = not start.done()
                if start.done():
                    start.result()
        except RequestError as error:
            # Whoever is refused does not talk: a Stop would be somebody else's.
            self._started = False
            raise self._explained(error) from error
        except RequestTimeoutError:
            if control.closed or not (claimed or self._came):
                raise

    async def _ask_to_start(self) -> None:
        """Start. Devices that speak may never answer it (TheJenos/xmeye-control): who is let in talks.

        A refusal that comes while sound is sent already is the end of that.
        """
        try:
            await self._control.request(MessageId.TALK, _NAME, self._wish("Start"), optional=True)
        except RequestError as error:
            self._heard.end(self._explained(error))
            raise

    def _wish(self, action: str) -> dict[str, Json]:
        to_camera = {} if self._channel is None else {"Channel": self._channel}
        return {"Action": action, "AudioFormat": _FORMAT, **to_camera}

    def _explained(self, error: RequestError) -> RequestError:
        kind, reason = type(error), _REASONS.get(error.ret or 0)
        if self._channel is not None and (error.ret == _ILLEGAL or isinstance(error, UnsupportedError)):
            kind, reason = UnsupportedError, "this recorder has no talk by channel"
        if reason is None:
            return error
        return kind(f"{error}: {reason}", ret=error.ret, message_id=error.message_id, name=error.name)

    async def _close(self) -> None:
        self._heard.end(None)
        media, self._media = self._media, None
        try:
            if self._started and not self._control.closed:
                await self._stop()
        finally:
            if self._start is not None and self._start.cancel():
                await asyncio.wait({self._start})
            if media is not None:
                await media.close()

    async def _stop(self) -> None:
        control = self._control
        if self._start is None or self._start.done() or not self._unanswered:
            patience_s = min(_STOP_S, control.timeout_s)
            with suppress(TimeoutError):
                async with asyncio.timeout(patience_s):
                    with suppress(DvripError):  # 504: it has ended already
                        await control.request(
                            MessageId.TALK, _NAME, self._wish("Stop"), timeout_s=patience_s, optional=True
                        )
                    return
        # A Start that is not answered yet has its place.
        body = encode_wish(_NAME, self._wish("Stop"), control.session_id)
        with suppress(DvripError):
            control.tell(MessageId.TALK, body, answered=True)

    def _take(self, messages: list[MediaMessage]) -> None:
        for _message_id, _channel, end, body in messages:
            if end and not body:
                self._heard.end(TransportError(f"{self._control.where}: {_NAME}: the device ended the talk"))
                return
            frames = self._parser.feed(body)
            self._check(bool(frames))
            if frames and not self._came:
                self._came = True
                self._control.hurry(MessageId.TALK)  # it speaks: what is there to wait for
            for frame in frames:
                if frame.kind is FrameKind.AUDIO:
                    self._heard.put(frame)

    def _check(self, framed: bool) -> None:
        """End the talk when what the device sends makes no frame, for too long or in too many bytes."""
        now, parser, where = self._loop.time(), self._parser, f"{self._control.where}: {_NAME}"
        if framed:
            self._frameless_since, self._skipped = None, parser.skipped
        elif parser.skipped - self._skipped > MAX_SKIPPED:
            self._heard.end(ProtocolError(f"{where}: the device sends what is no sound"))
        elif self._frameless_since is None:
            self._frameless_since = now
        elif now - self._frameless_since > (patience_s := self._control.timeout_s):
            self._heard.end(
                RequestTimeoutError(f"{where}: no frame for {patience_s:g} s in what the device sends")
            )


class Talk:
    """Opens two-way audio."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._open = False

    @asynccontextmanager
    async def open(
        self, *, channel: int | None = None, block_bytes: int = BLOCK_BYTES
    ) -> AsyncIterator[Conversation]:
        """Talk to the device in the block, or to the camera of a recorder's channel.

        Some devices want blocks of 160 bytes. RequestError with Ret 503 when somebody else talks, 107 without
        the right to; UnsupportedError from a recorder that does not pass on what is said.
        """
        if channel is not None and channel < 0:
            raise UsageError(f"{self._connection.where}: {_NAME}: there is no channel {channel + 1}")
        if block_bytes not in _BLOCK_SIZES:
            raise UsageError(
                f"{self._connection.where}: {_NAME}: a block has 160 or 320 bytes, not {block_bytes}"
            )
        if self._open:
            # The device is not asked: a second claim of this session might end the talk that is open.
            raise RequestError(
                f"{self._connection.where}: {_NAME}: {_REASONS[_OPEN]}",
                ret=_OPEN,
                message_id=MessageId.TALK,
                name=_NAME,
            )
        conversation = Conversation(self._connection, block_bytes, channel)
        self._open = True
        try:
            await conversation._open()  # noqa: SLF001 - its own module
            yield conversation
            await conversation.finish()
        finally:
            try:
                await to_its_end(conversation._close())  # noqa: SLF001 - its own module
            finally:
                self._open = False

    async def say(
        self,
        sound: str | Path | bytes,
        *,
        channel: int | None = None,
        block_bytes: int = BLOCK_BYTES,
        volume: int = 100,
    ) -> float:
        """Say a sound file, or the content of one, to its end; the seconds that were said.

        Needs PyAV (extra `av`). `volume` in per cent. Errors: those of `open` and of `media.sound.alaw_of`;
        a file without sound opens no talk.
        """
        pieces = alaw_of(Path(sound) if isinstance(sound, str) else sound, volume=volume)
        samples = 0
        try:
            # Each to its end: a generator that runs cannot be closed.
            piece = await to_its_end(asyncio.to_thread(next, pieces, b""))
            if not piece:
                raise UsageError("there is no sound to say")
            async with self.open(channel=channel, block_bytes=block_bytes) as conversation:
                while piece:
                    await conversation.send(piece)
                    samples += len(piece)
                    piece = await to_its_end(asyncio.to_thread(next, pieces, b""))
        finally:
            pieces.close()
        return samples / SAMPLE_RATE
