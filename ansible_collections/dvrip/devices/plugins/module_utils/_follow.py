# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""Goes after a device that moves to another address or port."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import typing as t

from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._session import Session

CONFIGURATION = "configuration"  # all of it, as an archive
MOVE_S = 15.0  # a device that still answers at the old address after this time waits for a restart
_GLANCE_S = 2.0


async def follow(session: Session, serial: str, *, host: str, port: int, within_s: float = 120.0) -> bool:
    """Log in where the device should be now; True when it stays where it was until it restarts.

    TransportError when it is in neither place within `within_s`, RequestError when another device is there.
    """
    old, target, accept = session.endpoint, {"host": host, "port": port}, is_same(serial)
    session.say(f"moves to {host}:{port}")
    try:
        with contextlib.suppress(dvrip_proto.TransportError):
            await session.reopen(within_s=min(within_s, MOVE_S), accept=accept, **target)
            return False
        with contextlib.suppress(dvrip_proto.TransportError):
            await session.reopen(within_s=_GLANCE_S, accept=accept, host=old.host, port=old.port)
            return True
        await session.reopen(within_s=max(0.0, within_s - MOVE_S), accept=accept, **target)
    except dvrip_proto.TransportError as error:
        text = f"the device moves from {old} to {session.endpoint}: look for it there"
        raise dvrip_proto.TransportError(f"{error}; {text}") from error
    return False


async def pending_move(session: Session, stored: t.Any) -> dict[str, t.Any]:
    """Host and port that the device has only `stored` (its NetWork.NetCommon), and has after its next restart.

    Behind address translation and over IPv6 its stored address tells nothing: only where it was sent from here counts.
    """
    endpoint, sent_to = session.endpoint, session.memory.restart_host
    if not isinstance(stored, dict):
        return {}
    here = await addresses(endpoint.host)
    moves: dict[str, t.Any] = {}
    if stored.get("HostIP") in here and stored.get("TCPPort", endpoint.port) != endpoint.port:
        moves["port"] = stored["TCPPort"]
    if sent_to not in ("", endpoint.host) and stored.get("HostIP") and stored["HostIP"] not in here:
        moves["host"] = sent_to
    return moves


def refused(error: dvrip_proto.AuthenticationError) -> str:
    """What to say of a login that a device refuses after its accounts were set back: that is no failure."""
    return f"{error}: its accounts are those of a new device, so log in as that wants it, mostly as admin without a password"


async def addresses(host: str) -> set[str]:
    """IPv4 addresses that a name or an address stands for; none where it stands for IPv6 alone."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            host, None, family=socket.AF_INET, type=socket.SOCK_STREAM
        )
    except OSError:
        return set()
    return {str(entry[4][0]) for entry in found}


def is_same(serial: str) -> t.Callable[[dvrip_proto.Device], t.Awaitable[bool]]:
    """A look at whether a device is the one of this serial number; RequestError when it is not."""

    async def accept(device: dvrip_proto.Device) -> bool:
        found = (await device.system.info()).serial
        if found != serial:
            raise dvrip_proto.RequestError(
                f"{device.host}:{device.port}: another device answers, with serial number {found} and not {serial}"
            )
        return True

    return accept
