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
    description: Whether the group is there. V(present) when it is not given.
    type: str
    choices: [present, absent]
  groups:
    description: Several groups for one task. Each has options of its own, so the module's are not possible beside it.
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
  keep:
    description: Names that O(purge) leaves alone.
    type: list
    elements: str
    default: []
  return:
    description:
      - V(changes) returns what changed. V(full) returns every group before and after, too.
    type: str
    choices: [changes, full]
    default: changes
extends_documentation_fragment:
  - dvrip.devices._device
  - dvrip.devices._attributes
  - dvrip.devices._attributes.changes
seealso:
  - module: dvrip.devices.accounts
    description: Manages groups and users in one task, so that check mode sees both.
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
changes:
  description: One entry for each value that changed or, in check mode, would change.
  returned: when there are any
  type: list
  elements: dict
  contains:
    object:
      description: What changed, C(group) and its name.
      type: str
      returned: always
    path:
      description: Which option of it.
      type: str
      returned: always
    before:
      description: The old value, C(null) when there was none. A password is not shown.
      type: raw
      returned: always
    after:
      description: The new value, C(null) when it is removed. A password is not shown.
      type: raw
      returned: always
  sample:
    - {"object": "group guards", "path": "memo", "before": "", "after": "Reception"}
before:
  description: The group before the change. It is V(null) when there was none.
  returned: with O(name) and O(return) V(full)
  type: dict
  sample: {"memo": "", "authorities": ["Monitor_01"]}
after:
  description: The group after the change, or V(null). In check mode, what it would be.
  returned: with O(name) and O(return) V(full)
  type: dict
  sample: {"memo": "Reception", "authorities": ["Monitor_01", "PTZControl", "Replay_01"]}
groups:
  description:
    - One entry for each group that was named or purged, each with RV(ignore:name) and RV(ignore:changed), and with O(return)
      V(full) with RV(before) and RV(after).
  returned: with O(groups)
  type: list
  elements: dict
  sample: [{"name": "guards", "changed": true}]
"""

from ansible_collections.dvrip.devices.plugins.module_utils import _accounts
from ansible_collections.dvrip.devices.plugins.module_utils._account_options import GROUP, RETURNED
from ansible_collections.dvrip.devices.plugins.module_utils._module import ModuleSpec, Task
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal


async def prepare(task: Task) -> Proposal:
    options = task.options
    listed = options["groups"]
    items = [{**options, "state": options["state"] or "present"}] if listed is None else listed
    wanted = _accounts.Wanted(groups=items, purge_groups=options["purge"], keep=options["keep"])
    dummy, entries, warnings = await _accounts.plan(task, wanted)
    results = [entry.result(full=options["return"] == "full") for entry in entries]
    return _accounts.propose(
        task, [], entries, warnings, result=results[0] if listed is None else {"groups": results}
    )


SPEC = ModuleSpec(
    prepare=prepare,
    options={
        **GROUP,
        "name": {"type": "str"},
        "state": {"type": "str", "choices": ["present", "absent"]},
        "groups": {"type": "list", "elements": "dict", "options": GROUP},
        "purge": {"type": "bool", "default": False},
        "keep": {"type": "list", "elements": "str", "default": []},
        "return": RETURNED,
    },
    constraints={
        "required_one_of": [("name", "groups")],
        "mutually_exclusive": [(option, "groups") for option in ("name", "authorities", "memo", "state")],
        "required_if": [("purge", True, ["groups"])],
    },
    rehearsal={"name": "admin", "authorities": ["Account", "Monitor_01"]},
)


def main() -> None:
    SPEC.main()


if __name__ == "__main__":
    main()
