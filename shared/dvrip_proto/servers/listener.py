"""A server's socket, and what becomes of those who dial it before they have shown who they are.

Strangers are counted apart from those who are known: they are few, few of one peer, and have seconds. A
newcomer takes the place of the oldest stranger, never of somebody known; and whoever comes has a moment to
show who he is, however many others come: that long a newcomer waits at the door.
"""

from __future__ import annotations

import asyncio
import socket
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Final, Self, cast

from ..connection.link import cannot_listen
from ..connection.to_its_end import to_its_end
from ..errors import UsageError
from .crowd import Crowd, peer_of

_BACKLOG: Final = 1024
_GRACE_S: Final = 0.05
_PEER_GRACE_S: Final = 1.0  # a reader of many streams opens them all at once
_AGAIN_S: Final = 0.2

type Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Listener(ABC):
    """Listens at `host`:`port` while it is entered or started; `refused` counts who was sent away.

    At most `strangers_max` strangers stay, `strangers_a_peer` of one peer, each for `stranger_s` (None: no
    end).
    """

    def __init__(
        self,
        bind: str,
        port: int,
        *,
        strangers_max: int,
        strangers_a_peer: int,
        stranger_s: float | None,
    ) -> None:
        self.host = bind
        self.port = port
        self.refused = 0
        self._stranger_s = stranger_s
        self._strangers: Crowd[asyncio.BaseTransport] = Crowd(strangers_max, strangers_a_peer)
        self._timers: dict[asyncio.BaseTransport, asyncio.TimerHandle] = {}
        self._doors: dict[asyncio.Task[None], socket.socket] = {}
        self._starting = False

    async def __aenter__(self) -> Self:
        """Start, and give this server."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        await self.close()

    @property
    def listening(self) -> bool:
        """Whether it has been started and not closed."""
        return bool(self._doors)

    async def start(self) -> None:
        """Listen; `port` is then the real one. TransportError when the address cannot be had."""
        if self._doors or self._starting:
            raise UsageError(f"{self.host}:{self.port}: this server listens already")
        self._starting = True
        try:
            await self._listen()
        finally:
            self._starting = False

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        opened: list[socket.socket] = []
        try:
            found = await loop.getaddrinfo(
                self.host or None, self.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )
            if not self._starting:
                raise OSError(None, "closed before it listened")
            for family, address in dict.fromkeys((each[0], each[4]) for each in found):
                port = opened[0].getsockname()[1] if opened else address[1]
                opened.append(
                    socket.create_server((address[0], port, *address[2:]), family=family, backlog=_BACKLOG)
                )
                opened[-1].setblocking(False)
        except (OSError, OverflowError) as error:
            for door in opened:
                door.close()
            raise cannot_listen(self.host, self.port, error) from error
        self.port = opened[0].getsockname()[1]
        self._doors = {loop.create_task(self._accept(door)): door for door in opened}

    async def close(self) -> None:
        """Listen no more and end every connection; any number of times. A cancellation waits for that."""
        self._starting = False
        await to_its_end(self._close())

    async def _close(self) -> None:
        doors, self._doors = self._doors, {}
        for task in doors:
            task.cancel()
        await asyncio.gather(*doors, return_exceptions=True)
        for door in doors.values():
            door.close()
        for transport in tuple(self._strangers):
            self.drop(transport)
        await self._end()

    @abstractmethod
    def _protocol(self) -> asyncio.BaseProtocol:
        """What serves one newcomer; it calls `meet`, then `know` or `forget`."""

    @abstractmethod
    async def _end(self) -> None:
        """End every connection that is left when nobody listens any more."""

    def meet(self, transport: asyncio.BaseTransport) -> bool:
        """Take in a newcomer as a stranger; False when it is late: the server is closed, or it is gone."""
        address = transport.get_extra_info("peername")
        if not address or not self._doors:
            return False
        loop, peer = asyncio.get_running_loop(), peer_of(address)
        self._strangers.put(transport, peer, loop.time())
        if self._stranger_s is not None:
            self._timers[transport] = loop.call_later(self._stranger_s, self.drop, transport)
        for surplus in self._strangers.beyond(peer, loop.time(), _PEER_GRACE_S):
            self.refused += 1
            self.drop(surplus)
        return True

    def drop(self, transport: asyncio.BaseTransport) -> None:
        """Cut a stranger off."""
        self.forget(transport)
        cast(asyncio.Transport, transport).abort()

    def forget(self, transport: asyncio.BaseTransport) -> None:
        """A stranger is gone, or is known now."""
        self._strangers.remove(transport)
        timer = self._timers.pop(transport, None)
        if timer is not None:
            timer.cancel()

    async def _accept(self, door: socket.socket) -> None:
        """One newcomer at a time, so that those who are inside are heard in between."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                newcomer, _ = await loop.sock_accept(door)
            except OSError:  # no descriptors left, or the newcomer has gone
                await asyncio.sleep(_AGAIN_S)
                continue
            try:
                await self._make_room()
                await loop.connect_accepted_socket(self._protocol, newcomer)
            except OSError:
                newcomer.close()
            except BaseException:
                newcomer.close()
                raise

    async def _make_room(self) -> None:
        now = asyncio.get_running_loop().time
        while self._strangers.full and (first := self._strangers.first_to_go()) is not None:
            transport, since = first
            wait_s = since + _GRACE_S - now()
            if wait_s > 0:
                await asyncio.sleep(wait_s)
            if transport in self._strangers:
                self.refused += 1
                self.drop(transport)


def streams(serve: Serve, limit: int) -> asyncio.BaseProtocol:
    """A protocol that serves with a reader and a writer, as asyncio.start_server makes them."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=limit, loop=loop)
    return asyncio.StreamReaderProtocol(reader, serve, loop=loop)
