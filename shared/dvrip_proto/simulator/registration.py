"""The device as a client of a registration server: it dials, says who it is, and then answers requests."""

from __future__ import annotations

import asyncio
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from ..errors import ProtocolError, UsageError
from ..wire.body import decode, encode_reply, parse_session
from ..wire.digest import sofia_hash
from ..wire.framer import pack
from ..wire.header import HEADER_SIZE, Header
from ..wire.ids import MessageId
from .link import Link

if TYPE_CHECKING:
    from .unit import Unit

_TIMEOUT_S: Final = 5.0
_OK: Final = 100
_REPLY_MAX: Final = 65536


async def introduce(unit: Unit, host: str, port: int, *, user: str, password: str) -> Link | None:
    """Dial a registration server as NetWork.DAS says: a connection to answer on, None when it refuses."""
    if ip_address(unit.state.host).is_loopback and not ip_address(host).is_loopback:
        raise UsageError(f"{host}: a device on loopback registers on loopback only")
    body = {
        "ChannelNum": unit.state.channels,
        "DeviceID": unit.state.serial,
        "DeviceType": unit.state.profile.data["login"]["DeviceType "],
        "EncryptType": "NONE",
        "PassWord": sofia_hash(password),
        "UserName": user,
    }
    reader, writer = await asyncio.open_connection(host, port)
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            writer.write(pack(MessageId.LOGIN, encode_reply(body), version=1))
            header = Header.unpack(await reader.readexactly(HEADER_SIZE))
            answer = decode(await reader.readexactly(min(header.length, _REPLY_MAX)))
    except (OSError, EOFError, TimeoutError, ProtocolError):
        writer.close()
        return None
    if not isinstance(answer, dict) or answer.get("Ret") != _OK:
        writer.close()
        return None
    link = Link(reader, writer, quirks=lambda: unit.quirks, alive_interval_s=unit.alive_interval_s)
    unit.sessions.next_number = parse_session(answer.get("SessionID", 0)) or 1
    link.session = unit.sessions.open(user, link)
    return link
