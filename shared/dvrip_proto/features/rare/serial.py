"""Serial ports of a device: bytes out, bytes in.

Weakly documented by the vendor: devices answer a read with silence when nothing came, many have no such port
and agree nevertheless. The words that `open` uses are of the vendor's own tables, what it says of the line is
from its library: no capture of it is known.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from typing import Final

from ...connection import Connection, Reply
from ...connection.to_its_end import to_its_end
from ...errors import DvripError, RequestError, RequestTimeoutError, TransportError, UsageError
from ...values import Json
from ...wire.ids import MessageId
from ...wire.ret import SUCCESS, check, error_for

_NAME: Final = "OPTrans"
_LARGEST: Final = 16 * 1024
_CLOSE_S: Final = 2.0
_WAITING_MAX: Final = 1024 * 1024  # bytes that nobody has read yet
_MESSAGE_COST: Final = 64  # bytes a message takes beside its own
_PARITIES: Final = ("none", "odd", "even", "mark", "space")


class SerialPort(Enum):
    """Kind of a serial port; the name is the vendor's word, the value its number."""

    RS232 = 0
    RS485 = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialLine:
    """How a port is set; `parity` is none, odd, even, mark or space."""

    baud: int = 9600
    data_bits: int = 8
    stop_bits: int = 1
    parity: str = "none"


_READ: Final = {SerialPort.RS232: MessageId.RS232_READ, SerialPort.RS485: MessageId.RS485_READ}
_WRITE: Final = {SerialPort.RS232: MessageId.RS232_WRITE, SerialPort.RS485: MessageId.RS485_WRITE}
_DATA: Final = {SerialPort.RS232: MessageId.RS232_DATA, SerialPort.RS485: MessageId.RS485_DATA}


class SerialLink:
    """A port that is open. As an async iterator: bytes as they come, for one reader."""

    def __init__(self, connection: Connection, port: SerialPort) -> None:
        self._connection = connection
        self._port = port
        self._heard: asyncio.Queue[bytes | DvripError | None] = asyncio.Queue()
        self._waiting = 0
        self._refused = False
        data = _DATA[port]
        # A device sends under either id: as its own message, or as the reply to data that came before.
        self._forget = [
            connection.on_push(data, self._take),
            connection.on_push(data + 1, self._take),
            connection.on_close(self._heard.put_nowait),
        ]

    def __aiter__(self) -> SerialLink:
        return self

    async def __anext__(self) -> bytes:
        heard = await self._heard.get()
        if isinstance(heard, bytes):
            self._waiting -= len(heard) + _MESSAGE_COST
            return heard
        self._heard.put_nowait(heard)
        if heard is None:
            raise StopAsyncIteration
        raise heard

    async def send(self, data: bytes) -> None:
        """Send up to 16 KiB. They are not acknowledged: an answer, if any, is what the iterator gives."""
        _check(self._connection, data)
        self._connection.tell(_DATA[self._port], data)

    def _take(self, message: Reply) -> None:
        if message.ret is not None and message.ret not in SUCCESS:
            if not self._refused:
                self._refused = True
                where = self._connection.where
                self._heard.put_nowait(
                    error_for(message.ret, where=where, message_id=_DATA[self._port], name=_NAME)
                )
        elif not message.body and self._waiting + len(message.raw) < _WAITING_MAX:
            self._waiting += len(message.raw) + _MESSAGE_COST
            self._heard.put_nowait(message.raw)

    def _end(self) -> None:
        for forget in self._forget:
            forget()
        self._heard.put_nowait(None)


class Serial:
    """Reads and writes the serial ports."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._open: set[SerialPort] = set()

    async def write(self, port: SerialPort, data: bytes) -> None:
        """Send up to 16 KiB through a port."""
        _check(self._connection, data)
        reply = await self._connection.request_raw(_WRITE[port], data)
        check(reply.ret, where=self._connection.where, message_id=_WRITE[port])

    async def read(self, port: SerialPort, *, timeout_s: float = 1.0) -> bytes:
        """Bytes that came through a port; none within the time is b""."""
        try:
            reply = await self._connection.request(_READ[port], timeout_s=timeout_s, optional=True)
        except RequestTimeoutError:
            if self._connection.closed:
                raise
            return b""
        return b"" if reply.body else reply.raw

    @asynccontextmanager
    async def open(self, port: SerialPort, line: SerialLine | None = None) -> AsyncIterator[SerialLink]:
        """Bytes both ways in the block, one for a port. RequestError when the device does not open it."""
        line = line or SerialLine()
        if line.parity not in _PARITIES:
            raise UsageError(f"{self._connection.where}: no parity {line.parity!r}: {', '.join(_PARITIES)}")
        wish: dict[str, Json] = {
            "BaudRate": line.baud,
            "DataBits": line.data_bits,
            "Parity": _PARITIES.index(line.parity),
            "StopBits": line.stop_bits,
            "CommName": port.name,
        }
        if port in self._open:
            # The device is not asked: what ends the second would end the first.
            raise UsageError(f"{self._connection.where}: {port.name} is open already")
        link = SerialLink(self._connection, port)
        self._open.add(port)
        refused = False
        try:
            try:
                await self._connection.request(MessageId.TRANSPARENT_OPEN, _NAME, {"Action": "Start", **wish})
            except RequestError:
                refused = True  # somebody else's, whom a Stop would cut off
                raise
            yield link
        finally:
            link._end()  # noqa: SLF001 - its own module
            try:
                if not refused:
                    await to_its_end(self._close(wish))
            finally:
                self._open.discard(port)

    async def _close(self, wish: dict[str, Json]) -> None:
        with suppress(DvripError):
            await self._connection.request(
                MessageId.TRANSPARENT_OPEN,
                _NAME,
                {"Action": "Stop", **wish},
                timeout_s=_CLOSE_S,
                optional=True,
            )


def _check(connection: Connection, data: bytes) -> None:
    if not 0 < len(data) <= _LARGEST:
        raise UsageError(f"{connection.where}: {len(data)} bytes for a serial port, it takes 1 to {_LARGEST}")
    if connection.closed:
        raise TransportError(f"{connection.where}: the connection is closed")
