#!/usr/bin/python
# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: discover_info
short_description: Finds the devices of a network
version_added: 0.1.0
author:
  - The DVRIP project (@dvrip)
description:
  - Asks a network which devices are there. Devices answer with name, address, serial number and MAC address, without a login.
  - Broadcast does not reach other networks. Name their broadcast addresses, or single devices, in O(targets).
options:
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
  - dvrip.devices._attributes.info
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
  - module: dvrip.devices.discover_address
"""

EXAMPLES = r"""
- name: See which devices are there
  dvrip.devices.discover_info:
    wait: 5
  register: found
"""

RETURN = r"""
devices:
  description: The devices, by their addresses.
  returned: success
  type: list
  elements: dict
  contains:
    host:
      description: Address from which it answered.
      type: str
      returned: always
    port:
      description: Its TCP port.
      type: int
      returned: always
    serial:
      description: Serial number, empty when it does not tell it.
      type: str
      returned: always
    mac:
      description: MAC address.
      type: str
      returned: always
    hostname:
      description: Name.
      type: str
      returned: always
    firmware:
      description: Version of the firmware.
      type: str
      returned: always
    channels:
      description: How many channels it has.
      type: int
      returned: always
  sample:
    - {"host": "192.168.1.10", "port": 34567, "serial": "2a981919678907c1", "mac": "00:12:34:56:78:90", "hostname": "gate", "firmware": "V5.00", "channels": 1}
"""

from ansible_collections.dvrip.devices.plugins.module_utils import _finding
from ansible_collections.dvrip.devices.plugins.module_utils._module import LocalSpec, Options
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal


async def prepare(options: Options, _check_mode: bool) -> Proposal:
    return Proposal(
        result={"devices": [_finding.described(device) for device in await _finding.devices(options)]}
    )


SPEC = LocalSpec(propose=prepare, options=_finding.OPTIONS)


def main() -> None:
    SPEC.main()


if __name__ == "__main__":
    main()
