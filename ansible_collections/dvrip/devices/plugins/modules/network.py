#!/usr/bin/python
# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: network
short_description: Manages the network settings of a device
version_added: 0.1.0
author:
  - The DVRIP project (@dvrip)
description:
  - Sets name, address, DHCP, name servers and ports of a device, and follows the device to its new address.
  - Only what is given changes. A combination that would make the device unreachable is refused before anything is written,
    for example a gateway outside the network, a netmask with holes, or an address at which something answers already.
  - DHCP is switched off before the address is written, and switched on after everything else.
options:
  hostname:
    description: Name of the device.
    type: str
  dhcp:
    description:
      - Whether the device gets its address by DHCP.
      - When it is switched off and O(address) is not given, the device keeps the address it has.
    type: bool
  interface:
    description:
      - Interface whose O(dhcp) is meant, for example V(eth0) or, for Wi-Fi on many devices, V(eth2).
      - Without it, the first one of the device.
    type: str
  address:
    description: IPv4 address. Only possible without DHCP.
    type: str
  netmask:
    description: Netmask, for example V(255.255.255.0).
    type: str
  gateway:
    description: Default gateway, inside the network of O(address). V(0.0.0.0) means none.
    type: str
  dns:
    description: One or two name servers.
    type: list
    elements: str
  tcp_port:
    description: TCP port of the DVRIP protocol, which this collection talks to, from V(1) to V(65535).
    type: int
  udp_port:
    description: UDP port of the device, from V(1) to V(65535).
    type: int
  http_port:
    description: TCP port of the device's web server, from V(1) to V(65535).
    type: int
  ssl_port:
    description: TCP port of the device's encrypted web server, from V(1) to V(65535).
    type: int
  max_connections:
    description: How many connections the device accepts at once, from V(1) to V(255).
    type: int
  allow_disconnect:
    description:
      - Also write what would end the connection to the device or lock this computer out, such as a gateway outside the
        device's network or an IP filter without this computer's address. Otherwise the task fails and nothing is written.
    type: bool
    default: false
  wait:
    description:
      - Whether to wait for the device at its new address, log in there, and check that it is the same device with the new settings.
    type: bool
    default: true
  wait_timeout:
    description: Seconds to wait for it, V(0) or more.
    type: int
    default: 120
  wait_host:
    description:
      - Where to wait for the device, when that is not O(address). Useful with DHCP and behind address translation.
    type: str
  missing:
    description:
      - What to do about an option that this model has no object or no key for, such as O(dns) on a model that keeps no name
        servers. With V(skip) the rest is written, and what was left out is told in RV(skipped_objects) and in a warning.
    type: str
    choices: [fail, skip]
    default: fail
extends_documentation_fragment:
  - dvrip.devices._device
  - dvrip.devices._restart
  - dvrip.devices._attributes
  - dvrip.devices._attributes.changes
seealso:
  - module: dvrip.devices.config
    description: Manages all other network settings, such as NetWork.NetNTP and NetWork.NetEmail.
notes:
  - After a change of the address the inventory still has the old one. See the examples for tasks that follow in the same play.
"""

EXAMPLES = r"""
- name: Name the camera and set its name servers
  dvrip.devices.network:
    hostname: "{{ inventory_hostname }}"
    dns:
      - 192.168.1.1

- name: Give the camera its fixed address
  dvrip.devices.network:
    dhcp: false
    address: 192.168.20.31
    netmask: 255.255.255.0
    gateway: 192.168.20.1
  register: moved

- name: Go on with the new address in this play
  ansible.builtin.set_fact:
    ansible_host: "{{ moved.host }}"
    ansible_port: "{{ moved.port | string }}"
  when: moved is changed
"""

RETURN = r"""
host:
  description: Where the device is reached after the task. In check mode, where it would be.
  returned: success
  type: str
  sample: 192.168.20.31
port:
  description: The port there.
  returned: success
  type: int
  sample: 34567
before:
  description: The network settings before the change, with the names of the module's options, and the MAC address.
  returned: success
  type: dict
  sample: {"hostname": "LocalHost", "address": "192.168.1.10", "netmask": "255.255.255.0", "dhcp": true}
after:
  description: The network settings after the change. In check mode, what they would be.
  returned: success
  type: dict
  sample: {"hostname": "gate", "address": "192.168.20.31", "netmask": "255.255.255.0", "dhcp": false}
changes:
  description: One entry for each value that changed or, in check mode, would change, with object, path, before and after.
  returned: when there are any
  type: list
  elements: dict
  sample: [{"object": "NetWork.NetCommon", "path": "HostIP", "before": "192.168.1.10", "after": "192.168.20.31"}]
skipped_objects:
  description: What this model does not have, with the options that were left out and the reason.
  returned: with O(missing) V(skip), when there are any
  type: list
  elements: dict
  sample:
    - name: NetWork.NetDNS
      options: [dns]
      reason: "192.168.1.10:34567: dns: NetWork.NetDNS: the configuration does not exist (Ret 607, request 1042 CONFIG_GET)"
"""

from ansible_collections.dvrip.devices.plugins.module_utils import _relocation
from ansible_collections.dvrip.devices.plugins.module_utils._missing import MISSING_OPTION
from ansible_collections.dvrip.devices.plugins.module_utils._module import ModuleSpec

SPEC = ModuleSpec(
    prepare=_relocation.prepare,
    options={
        "hostname": {"type": "str"},
        "dhcp": {"type": "bool"},
        "interface": {"type": "str"},
        "address": {"type": "str"},
        "netmask": {"type": "str"},
        "gateway": {"type": "str"},
        "dns": {"type": "list", "elements": "str"},
        "tcp_port": {"type": "int"},
        "udp_port": {"type": "int"},
        "http_port": {"type": "int"},
        "ssl_port": {"type": "int"},
        "max_connections": {"type": "int"},
        "allow_disconnect": {"type": "bool", "default": False},
        **MISSING_OPTION,
        "wait": {"type": "bool", "default": True},
        "wait_timeout": {"type": "int", "default": 120},
        "wait_host": {"type": "str"},
    },
    constraints={"required_by": {"interface": ["dhcp"]}},
    restarts=True,
)


def main() -> None:
    SPEC.main()


if __name__ == "__main__":
    main()
