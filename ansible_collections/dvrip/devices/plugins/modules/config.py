#!/usr/bin/python
# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: config
short_description: Manages any configuration object of a device
version_added: 0.1.0
author:
  - The DVRIP project (@dvrip)
description:
  - Brings a configuration object such as C(General.General) or C(Detect.MotionDetect) to the wanted state.
  - Names and keys are the device's own, and are those that M(dvrip.devices.config_info) returns.
    Objects and keys that this collection does not know work as well.
  - The module reads the object, compares, writes the whole object when something differs, and reads it back.
    A device that accepted the change but did not keep it makes the task fail.
options:
  name:
    description:
      - Name of the object, for example V(NetWork.NetNTP).
      - Exactly one of O(name) and O(objects) is needed.
    type: str
  channel:
    description:
      - Number of the channel, from V(1), for objects that have one element a channel.
      - Without it O(config) is meant for every channel, or is the list of all channels.
    type: int
  config:
    description:
      - What the object should hold, with the values written for people. An address is V(192.168.1.10), not V(0x0A01A8C0),
        a switch is V(true), and a time zone is V(+01:00). The device's own spelling is accepted too.
      - Secrets in it are masked in everything the module returns.
    type: raw
  state:
    description:
      - With V(merged) the keys in O(config) change and all others stay as they are.
        Lists are replaced as a whole, except lists whose elements have a key, such as the interfaces of C(NetWork.NetDHCP).
      - With V(replaced) the whole object becomes O(config). Keys that are missing there are removed or, where the device
        insists on them, go back to what the device thinks is right.
    type: str
    choices: [merged, replaced]
    default: merged
  objects:
    description:
      - Several objects for one task, written in this order over one login.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the object.
        type: str
        required: true
      channel:
        description: As the module's O(channel).
        type: int
      config:
        description: As the module's O(config).
        type: raw
        required: true
      state:
        description: As the module's O(state), which is also the default.
        type: str
        choices: [merged, replaced]
extends_documentation_fragment:
  - dvrip.devices._device
  - dvrip.devices._device.password
  - dvrip.devices._attributes
  - dvrip.devices._attributes.changes
seealso:
  - module: dvrip.devices.config_info
  - module: dvrip.devices.network
    description: Changes addresses and ports, and follows the device to them.
notes:
  - To change the address or a port of the device use M(dvrip.devices.network). This module loses the device at that moment.
  - Some devices answer that a change takes effect after a restart. See RV(reboot_required) and M(dvrip.devices.reboot).
"""

EXAMPLES = r"""
- name: Detect motion on channel 2
  dvrip.devices.config:
    name: Detect.MotionDetect
    channel: 2
    config:
      Enable: true
      Level: 4
      EventHandler:
        RecordEnable: true
        TimeSection: always

- name: Set clock source, language and weekly restart in one task
  dvrip.devices.config:
    objects:
      - name: NetWork.NetNTP
        config:
          Enable: true
          Server:
            Name: ntp.example.net
      - name: General.Location
        config:
          Language: English
          DateFormat: YYMMDD
      - name: General.AutoMaintain
        config:
          AutoRebootDay: Sunday
          AutoRebootHour: 4
  register: settings

- name: Restart when a device asks for it
  dvrip.devices.reboot:
  when: settings.reboot_required | default(false)

- name: Show what the FTP settings would become
  dvrip.devices.config:
    name: NetWork.NetFTP
    config:
      Enable: true
      Server:
        Name: ftp.example.net
        UserName: camera
        Password: "{{ vault_ftp_password }}"
  check_mode: true
  diff: true
"""

RETURN = r"""
name:
  description: Name of the object.
  returned: with O(name)
  type: str
  sample: General.AutoMaintain
before:
  description: The object before the change, secrets masked.
  returned: with O(name)
  type: raw
  sample: {"AutoDeleteFilesDays": 0, "AutoRebootDay": "Never", "AutoRebootHour": 3}
after:
  description: The object after the change, secrets masked. In check mode, what it would be.
  returned: with O(name)
  type: raw
  sample: {"AutoDeleteFilesDays": 0, "AutoRebootDay": "Sunday", "AutoRebootHour": 4}
