"""The datagrams of discovery: a probe, a device's NetWork.NetCommon, and the order to take another one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..errors import ProtocolError
from ..values import Json
from .body import decode, encode_reply, session_text
from .framer import pack
from .header import HEADER_SIZE, Header
from .ids import MessageId
from .reply import return_code
from .shapes import member, members

DISCOVERY_PORT: Final = 34569
PROBE: Final = pack(MessageId.DISCOVERY)
_OBJECT: Final = "NetWork.NetCommon"
_ITEM: Final = _OBJECT.rpartition(".")[2]
_SURE: Final = ("HostIP", "TCPPort")  # members that every answer has, old ones too
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
    told = members(body)
    ret = return_code(member(told, "Ret"))
    if header.message_id != MessageId.IP_SET_REPLY or ret is None:
        return None
    places = (told, members(member(told, _OBJECT)))
    named = (member(place, name) for place in places for name in ("DvrMac", "MAC"))
    return ret, next((mac for mac in named if isinstance(mac, str)), "")


def parse(datagram: bytes) -> dict[str, Json] | None:
    """The NetWork.NetCommon of a device's datagram, whatever its message id; None for anything else.

    Some devices are said to answer without a header.
    """
    try:
        headless = datagram.lstrip().startswith(b"{")
        answers = headless or Header.unpack(datagram).message_id == MessageId.DISCOVERY_REPLY
        body = decode(datagram if headless else datagram[HEADER_SIZE:])
    except ProtocolError:
        return None
    told = members(body)
    netcommon = members(member(told, _OBJECT)) or members(member(told, _ITEM))
    bare = answers and all(member(told, name) for name in _SURE)
    if not netcommon and bare:
        netcommon = told
    return dict(netcommon) or None
