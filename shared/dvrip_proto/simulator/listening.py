"""Where one device listens: its TCP port, its UDP port if it has one, and the connections that came."""

from __future__ import annotations

import asyncio
import errno
import logging
import time
from typing import TYPE_CHECKING, Final

from ..errors import UsageError
from .datagrams import Datagrams
from .link import Link

if TYPE_CHECKING:
    from .dispatch import Unit

_LOGGER = logging.getLogger(__name__)

_LINKS_MAX: Final = 512
_BACKLOG: Final = 512
_RETRY_S: Final = 0.2
_RETRIES: Final = 50
_NOWHERE: Final = "could not bind on any address"  # asyncio's words, without a number


class Listening:
    """The sockets of a device; `links` are its connections, each with the task that serves it."""

    def __init__(self, unit: Unit, *, udp_port: int | None) -> None:
        self._unit = unit
        self.udp_port = udp_port
        self.links: dict[Link, asyncio.Task[None]] = {}
        self._server: asyncio.Server | None = None
        self._datagrams: Datagrams | None = None

    @property
    def up(self) -> bool:
        """Whether the device listens."""
        return self._server is not None

    async def open(self, host: str, port: int) -> int:
        """Listen: the port, which is any free one for 0. UsageError when an address is in use."""
        server = await self._bind(host, port)
        port = int(server.sockets[0].getsockname()[1])
        await self._switch(server, host, port)
        return port

    async def open_again(self, host: str, port: int) -> None:
        """Listen where the port may be busy for a moment, right after a fall."""
        for _ in range(_RETRIES):
            try:
                await self.open(host, port)
                return
            except UsageError as error:
                _LOGGER.warning("%s", error)
                await asyncio.sleep(_RETRY_S)
        await self.open(host, port)

    async def move(self, host: str, port: int) -> None:
        """End every connection and listen elsewhere; UsageError leaves everything as it is."""
        server = await self._bind(host, port)
        try:
            await self.close()
            await self._switch(server, host, port)
        except BaseException:
            server.close()
            raise

    async def close(self) -> None:
        """Stop listening and end every connection, except the one that asks for it."""
        server, self._server = self._server, None
        datagrams, self._datagrams = self._datagrams, None
        if server is not None:
            server.close()
        self._unit.state.cable.let_go()
        tasks = [task for task in self.links.values() if task is not asyncio.current_task()]
        self.drop()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if datagrams is not None:
            datagrams.close()
        if server is not None:
            await server.wait_closed()

    def drop(self) -> None:
        """Reset every connection."""
        for link in list(self.links):
            link.abort()

    async def attend(self, link: Link) -> None:
        """Answer on a connection until it ends."""
        task = asyncio.current_task()
        if task is None:
            return
        self.links[link] = task
        try:
            if not self._unit.state.cable.plugged:
                self._unit.state.cable.hold(link)
                await self._unit.state.cable.wait()
                link.stranger_since = time.monotonic()
            await link.serve(lambda frame: self._unit.answer(link, frame))
        finally:
            del self.links[link]
            self._unit.drop_link(link)

    async def _bind(self, host: str, port: int) -> asyncio.Server:
        try:
            return await asyncio.start_server(
                self._accepted, host, port, backlog=_BACKLOG, reuse_address=True, start_serving=False
            )
        except OSError as error:
            raise UsageError(f"{host}:{port}: {why(error)}") from error

    async def _switch(self, server: asyncio.Server, host: str, port: int) -> None:
        """Begin to listen on TCP and UDP, or on neither."""
        self._server, where = server, f"{host}:{port}"
        try:
            await server.start_serving()
            if self.udp_port is not None:
                where = f"{host}:{self.udp_port} (UDP)"
                self._datagrams = await Datagrams.open(
                    host, self.udp_port, self._datagrams_from, hears=lambda: self._unit.state.cable.plugged
                )
                self.udp_port = self._datagrams.port
        except OSError as error:
            self._server = None
            server.close()
            raise UsageError(f"{where}: {why(error)}") from error

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = self._link(reader, writer)
        if self._server is None or not self._admit(link):
            link.abort()
            return
        await self.attend(link)

    def _datagrams_from(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = self._link(reader, writer, datagrams=True)
        if self._admit(link):
            self._unit.spawn(self.attend(link))
        else:
            link.abort()

    def _link(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, datagrams: bool = False
    ) -> Link:
        return Link(
            reader,
            writer,
            quirks=lambda: self._unit.quirks,
            alive_interval_s=self._unit.alive_interval_s,
            datagrams=datagrams,
        )

    def _admit(self, newcomer: Link) -> bool:
        """Room for one more: a device full of strangers drops the oldest of them."""
        limit = self._unit.quirks.max_connections
        if limit is not None and not newcomer.datagrams:
            return sum(not link.datagrams for link in self.links) < limit
        if len(self.links) >= _LINKS_MAX:
            stranger = next((link for link in self.links if link.session is None and not link.claims), None)
            if stranger is None:
                return False
            stranger.abort()
        return True


def why(error: OSError) -> str:
    """What is wrong with an address."""
    if error.errno == errno.EADDRINUSE:
        return "is in use already"
    if error.errno == errno.EADDRNOTAVAIL or str(error).startswith(_NOWHERE):
        return "is no address of this computer"
    return str(error.strerror or error)
