"""The device's side of a hub: one stream, open while somebody holds it, and opened again after a loss.

1. Never two streams at once: a new one waits until the old one is closed.
2. A failure before the first picture is told at once; after it, the device has `outage_s` to come back.
3. While it lingers, its connection is given up as soon as anybody needs one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Set
from itertools import chain, repeat

from ..errors import AuthenticationError, DvripError, TransportError, UnsupportedError, UsageError
from ..stream import MediaStream, OpenStream
from ..wire.media import MediaFrame

_LOGGER = logging.getLogger(__name__)
_BACKOFF_S = (0.5, 1.0, 2.0)
_FINAL = (AuthenticationError, UnsupportedError, UsageError)  # trying again within seconds changes nothing


class Source:
    """Opens `open_stream()` at the first `hold()` and closes it `linger_s` after the last `release()`.

    `on_open` runs when a stream is open, `on_frame` for each of its frames, and `on_stop` when none is left
    and none will be tried: with the error, or None when nobody held it any more.
    """

    def __init__(
        self,
        open_stream: OpenStream,
        *,
        on_open: Callable[[], None],
        on_frame: Callable[[MediaFrame], None],
        on_stop: Callable[[DvripError | None], None],
        name: str,
        linger_s: float,
        outage_s: float,
    ) -> None:
        self.open = False
        self._open_stream = open_stream
        self._on_open = on_open
        self._on_frame = on_frame
        self._on_stop = on_stop
        self._name = name
        self._linger_s = linger_s
        self._outage_s = outage_s
        self._holders = 0
        self._task: asyncio.Task[None] | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._linger: asyncio.TimerHandle | None = None
        self._linger_until = 0.0
        self._patience: asyncio.Timeout | None = None
        self._pictures = 0
        self._frames: MediaStream | None = None

    def hold(self) -> None:
        """Keep the stream open; every call needs its `release()`."""
        self._holders += 1
        if self._frames is not None:
            self._frames.spare(None)
        if self._linger is not None:
            self._linger_until = self._linger.when()
            self._linger.cancel()
            self._linger = None
        if self._task is None:
            self._task = asyncio.create_task(
                self._run(frozenset(self._ending)), name=f"dvrip relay {self._name}"
            )

    def release(self, *, linger: bool = True) -> None:
        """Give back one `hold()`; without `linger` the stream is open no longer than it would have been."""
        self._holders -= 1
        if self._holders or self._task is None:
            return
        loop = asyncio.get_running_loop()
        until = loop.time() + self._linger_s if linger else self._linger_until
        if until <= loop.time():
            self._stop(None)
            return
        self._linger = loop.call_at(until, self._stop, None)
        if self._frames is not None:
            self._frames.spare(self._stop_lingering)

    def picture(self) -> None:
        """Note that a picture reached the viewers: the outage, if there was one, is over."""
        self._pictures += 1
        if self._patience is not None and not self._patience.expired():
            self._patience.reschedule(asyncio.get_running_loop().time() + self._outage_s)

    async def closed(self) -> None:
        """Wait until a stream that nobody holds any more is closed."""
        if self._task is None and self._ending:
            await asyncio.wait(self._ending)

    async def close(self, error: DvripError) -> None:
        """Close the stream now, for the reason that waiting callers are given."""
        if self._linger is not None:
            self._linger.cancel()
        self._stop(error)
        if self._ending:
            await asyncio.wait(self._ending)

    def _stop_lingering(self) -> None:
        if self._linger is not None:
            self._linger.cancel()
            self._stop(None)

    def _stop(self, error: DvripError | None) -> None:
        self._linger = None
        if self._task is not None:
            self._task.cancel()
            self._leave(self._task)
            self._on_stop(error)

    def _leave(self, task: asyncio.Task[None]) -> None:
        """Go on without a stream that may not be closed yet, nor those that it waits for."""
        self._task = None
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def _run(self, previous: Set[asyncio.Task[None]]) -> None:
        if previous:
            await asyncio.wait(previous)
        error: DvripError = TransportError(f"{self._name}: the stream ended unexpectedly")
        try:
            async with asyncio.timeout(self._outage_s) as self._patience:
                await self._follow()
        except DvripError as lost:
            error = lost
        except TimeoutError:
            error = TransportError(f"{self._name}: no picture for {self._outage_s:g} s")
        finally:
            self._patience = None
            task = asyncio.current_task()
            if task is not None and task is self._task:
                self._leave(task)
                _LOGGER.info("%s: stream given up: %s", self._name, error)
                self._on_stop(error)

    async def _follow(self) -> None:
        self._pictures = 0
        delays = chain(_BACKOFF_S, repeat(_BACKOFF_S[-1]))
        while True:
            before = self._pictures
            try:
                await self._read()
            except _FINAL:
                raise
            except DvripError as lost:
                if not self._pictures:
                    raise
                _LOGGER.debug("%s: stream lost, trying again: %s", self._name, lost)
            if self._pictures > before:
                delays = chain(_BACKOFF_S, repeat(_BACKOFF_S[-1]))
            await asyncio.sleep(next(delays))

    async def _read(self) -> None:
        try:
            async with self._open_stream() as frames:
                self.open = True
                self._on_open()
                if isinstance(frames, MediaStream):
                    self._frames = frames
                    if self._linger is not None:
                        frames.spare(self._stop_lingering)  # whoever wanted it has left meanwhile
                    while batch := await frames.batch():
                        for frame in batch:
                            self._on_frame(frame)
                async for frame in frames:
                    self._on_frame(frame)
        finally:
            self.open = False
            self._frames = None
        raise TransportError(f"{self._name}: the device ended the stream")
