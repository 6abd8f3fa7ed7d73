"""The datagrams of discovery: a probe without a body, and a device's NetWork.NetCommon."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..errors import ProtocolError
from .body import Json, decode, encode_reply, session_text
from .framer import pack
from .header import HEADER_SIZE, Header
from .ids import MessageId

DISCOVERY_PORT: Final = 34569
PROBE: Final = pack(MessageId.DISCOVERY)
_OBJECT: Final = "NetWork.NetCommon"
_OK: Final = 100


def is_probe(datagram: bytes) -> bool:
    """Whether somebody asks who is there."""
    try:
        header = Header.unpack(datagram)
    except ProtocolError:
        return False
    return header.message_id == MessageId.DISCOVERY and not datagram[HEADER_SIZE:].strip(b"\0\n\r {}")


def probe_reply(netcommon: Mapping[str, Json]) -> bytes:
    """A device's answer to a probe."""
    body = {_OBJECT: netcommon, "Ret": _OK, "SessionID": session_text(0)}
    return pack(MessageId.DISCOVERY_REPLY, encode_reply(body), version=1)


def parse(datagram: bytes) -> dict[str, Json] | None:
    """The NetWork.NetCommon of a device's datagram, whatever its message id; None for anything else."""
    try:
        Header.unpack(datagram)
        body = decode(datagram[HEADER_SIZE:])
    except ProtocolError:
        return None
    netcommon = body.get(_OBJECT) if isinstance(body, dict) else None
    return netcommon if isinstance(netcommon, dict) and netcommon else None
