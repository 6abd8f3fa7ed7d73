"""Changes of a device, one at a time: from reading an object to having it written.

1. `async with turn` waits until nobody else changes anything; the task that has it, and its children, pass.
2. Who has read before somebody else has written finds out by `stale`, and reads again.
"""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from types import TracebackType
from typing import Self

_mine: ContextVar[tuple[object, ...]] = ContextVar("the turns of this task", default=())


class Turn:
    """Who may change the device on one connection, and what was changed when."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._holder: object = None
        self._entered = 0
        self._writes: dict[str, int] = {}
        self.count = 0
        """Writes so far: to be noted before reading what is to be changed."""

    async def __aenter__(self) -> Self:
        if self._holder is None or self._holder not in _mine.get():
            await self._lock.acquire()
            self._holder = object()
            _mine.set((*_mine.get(), self._holder))
        self._entered += 1
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._entered -= 1
        if not self._entered:
            _mine.set(tuple(each for each in _mine.get() if each is not self._holder))
            self._holder = None
            self._lock.release()

    def wrote(self, name: str = "") -> None:
        """Note that an object was written, or may have been; "" is everything."""
        self.count += 1
        self._writes[name] = self.count

    def stale(self, name: str, count: int) -> bool:
        """Whether an object, a part of it or what it is part of was written after this `count`."""
        return any(at > count and _overlap(name, other) for other, at in self._writes.items())


def _overlap(name: str, other: str) -> bool:
    """Whether one of two names is the other, or has it in it."""
    shorter, longer = sorted((f"{name}.", f"{other}."), key=len)
    return shorter == "." or longer.startswith(shorter)
