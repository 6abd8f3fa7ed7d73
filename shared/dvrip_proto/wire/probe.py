"""The datagrams of discovery: a probe, a device's NetWork.NetCommon, and the order to take another one."""

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
_IP_SET_MARK: Final = 0xFE  # the vendor's program has it in the header's first reserved byte


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


def address_request(members: Mapping[str, Json]) -> bytes:
    """Order to the device with the MAC address `DvrMac` to take these network settings."""
    body = encode_reply(dict(members))
    return Header(message_id=MessageId.IP_SET, length=len(body), reserved1=_IP_SET_MARK).pack() + body


def address_answer(datagram: bytes) -> tuple[int, str] | None:
    """Return code and MAC address ("" when it names none) of an answer to an order; None for others."""
    try:
        header = Header.unpack(datagram)
        body = decode(datagram[HEADER_SIZE:])
    except ProtocolError:
        return None
    ret = body.get("Ret") if isinstance(body, dict) else None
    if header.message_id != MessageId.IP_SET_REPLY or not isinstance(ret, int):
        return None
    mac = body.get("DvrMac", body.get("MAC"))
    return ret, mac if isinstance(mac, str) else ""


def parse(datagram: bytes) -> dict[str, Json] | None:
    """The NetWork.NetCommon of a device's datagram, whatever its message id; None for anything else."""
    try:
        Header.unpack(datagram)
        body = decode(datagram[HEADER_SIZE:])
    except ProtocolError:
        return None
    netcommon = body.get(_OBJECT) if isinstance(body, dict) else None
    return netcommon if isinstance(netcommon, dict) and netcommon else None
