"""Network and the services that a device uses or offers."""

from __future__ import annotations

from ..control import Control

ROWS: tuple[Control, ...] = (
    Control("ntp", "NetWork.NetNTP", "Enable", "Time from a server"),
    Control("ntp_server", "NetWork.NetNTP", "Server.Name", "Time server"),
    Control("cloud", "NetWork.Nat", "NatEnable", "Cloud connection"),
)
