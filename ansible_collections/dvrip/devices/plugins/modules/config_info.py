#!/usr/bin/python
# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: config_info
short_description: Reads configuration objects of a device
version_added: 0.1.0
author:
  - The DVRIP project (@dvrip)
description:
  - Returns configuration objects with the device's own names and keys, as M(dvrip.devices.config) takes them.
  - Passwords, keys and hashes are masked.
options:
  name:
    description:
      - Names of the objects, for example V(NetWork.NetNTP).
      - The name of a whole section, for example V(Detect), returns all its objects on most devices.
    type: list
    elements: str
    required: true
  channel:
    description:
      - Number of the channel, from V(1), for objects that have one element a channel.
      - Without it the module returns the list of all channels.
    type: int
  factory_default:
    description: Whether to read what the device would set at a factory reset, instead of what is set now.
    type: bool
    default: false
extends_documentation_fragment:
  - dvrip.devices._device
  - dvrip.devices._device.password
  - dvrip.devices._attributes
  - dvrip.devices._attributes.info
seealso:
  - module: dvrip.devices.config
"""

EXAMPLES = r"""
- name: Read clock source and time zone
  dvrip.devices.config_info:
    name:
      - NetWork.NetNTP
      - System.TimeZone
  register: clock

- name: Read the detection settings of channel 3
  dvrip.devices.config_info:
    name: Detect.MotionDetect
    channel: 3
  register: motion

- name: Fail when the cloud connection is on
  ansible.builtin.assert:
    that: not nat.objects['NetWork.Nat'].NatEnable
"""

RETURN = r"""
objects:
  description: The objects by their names, secrets masked.
  returned: success
  type: dict
  sample:
    System.TimeZone: {"FirstUserTimeZone": 0, "timeMin": "+01:00"}
"""

from ansible_collections.dvrip.devices.plugins.module_utils import _objects
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._module import ModuleSpec, Options
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal


async def prepare(device: dvrip_proto.Device, options: Options) -> Proposal:
    read = device.settings.default if options["factory_default"] else device.settings.get
    objects = {}
    for name in options["name"]:
        channel = _objects.channel_index(device, name, options["channel"])
        tree = await read(name, channel=channel)
        objects[name] = dvrip_proto.readable(tree, dvrip_proto.spec_for(name))
    return Proposal(result={"objects": objects})


SPEC = ModuleSpec(
    prepare=prepare,
    options={
        "name": {"type": "list", "elements": "str", "required": True},
        "channel": {"type": "int"},
        "factory_default": {"type": "bool", "default": False},
    },
)


def main() -> None:
    SPEC.main()


if __name__ == "__main__":
    main()
