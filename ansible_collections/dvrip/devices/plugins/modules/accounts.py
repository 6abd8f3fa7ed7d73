#!/usr/bin/python
# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: accounts
short_description: Manages groups and users of a device in one plan
version_added: 0.1.0
author:
  - The DVRIP project (@dvrip)
description:
  - Brings groups and users to the wanted state together. Check mode knows the groups that this task makes,
    and the order is the one that devices take. Groups get new rights before the users that need them, and lose rights, or go,
    after the users that stood in the way.
  - The account in use comes last, its password at the very end. A new password counts only after a login with it succeeded.
  - The account in use, reserved accounts and the last administrator are never removed, nor lose the right to manage accounts.
options:
  groups:
    description: Groups, and what they may do.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the group.
        type: str
        required: true
      authorities:
        description:
          - What the group may do, for example V(Monitor_01) to watch channel 1. It is the limit of its users.
          - The device says which authorities it knows when one is wrong.
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
  users:
    description: Users of the device.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the account.
        type: str
        required: true
      password:
        description: Password of the account. Needed for a new account. An empty one, V(""), needs O(allow_empty_password).
        type: str
      update_password:
        description:
          - With V(always) the password becomes O(users[].password) when it is another one, with V(on_create) only on new accounts.
          - V(always) when it is not given.
        type: str
        choices: [always, on_create]
      group:
        description: Group of the account. Needed for a new account.
        type: str
      memo:
        description: Remark.
        type: str
      sharable:
        description: Whether the account may be used by several clients at once.
        type: bool
      authorities:
        description: What the account may do, within what its group may do. A new account without it may do all of that.
        type: list
        elements: str
      state:
        description: Whether the account is there.
        type: str
        choices: [present, absent]
        default: present
  purge:
    description:
      - What to remove that is not named here. V(users) removes accounts, V(groups) removes groups without accounts.
      - The account in use, reserved accounts, and the groups V(admin) and V(user) always stay.
    type: list
    elements: str
    choices: [groups, users]
    default: []
  keep:
    description: Names of users and groups that O(purge) leaves alone.
    type: list
    elements: str
    default: []
  own_password:
    description:
      - New password of the account in use. It is written after everything else, and proved by a login.
      - The account in use must not be in O(users) with a password then. An empty one, V(""), needs O(allow_empty_password).
    type: str
  return:
    description:
      - V(changes) returns what changed. V(full) returns every user and group before and after, too.
    type: str
    choices: [changes, full]
    default: changes
extends_documentation_fragment:
  - dvrip.devices._device
  - dvrip.devices._attributes
  - dvrip.devices._attributes.changes
  - dvrip.devices._passwords
seealso:
  - module: dvrip.devices.user
  - module: dvrip.devices.group
notes:
  - When the password of the account in use changes, the tasks that follow need the new one. With both passwords in
    C(ansible_dvrip_passwords) nothing else is needed, in this play or in a run after one that ended half way.
"""

EXAMPLES = r"""
- name: Have exactly these groups and users, and of course the account in use
  dvrip.devices.accounts:
    groups:
      - name: guards
        authorities: [Monitor_01, Replay_01]
        memo: Reception
    users:
      - name: recorder
        password: "{{ vault_recorder_password }}"
        group: guards
      - name: night
        password: "{{ vault_night_password }}"
        group: guards
        authorities: [Monitor_01]
    purge: [users, groups]
    keep: [installer]

- name: Give the account in use another password, as the last of all
  dvrip.devices.accounts:
    own_password: "{{ vault_new_password }}"
"""

RETURN = r"""
changes:
  description: One entry for each value that changed or, in check mode, would change.
  returned: when there are any
  type: list
  elements: dict
  contains:
    object:
      description: What changed, C(user) or C(group) and its name.
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
    - {"object": "user night", "path": "password", "before": "(old secret)", "after": "(new secret)"}
groups:
  description: One entry for each group that was named or purged, with its name, whether it changed, and on request before and after.
  returned: success
  type: list
  elements: dict
  sample: [{"name": "guards", "changed": true}]
users:
  description: One entry for each user that was named or purged, with its name, whether it changed, and on request before and after.
  returned: success
  type: list
  elements: dict
  sample: [{"name": "recorder", "changed": false}]
login_changed:
  description: Whether the password of the account in use changed, so that the tasks that follow need the new one.
  returned: success
  type: bool
  sample: false
"""

from ansible_collections.dvrip.devices.plugins.module_utils import _accounts
from ansible_collections.dvrip.devices.plugins.module_utils._account_options import (
    EMPTY,
    GROUP,
    RETURNED,
    USER,
)
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._module import ModuleSpec, Options, Task
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal


def _users(task: Task) -> list[Options]:
    """The users of the task, and the account in use where it gets another password."""
    options, own = task.options, task.session.endpoint.username
    users = [{**item, "update_password": item["update_password"] or "always"} for item in options["users"]]
    if options["own_password"] is None:
        return users
    mine = next((item for item in users if item["name"] == own), None)
    if mine is None:
        mine = {**dict.fromkeys(USER), "name": own, "state": "present", "update_password": "always"}
        users.append(mine)
    elif mine["password"] is not None:
        raise dvrip_proto.UsageError(f"{task.where}: user {own} has a password, and there is own_password")
    mine["password"] = options["own_password"]
    return users


async def prepare(task: Task) -> Proposal:
    options = task.options
    wanted = _accounts.Wanted(
        users=_users(task),
        groups=options["groups"],
        purge_users="users" in options["purge"],
        purge_groups="groups" in options["purge"],
        keep=options["keep"],
        allow_empty_password=options["allow_empty_password"],
    )
    users, groups, warnings = await _accounts.plan(task, wanted)
    full, own = options["return"] == "full", task.session.endpoint.username
    result = {
        "groups": [entry.result(full=full) for entry in groups],
        "users": [entry.result(full=full) for entry in users],
        "login_changed": any(entry.name == own and entry.sets_password for entry in users),
    }
    return _accounts.propose(task, users, groups, warnings, result=result)


SPEC = ModuleSpec(
    prepare=prepare,
    options={
        "groups": {"type": "list", "elements": "dict", "options": GROUP, "default": []},
        "users": {"type": "list", "elements": "dict", "options": USER, "default": []},
        "purge": {"type": "list", "elements": "str", "choices": ["groups", "users"], "default": []},
        "keep": {"type": "list", "elements": "str", "default": []},
        "own_password": {"type": "str", "no_log": True},
        "allow_empty_password": EMPTY,
        "return": RETURNED,
    },
    rehearsal={"users": [{"name": "guard", "password": "", "group": "admin"}]},
)


def main() -> None:
    SPEC.main()


if __name__ == "__main__":
    main()
