"""What a write would do to whoever makes it: pure functions over an object as it is and as it shall be.

A danger is `lasting` when the device would be out of reach for good, or until somebody stands before it; else
it only ends this connection, and the device is found at another address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv4Network

from ..errors import DangerError
from ..values import Json, flag, number
from .catalog import CATALOG
from .readable import readable
from .spec import Spec

_NOWHERE = IPv4Address(0)
_ADDRESS_KEYS = ("HostIP", "Submask", "GateWay")
_TCP_PORTS = ("TCPPort", "HttpPort", "SSLPort")
_WIFI_KEYS = ("Enable", "SSID", "Auth", "EncrypType", "KeyType", "Keys", "NetType", "Channel", *_ADDRESS_KEYS)

type _Tree = Mapping[str, Json]
type _Guard = Callable[[Json, Json, Caller], Iterator[Danger]]


@dataclass(frozen=True, slots=True)
class Caller:
    """Both ends of the connection that writes: addresses, "" where unknown, and the device's port."""

    own: str = ""
    device: str = ""
    port: int = 0


@dataclass(frozen=True, slots=True)
class Danger:
    """What a write would do, in words. `lasting` when the device is not merely somewhere else afterwards.

    `host` and `port` are where it is afterwards, "" and 0 where it stays or nobody knows.
    """

    text: str
    lasting: bool = True
    host: str = ""
    port: int = 0

    def __str__(self) -> str:
        return self.text


def dangers(name: str, current: Json, planned: Json, caller: Caller) -> tuple[Danger, ...]:
    """Dangers of writing `planned` where `current` is: of an object, or of a section such as "NetWork".

    Only what changes is looked at: a device with an odd gateway can still get another name.
    """
    found: list[Danger] = []
    for guarded, guard in _GUARDS.items():
        if guarded == name:
            found += guard(_shown(guarded, current), _shown(guarded, planned), caller)
        elif guarded.startswith(f"{name}."):
            item = guarded[len(name) + 1 :]
            before, after = (_item(tree, item) for tree in (current, planned))
            if after is not None:
                found += guard(_shown(guarded, before), _shown(guarded, after), caller)
    return tuple(found)


def destination(found: Iterable[Danger]) -> tuple[str, int]:
    """Address and port that a device with these dangers moves to, "" and 0 where it stays or nobody knows."""
    listed = tuple(found)
    hosts = (danger.host for danger in listed if danger.host)
    ports = (danger.port for danger in listed if danger.port)
    return next(hosts, ""), next(ports, 0)


def refusal(what: str, told: tuple[str, ...], *, channel: int | None = None) -> DangerError:
    """The error of what is not written for its dangers, in the one sentence that every door has."""
    text = f"{what}: {'; '.join(told)} (not written: it needs allow_disconnect)"
    return DangerError(text, dangers=told, channel=channel)


def guarded(name: str) -> str | None:
    """Name of the guarded object that `name` is a part of ("NetWork.NetCommon.GateWay"), else None."""
    return next((owner for owner in _GUARDS if name.startswith(f"{owner}.")), None)


def _item(tree: Json, key: str) -> Json:
    return tree.get(key) if isinstance(tree, Mapping) else None


def _shown(name: str, tree: Json) -> Json:
    spec: Spec = CATALOG[name]
    return readable(tree, spec, secrets=True)


def _common(before: Json, after: Json, caller: Caller) -> Iterator[Danger]:
    if not (isinstance(before, Mapping) and isinstance(after, Mapping)):
        return
    changed = {key for key in after if after[key] != before.get(key)}
    if changed & set(_ADDRESS_KEYS):
        yield from _address(before, after)
        yield from _way_back(before, after, caller)
    if "HostIP" in changed and before.get("HostIP") == caller.device:
        yield _moves(before, after)
    if changed & set(_TCP_PORTS):
        yield from _ports(after)
    if "TCPMaxConn" in changed and number(after["TCPMaxConn"]) == 0:
        yield Danger("TCPMaxConn 0: the device would take no connection")
    if "TCPPort" in changed and number(before.get("TCPPort")) == caller.port:
        port = after["TCPPort"]
        text = f"the device moves to port {port}: this connection ends"
        yield Danger(text, lasting=False, port=number(port) or 0)


def _moves(before: _Tree, after: _Tree) -> Danger:
    address, present = (_parsed(tree.get("HostIP")) for tree in (after, before))
    known = address is not None and not _is_nobodys(address, present)
    text = f"the device moves to {after.get('HostIP')}: this connection ends"
    return Danger(text, lasting=False, host=str(address) if known else "")


def _address(before: _Tree, after: _Tree) -> Iterator[Danger]:
    address, present = (_parsed(tree.get("HostIP")) for tree in (after, before))
    if address is None:
        return
    if _is_nobodys(address, present):
        yield Danger(f"address {address} is not the address of one device")
        return
    network = _network(address, after.get("Submask"))
    if network is None:
        yield Danger(f"netmask {after.get('Submask')} is not a netmask such as 255.255.255.0")
        return
    if network.prefixlen < 31 and address in (network.network_address, network.broadcast_address):
        kind = "network" if address == network.network_address else "broadcast"
        yield Danger(f"address {address} is the {kind} address of {network}")
    gateway = _parsed(after.get("GateWay"))
    if gateway is None or gateway == _NOWHERE:
        return
    if gateway == address:
        yield Danger(f"gateway {gateway} is the device's own address")
    elif gateway not in network:
        yield Danger(
            f"gateway {gateway} is not in the device's network {network}: set address, netmask and gateway "
            "together"
        )


