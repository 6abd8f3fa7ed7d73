# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""Devices of a network that answer a probe."""

from __future__ import annotations

import contextlib
import typing as t

from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Result

OPTIONS: dict[str, dict[str, t.Any]] = {
    "targets": {"type": "list", "elements": "str", "default": ["255.255.255.255"]},
    "interface": {"type": "str", "default": "0.0.0.0"},
    "discovery_port": {"type": "int", "default": 34569},
    "wait": {"type": "float", "default": 3},
}
_SHOWN = ("host", "port", "serial", "mac", "hostname", "firmware", "channels")


async def devices(options: Result) -> list[dvrip_proto.Discovered]:
    """Those that answer, by their addresses."""
    found = dvrip_proto.discover(
        targets=options["targets"],
        port=options["discovery_port"],
        timeout_s=options["wait"],
        interface=options["interface"],
    )
    async with contextlib.aclosing(found):
        return sorted([device async for device in found], key=lambda device: (device.host, device.port))


def described(device: dvrip_proto.Discovered) -> Result:
    return {name: getattr(device, name) for name in _SHOWN}
