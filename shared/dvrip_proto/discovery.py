"""Finding devices by UDP broadcast, each once, as it answers; and giving one of them another address."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from ipaddress import IPv4Address, IPv4Interface
from typing import Final

from .errors import AuthenticationError, ProtocolError, RequestTimeoutError, TransportError, UsageError
from .wire.address import decode_ipv4, encode_ipv4
from .wire.body import Json
from .wire.digest import sofia_hash
from .wire.ids import MessageId
from .wire.probe import DISCOVERY_PORT, PROBE, address_answer, address_request, parse
from .wire.ret import CODES, SUCCESS, Category, error_for

_DEFAULT_TCP_PORT: Final = 34567
_RECEIVE_BUFFER: Final = 8 * 1024 * 1024
_LARGEST: Final = 16 * 1024  # of a datagram: an answer has below 2 KiB
_BATCH: Final = 64  # datagrams taken before other tasks get a turn
_MOST_WAITING: Final = 16384
_PROBE_GAP_S: Final = 0.6  # three probes in less than two seconds, as the vendor's programs send them
_NO_ADDRESSES: Final = frozenset({"", "00:00:00:00:00:00"})
# What an order for another address has besides the addresses, when the device does not say it of itself.
_ORDER: Final[Mapping[str, Json]] = {
    "HostName": "LocalHost",
    "HttpPort": 80,
    "MaxBps": 0,
    "MonMode": "TCP",
    "SSLPort": 8443,
    "TCPMaxConn": 10,
    "TCPPort": _DEFAULT_TCP_PORT,
    "TransferPlan": "Quality",
    "UDPPort": 34568,
    "UseHSDownLoad": False,
}


type _Answer = tuple[bytes, str]
"""A datagram, and the address of who sent it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """What a device says of itself; text it does not give is empty, a number None.

    `host` is where its answer came from: the address it names in `raw` may be of another network.
    """

    host: str
    port: int = _DEFAULT_TCP_PORT
    serial: str = ""
    mac: str = ""
    hostname: str = ""
    firmware: str = ""
    channels: int | None = None
    device_type: int | None = None
    raw: Mapping[str, Json] = field(default_factory=dict, repr=False)

    @classmethod
    def from_wire(cls, host: str, netcommon: Mapping[str, Json]) -> Discovered:
        """What a device at `host` says in its NetWork.NetCommon."""
        port = _number(netcommon.get("TCPPort"))
        return cls(
            host=host,
            port=port if port is not None and 0 < port < 65536 else _DEFAULT_TCP_PORT,
            serial=_text(netcommon.get("SN")),
            mac=_mac(_text(netcommon.get("MAC"))),
            hostname=_text(netcommon.get("HostName")),
            firmware=_text(netcommon.get("Version")),
            channels=_number(netcommon.get("ChannelNum")),
            device_type=_number(netcommon.get("DeviceType")),
            raw=netcommon,
        )

    @property
    def own_address(self) -> str:
        """Address that the device says it has; "" when it names none."""
        try:
            return decode_ipv4(_text(self.raw.get("HostIP")))
        except ProtocolError:
            return ""

    def check_address(self, *, host: str, netmask: str, gateway: str) -> None:
        """UsageError for addresses that `set_address` would not tell this device."""
        _order(self, host, netmask, gateway, username="", password="")

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells this device from others: MAC and serial number, or its address when it gives neither."""
        known = "" if self.mac in _NO_ADDRESSES else self.mac
        return (known, self.serial) if known or self.serial else (self.host,)


async def discover(
    *,
    targets: Sequence[str] = ("255.255.255.255",),
    port: int = DISCOVERY_PORT,
    timeout_s: float = 3.0,
    probes: int = 3,
    interface: str = "0.0.0.0",
) -> AsyncGenerator[Discovered, None]:
    """Every device that answers within `timeout_s`, once a host, as it answers.

    `targets` are broadcast or host addresses, asked `probes` times; `interface` is the own address to ask
    from. TransportError when no target can be reached, UsageError for what is no address.
    """
    addresses = await _resolve(targets)
    if not addresses or probes < 1 or not timeout_s > 0 or not 0 < port < 65536:
        raise UsageError("discovery needs a target, a port, at least one probe and a timeout above 0")
    gap_s = min(_PROBE_GAP_S, timeout_s / (probes + 1))
    seen: defaultdict[str, _Seen] = defaultdict(_Seen)  # two hosts that claim one identity are both told
    asking = _asking(PROBE, addresses, port, interface, times=probes, gap_s=gap_s, timeout_s=timeout_s)
    async with asking as following:
        while (answer := await following()) is not None:
            device = _device(*answer)
            if device is not None and seen[device.host].is_new(device.identity):
                yield device


class _Seen:
    """The devices that have answered. Some tell their MAC or their serial number in one answer of several."""

    def __init__(self) -> None:
        self._hosts: set[str] = set()
        self._macs: dict[str, set[str]] = {}  # by serial number; "" of who tells none
        self._serials: dict[str, set[str]] = {}  # by MAC

    def is_new(self, identity: tuple[str, ...]) -> bool:
        """Whether no device is known that this can be: what both say of themselves is equal then."""
        if len(identity) == 1:
            new = identity[0] not in self._hosts
            self._hosts.add(identity[0])
            return new
        mac, serial = identity
        by_serial = _meets(self._macs, serial, mac)
        by_mac = _meets(self._serials, mac, serial)
        return not (by_serial or by_mac)


def _meets(known: dict[str, set[str]], key: str, value: str) -> bool:
    """Whether what is known under a key can be this value, which is then what is known of it."""
    if not key:
        return False
    values = known.setdefault(key, set())
    met = value in values or "" in values or (bool(values) and not value)
    if value:
        values.discard("")
    if value or not met:
        values.add(value)
    return met


async def set_address(
    device: Discovered,
    *,
    host: str,
    netmask: str,
    gateway: str,
    username: str = "admin",
    password: str = "",
    targets: Sequence[str] = ("255.255.255.255",),
    port: int = DISCOVERY_PORT,
    timeout_s: float = 5.0,
    interface: str = "0.0.0.0",
) -> None:
    """Give a device that was discovered another IPv4 address, also one that cannot be reached where it is.

    It is told by broadcast and knows itself by its MAC address. UsageError for addresses that do not go
    together, AuthenticationError for refused credentials, RequestError when the device says no,
    RequestTimeoutError when it says nothing: then it may have taken the address nevertheless.
    """
    where = _where(device)
    order = address_request(_order(device, host, netmask, gateway, username, password))
    addresses = await _resolve(targets)
    if not addresses or not timeout_s > 0 or not 0 < port < 65536:
        raise UsageError("an address needs a target, a port and a timeout above 0")
    # Twice, not oftener: a device counts wrong passwords.
    asking = _asking(order, addresses, port, interface, times=2, gap_s=timeout_s / 2, timeout_s=timeout_s)
    async with asking as following:
        while (answer := await following()) is not None:
            told = address_answer(answer[0])
            if told is not None and _mac(told[1]) in ("", device.mac):
                _check_answer(told[0], where)
                return
    raise RequestTimeoutError(f"{where}: no word from the device within {timeout_s:g} s about its address")


def _where(device: Discovered) -> str:
    return f"{device.host} ({device.mac or 'no MAC address'})"


def _order(
    device: Discovered, host: str, netmask: str, gateway: str, username: str, password: str
) -> dict[str, Json]:
    """Members of the order: what the device says of itself, with other addresses, and the credentials."""
    where = _where(device)
    mac = device.raw.get("MAC")
    if device.mac in _NO_ADDRESSES or not isinstance(mac, str):
        raise UsageError(f"{where}: a device without MAC address cannot be told its address")
    try:
        network = IPv4Interface(f"{host}/{netmask}").network
        own, router = IPv4Address(host), IPv4Address(gateway)
    except ValueError as error:
        raise UsageError(f"{where}: not an address: {error}") from error
    edges = (network.network_address, network.broadcast_address) if network.prefixlen < 31 else ()
    if own in edges or own.is_multicast or own.is_unspecified:
        raise UsageError(f"{where}: {host} is no address of a device in {network}")
    if router not in network or router == own:
        raise UsageError(f"{where}: the gateway {gateway} is not another address of {network}")
    kept = {key: device.raw.get(key, value) for key, value in _ORDER.items()}
    return {
        **kept,
        "DvrMac": mac,
        "EncryptType": 1,
        "GateWay": encode_ipv4(gateway),
        "HostIP": encode_ipv4(host),
        "MAC": mac,
        "Password": sofia_hash(password),
        "Submask": encode_ipv4(str(network.netmask)),
        "Username": username,
    }


def _check_answer(ret: int, where: str) -> None:
    known = CODES.get(ret)
    if known is not None and known.category is Category.AUTH:
        raise AuthenticationError(f"{where}: the address was not set: {known.text} (Ret {ret})", ret=ret)
    if ret not in SUCCESS:
        raise error_for(ret, where=where, message_id=MessageId.IP_SET)


async def _resolve(targets: Sequence[str]) -> list[str]:
    addresses: list[str] = []
    for target in (targets,) if isinstance(targets, str) else targets:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(target, None, family=socket.AF_INET)
        except (OSError, ValueError) as error:
            raise UsageError(f"{target}: not an address to ask for devices: {error}") from error
        addresses.append(str(found[0][4][0]))
    return addresses


@contextlib.asynccontextmanager
async def _asking(
    datagram: bytes,
    addresses: Sequence[str],
    port: int,
    interface: str,
    *,
    times: int,
    gap_s: float,
    timeout_s: float,
) -> AsyncGenerator[Callable[[], Awaitable[_Answer | None]]]:
    """Send a datagram some times; what the block gets waits for the next answer, None after `timeout_s`."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout_s
    heard: asyncio.Queue[_Answer] = asyncio.Queue(_MOST_WAITING)
    sockets = _open_sockets(interface, port)
    tasks: list[asyncio.Task[None]] = []
    try:
        _send(sockets[0], addresses, port, datagram)
        tasks += [loop.create_task(_listen(sock, heard, deadline)) for sock in sockets]
        tasks.append(loop.create_task(_send_again(sockets[0], addresses, port, datagram, times - 1, gap_s)))
        yield partial(_next, heard, deadline)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for sock in sockets:
            sock.close()


