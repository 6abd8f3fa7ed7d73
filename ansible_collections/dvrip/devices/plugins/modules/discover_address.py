#!/usr/bin/python
# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: discover_address
short_description: Gives a device an address that cannot be reached where it is
version_added: 0.1.0
author:
  - The DVRIP project (@dvrip)
description:
  - Tells a device by broadcast, known by its MAC address, which IPv4 address it is to have. That is how a device in factory state,
    all of which have V(192.168.1.10), gets into a network.
  - The device checks the login. A refused one is tried once and no more, because devices lock accounts.
options:
  mac:
    description: MAC address of the device. In quotes, because YAML reads C(10:12:34:56:38:50) as a number, which is refused.
    type: str
    required: true
  address:
    description: IPv4 address that it is to have.
    type: str
    required: true
  netmask:
    description: Netmask.
    type: str
    required: true
  gateway:
    description: Default gateway, inside the network of O(address).
    type: str
    required: true
  device_user:
    description: Account of the device.
    type: str
    default: admin
  device_password:
    description: Its password. New devices have an empty one.
    type: str
    default: ""
  targets:
    description: Broadcast addresses, or addresses of devices, that are asked.
    type: list
    elements: str
    default: [255.255.255.255]
  interface:
    description: Own address of the controller to ask from, where it has several.
    type: str
    default: 0.0.0.0
  discovery_port:
    description: UDP port of the discovery, from V(1) to V(65535).
    type: int
    default: 34569
  wait:
    description: Seconds to wait for answers, above V(0).
    type: float
    default: 3
extends_documentation_fragment:
  - dvrip.devices._attributes
  - dvrip.devices._attributes.changes
attributes:
  action_group:
    support: none
    details:
      - It has no login, so defaults of the group are not for it.
  connection:
    support: none
    details:
      - Needs no login. It runs on the controller, so a play on C(localhost) suits it.
seealso:
  - module: dvrip.devices.discover_info
  - module: dvrip.devices.network
"""

EXAMPLES = r"""
- name: Bring a new camera into the network
  dvrip.devices.discover_address:
    mac: "00:12:34:56:78:90"
    address: 192.168.20.31
    netmask: 255.255.255.0
    gateway: 192.168.20.1
"""

RETURN = r"""
changes:
  description: What changed or, in check mode, would change, with object, path, before and after.
  returned: when there is anything
  type: list
  elements: dict
  sample: [{"object": "device 00:12:34:56:78:90", "path": "address", "before": "192.168.1.10", "after": "192.168.20.31"}]
device:
  description: The device as it was found.
  returned: success
  type: dict
  sample: {"host": "192.168.1.10", "port": 34567, "serial": "2a981919678907c1", "mac": "00:12:34:56:78:90"}
"""

import re
import typing as t

from ansible_collections.dvrip.devices.plugins.module_utils import _finding
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._module import LocalSpec, Options
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal, Result, row
from ansible_collections.dvrip.devices.plugins.module_utils._session import Session

_MAC = re.compile("[0-9a-f]{12}")
_ORDERED = {"host": "address", "netmask": "netmask", "gateway": "gateway"}


def _plain(mac: str) -> str:
    return "".join(letter for letter in mac.casefold() if letter.isalnum())


async def prepare(options: Options, _check_mode: bool) -> Proposal:
    if not _MAC.fullmatch(_plain(options["mac"])):  # an empty one is that of every device that tells none
        raise dvrip_proto.UsageError(f"mac: {options['mac']!r} is no MAC address such as 00:12:34:56:78:90")
    found = await _finding.devices(options)
    device = _with_mac(found, options["mac"])
    if device is None:
        known = ", ".join(sorted(other.mac for other in found if other.mac)) or "none"
        raise dvrip_proto.UsageError(
            f"no device with the MAC address {options['mac']} answers; there are: {known}"
        )
    result: Result = {"device": _finding.described(device)}
    if options["address"] in _addresses(device):
        return Proposal(result=result)
    taken = [other.mac or other.host for other in found if options["address"] in _addresses(other)]
    if taken:
        raise dvrip_proto.UsageError(f"address {options['address']} is taken: {taken[0]} answers there")
    device.check_address(**{name: options[key] for name, key in _ORDERED.items()})
    rows = [row(f"device {device.mac}", "address", device.host, options["address"])]
    return Proposal(
        result=result, acts=True, rows=rows, finish=lambda session: _move(session, device, options)
    )


def _with_mac(found: t.Iterable[dvrip_proto.Discovered], mac: str) -> dvrip_proto.Discovered | None:
    return next((device for device in found if _plain(device.mac) == _plain(mac)), None)


def _addresses(device: dvrip_proto.Discovered) -> set[str]:
    """Where its answer came from, and where it says that it is: a device may move a moment after it says so."""
    return {device.host, device.own_address}


async def _move(session: Session, device: dvrip_proto.Discovered, options: Options) -> Result:
    """Tell the device; where it says nothing to that, look where it is."""
    try:
        await dvrip_proto.set_address(
            device,
            **{name: options[key] for name, key in _ORDERED.items()},
            username=options["device_user"],
            password=options["device_password"],
            targets=options["targets"],
            port=options["discovery_port"],
            timeout_s=options["wait"],
            interface=options["interface"],
        )
    except dvrip_proto.TransportError as lost:
        with session.in_doubt("address"):
            await _look_again(device, options, lost)
    return {}


async def _look_again(
    device: dvrip_proto.Discovered, options: Options, lost: dvrip_proto.TransportError
) -> None:
    """Raise unless the device is found at its new address."""
    there = _with_mac(await _finding.devices(options), device.mac)
    if there is None:
        raise type(lost)(f"{lost}; looked again: it does not answer, whether it moved is not known") from lost
    if options["address"] not in _addresses(there):
        raise dvrip_proto.NotAppliedError(f"{lost}; looked again: it is at {there.host}")


SPEC = LocalSpec(
    propose=prepare,
    options={
        **_finding.OPTIONS,
        "mac": {"type": "str", "required": True},
        "address": {"type": "str", "required": True},
        "netmask": {"type": "str", "required": True},
        "gateway": {"type": "str", "required": True},
        "device_user": {"type": "str", "default": "admin"},
        "device_password": {"type": "str", "no_log": True, "default": ""},
    },
)


def main() -> None:
    SPEC.main()


if __name__ == "__main__":
    main()
