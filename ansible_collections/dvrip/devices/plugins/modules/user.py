#!/usr/bin/python
# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: user
short_description: Manages the accounts of a device
version_added: 0.1.0
author:
  - The DVRIP project (@dvrip)
description:
  - Creates, changes and removes accounts, one or a whole list.
  - Passwords are compared with what the device stores, so a second run changes nothing.
    A new password counts only after a login with it succeeded.
  - The account in use, reserved accounts and the last administrator are never removed, nor lose the right to manage accounts.
options:
  name:
    description:
      - Name of the account.
      - Exactly one of O(name) and O(users) is needed.
    type: str
  password:
    description: Password of the account. Needed for a new account. An empty one, V(""), needs O(allow_empty_password).
    type: str
  update_password:
    description:
      - With V(always) the password becomes O(password) when it is another one.
      - With V(on_create) it is only set on new accounts.
    type: str
    choices: [always, on_create]
    default: always
  group:
    description:
      - Group of the account. Needed for a new account. Every device has V(admin) and V(user).
      - When it changes and O(authorities) is not given, the account gets all that the new group may do.
      - In check mode a group that is not there yet is only warned of, because a task before this one may make it.
    type: str
  memo:
    description: Remark.
    type: str
  sharable:
    description: Whether the account may be used by several clients at once.
    type: bool
  authorities:
    description:
      - What the account may do, within what its group may do, for example V(Monitor_01) to watch channel 1.
      - A new account without it may do all that its group may do.
    type: list
    elements: str
  state:
    description: Whether the account is there. V(present) when it is not given.
    type: str
    choices: [present, absent]
  users:
    description: Several accounts for one task. Each has options of its own, so the module's are not possible beside it.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the account.
        type: str
        required: true
      password:
        description: As the module's O(password).
        type: str
      update_password:
        description: As the module's O(update_password), which is also the default.
        type: str
        choices: [always, on_create]
      group:
        description: As the module's O(group).
        type: str
      memo:
        description: As the module's O(memo).
        type: str
      sharable:
        description: As the module's O(sharable).
        type: bool
      authorities:
        description: As the module's O(authorities).
        type: list
        elements: str
      state:
        description: Whether the account is there.
        type: str
        choices: [present, absent]
        default: present
  purge:
    description:
      - Whether to remove all accounts that O(users) does not name.
      - The account in use and reserved accounts always stay.
    type: bool
    default: false
  keep:
    description: Names that O(purge) leaves alone.
    type: list
    elements: str
    default: []
  return:
    description:
      - V(changes) returns what changed. V(full) returns every account before and after, too.
    type: str
    choices: [changes, full]
    default: changes
extends_documentation_fragment:
  - dvrip.devices._device
  - dvrip.devices._attributes
  - dvrip.devices._attributes.changes
  - dvrip.devices._passwords
seealso:
  - module: dvrip.devices.accounts
    description: Manages groups and users in one task, so that check mode sees both.
  - module: dvrip.devices.group
  - module: dvrip.devices.device_info
    description: Lists the accounts with the subset V(accounts).
notes:
  - When the password of the account in use changes, the tasks that follow need the new one. See the examples.
"""

EXAMPLES = r"""
- name: Let the recorder watch
  dvrip.devices.user:
    name: recorder
    password: "{{ vault_recorder_password }}"
    group: user
    authorities: [Monitor_01, Replay_01]

- name: Have exactly these accounts, and of course the one in use
  dvrip.devices.user:
    users:
      - name: recorder
        password: "{{ vault_recorder_password }}"
        group: user
      - name: guard
        password: "{{ vault_guard_password }}"
        group: user
        memo: Night shift
    purge: true

- name: Set the password of the account in use
  dvrip.devices.user:
    name: "{{ ansible_user }}"
    password: "{{ vault_new_password }}"
  register: own

- name: Go on with the new password in this play
  ansible.builtin.set_fact:
    ansible_password: "{{ vault_new_password }}"
  no_log: true
  when: own is changed
"""

RETURN = r"""
name:
  description: Name of the account.
  returned: with O(name)
  type: str
  sample: recorder
changes:
  description: One entry for each value that changed or, in check mode, would change.
  returned: when there are any
  type: list
  elements: dict
  contains:
    object:
      description: What changed, C(user) and its name.
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
    - {"object": "user recorder", "path": "authorities", "before": ["Monitor_01"], "after": ["Monitor_01", "Replay_01"]}
    - {"object": "user recorder", "path": "password", "before": "(old secret)", "after": "(new secret)"}
before:
  description: The account before the change. It is V(null) when there was none.
  returned: with O(name) and O(return) V(full)
  type: dict
  sample: null
after:
  description: The account after the change, or V(null). In check mode, what it would be.
  returned: with O(name) and O(return) V(full)
  type: dict
  sample: {"group": "user", "authorities": ["Monitor_01"], "memo": "", "sharable": true}
users:
  description:
    - One entry for each account that was named or purged, each with RV(ignore:name) and RV(ignore:changed), and with O(return)
      V(full) with RV(before) and RV(after).
  returned: with O(users)
  type: list
  elements: dict
  sample: [{"name": "guard", "changed": false}]
"""

from ansible_collections.dvrip.devices.plugins.module_utils import _accounts
from ansible_collections.dvrip.devices.plugins.module_utils._account_options import (
    EMPTY,
    RETURNED,
    UPDATE,
    USER,
)
from ansible_collections.dvrip.devices.plugins.module_utils._module import ModuleSpec, Task
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal


async def prepare(task: Task) -> Proposal:
    options = task.options
    listed = options["users"]
    items = [{**options, "state": options["state"] or "present"}] if listed is None else listed
    for_all = {"update_password": options["update_password"]}
    items = [{**item, **({} if item["update_password"] else for_all)} for item in items]
    wanted = _accounts.Wanted(
        users=items,
        purge_users=options["purge"],
        keep=options["keep"],
        allow_empty_password=options["allow_empty_password"],
    )
    entries, dummy, warnings = await _accounts.plan(task, wanted)
    results = [entry.result(full=options["return"] == "full") for entry in entries]
    return _accounts.propose(
        task, entries, [], warnings, result=results[0] if listed is None else {"users": results}
    )


SPEC = ModuleSpec(
    prepare=prepare,
    options={
        **USER,
        "name": {"type": "str"},
        "state": {"type": "str", "choices": ["present", "absent"]},
        "update_password": {**UPDATE, "default": "always"},
        "users": {"type": "list", "elements": "dict", "options": USER},
        "purge": {"type": "bool", "default": False},
        "keep": {"type": "list", "elements": "str", "default": []},
        "allow_empty_password": EMPTY,
        "return": RETURNED,
    },
    constraints={
        "required_one_of": [("name", "users")],
        "mutually_exclusive": [
            (option, "users")
            for option in ("name", "password", "group", "memo", "sharable", "authorities", "state")
        ],
        "required_if": [("purge", True, ["users"])],
    },
    rehearsal={"name": "guard", "password": "", "group": "admin"},
)


def main() -> None:
    SPEC.main()


if __name__ == "__main__":
    main()