def _way_back(before: _Tree, after: _Tree, caller: Caller) -> Iterator[Danger]:
    """Whether the device still finds a caller of another network, whom it answers through its gateway."""
    own, (was, old), (will, new) = _parsed(caller.own), _placed(before), _placed(after)
    if own is None or own.is_loopback or before.get("HostIP") != caller.device:
        return
    if was is None or will is None or own in was:
        return
    if own in will:
        if after.get("HostIP") == before.get("HostIP"):
            yield Danger(
                f"netmask {after.get('Submask')} puts this computer, {own}, into the device's own network "
                f"{will}: it would not be answered through the gateway any more{_as_seen(own, caller)}"
            )
    elif old is not None and new is None:
        yield Danger(
            f"no gateway: this computer, {own}, is in another network than the device and would get no answer"
            f"{_as_seen(own, caller)}"
        )


def _as_seen(own: IPv4Address, caller: Caller) -> str:
    """What an own address may be worth: a router or a container's host may put its own in its place."""
    device = _parsed(caller.device)
    if device is None or own.packed[:2] == device.packed[:2]:
        return ""
    return " (where something on the way translates that address, the device's log shows the one that counts)"


def _placed(tree: _Tree) -> tuple[IPv4Network | None, IPv4Address | None]:
    """Network and gateway of a device; None for what it does not have."""
    address, gateway = _parsed(tree.get("HostIP")), _parsed(tree.get("GateWay"))
    network = None if address is None else _network(address, tree.get("Submask"))
    return network, None if gateway == _NOWHERE else gateway


def _ports(after: _Tree) -> Iterator[Danger]:
    """TCP ports of a device must differ, or one of its services is gone after the next start."""
    taken: dict[int, str] = {}
    for key in _TCP_PORTS:
        port = number(after.get(key))
        if port in taken:
            yield Danger(f"{key} and {taken[port]} are both {port}")
        elif port:
            taken[port] = key


def _dhcp(before: Json, after: Json, caller: Caller) -> Iterator[Danger]:  # noqa: ARG001 - a guard's shape
    was, will = (dict(_interfaces(tree)) for tree in (before, after))
    for name, on in will.items():
        if on == was.get(name, False):
            continue
        where = "the address that a DHCP server gives it" if on else "its fixed address"
        yield Danger(f"the device moves to {where} on {name}: this connection may end", lasting=False)


def _interfaces(tree: Json) -> Iterator[tuple[str, bool]]:
    for entry in tree if isinstance(tree, list) else []:
        if isinstance(entry, Mapping):
            yield str(entry.get("Interface")), flag(entry.get("Enable"))


def _filter(before: Json, after: Json, caller: Caller) -> Iterator[Danger]:
    own = _parsed(caller.own)
    if before == after or not isinstance(after, Mapping) or not flag(after.get("Enable")) or own is None:
        return
    banned, trusted = (_addresses(after.get(key)) for key in ("Banned", "Trusted"))
    if own in banned:
        yield Danger(f"the device would refuse this computer: Banned has its address {own}")
    if trusted and own not in trusted:
        yield Danger(
            f"the device would refuse this computer: Trusted does not have its address {own}"
            f"{_as_seen(own, caller)}"
        )


def _addresses(listed: Json) -> set[IPv4Address]:
    found = {_parsed(item) for item in listed} if isinstance(listed, list) else set()
    return {address for address in found if address is not None and address != _NOWHERE}


def _wifi(before: Json, after: Json, caller: Caller) -> Iterator[Danger]:
    if not (isinstance(before, Mapping) and isinstance(after, Mapping)) or not flag(before.get("Enable")):
        return
    changed = [key for key in _WIFI_KEYS if after.get(key) != before.get(key)]
    if not changed or not caller.device or before.get("HostIP") != caller.device:
        return
    if set(changed) & set(_ADDRESS_KEYS):
        yield from _address(before, after)
        yield from _way_back(before, after, caller)
    if set(changed) - set(_ADDRESS_KEYS):
        yield Danger(f"this connection goes over the Wi-Fi of the device, whose {', '.join(changed)} change")
    else:
        yield _moves(before, after)


def _parsed(text: Json) -> IPv4Address | None:
    try:
        return IPv4Address(text) if isinstance(text, str) else None
    except AddressValueError:
        return None


def _is_nobodys(address: IPv4Address, present: IPv4Address | None) -> bool:
    """Whether no device can be there."""
    foreign_loopback = address.is_loopback and not (present is not None and present.is_loopback)
    return address.is_multicast or address.is_reserved or address.is_unspecified or foreign_loopback


def _network(address: IPv4Address, netmask: Json) -> IPv4Network | None:
    bits = int(_parsed(netmask) or _NOWHERE)
    inverse = bits ^ 0xFFFFFFFF
    if bits == 0 or inverse & (inverse + 1):
        return None
    return IPv4Network(f"{address}/{32 - inverse.bit_length()}", strict=False)


_GUARDS: Mapping[str, _Guard] = {
    "NetWork.NetCommon": _common,
    "NetWork.NetDHCP": _dhcp,
    "NetWork.NetIPFilter": _filter,
    "NetWork.Wifi": _wifi,
}

GUARDED = tuple(_GUARDS)
"""Objects that can lock somebody out."""
