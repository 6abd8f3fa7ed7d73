"""A device as it tells of itself, and what it is told when it shall have another address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Interface
from string import hexdigits
from typing import Final

from ..errors import ProtocolError, UsageError
from ..values import Json, loose_number
from ..wire.address import decode_ipv4, encode_ipv4
from ..wire.digest import sofia_hash
from ..wire.shapes import member

_DEFAULT_TCP_PORT: Final = 34567
_LARGEST_SERIAL: Final = 10**20  # of one in digits; 0 is none
_MAC_DIGITS: Final = 12
_BETWEEN: Final = str.maketrans("", "", ":-. ")
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
        port = loose_number(member(netcommon, "TCPPort"))
        channels = loose_number(member(netcommon, "ChannelNum"))
        return cls(
            host=host,
            port=port if port is not None and 0 < port < 65536 else _DEFAULT_TCP_PORT,
            serial=_text(member(netcommon, "SN")),
            mac=mac_text(_text(member(netcommon, "MAC"))),
            hostname=_text(member(netcommon, "HostName")),
            firmware=_text(member(netcommon, "Version")),
            channels=channels if channels is not None and channels >= 0 else None,
            device_type=loose_number(member(netcommon, "DeviceType")),
            raw=netcommon,
        )

    @property
    def own_address(self) -> str:
        """Address that the device says it has; "" when it names none."""
        told = member(self.raw, "HostIP")
        try:
            return decode_ipv4(f"0x{told:08X}" if isinstance(told, int) else _text(told))
        except ProtocolError:
            return ""

    def check_address(self, *, host: str, netmask: str, gateway: str) -> None:
        """UsageError for addresses that `set_address` would not tell this device."""
        order(self, host, netmask, gateway, username="", password="")

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells this device from others: MAC and serial number, or its address when it gives neither."""
        known = "" if self.mac in _NO_ADDRESSES else self.mac
        return (known, self.serial) if known or self.serial else (self.host,)


def place(device: Discovered) -> str:
    """Which device is meant, as messages begin with it."""
    return f"{device.host} ({device.mac or 'no MAC address'})"


def order(
    device: Discovered, host: str, netmask: str, gateway: str, username: str, password: str
) -> dict[str, Json]:
    """Members of the order: what the device says of itself, with other addresses, and the credentials."""
    where = place(device)
    mac = member(device.raw, "MAC")
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
    told = {key: member(device.raw, key) for key in _ORDER}
    kept = {key: value if told[key] is None else told[key] for key, value in _ORDER.items()}
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


def mac_text(text: str) -> str:
    """MAC address in one spelling: with colons, dashes, dots or nothing between its digits."""
    plain = text.strip().lower()
    digits = plain.translate(_BETWEEN)
    if len(digits) != _MAC_DIGITS or set(digits) - set(hexdigits):
        return plain.replace("-", ":")
    return ":".join(digits[at : at + 2] for at in range(0, _MAC_DIGITS, 2))


def _text(value: Json) -> str:
    number = isinstance(value, int) and not isinstance(value, bool) and 0 < value < _LARGEST_SERIAL
    return str(value) if number else value.strip(" \t\r\n\0") if isinstance(value, str) else ""
