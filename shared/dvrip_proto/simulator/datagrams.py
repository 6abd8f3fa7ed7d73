"""Requests over UDP, as devices take them on port 34568: one message a datagram, the same messages as on TCP.

Each address that logs in becomes a connection of its own, which ends as a silent TCP connection ends. Nothing
is cut into pieces: a reply that no datagram can hold is not sent. Streams need TCP: claims are refused here.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Iterable
from typing import Any, Final, cast

from ..errors import ProtocolError
from ..wire.header import HEADER_SIZE, Header
from ..wire.ids import MessageId

_LOGGER = logging.getLogger(__name__)

_LARGEST: Final = 65507
_OPENERS: Final = frozenset({MessageId.LOGIN, MessageId.KEY_NEGOTIATION})

type _Address = tuple[str, int]
type Accept = Callable[[asyncio.StreamReader, asyncio.StreamWriter], None]


class Datagrams(asyncio.DatagramProtocol):
    """The UDP socket of one device: `accept` is handed a reader and a writer for each new peer."""

    def __init__(self, accept: Accept, *, hears: Callable[[], bool]) -> None:
        self._accept = accept
        self._hears = hears
        self._peers: dict[_Address, _Peer] = {}
        self._transport: asyncio.DatagramTransport | None = None

    @classmethod
    async def open(cls, host: str, port: int, accept: Accept, *, hears: Callable[[], bool]) -> Datagrams:
        """Listen; OSError when the address cannot be had."""
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            sock.setblocking(False)
            sock.bind((host, port))
            _, protocol = await asyncio.get_running_loop().create_datagram_endpoint(
                lambda: cls(accept, hears=hears), sock=sock
            )
        except OSError:
            sock.close()
            raise
        return protocol

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._transport.get_extra_info("sockname")[1]) if self._transport is not None else 0

    def close(self) -> None:
        """Close the socket and every peer."""
        for peer in list(self._peers.values()):
            peer.close()
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the socket."""
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        """Hand one whole message to its peer; only a login makes a new one."""
        try:
            header = Header.unpack(data)
        except ProtocolError:
            return
        if header.length != len(data) - HEADER_SIZE or not self._hears():
            return
        address = (str(addr[0]), int(addr[1]))
        peer = self._peers.get(address)
        if peer is None:
            if header.message_id not in _OPENERS:
                return
            peer = self._peers[address] = _Peer(self, address)
            self._accept(peer.reader, peer.writer)
        peer.take(data)

    def error_received(self, exc: Exception) -> None:
        """A peer that is gone already is nobody's problem."""

    def send(self, data: bytes, address: _Address) -> None:
        """Send one message; one that is too large for a datagram is dropped."""
        if len(data) > _LARGEST:
            _LOGGER.info("%s:%d: a reply of %d bytes fits no datagram", *address, len(data))
        elif self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(data, address)

    def forget(self, address: _Address) -> None:
        """A peer has ended."""
        self._peers.pop(address, None)


class _Peer(asyncio.Transport):
    """One address as a transport, so that a datagram's way through the device is that of any request."""

    def __init__(self, socket: Datagrams, address: _Address) -> None:
        super().__init__({"peername": address})
        loop = asyncio.get_running_loop()
        self._socket = socket
        self._address = address
        self._loop = loop
        self._closed = False
        self._deaf = False
        self.reader = asyncio.StreamReader(loop=loop)
        self._protocol = asyncio.StreamReaderProtocol(self.reader, loop=loop)
        self._protocol.connection_made(self)
        self.writer = asyncio.StreamWriter(self, self._protocol, self.reader, loop)

    def take(self, data: bytes) -> None:
        """Read a message; while the device reads nothing it is lost, as datagrams are."""
        if not self._deaf and not self._closed:
            self.reader.feed_data(data)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send one message."""
        if not self._closed:
            self._socket.send(bytes(data), self._address)

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        """Send messages, each in a datagram."""
        for data in list_of_data:
            self.write(data)

    def get_write_buffer_size(self) -> int:
        """Nothing waits here."""
        return 0

    def pause_reading(self) -> None:
        """Lose what comes."""
        self._deaf = True

    def resume_reading(self) -> None:
        """Take what comes."""
        self._deaf = False

    def is_closing(self) -> bool:
        """Whether it has ended."""
        return self._closed

    def close(self) -> None:
        """End; UDP tells nobody."""
        if not self._closed:
            self._closed = True
            self._socket.forget(self._address)
            self._loop.call_soon(self._protocol.connection_lost, None)

    def abort(self) -> None:
        """End."""
        self.close()
