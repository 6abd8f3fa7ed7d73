"""Finding devices by UDP broadcast: every device that answers, once, as it answers."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import Final

from .errors import TransportError, UsageError
from .wire.body import Json
from .wire.probe import DISCOVERY_PORT, PROBE, parse

_DEFAULT_TCP_PORT: Final = 34567
_RECEIVE_BUFFER: Final = 8 * 1024 * 1024
_LARGEST: Final = 65535
_BATCH: Final = 64  # datagrams taken before other tasks get a turn
_MOST_WAITING: Final = 65536
_PROBE_GAP_S: Final = 0.6  # three probes in less than two seconds, as the vendor's programs send them
_NO_ADDRESSES: Final = frozenset({"", "00:00:00:00:00:00"})


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
            mac=_text(netcommon.get("MAC")).lower().replace("-", ":"),
            hostname=_text(netcommon.get("HostName")),
            firmware=_text(netcommon.get("Version")),
            channels=_number(netcommon.get("ChannelNum")),
            device_type=_number(netcommon.get("DeviceType")),
            raw=netcommon,
        )

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
) -> AsyncIterator[Discovered]:
    """Every device that answers within `timeout_s`, once, as it answers.

    `targets` are broadcast or host addresses, asked `probes` times; `interface` is the own address to ask
    from. TransportError when no target can be reached, UsageError for what is no address.
    """
    addresses = await _resolve(targets)
    if not addresses or probes < 1 or not timeout_s > 0 or not 0 < port < 65536:
        raise UsageError("discovery needs a target, a port, at least one probe and a timeout above 0")
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout_s
    heard: asyncio.Queue[tuple[bytes, str]] = asyncio.Queue(_MOST_WAITING)
    sockets = _open_sockets(interface, port)
    tasks: list[asyncio.Task[None]] = []
    try:
        _probe(sockets[0], addresses, port)
        tasks += [loop.create_task(_listen(sock, heard, deadline)) for sock in sockets]
        gap_s = min(_PROBE_GAP_S, timeout_s / (probes + 1))
        tasks.append(loop.create_task(_probe_again(sockets[0], addresses, port, probes - 1, gap_s)))
        seen: set[tuple[str, ...]] = set()
        while (answer := await _next(heard, deadline)) is not None:
            device = _device(*answer)
            if device is not None and device.identity not in seen:
                seen.add(device.identity)
                yield device
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for sock in sockets:
            sock.close()


async def _resolve(targets: Sequence[str]) -> list[str]:
    addresses: list[str] = []
    for target in (targets,) if isinstance(targets, str) else targets:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(target, None, family=socket.AF_INET)
        except (OSError, ValueError) as error:
            raise UsageError(f"{target}: not an address to ask for devices: {error}") from error
        addresses.append(str(found[0][4][0]))
    return addresses


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


def _probe(sock: socket.socket, addresses: Sequence[str], port: int) -> None:
    """Ask every address; TransportError when not one of the datagrams could be sent."""
    failures = []
    for address in addresses:
        try:
            sock.sendto(PROBE, (address, port))
        except OSError as error:
            failures.append(f"{address}:{port}: cannot ask for devices: {error.strerror or error}")
    if len(failures) == len(addresses):
        raise TransportError("; ".join(failures))


async def _probe_again(
    sock: socket.socket, addresses: Sequence[str], port: int, times: int, gap_s: float
) -> None:
    for _ in range(times):
        await asyncio.sleep(gap_s)
        with contextlib.suppress(TransportError):
            _probe(sock, addresses, port)


async def _listen(sock: socket.socket, heard: asyncio.Queue[tuple[bytes, str]], deadline: float) -> None:
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


async def _next(heard: asyncio.Queue[tuple[bytes, str]], deadline: float) -> tuple[bytes, str] | None:
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


def _text(value: Json) -> str:
    return value.strip() if isinstance(value, str) else ""


def _number(value: Json) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return None
