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
      - V(all) alone stands for every object that this collection knows and the model has.
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
  only_changed:
    description:
      - Returns only what differs from what the device would set at a factory reset. Objects without a difference are left out.
        Secrets are not compared.
      - A list that is longer or shorter is returned whole, else its elements that are as delivered are V(null).
    type: bool
    default: false
  missing:
    description:
      - What to do about an object that this model does not have. With V(skip) it is left out and told in RV(missing_objects).
    type: str
    choices: [fail, skip]
    default: fail
  format:
    description:
      - V(by_name) returns the objects by their names.
      - V(objects) returns the list that O(dvrip.devices.config#module:objects) takes. Secrets are masked in it,
        and a masked secret that is written leaves the one of the device as it is.
    type: str
    choices: [by_name, objects]
    default: by_name
extends_documentation_fragment:
  - dvrip.devices._device
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

- name: Read everything that is known of the device
  dvrip.devices.config_info:
    name: all
    format: objects
  register: everything

- name: Read the detection settings of channel 3
  dvrip.devices.config_info:
    name: Detect.MotionDetect
    channel: 3
  register: motion

- name: Keep what somebody changed since the device was delivered, for the option from_file of the module config
  dvrip.devices.config_info:
    name: [General, NetWork.NetNTP, NetWork.NetFTP, Detect.MotionDetect]
    only_changed: true
    format: objects
    missing: skip
  register: drift

- name: Read the setting of the cloud connection
  dvrip.devices.config_info:
    name: NetWork.Nat
  register: nat

- name: Fail when the cloud connection is on
  ansible.builtin.assert:
    that: not nat.objects['NetWork.Nat'].NatEnable
"""

RETURN = r"""
objects:
  description:
    - The objects by their names, secrets masked. With O(format) V(objects) a list of C(name), C(channel) and C(config).
  returned: success
  type: raw
  sample:
    System.TimeZone: {"FirstUserTimeZone": 0, "timeMin": "+01:00"}
missing_objects:
  description: What this model does not have, with the reason.
  returned: with O(missing) V(skip), when there are any
  type: list
  elements: dict
  sample:
    - name: Camera.WhiteLight
      reason: "192.168.1.10:34567: Camera.WhiteLight: the configuration does not exist (Ret 607, request 1042 CONFIG_GET)"
"""

import typing as t

from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._module import ModuleSpec, Task
from ansible_collections.dvrip.devices.plugins.module_utils._numbers import channels_of
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal, Result


async def prepare(task: Task) -> Proposal:
    device, options = await task.device(), task.options
    read = device.settings.default if options["factory_default"] else device.settings.get
    found: list[Result] = []
    missing: list[Result] = []
    everything = options["name"] == ["all"]
    for name in sorted(dvrip_proto.CATALOG) if everything else options["name"]:
        channels = channels_of(name, options["channel"])
        try:
            tree = await read(name, channel=channels[0] if channels else None)
        except dvrip_proto.UnsupportedError as error:
            if everything:
                continue
            if options["missing"] == "fail":
                raise
            missing.append({"name": name, "reason": str(error)})
            continue
        numbered: Result = {"channel": options["channel"]} if channels else {}
        shown = dvrip_proto.readable(tree, dvrip_proto.spec_for(name))
        if options["only_changed"]:
            factory = await device.settings.default(name, channel=channels[0] if channels else None)
            shown = _difference(shown, dvrip_proto.readable(factory, dvrip_proto.spec_for(name)))
            if shown is None:
                continue
        found.append({"name": name, **numbered, "config": shown})
    by_name = {entry["name"]: entry["config"] for entry in found}
    result: Result = {"objects": found if options["format"] == "objects" else by_name}
    if missing:
        result["missing_objects"] = missing
    return Proposal(result=result)


def _difference(now: t.Any, factory: t.Any) -> t.Any:
    """What of the present tree a plan by place must set to come from the factory's; None for nothing."""
    if now == factory:
        return None
    if isinstance(now, dict) and isinstance(factory, dict):
        found = {key: _difference(value, factory.get(key)) for key, value in now.items()}
        return {key: value for key, value in found.items() if value is not None} or None
    by_place = isinstance(factory, list) and any(isinstance(item, dict | list) for item in factory)
    if by_place and isinstance(now, list) and len(now) == len(factory):
        return [_difference(*pair) for pair in zip(now, factory, strict=True)]
    return now


SPEC = ModuleSpec(
    prepare=prepare,
    options={
        "name": {"type": "list", "elements": "str", "required": True},
        "channel": {"type": "int"},
        "factory_default": {"type": "bool", "default": False},
        "only_changed": {"type": "bool", "default": False},
        "missing": {"type": "str", "choices": ["fail", "skip"], "default": "fail"},
        "format": {"type": "str", "choices": ["by_name", "objects"], "default": "by_name"},
    },
    rehearsal={"name": ["General.General"]},
)


def main() -> None:
    SPEC.main()


if __name__ == "__main__":
    main()
