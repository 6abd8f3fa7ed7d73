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
    description: Password of the account. Needed for a new account. V("") is an empty one.
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
    description: Whether the account is there.
    type: str
    choices: [present, absent]
    default: present
  users:
    description: Several accounts for one task.
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
extends_documentation_fragment:
  - dvrip.devices._device
  - dvrip.devices._device.login_password
  - dvrip.devices._attributes
  - dvrip.devices._attributes.changes
seealso:
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
before:
  description: The account before the change. It is V(null) when there was none.
  returned: with O(name)
  type: dict
  sample: null
after:
  description:
    - The account after the change, or V(null). In check mode, what it would be.
    - A password that changes is V((old)) and V((new)).
  returned: with O(name)
  type: dict
  sample: {"name": "recorder", "group": "user", "authorities": ["Monitor_01"], "sharable": true, "password": "(new)"}
users:
  description: One entry for each account that was named or purged, each with RV(ignore:name), RV(ignore:changed), RV(before) and RV(after).
  returned: with O(users)
  type: list
  elements: dict
written:
  description: The accounts that the device had taken over when the task failed.
  returned: on failure, when there are any
  type: list
  elements: str
"""

from ansible_collections.dvrip.devices.plugins.module_utils import _accounts
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._module import ModuleSpec, Options
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal

_STATE: Options = {"type": "str", "choices": ["present", "absent"], "default": "present"}
_ACCOUNT: dict[str, Options] = {
    "password": {"type": "str", "no_log": True},
    "group": {"type": "str"},
    "memo": {"type": "str"},
    "sharable": {"type": "bool"},
    "authorities": {"type": "list", "elements": "str"},
    "state": _STATE,
}
_UPDATE: Options = {"type": "str", "choices": ["always", "on_create"], "no_log": False}


async def prepare(device: dvrip_proto.Device, options: Options) -> Proposal:
    for item in options["users"] or ():
        item["update_password"] = item["update_password"] or options["update_password"]
    entries, warnings = await _accounts.plan_users(device, options)
    return _accounts.propose(device, entries, warnings, "users" if options["users"] is not None else None)


SPEC = ModuleSpec(
    prepare=prepare,
    options={
        **_ACCOUNT,
        "name": {"type": "str"},
        "update_password": {**_UPDATE, "default": "always"},
        "users": {
            "type": "list",
            "elements": "dict",
            "options": {**_ACCOUNT, "name": {"type": "str", "required": True}, "update_password": _UPDATE},
        },
        "purge": {"type": "bool", "default": False},
    },
    constraints={
        "required_one_of": [("name", "users")],
        "mutually_exclusive": [
            (option, "users") for option in ("name", "password", "group", "memo", "sharable", "authorities")
        ],
        "required_if": [("purge", True, ["users"])],
    },
)


def main() -> None:
    SPEC.main()


if __name__ == "__main__":
    main()
