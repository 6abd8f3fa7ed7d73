"""Where one device is, and where its configuration wants it to be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import ip_address
from typing import Any, Final

from ...errors import ProtocolError
from ...wire.address import decode_ipv4, encode_ipv4
from .configuration import ConfigStore

ADDRESS: Final = "NetWork.NetCommon"


class Whereabouts:
    """The address of one device: `host` is where it listens, NetWork.NetCommon what it says."""

    def __init__(self, store: ConfigStore, mac: str) -> None:
        self.host = "127.0.0.1"
        self.on_change: Callable[[], None] = lambda: None
        self._store = store
        self._mac = mac
        self._translated = False

    def place(self, host: str, port: int) -> None:
        """Write the simulated address into NetWork.NetCommon, as its current and default value."""
        self.host = host
        octets = host.split(".")
        gateway = ".".join([*octets[:3], "1"]) if len(octets) == 4 and host != "0.0.0.0" else "0.0.0.0"
        self._store.preset(
            ADDRESS,
            HostIP=encode_ipv4(host),
            GateWay=encode_ipv4(gateway),
            TCPPort=port,
            MAC=self._mac,
        )

    def told(self) -> str:
        """The address in NetWork.NetCommon, this device's own when it is none."""
        return self._told(self._store.current[ADDRESS])

    def wanted(self) -> tuple[str, int]:
        """Where NetWork.NetCommon wants this device: another loopback address, and a port.

        DHCP decides itself, and a device that was elsewhere than it said has its addresses translated.
        """
        config = self._store.current
        told, dhcp = self.told(), config.get("NetWork.NetDHCP") or [{}]
        possible = ip_address(told).is_loopback and ip_address(self.host).is_loopback
        host = told if possible and not self._translated and not dhcp[0].get("Enable") else self.host
        return host, int(config[ADDRESS]["TCPPort"])

    def changed(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Take note of a NetWork.NetCommon that was written."""
        if all(after[key] == before[key] for key in ("HostIP", "TCPPort")):
            return
        told = self._told(before)
        self._translated = told != self.host and ip_address(told).is_loopback
        self.on_change()

    def waits_for_restart(self) -> bool:
        """Whether a changed address needs a restart on this device."""
        return self._store.restart_code(ADDRESS, f"{ADDRESS}.HostIP") != 100

    def _told(self, common: Mapping[str, Any]) -> str:
        try:
            return decode_ipv4(str(common["HostIP"]))
        except ProtocolError:
            return self.host
