# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""The network settings of a device as one flat set of values, and the rules that keep it reachable. Pure."""

from __future__ import annotations

import typing as t
from ipaddress import IPv4Address, IPv4Network

from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto

COMMON = "NetWork.NetCommon"
DHCP = "NetWork.NetDHCP"
DNS = "NetWork.NetDNS"

# Option of the module -> key of NetWork.NetCommon.
COMMON_KEYS = {
    "hostname": "HostName",
    "address": "HostIP",
    "netmask": "Submask",
    "gateway": "GateWay",
    "tcp_port": "TCPPort",
    "udp_port": "UDPPort",
    "http_port": "HttpPort",
    "ssl_port": "SSLPort",
    "max_connections": "TCPMaxConn",
}
_ADDRESS_KEYS = ("HostIP", "Submask", "GateWay")
_TCP_PORTS = ("tcp_port", "http_port", "ssl_port")
_NO_GATEWAY = IPv4Address(0)

Tree = t.Mapping[str, t.Any]


def common_wish(options: Tree) -> dict[str, t.Any]:
    """The part of NetWork.NetCommon that a task asks for."""
    return {key: options[option] for option, key in COMMON_KEYS.items() if options.get(option) is not None}


def dns_wish(servers: t.Sequence[str]) -> dict[str, str]:
    """NetWork.NetDNS for one or two servers; one that is not given is cleared."""
    first, second = [*servers, "0.0.0.0", "0.0.0.0"][:2]
    return {"Address": first, "SpareAddress": second}


def view(common: Tree, dhcp: bool | None, dns: Tree | None) -> dict[str, t.Any]:
    """The options of the module, and the MAC address, as the device has them."""
    result = {option: common[key] for option, key in COMMON_KEYS.items() if key in common}
    if "MAC" in common:
        result["mac"] = common["MAC"]
    if dhcp is not None:
        result["dhcp"] = dhcp
    if dns is not None:
        servers = [dns.get("Address"), dns.get("SpareAddress")]
        result["dns"] = [server for server in servers if server and server != str(_NO_GATEWAY)]
    return result


def check(before: Tree, after: Tree, *, dhcp_before: bool, dhcp_after: bool) -> None:
    """Refuse (UsageError) a NetWork.NetCommon that would make the device unreachable; both sides spelled for people.

    Only what changes is looked at: a device with an odd gateway can still get another name.
    """
    changed = {key for key in after if after[key] != before.get(key)}
    address_keys = [key for key in _ADDRESS_KEYS if key in changed]
    if dhcp_after and address_keys:
        asked = ", ".join(f"{key} {after[key]}" for key in address_keys)
        raise dvrip_proto.UsageError(
            f"DHCP is on and decides about {asked}: set `dhcp: false` for a fixed address"
        )
    if address_keys or (dhcp_before and not dhcp_after):
        _check_address(before, after)
    if changed & {COMMON_KEYS[option] for option in _TCP_PORTS}:
        _check_ports(after)


def _check_address(before: Tree, after: Tree) -> None:
    address, present = _parsed(after, "HostIP"), _parsed(before, "HostIP")
    if address is None:
        return
    network = _network(address, after.get("Submask"))
    foreign_loopback = address.is_loopback and not (present is not None and present.is_loopback)
    if address.is_multicast or address.is_reserved or address.is_unspecified or foreign_loopback:
        raise dvrip_proto.UsageError(f"address {address} is not the address of one device")
    if network.prefixlen < 31 and address in (network.network_address, network.broadcast_address):
        kind = "network" if address == network.network_address else "broadcast"
        raise dvrip_proto.UsageError(f"address {address} is the {kind} address of {network}")
    _check_gateway(_parsed(after, "GateWay"), address, network)


def _check_gateway(gateway: IPv4Address | None, address: IPv4Address, network: IPv4Network) -> None:
    if gateway is None or gateway == _NO_GATEWAY:
        return
    if gateway == address:
        raise dvrip_proto.UsageError(f"gateway {gateway} is the device's own address")
    if gateway not in network:
        raise dvrip_proto.UsageError(
            f"gateway {gateway} is not in the device's network {network}: set address, netmask and gateway together"
        )


def _parsed(tree: Tree, key: str) -> IPv4Address | None:
    return IPv4Address(tree[key]) if tree.get(key) else None


def _network(address: IPv4Address, netmask: t.Any) -> IPv4Network:
    bits = int(IPv4Address(netmask or 0))
    inverse = bits ^ 0xFFFFFFFF
    if bits == 0 or inverse & (inverse + 1):
        raise dvrip_proto.UsageError(f"netmask {netmask} is not a netmask such as 255.255.255.0")
    return IPv4Network(f"{address}/{32 - inverse.bit_length()}", strict=False)


def _check_ports(after: Tree) -> None:
    """The device's TCP ports must differ, or one of its services is gone after the next start."""
    ports: dict[t.Any, str] = {}
    for option in _TCP_PORTS:
        port = after.get(COMMON_KEYS[option])
        if port in ports:
            raise dvrip_proto.UsageError(f"{option} and {ports[port]} are both {port}")
        if port:
            ports[port] = option
