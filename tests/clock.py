"""An event loop whose time passes at once: how long something takes is then the same on every machine."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, override

# What is sent to a socket of the same process is there at once: only a machine that stands still needs more.
_SETTLE_S = 0.004


class _Selector(selectors.DefaultSelector):
    """Sleeps for nobody: when no socket has anything, the time of the loop moves to what it waits for."""

    skipped_s = 0.0
    elsewhere = 0  # calls in threads, which take real time

    @override
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0)
        if found or (timeout is not None and timeout <= 0):
            return found
        if timeout is None or self.elsewhere:
            return super().select(0.05 if self.elsewhere else None)
        found = super().select(_SETTLE_S)
        if not found:
            self.skipped_s += timeout
        return found


class SkippingLoop(asyncio.SelectorEventLoop):
    """Its time is what was waited for, and nothing of what the machine needs."""

    def __init__(self) -> None:
        self._skips = _Selector()
        super().__init__(self._skips)

    @override
    def time(self) -> float:
        return 1000.0 + self._skips.skipped_s

    @override
    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        self._skips.elsewhere += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._back)
        return future

    @override
    async def shutdown_default_executor(self, timeout: float | None = None) -> None:
        self._skips.elsewhere += 1  # threads that end take real time, too
        await super().shutdown_default_executor(timeout)

    def _back(self, _future: asyncio.Future[Any]) -> None:
        self._skips.elsewhere -= 1


def run_at_once[T](main: Coroutine[Any, Any, T]) -> T:
    """What a coroutine gives, run on a loop of its own whose time passes at once."""
    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        return runner.run(main)


def now() -> float:
    """Time of the running loop."""
    return asyncio.get_running_loop().time()
