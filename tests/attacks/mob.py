"""Strangers that dial a server and come back at once whenever they are cut off."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import override


class _Stranger(asyncio.Protocol):
    def __init__(self, greeting: bytes, lost: Callable[[], None]) -> None:
        self._greeting = greeting
        self._lost = lost

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self._greeting:
            transport.write(self._greeting)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._lost()


class Mob:
    """`count` strangers from `hosts` in turn, in a thread of their own, as another machine would be."""

    def __init__(self, port: int, count: int, hosts: Sequence[str], greeting: bytes) -> None:
        self.dialled = 0
        self._port = port
        self._count = count
        self._hosts = hosts
        self._greeting = greeting
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over = asyncio.Event()
        self._begun = threading.Event()

    def start(self) -> None:
        self._thread.start()
        assert self._begun.wait(20)

    def stop(self) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(20)
        assert not self._thread.is_alive()

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        tasks = [asyncio.create_task(self._one(number)) for number in range(self._count)]
        while self.dialled < self._count:  # noqa: ASYNC110 - the others are waited for
            await asyncio.sleep(0.01)
        self._begun.set()
        await self._over.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _one(self, number: int) -> None:
        loop, host = asyncio.get_running_loop(), self._hosts[number % len(self._hosts)]
        while True:
            lost = asyncio.Event()
            transport = None
            try:
                self.dialled += 1
                with contextlib.suppress(OSError):
                    transport, _ = await loop.create_connection(
                        lambda lost=lost: _Stranger(self._greeting, lost.set),
                        "127.0.0.1",
                        self._port,
                        local_addr=(host, 0),
                    )
                    await lost.wait()
            finally:
                if transport is not None:
                    transport.abort()
            await asyncio.sleep(0.001)


@asynccontextmanager
async def mob(
    port: int, count: int, *, hosts: Sequence[str] = ("127.0.0.1",), greeting: bytes = b""
) -> AsyncIterator[Mob]:
    """Have `count` strangers at a port of this machine."""
    strangers = Mob(port, count, hosts, greeting)
    await asyncio.to_thread(strangers.start)
    try:
        yield strangers
    finally:
        await asyncio.to_thread(strangers.stop)
