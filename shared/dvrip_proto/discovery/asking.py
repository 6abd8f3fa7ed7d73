"""One datagram sent to several addresses some times, and what is answered until the time is over."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from functools import partial
from ipaddress import IPv4Address
from typing import Final

from ..errors import TransportError, UsageError
from .interfaces import EVERYBODY, bind_to, with_networks

_RECEIVE_BUFFER: Final = 8 * 1024 * 1024
_LARGEST: Final = 16 * 1024  # of a datagram: an answer has below 2 KiB
_BATCH: Final = 64  # datagrams taken before other tasks get a turn
_MOST_WAITING: Final = 16384
_SOCKET_ERROR_S: Final = 0.06
_ANY: Final = "0.0.0.0"

type _Answer = tuple[bytes, str]
"""A datagram, and the address of who sent it."""

type _Way = tuple[socket.socket, str]
"""From which socket an address is asked."""


async def resolve(targets: Sequence[str]) -> list[str]:
    """IPv4 addresses of names. UsageError for what is none."""
    addresses: list[str] = []
    for target in (targets,) if isinstance(targets, str) else targets:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(target, None, family=socket.AF_INET)
        except (OSError, ValueError) as error:
            why = f": {error.strerror}" if isinstance(error, OSError) else ""
            raise UsageError(f"{target!r}: not an IPv4 address to ask for devices{why}") from error
        addresses.append(str(found[0][4][0]))
    return addresses


@contextlib.asynccontextmanager
async def asking(
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
        ways = [(sockets[0], address) for address in addresses]
        if interface == _ANY and EVERYBODY in addresses:
            own = _of_each_network()
            sockets += own
            ways = [way for way in ways if way[1] != EVERYBODY or not own] + [
                (sock, EVERYBODY) for sock in own
            ]
        _send(ways, port, datagram)
        tasks += [loop.create_task(_listen(sock, heard, deadline)) for sock in sockets]
        tasks.append(loop.create_task(_send_again(ways, port, datagram, times - 1, gap_s)))
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
        raise UsageError(f"{interface!r}: not an IPv4 address of this machine to ask from") from error
    with contextlib.suppress(OSError):  # another program has the port for itself
        sockets.append(_socket("", port))
    return sockets


def _of_each_network() -> list[socket.socket]:
    """A socket for each network that this machine is in, as far as it may have them."""
    found = []
    for name in with_networks():
        with contextlib.suppress(OSError):
            found.append(_socket("", 0, interface=name))
    return found


def _socket(address: str, port: int, *, interface: str = "") -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        if interface:
            bind_to(sock, interface)
        if port:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):  # some systems refuse what Linux cuts to its limit
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        sock.bind((address, port))
    except BaseException:
        sock.close()
        raise
    return sock


def _send(ways: Sequence[_Way], port: int, datagram: bytes) -> None:
    """Ask every address; TransportError when not one of the datagrams could be sent."""
    failures = []
    for sock, address in ways:
        try:
            sock.sendto(datagram, (address, port))
        except OSError as error:
            failures.append(f"{address}:{port}: cannot ask for devices: {error.strerror or error}")
    if len(failures) == len(ways):
        raise TransportError("; ".join(dict.fromkeys(failures)))


async def _send_again(ways: Sequence[_Way], port: int, datagram: bytes, times: int, gap_s: float) -> None:
    for _ in range(times):
        await asyncio.sleep(gap_s)
        with contextlib.suppress(TransportError):
            _send(ways, port, datagram)


async def _listen(sock: socket.socket, heard: asyncio.Queue[_Answer], deadline: float) -> None:
    """Take datagrams as fast as they come; they are read later, so that the kernel's buffer stays empty."""
    loop = asyncio.get_running_loop()
    taken = 0
    while loop.time() < deadline:
        try:
            datagram, (host, *_) = await loop.sock_recvfrom(sock, _LARGEST)
        except OSError:  # Windows reports here that an earlier probe met a closed port
            await asyncio.sleep(_SOCKET_ERROR_S)
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