changes:
  description: One line for each value that changed or, in check mode, would change.
  returned: with O(name)
  type: list
  elements: str
  sample: ["AutoRebootDay: Never -> Sunday", "AutoRebootHour: 3 -> 4"]
objects:
  description: One entry for each of O(objects), in their order.
  returned: with O(objects)
  type: list
  elements: dict
  contains:
    name:
      description: Name of the object.
      type: str
      returned: always
    channel:
      description: Number of the channel, from 1.
      type: int
      returned: when one was given
    changed:
      description: Whether this object changed.
      type: bool
      returned: always
    before:
      description: As RV(before).
      type: raw
      returned: always
    after:
      description: As RV(after).
      type: raw
      returned: always
    changes:
      description: As RV(changes).
      type: list
      elements: str
      returned: always
reboot_required:
  description: Whether the device says that a change takes effect only after a restart.
  returned: when something was written
  type: bool
  sample: false
written:
  description: Names of the objects that the device had taken over when the task failed.
  returned: on failure, when there are any
  type: list
  elements: str
"""

import contextlib
import json
import typing as t

from ansible_collections.dvrip.devices.plugins.module_utils import _objects
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._module import ModuleSpec, Options
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal
from ansible_collections.dvrip.devices.plugins.module_utils._secrets import hidden_leaves

_STATES = ["merged", "replaced"]


def _wanted(options: Options) -> list[Options]:
    items = options["objects"] if options["objects"] is not None else [options]
    return [{**item, "config": _parsed(item["config"])} for item in items]


def _parsed(config: t.Any) -> t.Any:
    """An object that a command line or a file gave as JSON text."""
    if isinstance(config, str) and config.lstrip().startswith(("{", "[")):
        with contextlib.suppress(json.JSONDecodeError):
            return json.loads(config)
    return config


def _refuse_overlaps(wanted: list[Options]) -> None:
    """Refuse two entries for one object: each is written whole, so the second would undo the first."""
    for at, one in enumerate(wanted):
        for other in wanted[:at]:
            inside = f"{one['name']}.".startswith(f"{other['name']}.") or f"{other['name']}.".startswith(
                f"{one['name']}."
            )
            if inside and (one["channel"] == other["channel"] or None in (one["channel"], other["channel"])):
                raise dvrip_proto.UsageError(
                    f"objects: {other['name']} and {one['name']} overlap, write them as one entry"
                )


async def prepare(device: dvrip_proto.Device, options: Options) -> Proposal:
    plans = []
    _refuse_overlaps(_wanted(options))
    for item in _wanted(options):
        channel = _objects.channel_index(device, item["name"], item["channel"])
        replace = (item["state"] or options["state"]) == "replaced"
        plans.append(
            await device.settings.plan(item["name"], item["config"], channel=channel, replace=replace)
        )
    entries = [_objects.entry(plan) for plan in plans]
    result = {"objects": entries} if options["objects"] is not None else entries[0]
    return _objects.propose(device, plans, result)


def secrets(options: Options) -> t.Iterator[str]:
    """Every value in the task's configuration that may not be shown."""
    for item in options["objects"] or [options]:
        name, config = item.get("name"), _parsed(item.get("config"))
        if isinstance(name, str) and isinstance(config, dict | list):
            yield from hidden_leaves(config, dvrip_proto.redact(config, dvrip_proto.spec_for(name)))


SPEC = ModuleSpec(
    prepare=prepare,
    options={
        "name": {"type": "str"},
        "channel": {"type": "int"},
        "config": {"type": "raw"},
        "state": {"type": "str", "choices": _STATES, "default": "merged"},
        "objects": {
            "type": "list",
            "elements": "dict",
            "options": {
                "name": {"type": "str", "required": True},
                "channel": {"type": "int"},
                "config": {"type": "raw", "required": True},
                "state": {"type": "str", "choices": _STATES},
            },
        },
    },
    constraints={
        "required_one_of": [("name", "objects")],
        "mutually_exclusive": [("name", "objects"), ("config", "objects"), ("channel", "objects")],
        "required_by": {"name": ["config"], "config": ["name"], "channel": ["name"]},
    },
    secrets=secrets,
)


def main() -> None:
    SPEC.main()


if __name__ == "__main__":
    main()
