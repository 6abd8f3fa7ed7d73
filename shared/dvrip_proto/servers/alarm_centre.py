"""Alarm centre: a server that devices dial when something happens (NetWork.AlarmServer, protocol GENERAL).

Nobody logs in here: whoever reaches the port can claim to be any device. Where a report came from is known,
what it says of itself is a hint. A peer that sends nonsense, too much or too slowly is dropped; nobody else
notices.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self

from ..connection.callbacks import register
from ..connection.inbox import Inbox
from ..connection.link import cannot_listen
from ..errors import ProtocolError, UsageError
from ..features.alarms import AlarmKind, is_active, kind_of
from ..values import Json, count
from ..wire.address import decode_ipv4
from ..wire.body import decode
from ..wire.header import HEADER_SIZE, Header
from ..wire.ids import MessageId

DEFAULT_PORT: Final = 15002
_LOGGER: Final = logging.getLogger(__name__)
_LARGEST: Final = 64 * 1024  # a report has below 1 KiB
_KEPT: Final = 1000
_TEXT_MAX: Final = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmReport:
    """An alarm or a log entry that a device reported. `serial` is what the device says, `host` is known.

    Channels count from 0. `active` is None for what has no end. `started` is the device's clock.
    """

    host: str
    serial: str
    address: str  # the device's own, as it says; "" when it does not
    channel: int
    event: str
    kind: AlarmKind
    active: bool | None
    is_log: bool
    started: str
    text: str
    raw: Mapping[str, Json] = field(repr=False)


class AlarmCentre:
    """Listens for reports on an own address: `async with AlarmCentre("192.0.2.7") as centre: ...`.

    `idle_s` is how long a silent connection stays, `message_s` how long one report may take to arrive.
    """

    def __init__(
        self,
        bind: str,
        port: int = DEFAULT_PORT,
        *,
        connections_max: int = 512,
        idle_s: float = 3600.0,
        message_s: float = 10.0,
    ) -> None:
        self.host = bind
        self.port = port
        self.refused = 0
        self._connections_max = connections_max
        self._idle_s = idle_s
        self._message_s = message_s
        self._server: asyncio.Server | None = None
        self._links: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._callbacks: list[Callable[[AlarmReport | None], None]] = []

    async def __aenter__(self) -> Self:
        """Start, and give this centre."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        await self.close()

    async def start(self) -> None:
        """Listen; `port` is then the real one. TransportError when the address cannot be had."""
        if self._server is not None:
            raise UsageError(f"{self.host}:{self.port}: the alarm centre listens already")
        try:
            self._server = await asyncio.start_server(self._serve, self.host, self.port, limit=_LARGEST)
        except (OSError, OverflowError) as error:
            raise cannot_listen(self.host, self.port, error) from error
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Drop every connection, listen no more, and end every iterator; any number of times."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
        for task in tuple(self._links):
            task.cancel()
        await asyncio.gather(*self._links, return_exceptions=True)
        if server is not None:
            await server.wait_closed()
        for callback in tuple(self._callbacks):
            callback(None)

    def subscribe(self, callback: Callable[[AlarmReport], None]) -> Callable[[], None]:
        """Call back with every report; returns what ends that."""

        def hand_on(report: AlarmReport | None) -> None:
            if report is not None:
                callback(report)

        return register(self._callbacks, hand_on)

    async def reports(self) -> AsyncIterator[AlarmReport]:
        """Reports from now on, until the centre is closed.

        Of a reader that is slower than the devices the oldest reports are lost, beyond a thousand.
        """
        reports: Inbox[AlarmReport] = Inbox(_KEPT)
        if self._server is None:
            reports.end()

        def arrived(report: AlarmReport | None) -> None:
            if report is None:
                reports.end()
            else:
                reports.put(report)

        forget = register(self._callbacks, arrived)
        try:
            async for report in reports:
                yield report
        finally:
            forget()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        peer = writer.get_extra_info("peername")
        if task is None or not peer or self._server is None:
            writer.transport.abort()
            return
        if len(self._links) >= self._connections_max:
            oldest = next(iter(self._links))
            self.refused += 1
            oldest.cancel()
        self._links[task] = writer
        host = str(peer[0])
        try:
            while (body := await self._message(reader)) is not None:
                self._take(host, body)
        except (OSError, EOFError, TimeoutError) as error:
            _LOGGER.debug("%s: %s", host, type(error).__name__)
        except ProtocolError as error:
            self.refused += 1
            _LOGGER.info("%s: no report: %s", host, error)
        except asyncio.CancelledError:
            pass  # closed, or the oldest of too many: this task serves nobody else
        finally:
            del self._links[task]
            writer.transport.abort()

    async def _message(self, reader: asyncio.StreamReader) -> bytes | None:
        """Body of the next report; b"" for another message, None at the end."""
        async with asyncio.timeout(self._idle_s):
            first = await reader.read(1)
        if not first:
            return None
        async with asyncio.timeout(self._message_s):
            header = Header.unpack(first + await reader.readexactly(HEADER_SIZE - 1))
            if header.length > _LARGEST:
                raise ProtocolError(f"a message of {header.length} bytes")
            body = await reader.readexactly(header.length)
        return body if header.message_id == MessageId.ALARM_CENTRE else b""

    def _take(self, host: str, body: bytes) -> None:
        report = read_report(host, body)
        if report is None:
            self.refused += 1
            return
        for callback in tuple(self._callbacks):
            try:
                callback(report)
            except Exception:
                _LOGGER.exception("alarm centre: a callback failed")


def read_report(host: str, body: bytes) -> AlarmReport | None:
    """Report in a message's body; None for what is none."""
    try:
        told = decode(body)
    except ProtocolError:
        return None
    if not isinstance(told, dict) or not isinstance(told.get("Event"), str):
        return None
    event = _text(told["Event"])
    return AlarmReport(
        host=host,
        serial=_text(told.get("SerialID")),
        address=_address(told.get("Address")),
        channel=min(count(told.get("Channel")), 0xFFFF),
        event=event,
        kind=kind_of(event),
        active=is_active(_text(told.get("Status"))),
        is_log=_text(told.get("Type")).casefold() == "log",
        started=_text(told.get("StartTime")),
        text=_text(told.get("Descrip")),
        raw=told,
    )


def _address(value: Json) -> str:
    try:
        return decode_ipv4(value) if isinstance(value, str) and value else ""
    except ProtocolError:
        return ""


def _text(value: Json) -> str:
    return value[:_TEXT_MAX] if isinstance(value, str) else ""