def _open_sockets(interface: str, port: int) -> list[socket.socket]:
    """The socket to ask from, and one that hears devices which answer to the discovery port only."""
    try:
        sockets = [_socket(str(IPv4Address(interface)), 0)]
    except (OSError, ValueError) as error:
        raise UsageError(f"{interface}: not an address of this machine to ask from: {error}") from error
    with contextlib.suppress(OSError):  # another program has the port for itself
        sockets.append(_socket("", port))
    return sockets


def _socket(address: str, port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        if port:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):  # some systems refuse what Linux cuts to its limit
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        sock.bind((address, port))
    except BaseException:
        sock.close()
        raise
    return sock


def _send(sock: socket.socket, addresses: Sequence[str], port: int, datagram: bytes) -> None:
    """Ask every address; TransportError when not one of the datagrams could be sent."""
    failures = []
    for address in addresses:
        try:
            sock.sendto(datagram, (address, port))
        except OSError as error:
            failures.append(f"{address}:{port}: cannot ask for devices: {error.strerror or error}")
    if len(failures) == len(addresses):
        raise TransportError("; ".join(failures))


async def _send_again(
    sock: socket.socket, addresses: Sequence[str], port: int, datagram: bytes, times: int, gap_s: float
) -> None:
    for _ in range(times):
        await asyncio.sleep(gap_s)
        with contextlib.suppress(TransportError):
            _send(sock, addresses, port, datagram)


