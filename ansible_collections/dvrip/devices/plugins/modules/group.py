#!/usr/bin/python
# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: group
short_description: Manages the groups of accounts of a device
version_added: 0.1.0
author:
  - The DVRIP project (@dvrip)
description:
  - Creates, changes and removes groups, one or a whole list. What a group may do is the limit of what its accounts may do.
  - A group that has accounts cannot be removed.
options:
  name:
    description:
      - Name of the group.
      - Exactly one of O(name) and O(groups) is needed.
    type: str
  authorities:
    description:
      - What the group may do, for example V(Monitor_01) to watch channel 1, V(PTZControl) to move cameras, V(Account) to
        manage accounts. The device says which authorities it knows when one is wrong.
    type: list
    elements: str
  memo:
    description: Remark.
    type: str
  state:
    description: Whether the group is there.
    type: str
    choices: [present, absent]
    default: present
  groups:
    description: Several groups for one task.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the group.
        type: str
        required: true
      authorities:
        description: As the module's O(authorities).
        type: list
        elements: str
      memo:
        description: As the module's O(memo).
        type: str
      state:
        description: Whether the group is there.
        type: str
        choices: [present, absent]
        default: present
  purge:
    description:
      - Whether to remove all groups that O(groups) does not name.
      - Groups with accounts, and the groups V(admin) and V(user) that every device has, always stay.
    type: bool
    default: false
extends_documentation_fragment:
  - dvrip.devices._device
  - dvrip.devices._device.password
  - dvrip.devices._attributes
  - dvrip.devices._attributes.changes
seealso:
  - module: dvrip.devices.user
"""

EXAMPLES = r"""
- name: Have a group that watches and moves cameras
  dvrip.devices.group:
    name: guards
    authorities: [Monitor_01, Replay_01, PTZControl]
    memo: Reception

- name: Remove a group
  dvrip.devices.group:
    name: guards
    state: absent
"""

RETURN = r"""
name:
  description: Name of the group.
  returned: with O(name)
  type: str
  sample: guards
before:
  description: The group before the change. It is V(null) when there was none.
  returned: with O(name)
  type: dict
  sample: {"name": "guards", "memo": "", "authorities": ["Monitor_01"]}
after:
  description: The group after the change, or V(null). In check mode, what it would be.
  returned: with O(name)
  type: dict
  sample: {"name": "guards", "memo": "Reception", "authorities": ["Monitor_01", "PTZControl", "Replay_01"]}
groups:
  description: One entry for each group that was named or purged, each with RV(ignore:name), RV(ignore:changed), RV(before) and RV(after).
  returned: with O(groups)
  type: list
  elements: dict
written:
  description: The groups that the device had taken over when the task failed.
  returned: on failure, when there are any
  type: list
  elements: str
"""

from ansible_collections.dvrip.devices.plugins.module_utils import _accounts
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._module import ModuleSpec, Options
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal

_GROUP: dict[str, Options] = {
    "authorities": {"type": "list", "elements": "str"},
    "memo": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
}


async def prepare(device: dvrip_proto.Device, options: Options) -> Proposal:
    entries, warnings = await _accounts.plan_groups(device, options)
    return _accounts.propose(device, entries, warnings, "groups" if options["groups"] is not None else None)


SPEC = ModuleSpec(
    prepare=prepare,
    options={
        **_GROUP,
        "name": {"type": "str"},
        "groups": {
            "type": "list",
            "elements": "dict",
            "options": {**_GROUP, "name": {"type": "str", "required": True}},
        },
        "purge": {"type": "bool", "default": False},
    },
    constraints={
        "required_one_of": [("name", "groups")],
        "mutually_exclusive": [(option, "groups") for option in ("name", "authorities", "memo")],
        "required_if": [("purge", True, ["groups"])],
    },
)


def main() -> None:
    SPEC.main()


if __name__ == "__main__":
    main()
