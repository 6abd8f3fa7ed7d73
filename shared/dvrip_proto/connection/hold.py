"""Steps that no other request may come between: some recorders forget a claim when one does.

Source: a regression test of TheJenos/xmeye-control. Whatever the device leaves unanswered, the others wait no
longer than `HOLD_S`: the stop of a drive must not come late.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Final

from ..session import Session
from ..wire.reply import Reply

HOLD_S: Final = 2.0
_mine: ContextVar[object] = ContextVar("the hold of this task", default=None)


class Hold:
    """Who may send on a connection now: everybody, or the one task that holds it."""

    def __init__(
        self,
        session: Session,
        in_flight: Callable[[], Collection[asyncio.Future[Reply]]],
        wake: Callable[[], None],
    ) -> None:
        self._session = session
        self._in_flight = in_flight
        self._wake = wake
        self.longest_s = HOLD_S
        self._mark: object = None
        self._free = asyncio.Event()
        self._free.set()

    def move(self, session: Session) -> None:
        """Go on with another session of the same connection."""
        session.quiet, self._session = self._session.quiet, session

    async def turn(self) -> None:
        """Wait until this task may send."""
        while self._mark is not None and self._mark is not _mine.get():
            await self._free.wait()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Send nothing in the block but what this task does; it begins when what was sent is answered."""
        loop = asyncio.get_running_loop()
        while self._mark is not None:
            await self._free.wait()
        self._session.settle(loop.time())
        self._wake()  # before the block, in which nothing else is sent
        mark = self._mark = object()
        self._free.clear()
        self._session.quiet += 1
        timer = loop.call_later(self.longest_s, self._release, mark)
        token = _mine.set(mark)
        try:
            while self._mark is mark and (waited := self._in_flight()):
                await asyncio.wait(waited, timeout=self.longest_s / 2)
                if not all(future.done() for future in waited):
                    break  # a slow answer of another request need not be waited for
            yield
        finally:
            _mine.reset(token)
            timer.cancel()
            self._release(mark)

    def _release(self, mark: object) -> None:
        if self._mark is mark:
            self._mark = None
            self._session.quiet -= 1
            self._free.set()
            self._wake()
