"""Work that must not be left half done: a stop, an abort, a write."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable


async def to_its_end[T](work: Awaitable[T]) -> T:
    """The result of `work`; a cancellation waits for its end, then goes on.

    Not asyncio.shield: that leaves cancelled work running alone, and its error to the event loop.
    """
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is None:
        return task.result()
    if not task.cancelled():
        task.exception()
    raise cancelled
