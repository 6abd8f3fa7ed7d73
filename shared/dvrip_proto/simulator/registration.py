"""The device as a client of a registration server: it dials, says who it is, and then answers requests.

For media it dials again when it is asked to, and claims what it was asked for.
"""

from __future__ import annotations

import asyncio
import inspect
from dataclasses import replace
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from ..errors import ProtocolError, UsageError
from ..values import Json
from ..wire.body import decode, encode_reply, parse_session
from ..wire.digest import sofia_hash
from ..wire.framer import Framer, pack
from ..wire.header import HEADER_SIZE, Header
from ..wire.ids import MessageId
from .link import Link

if TYPE_CHECKING:
    from .dispatch import Unit
    from .handlers.request import Handler, Request

_TIMEOUT_S: Final = 5.0
_OK: Final = 100
_REPLY_MAX: Final = 65536


async def introduce(unit: Unit, host: str, port: int, *, user: str, password: str) -> Link | None:
    """Dial a registration server as NetWork.DAS says: a connection to answer on, None when it refuses."""
    if ip_address(unit.state.address.host).is_loopback and not ip_address(host).is_loopback:
        raise UsageError(f"{host}: a device on loopback registers on loopback only")
    body = {
        "ChannelNum": unit.state.channels,
        "DeviceID": unit.state.serial,
        "DeviceType": unit.state.profile.data["login"]["DeviceType "],
        "EncryptType": "NONE",
        "PassWord": sofia_hash(password),
        "UserName": user,
    }
    link, answer = await _say(unit, host, port, pack(MessageId.LOGIN, encode_reply(body), version=1))
    if link is None:
        return None
    unit.sessions.next_number = parse_session(answer.get("SessionID", 0)) or 1
    link.session = unit.sessions.open(user, link)
    link.session.registrar = host, port
    return link


async def call_back(request: Request, claim_id: int, bind: Handler) -> None:
    """Dial the server of this session for media, claim there what was asked for, and `bind` it here too."""
    unit, session = request.unit, request.session
    if session is None or session.registrar is None:
        return
    operation = {**request.member(request.name), "Action": "Claim"}
    body = {"Name": request.name, request.name: operation, "SessionID": f"0x{session.number:08x}"}
    claim = pack(claim_id, encode_reply(body), session=session.number, version=1)
    link, _ = await _say(unit, *session.registrar, claim)
    if link is None:
        return
    bound = bind(replace(request, link=link, frame=Framer().feed(claim)[0], body=body))
    answer = await bound if inspect.isawaitable(bound) else bound
    if isinstance(answer, dict) and answer.get("Ret") == _OK:
        await unit.attend(link)
    else:
        link.close()


async def _say(unit: Unit, host: str, port: int, message: bytes) -> tuple[Link | None, dict[str, Json]]:
    """Dial, send one message and have it agreed to: the connection, None when it was not; and the answer."""
    try:
        reader, writer = await asyncio.open_connection(host, port)
    except OSError:
        return None, {}
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            writer.write(message)
            header = Header.unpack(await reader.readexactly(HEADER_SIZE))
            answer = decode(await reader.readexactly(min(header.length, _REPLY_MAX)))
    except (OSError, EOFError, TimeoutError, ProtocolError):
        answer = {}
    if not isinstance(answer, dict) or answer.get("Ret") != _OK:
        writer.close()
        return None, {}
    return Link(reader, writer, quirks=lambda: unit.quirks, alive_interval_s=unit.alive_interval_s), answer
