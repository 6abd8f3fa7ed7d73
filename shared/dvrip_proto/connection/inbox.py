"""What comes for one reader: in its order, bounded, and with an end."""

from __future__ import annotations

import asyncio
from collections import deque
from copy import copy

from ..errors import DvripError


class Inbox[T]:
    """An async iterator for one reader. Of one that is too slow the oldest items are lost, beyond `most`.

    After what came before it, an end raises its error, or just ends the iterator.
    """

    def __init__(self, most: int) -> None:
        self.ended = False
        self.error: DvripError | None = None
        self._items: deque[T] = deque(maxlen=most)
        self._news = asyncio.Event()

    def __aiter__(self) -> Inbox[T]:
        return self

    async def __anext__(self) -> T:
        while not self._items:
            if self.error is not None:
                raise copy(self.error)
            if self.ended:
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        return self._items.popleft()

    def put(self, item: T) -> None:
        """Add what came."""
        self._items.append(item)
        self._news.set()

    def end(self, error: DvripError | None = None) -> None:
        """Say that nothing more comes; the first one who does is right."""
        if not self.ended:
            self.ended, self.error = True, error
        self._news.set()
