"""Alarm centre: a server that devices dial when something happens (NetWork.AlarmServer, protocol GENERAL).

Nobody logs in here: whoever reaches the port can claim to be any device. Where a report came from is known,
what it says of itself is a hint. A peer that sends nonsense, too much or too slowly is dropped; nobody else
notices. Who has reported is never dropped for somebody who has not.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, override

from ..connection.callbacks import register
from ..connection.inbox import Inbox
from ..errors import ProtocolError
from ..values import Json, plain_text
from ..wire.address import decode_ipv4
from ..wire.alarm_words import (
    CHANNEL,
    EVENT,
    STARTED,
    STATUS,
    AlarmKind,
    AlarmOwner,
    kind_of,
    number_of,
    owner_of,
    state_of,
)
from ..wire.body import DeviceText, decode
from ..wire.header import HEADER_SIZE, Header
from ..wire.ids import MessageId
from ..wire.shapes import first, member, members
from .crowd import Crowd, peer_of
from .listener import Listener, streams

DEFAULT_PORT: Final = 15002
_LOGGER: Final = logging.getLogger(__name__)
_LARGEST: Final = 64 * 1024  # a report has below 1 KiB
_KEPT: Final = 1000
_TEXT_MAX: Final = 1024
_STRANGERS_MAX: Final = 256
_STRANGERS_A_PEER: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmReport:
    """An alarm or a log entry that a device reported. `serial` is what the device says, `host` is known.

    `channel` is from 0: of a channel, an input or a disk, as `owner` says; None when it names none. `active`
    is None for what has no end; an `unclear` status is one that nobody knows. `started` is the device's
    clock.
    """

    host: str
    serial: str
    address: str  # the device's own, as it says; "" when it does not
    channel: int | None
    event: str
    kind: AlarmKind
    active: bool | None
    is_log: bool
    started: str
    text: str
    raw: Mapping[str, Json] = field(repr=False)
    unclear: bool = False

    def owner(self, channels: int) -> AlarmOwner:
        """Whose alarm it is, on a device with so many channels."""
        return owner_of(self.kind, self.channel, channels, event=self.event)


class AlarmCentre(Listener):
    """Listens for reports on an own address: `async with AlarmCentre("192.0.2.7") as centre: ...`.

    `idle_s` is how long a silent connection stays, `message_s` how long one report may take to arrive. Of
    those that have reported `connections_max` stay, `peer_max` of one address, for there may be a router.
    """

    def __init__(
        self,
        bind: str,
        port: int = DEFAULT_PORT,
        *,
        connections_max: int = 512,
        peer_max: int = 32,
        idle_s: float = 3600.0,
        message_s: float = 10.0,
    ) -> None:
        super().__init__(
            bind,
            port,
            strangers_max=min(_STRANGERS_MAX, connections_max),
            strangers_a_peer=_STRANGERS_A_PEER,
            stranger_s=idle_s,
        )
        self._idle_s = idle_s
        self._message_s = message_s
        self._links: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._reporters: Crowd[asyncio.Task[None]] = Crowd(connections_max, peer_max)
        self._callbacks: list[Callable[[AlarmReport | None], None]] = []

    @override
    async def _end(self) -> None:
        for task in tuple(self._links):
            task.cancel()
        await asyncio.gather(*self._links, return_exceptions=True)
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
        if not self.listening:
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

    @override
    def _protocol(self) -> asyncio.BaseProtocol:
        return streams(self._serve, _LARGEST)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or not self.meet(writer.transport):
            writer.transport.abort()
            return
        self._links[task] = writer
        peer = writer.get_extra_info("peername")
        host = str(peer[0])
        try:
            while (body := await self._message(reader)) is not None:
                if self._take(host, body):
                    self._known(task, writer.transport, peer_of(peer))
        except (OSError, EOFError, TimeoutError) as error:
            _LOGGER.debug("%s: %s", host, type(error).__name__)
        except ProtocolError as error:
            self.refused += 1
            _LOGGER.info("%s: no report: %s", host, error)
        except asyncio.CancelledError:
            pass  # closed, or the one that was silent longest: this task serves nobody else
        finally:
            del self._links[task]
            self._reporters.remove(task)
            self.forget(writer.transport)
            writer.transport.abort()

    def _known(self, task: asyncio.Task[None], transport: asyncio.BaseTransport, peer: str) -> None:
        """Note who has reported; of too many that one goes who has been silent longest."""
        self.forget(transport)
        now = asyncio.get_running_loop().time()
        if task not in self._reporters and self._reporters.full:
            first = self._reporters.first_to_go()
            if first is not None:
                self.refused += 1
                first[0].cancel()
                self._reporters.remove(first[0])
        self._reporters.put(task, peer, now)
        for surplus in self._reporters.beyond(peer, now, 0.0):
            self.refused += 1
            surplus.cancel()
            self._reporters.remove(surplus)

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

    def _take(self, host: str, body: bytes) -> bool:
        """Hand a report on; whether it is one."""
        report = read_report(host, body)
        if report is None:
            self.refused += 1
            return False
        for callback in tuple(self._callbacks):
            try:
                callback(report)
            except Exception:
                _LOGGER.exception("alarm centre: a callback failed")
        return True


def read_report(host: str, body: bytes) -> AlarmReport | None:
    """Report in a message's body; None for what is none."""
    try:
        told = decode(body)
    except ProtocolError:
        return None
    outer = members(told)
    raw = {**outer, **members(member(outer, "AlarmInfo"))}
    told_event = first(raw, *EVENT)
    if not isinstance(told_event, str):
        return None
    event = _text(told_event)
    active, known = state_of(first(raw, *STATUS))
    number = number_of(first(raw, *CHANNEL))
    return AlarmReport(
        host=host,
        serial=_text(member(raw, "SerialID")),
        address=_address(member(raw, "Address")),
        channel=None if number is None else min(number, 0xFFFF),
        event=event,
        kind=kind_of(event),
        active=active,
        is_log=_text(member(raw, "Type")).casefold() == "log",
        started=_text(first(raw, *STARTED)),
        text=_text(member(raw, "Descrip")),
        raw=raw,
        unclear=not known,
    )


def _address(value: Json) -> str:
    try:
        return decode_ipv4(value) if isinstance(value, str) and value else ""
    except ProtocolError:
        return ""


def _text(value: Json) -> str:
    text = value.readable if isinstance(value, DeviceText) else plain_text(value)
    return text[:_TEXT_MAX]