async def _listen(sock: socket.socket, heard: asyncio.Queue[_Answer], deadline: float) -> None:
    """Take datagrams as fast as they come; they are read later, so that the kernel's buffer stays empty."""
    loop = asyncio.get_running_loop()
    taken = 0
    while loop.time() < deadline:
        try:
            datagram, (host, *_) = await loop.sock_recvfrom(sock, _LARGEST)
        except OSError:  # Windows reports here that an earlier probe met a closed port
            await asyncio.sleep(_PROBE_GAP_S / 10)
            continue
        with contextlib.suppress(asyncio.QueueFull):
            heard.put_nowait((datagram, host))
        taken += 1
        if taken % _BATCH == 0:
            await asyncio.sleep(0)


async def _next(heard: asyncio.Queue[_Answer], deadline: float) -> _Answer | None:
    """The next answer; after the deadline those that came before it and wait to be read, then None."""
    await asyncio.sleep(0)  # the listeners come first
    try:
        async with asyncio.timeout_at(deadline):
            return await heard.get()
    except TimeoutError:
        return None


def _device(datagram: bytes, host: str) -> Discovered | None:
    netcommon = parse(datagram)
    return None if netcommon is None else Discovered.from_wire(host, netcommon)


def _mac(text: str) -> str:
    return text.strip().lower().replace("-", ":")


def _text(value: Json) -> str:
    return value.strip() if isinstance(value, str) else ""


def _number(value: Json) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return None
