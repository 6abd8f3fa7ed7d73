"""Sockets that ask on every network of this machine, where the system lets one name them (Linux).

A broadcast to 255.255.255.255 leaves by the default route alone: a machine with two networks would miss the
cameras of one, and one without a gateway, as networks of cameras often have none, could not ask at all.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

try:
    import fcntl
except ImportError:  # Windows, which has no SO_BINDTODEVICE either
    fcntl = None  # type: ignore[assignment] # never used there

EVERYBODY: Final = "255.255.255.255"
_TO_DEVICE: Final = getattr(socket, "SO_BINDTODEVICE", None)
_FLAGS, _ADDRESS = 0x8913, 0x8915  # SIOCGIFFLAGS and SIOCGIFADDR of Linux
_UP, _BROADCAST, _LOOPBACK = 0x1, 0x2, 0x8
_MOST: Final = 32  # a machine with more has them for containers


def bind_to(sock: socket.socket, name: str) -> None:
    """Have a socket send and hear on one interface only. OSError where that is not allowed."""
    if _TO_DEVICE is not None:
        sock.setsockopt(socket.SOL_SOCKET, _TO_DEVICE, name.encode())


def with_networks() -> list[str]:
    """Interfaces that have an IPv4 address and take broadcasts; none where nobody can tell."""
    if _TO_DEVICE is None:  # Windows, macOS
        return []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        return list(_listed(sock))[:_MOST]


def _listed(sock: socket.socket) -> Iterator[str]:
    for _, name in socket.if_nameindex():
        asked = struct.pack("256s", name.encode()[:15])
        with suppress(OSError):  # no such address
            fcntl.ioctl(sock, _ADDRESS, asked)
            (flags,) = struct.unpack_from("H", fcntl.ioctl(sock, _FLAGS, asked), 16)
            if flags & _UP and flags & _BROADCAST and not flags & _LOOPBACK:
                yield name
