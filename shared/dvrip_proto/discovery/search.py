"""Finding devices by UDP broadcast, each once, as it answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncGenerator, Sequence
from typing import Final

from ..errors import UsageError
from ..wire.probe import DISCOVERY_PORT, PROBE, parse
from .asking import asking, resolve
from .discovered import Discovered

_PROBE_GAP_S: Final = 0.6  # three probes in less than two seconds, as the vendor's programs send them


async def discover(
    *,
    targets: Sequence[str] = ("255.255.255.255",),
    port: int = DISCOVERY_PORT,
    timeout_s: float = 3.0,
    probes: int = 3,
    interface: str = "0.0.0.0",
) -> AsyncGenerator[Discovered, None]:
    """Every device that answers within `timeout_s`, once a host, as it answers.

    `targets` are broadcast or host addresses, asked `probes` times; 255.255.255.255 is every network of this
    machine where the system tells them, else that of the default route. `interface` is the own address to ask
    from. TransportError when no target can be reached, UsageError for what is no address.
    """
    addresses = await resolve(targets)
    if not addresses or probes < 1 or not timeout_s > 0 or not 0 < port < 65536:
        raise UsageError("discovery needs a target, a port, at least one probe and a timeout above 0")
    gap_s = min(_PROBE_GAP_S, timeout_s / (probes + 1))
    seen: defaultdict[str, _Seen] = defaultdict(_Seen)  # two hosts that claim one identity are both told
    answers = asking(PROBE, addresses, port, interface, times=probes, gap_s=gap_s, timeout_s=timeout_s)
    async with answers as following:
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


def _device(datagram: bytes, host: str) -> Discovered | None:
    netcommon = parse(datagram)
    return None if netcommon is None else Discovered.from_wire(host, netcommon)
