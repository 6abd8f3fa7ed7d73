# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""The network settings of a device as one flat set of values. Pure."""

from __future__ import annotations

import typing as t

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
# Key of an object -> option of the module, for the objects of the module.
OPTIONS = {
    **{key: option for option, key in COMMON_KEYS.items()},
    **dict.fromkeys(("Address", "SpareAddress"), "dns"),
}
_ADDRESS_KEYS = ("HostIP", "Submask", "GateWay")
_NO_SERVER = "0.0.0.0"
NO_SERVERS = dict.fromkeys(("Address", "SpareAddress"), _NO_SERVER)

Tree = t.Mapping[str, t.Any]


def common_wish(options: Tree) -> dict[str, t.Any]:
    """The part of NetWork.NetCommon that a task asks for."""
    return {key: options[option] for option, key in COMMON_KEYS.items() if options.get(option) is not None}


def dns_wish(servers: t.Sequence[str]) -> dict[str, str]:
    """NetWork.NetDNS for one or two servers; one that is not given is cleared."""
    first, second = [*servers, _NO_SERVER, _NO_SERVER][:2]
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
        result["dns"] = [server for server in servers if server and server != _NO_SERVER]
    return result


def check(before: Tree, after: Tree, *, dhcp_after: bool) -> None:
    """Refuse (UsageError) an address for a device that takes the one which DHCP gives it."""
    asked = [f"{key} {after[key]}" for key in _ADDRESS_KEYS if after.get(key) != before.get(key)]
    if dhcp_after and asked:
        raise dvrip_proto.UsageError(
            f"DHCP is on and decides about {', '.join(asked)}: set `dhcp: false` for a fixed address"
        )
