"""A loudspeaker without a network."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from dvrip_proto.errors import DvripError


class Loudspeaker:
    """`open` is what a relay takes. Counters say what the relay did; the attributes what goes wrong."""

    def __init__(self) -> None:
        self.said: list[bytes] = []
        self.opened = 0
        self.now_open = 0
        self.peak = 0
        self.refusal: DvripError | None = None
        self.broken: DvripError | None = None
        self.opening_s = 0.0
        self.closing_s = 0.0
        self.mute = asyncio.Event()
        self.mute.set()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Loudspeaker]:
        await asyncio.sleep(self.opening_s)
        if self.refusal is not None:
            raise self.refusal
        self.opened += 1
        self.now_open += 1
        self.peak = max(self.peak, self.now_open)
        self.said.append(b"")
        try:
            yield self
        finally:
            await asyncio.sleep(self.closing_s)
            self.now_open -= 1

    async def send(self, pcma: bytes) -> None:
        if self.broken is not None:
            raise self.broken
        await self.mute.wait()
        self.said[-1] += pcma
