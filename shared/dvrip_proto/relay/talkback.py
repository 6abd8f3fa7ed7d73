"""The way back to a device: sound that a viewer sends becomes a talk, one talker at a time.

1. The talk is opened when a viewer sets the way back up. Of all its requests only that one may be refused:
   go2rtc then plays without a microphone, but never reads the answer to PLAY.
2. It is closed after a silence, and opened again by the next sound: a microphone that is connected all day,
   as those of browsers are, does not keep others from the device.
3. Who has the talk keeps it until silent or gone. Viewers notice nothing of it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from typing import Final, Protocol

from ..errors import DvripError, RequestTimeoutError, TransportError, UsageError
from .limits import Limits

QUEUE_BYTES: Final = 8000  # 1 s: what a talker is late, he stays late
_BLOCK_BYTES: Final = 320
_SILENT: Final = b"\xd5\x55"  # A-law for zero: a microphone that is muted

_LOGGER = logging.getLogger(__name__)


class Voice(Protocol):
    """A talk that is open, as `Device.talk.open` gives it."""

    async def send(self, pcma: bytes) -> None:
        """Say A-law samples, 8000 a second, as fast as they are spoken. DvripError when the talk is over."""


type OpenTalk = Callable[[], AbstractAsyncContextManager[Voice]]


class Talkback:
    """Gives the talk that `open_talk()` opens to one talker at a time; `name` is for errors and logs.

    A talker is any object, told from others by its identity.
    """

    def __init__(self, open_talk: OpenTalk, *, name: str, limits: Limits) -> None:
        self._limits = limits
        self.closed = False
        self._open_talk = open_talk
        self._name = name
        self._turn: _Turn | None = None
        self._line = asyncio.Lock()  # a turn waits until the last words of the one before are said
        self._tasks: set[asyncio.Task[None]] = set()
        self._retry_at_s = 0.0

    async def begin(self, talker: object, timeout_s: float) -> None:
        """Open the talk for `talker`. UsageError when another one has it, else the device's error."""
        if self.closed:
            raise UsageError(f"{self._name}: the relay is closed")
        if self._turn is not None:
            if self._turn.talker is talker:
                return
            raise UsageError(f"{self._name}: somebody else is talking")
        opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        task = self._start(talker, opened)
        try:
            async with asyncio.timeout(timeout_s):
                await opened
        except DvripError:
            raise
        except BaseException as error:
            self.leave(talker)
            task.cancel()
            if not isinstance(error, TimeoutError):
                raise
            raise RequestTimeoutError(f"{self._name}: the device did not open the talk in time") from None

    def say(self, talker: object, pcma: bytes) -> None:
        """Queue A-law samples of `talker`; beyond a second of them the oldest are lost."""
        now_s = asyncio.get_running_loop().time()
        silent = not pcma.strip(_SILENT)
        if self._turn is None and not silent and not self.closed and now_s >= self._retry_at_s:
            _ = self._start(talker)
        turn = self._turn
        if turn is None:
            return
        if turn.talker is not talker:
            self._complain(turn, "somebody else is talking: a second talker is not heard")
            return
        if not silent:
            turn.heard_s = now_s
        turn.sound += pcma
        if len(turn.sound) > QUEUE_BYTES:
            self._complain(turn, "sound comes faster than it is spoken: some is lost")
            del turn.sound[:-QUEUE_BYTES]
        turn.news.set()

    def leave(self, talker: object) -> None:
        """End the turn of `talker`, if he has it, after what is queued; the next may begin at once."""
        turn = self._turn
        if turn is not None and turn.talker is talker:
            self._turn = None
            turn.left = True
            turn.news.set()

    async def close(self) -> None:
        """Close the talk now, and let nobody open it again."""
        self.closed = True
        self._turn = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, talker: object, opened: asyncio.Future[None] | None = None) -> asyncio.Task[None]:
        self._turn = turn = _Turn(talker, silence_s=self._limits.talk_silence_s)
        task = asyncio.create_task(self._run(turn, opened), name=f"dvrip talk {self._name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _run(self, turn: _Turn, opened: asyncio.Future[None] | None) -> None:
        try:
            async with self._line:
                if turn.left and not turn.sound:
                    return
                await self._talk(turn, opened)
        except DvripError as error:
            self._release(turn)
            if opened is not None and not opened.done():
                opened.set_exception(error)
                return
            self._retry_at_s = asyncio.get_running_loop().time() + self._limits.talk_retry_s
            _LOGGER.warning("%s: the talk is over: %s", self._name, error)
        except Exception:
            _LOGGER.exception("%s: the talk failed", self._name)
        finally:
            self._release(turn)
            if opened is not None and not opened.done():
                opened.set_exception(TransportError(f"{self._name}: the talk was not opened"))

    async def _talk(self, turn: _Turn, opened: asyncio.Future[None] | None) -> None:
        async with self._open_talk() as voice:
            if opened is not None and not opened.done():
                opened.set_result(None)
            turn.heard_s = asyncio.get_running_loop().time()
            while block := await turn.block():
                await voice.send(block)
            self._release(turn)

    def _release(self, turn: _Turn) -> None:
        if self._turn is turn:
            self._turn = None

    def _complain(self, turn: _Turn, what: str) -> None:
        if not turn.complained:
            turn.complained = True
            _LOGGER.warning("%s: %s", self._name, what)


class _Turn:
    """What one talker says, from the opening of the talk to its end."""

    def __init__(self, talker: object, *, silence_s: float) -> None:
        self.talker = talker
        self.silence_s = silence_s
        self.sound = bytearray()
        self.heard_s = asyncio.get_running_loop().time()
        self.left = False
        self.complained = False
        self.news = asyncio.Event()

    async def block(self) -> bytes:
        """Return what is to be said next; nothing once the talker has left or is silent."""
        loop = asyncio.get_running_loop()
        while not self.left:
            silent_at_s = self.heard_s + self.silence_s
            if loop.time() >= silent_at_s:
                return b""
            if self.sound:
                break
            self.news.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout_at(silent_at_s):
                    await self.news.wait()
        block = bytes(self.sound[:_BLOCK_BYTES])
        del self.sound[:_BLOCK_BYTES]
        return block
