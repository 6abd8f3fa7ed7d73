"""One viewer of a hub: its own bounded queue, so that a slow reader costs nobody else anything."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Self

from ..errors import DvripError
from ..media.units import Presentation, Track, Unit

MAX_DELAY_S = 10.0


class Viewer:
    """An async iterator of units from `Hub.attach`; it ends when the hub ends it, and `error` says why.

    1. Before `Hub.play` it only keeps the device's stream running.
    2. A viewer that lags by more than `max_bytes` or 10 s is ended; `on_end` then runs once.
    """

    def __init__(self, *, max_bytes: int, on_end: Callable[[], None] | None = None) -> None:
        self.tracks: frozenset[Track] = frozenset()
        self.presentation: Presentation | None = None
        self.error: DvripError | None = None
        self.ended = False
        self._max_bytes = max_bytes
        self._on_end = on_end
        self._queue: deque[tuple[float, Unit]] = deque()
        self._bytes = 0
        self._news = asyncio.Event()

    def offer(self, unit: Unit, now_s: float) -> bool:
        """Queue `unit` if its track is watched; False when the viewer is too slow to go on."""
        if unit.track not in self.tracks or self.ended:
            return True
        if self._bytes + unit.size > self._max_bytes:
            return False
        if self._queue and now_s - self._queue[0][0] > MAX_DELAY_S:
            return False
        self._queue.append((now_s, unit))
        self._bytes += unit.size
        self._news.set()
        return True

    def first_time_s(self) -> float | None:
        """Return the earliest time of the hub's clock that is queued."""
        return min((unit.time_s for _, unit in self._queue), default=None)

    def end(self, error: DvripError | None = None) -> None:
        """End the iteration; nothing queued is delivered any more. Idempotent."""
        if self.ended:
            return
        self.ended = True
        self.error = error
        self._queue.clear()
        self._bytes = 0
        self._news.set()
        if self._on_end is not None:
            self._on_end()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Unit:
        while not self._queue:
            if self.ended:
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        _, unit = self._queue.popleft()
        self._bytes -= unit.size
        return unit
