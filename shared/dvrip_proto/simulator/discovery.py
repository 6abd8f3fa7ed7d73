"""Answers to UDP discovery for every device of this process.

One listener a network hears broadcasts (127.255.255.255 for loopback) and lets each device there answer from
its own address; one socket a device hears what is sent to it alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from typing import TYPE_CHECKING, Any, Final

from ..errors import ProtocolError
from ..wire.body import decode, encode_reply
from ..wire.framer import pack
from ..wire.header import HEADER_SIZE, Header
from ..wire.ids import MessageId
from ..wire.probe import is_probe, probe_reply

if TYPE_CHECKING:
    from .server import Simulator

_LOOPBACK: Final = IPv4Network("127.0.0.0/8")
_ANY: Final = "0.0.0.0"
_LIMITED: Final = "255.255.255.255"
_BUFFER: Final = 4 * 1024 * 1024
# Real devices answer at different moments; a thousand at once would overrun the asker's buffer.
_AT_ONCE: Final = 25
_PAUSE_S: Final = 0.004

type _Address = tuple[str, int]


@dataclass(eq=False, slots=True, kw_only=True)
class Membership:
    """One device's place in the discovery of its network."""

    device: Simulator
    network: _Network
    transport: asyncio.DatagramTransport

    def answer(self, datagram: bytes, asker: _Address) -> None:
        """Reply to a probe or to a change of address, from the device's own socket."""
        reply = _reply(self.device, datagram)
        if reply is None or self.transport.is_closing():
            return
        target = (
            (self.network.broadcast, self.network.port) if self.device.quirks.answer_to_broadcast else asker
        )
        with contextlib.suppress(OSError):
            self.transport.sendto(reply, target)

    def leave(self) -> None:
        """Stop answering; the last member closes the network's listener."""
        self.transport.close()
        self.network.members.remove(self)
        if not self.network.members:
            self.network.close()


@dataclass(eq=False, slots=True, kw_only=True)
class _Network:
    """Devices that hear the same broadcasts."""

    broadcast: str
    port: int
    key: tuple[int, str, int]
    members: list[Membership] = field(default_factory=list)
    listeners: list[asyncio.DatagramTransport] = field(default_factory=list)

    def heard(self, datagram: bytes, asker: _Address) -> None:
        """Let every device answer, a few at a time."""
        loop = asyncio.get_running_loop()
        for index, member in enumerate(self.members):
            loop.call_later(index // _AT_ONCE * _PAUSE_S, member.answer, datagram, asker)

    def close(self) -> None:
        """Close the listeners."""
        _NETWORKS.pop(self.key, None)
        for listener in self.listeners:
            listener.close()


_NETWORKS: Final[dict[tuple[int, str, int], _Network]] = {}


async def join(host: str, port: int, device: Simulator) -> Membership:
    """Make a device answer to discovery; OSError when its address cannot be bound."""
    broadcasts = _broadcasts(host)
    key = (id(asyncio.get_running_loop()), broadcasts[0], port)
    network = _NETWORKS.get(key)
    if network is None:
        network = _Network(broadcast=broadcasts[0], port=port, key=key)
        _NETWORKS[key] = network
        if host != _ANY:
            for broadcast in broadcasts:
                network.listeners.append(await _listen(broadcast, port, network.heard))
    member: list[Membership] = []

    def heard(datagram: bytes, asker: _Address) -> None:
        for membership in member:
            membership.answer(datagram, asker)

    try:
        transport = await _listen(host, port, heard)
    except OSError:
        if not network.members:
            network.close()
        raise
    member.append(Membership(device=device, network=network, transport=transport))
    network.members.append(member[0])
    return member[0]


def _broadcasts(host: str) -> list[str]:
    """Where probes for a device are sent: the directed broadcast of its network, and the limited one."""
    if IPv4Address(host) in _LOOPBACK:
        return [str(_LOOPBACK.broadcast_address)]
    if host == _ANY:
        return [_LIMITED]
    return [str(IPv4Network(f"{host}/24", strict=False).broadcast_address), _LIMITED]


async def _listen(
    host: str, port: int, heard: Callable[[bytes, _Address], None]
) -> asyncio.DatagramTransport:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        if port:  # shared with others; one that the kernel chooses is to be nobody else's
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        sock.setblocking(False)
        sock.bind((host, port))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Ear(heard), sock=sock
        )
    except OSError:
        sock.close()
        raise
    return transport


class _Ear(asyncio.DatagramProtocol):
    """Hands datagrams to a function."""

    def __init__(self, heard: Callable[[bytes, _Address], None]) -> None:
        self._heard = heard

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        self._heard(data, (str(addr[0]), int(addr[1])))

    def error_received(self, exc: Exception) -> None:
        """An asker that is gone already is nobody's problem."""


def _reply(device: Simulator, datagram: bytes) -> bytes | None:
    netcommon = device.discovery_reply()
    if netcommon is None:
        return None
    if is_probe(datagram):
        return probe_reply(netcommon)
    try:
        header = Header.unpack(datagram)
        body = decode(datagram[HEADER_SIZE:])
    except ProtocolError:
        return None
    if header.message_id != MessageId.IP_SET or not isinstance(body, dict):
        return None
    answer = _set_address(device, body)
    return None if MessageId.IP_SET in device.quirks.mute else answer


def _set_address(device: Simulator, body: dict[str, Any]) -> bytes | None:
    """1532: the device whose MAC is named checks the password and stores the address."""
    state = device.state
    if body.get("DvrMac") != state.mac:
        return None
    user, password = str(body.get("Username", "")), str(body.get("Password", ""))
    ret = state.accounts.verify(user, password, lock_after=None, lock_s=0)
    if ret == 100:
        known = state.config["NetWork.NetCommon"]
        ret = state.store.write("NetWork.NetCommon", {key: body[key] for key in known if key in body})
    return pack(
        MessageId.IP_SET_REPLY, encode_reply({"Name": "", "Ret": ret, "SessionID": "0x00000000"}), version=1
    )
