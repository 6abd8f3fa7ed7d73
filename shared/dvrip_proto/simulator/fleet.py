"""Many devices in one process, each on its own loopback address with its own serial number."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from ipaddress import AddressValueError, IPv4Address
from pathlib import Path
from typing import override

from ..errors import UsageError
from .quirks import Quirks
from .server import Simulator
from .startable import Startable


class Fleet(Startable):
    """`count` devices at `bind`, `bind` + 1, `bind` + 2 ...; see Simulator for the rest."""

    def __init__(
        self,
        count: int,
        *,
        bind: str = "127.0.0.1",
        port: int = 34567,
        discovery_port: int | None = None,
        udp_port: int | None = None,
        profile: str | Path = "ipc",
        users: Mapping[str, str] | None = None,
        videos: Sequence[str | Path] | None = None,
        channels: int | None = None,
        quirks: Quirks | None = None,
    ) -> None:
        self.devices = [
            Simulator(
                bind=address,
                port=port,
                discovery_port=discovery_port,
                udp_port=udp_port,
                profile=profile,
                users={"admin": ""} if users is None else users,
                videos=videos,
                channels=channels,
                quirks=quirks,
            )
            for address in addresses(bind, count)
        ]

    @override
    async def start(self) -> None:
        """Start every device, or none: the first error is raised."""
        try:
            for device in self.devices:
                await device.start()
        except BaseException:
            await self.stop()
            raise

    @override
    async def stop(self) -> None:
        """Stop every device."""
        await asyncio.gather(*(device.stop() for device in self.devices))

    def find(self, serial: str) -> Simulator | None:
        """The device with a serial number."""
        return next((device for device in self.devices if device.serial == serial), None)


def addresses(bind: str, count: int) -> list[str]:
    """`count` addresses from `bind` on; UsageError when there are not so many."""
    try:
        first = IPv4Address(bind)
    except AddressValueError as error:
        raise UsageError(f"bind: {bind!r} is no IPv4 address") from error
    if count < 1:
        raise UsageError(f"count: {count} is not at least 1")
    last = IPv4Address(int(first) + count - 1)
    if count > 1 and not (first.is_loopback and last.is_loopback and last != IPv4Address("127.255.255.255")):
        raise UsageError(f"count: {count} devices from {bind} on leave the loopback network")
    return [str(first + index) for index in range(count)]
