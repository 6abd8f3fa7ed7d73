"""Registration server: devices behind a router dial it, say who they are, and are then asked as always.

On the device: NetWork.DAS or NetWork.NetARSP. From the vendor's paper, never seen on a real device's wire.
Media come on connections that the device opens when it is asked to, and claims: the session's number, which
nobody can guess, says whose they are.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Final, cast, override

from ..connection import Connection
from ..connection.dialled import Awaited
from ..device import Device
from ..errors import ProtocolError
from ..values import Json, count
from ..wire.body import decode, encode_reply, parse_session, session_text
from ..wire.digest import sofia_hash
from ..wire.framer import pack
from ..wire.header import HEADER_SIZE, Header
from ..wire.ids import MessageId, reply_of
from ..wire.reply import LoginReply
from .listener import Listener

DEFAULT_PORT: Final = 15000
_LOGGER: Final = logging.getLogger(__name__)
_LARGEST: Final = 4096  # a login has 200 bytes, a claim 500
_OK: Final = 100
_REFUSED: Final = 203
_ILLEGAL: Final = 103
_SESSION_MAX: Final = 0xFFFFFFFF
_CLAIMS: Final[dict[int, str]] = {
    MessageId.MONITOR_CLAIM: "OPMonitor",
    MessageId.PLAYBACK_CLAIM: "OPPlayBack",
    MessageId.TALK_CLAIM: "OPTalk",
}
_TEXT_MAX: Final = 64
_SECRET_MAX: Final = 256
_WAITING_MAX: Final = 1000
_STRANGERS_A_PEER: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredDevice:
    """A device that dialled in: who it says it is, and the way to it."""

    device_id: str
    device_type: str
    channels: int
    host: str
    device: Device = field(repr=False)


class RegistrationServer(Listener):
    """Takes devices in that know the password: `async with RegistrationServer("192.0.2.7", password=...)`.

    A peer that is not a device, or does not log in within `login_s`, is dropped. Keep-alives go out twice in
    `alive_s`.
    """

    def __init__(
        self,
        bind: str,
        port: int = DEFAULT_PORT,
        *,
        username: str = "admin",
        password: str,
        timeout_s: float = 10.0,
        login_s: float = 10.0,
        strangers_max: int = 256,
        alive_s: float = 20.0,
    ) -> None:
        super().__init__(
            bind,
            port,
            strangers_max=strangers_max,
            strangers_a_peer=_STRANGERS_A_PEER,
            stranger_s=login_s,
        )
        self._username = username
        self._hash = sofia_hash(password)
        self._timeout_s = timeout_s
        self._alive_s = alive_s
        self._connections: set[Connection] = set()
        self._awaited: list[Awaited] = []
        self._arrived: asyncio.Queue[RegisteredDevice | None] = asyncio.Queue(_WAITING_MAX)

    @override
    def _protocol(self) -> asyncio.BaseProtocol:
        return _Door(self)

    @override
    async def start(self) -> None:
        await super().start()
        while not self._arrived.empty():
            self._arrived.get_nowait()  # the end of the time before, and whose connections ended with it

    @override
    async def _end(self) -> None:
        await asyncio.gather(*(connection.close() for connection in tuple(self._connections)))
        if self._arrived.full():
            self._arrived.get_nowait()
        self._arrived.put_nowait(None)

    async def devices(self) -> AsyncIterator[RegisteredDevice]:
        """Devices as they dial in, for one reader, who closes each; until the server is closed."""
        while (arrived := await self._arrived.get()) is not None:
            if not arrived.device.closed:
                yield arrived
        self._arrived.put_nowait(None)

    def welcome(self, transport: asyncio.Transport, header: Header, body: bytes) -> bool:
        """Take a device in that says who it is, or media of one that is in; False for anything else."""
        told = _object(body)
        if told is None:
            return False
        if header.message_id in _CLAIMS:
            return self._claimed(transport, header, told)
        if header.message_id != MessageId.LOGIN or self._arrived.full():
            return False
        accepted = self._knows(told)
        session = secrets.randbelow(_SESSION_MAX) + 1 if accepted else 0
        _answer(transport, header, "Login", _OK if accepted else _REFUSED, session)
        if accepted:
            self._register(transport, told, session)
        return accepted

    def _claimed(self, transport: asyncio.Transport, header: Header, told: dict[str, Json]) -> bool:
        name, session = _CLAIMS[header.message_id], _session(header, told)
        asked = [
            awaited
            for awaited in self._awaited
            if awaited.media.session_id == session and awaited.claim_id == header.message_id
        ]
        # One that is asked for alone may be claimed in another spelling.
        meant = [awaited for awaited in asked if awaited.is_meant_by(told.get(name))] or asked
        if session == 0 or not meant or (len(asked) > 1 and meant is asked):
            _answer(transport, header, name, _ILLEGAL, session)
            return False
        _answer(transport, header, name, _OK, session)
        self._awaited.remove(meant[0])
        self._keep(meant[0].media)
        meant[0].take(transport)
        return True

    def _expect(self, awaited: Awaited) -> Callable[[], None]:
        self._awaited.append(awaited)

        def forget() -> None:
            if awaited in self._awaited:
                self._awaited.remove(awaited)

        return forget

    def _keep(self, connection: Connection) -> None:
        self._connections.add(connection)
        connection.on_close(lambda _error: self._connections.discard(connection))

    def _knows(self, told: dict[str, Json]) -> bool:
        name, secret = told.get("UserName"), told.get("PassWord")
        if not isinstance(name, str) or not isinstance(secret, str):
            return False
        if not all(text.isprintable() and len(text) <= _SECRET_MAX for text in (name, secret)):
            return False
        same_name = hmac.compare_digest(name.encode(), self._username.encode())
        # The paper sends the hash under EncryptType NONE; a device that means it sends the password.
        same_hash = hmac.compare_digest(secret.encode(), self._hash.encode())
        plain = hmac.compare_digest(sofia_hash(secret).encode(), self._hash.encode())
        return same_name and (same_hash or (plain and told.get("EncryptType") == "NONE"))

    def _register(self, transport: asyncio.Transport, told: dict[str, Json], session: int) -> None:
        kind, channels = _text(told.get("DeviceType")), min(count(told.get("ChannelNum")), 1024)
        login = LoginReply(
            session=session, alive_interval_s=self._alive_s, channel_count=channels, device_type=kind
        )
        connection = Connection.over(transport, login, timeout_s=self._timeout_s, expect=self._expect)
        self._keep(connection)
        self._arrived.put_nowait(
            RegisteredDevice(
                device_id=_text(told.get("DeviceID")),
                device_type=kind,
                channels=channels,
                host=connection.host,
                device=Device.over(connection, self._username),
            )
        )


class _Door(asyncio.BufferedProtocol):
    """A stranger's connection until it has said who it is; holds no more than a login."""

    def __init__(self, server: RegistrationServer) -> None:
        self._server = server
        self._buffer = bytearray(HEADER_SIZE + _LARGEST)
        self._size = 0
        self._transport: asyncio.Transport | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        if not self._server.meet(transport):
            self._transport.abort()

    @override
    def get_buffer(self, sizehint: int) -> memoryview:
        return memoryview(self._buffer)[self._size :]

    @override
    def buffer_updated(self, nbytes: int) -> None:
        self._size += nbytes
        try:
            if self._size and not self._whole():
                return
        except ProtocolError as error:
            _LOGGER.info("registration: %s", error)
            self._server.refused += 1
            self._leave()
            if self._transport is not None:
                self._transport.close()  # what is written still goes out

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._leave()

    def _whole(self) -> bool:
        """Whether the login or claim is here; then it was answered. ProtocolError for anything else."""
        if self._transport is None or self._transport.is_closing() or self._size < HEADER_SIZE:
            return False
        header = Header.unpack(bytes(self._buffer[:HEADER_SIZE]))
        if header.length > _LARGEST:
            raise ProtocolError(f"a first message of {header.length} bytes is no login")
        end = HEADER_SIZE + header.length
        if self._size < end:
            return False
        if self._size > end:
            raise ProtocolError("a device waits for the answer to its first message")
        if not self._server.welcome(self._transport, header, bytes(self._buffer[HEADER_SIZE:end])):
            raise ProtocolError("no login of a known device, and no claim that one was asked for")
        self._leave()
        return True

    def _leave(self) -> None:
        if self._transport is not None:
            self._server.forget(self._transport)


def _object(body: bytes) -> dict[str, Json] | None:
    try:
        told = decode(body)
    except ProtocolError:
        return None
    return told if isinstance(told, dict) else None


def _session(header: Header, told: dict[str, Json]) -> int:
    """The session that a claim names: in its header, or in its text alone. 0 for none."""
    try:
        session = header.session or parse_session(told.get("SessionID", 0))
    except ProtocolError:
        return 0
    return session if 0 < session <= _SESSION_MAX else 0


def _answer(transport: asyncio.Transport, header: Header, name: str, ret: int, session: int) -> None:
    body = encode_reply({"Name": name, "Ret": ret, "SessionID": session_text(session)})
    transport.write(pack(reply_of(header.message_id), body, session=session, sequence=header.sequence))


def _text(value: Json) -> str:
    return str(value)[:_TEXT_MAX] if isinstance(value, str | int) else ""
