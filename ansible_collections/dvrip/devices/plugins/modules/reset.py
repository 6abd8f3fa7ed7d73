#!/usr/bin/python
# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: reset
short_description: Sets a device back to what it was when new
version_added: 0.1.0
author:
  - The DVRIP project (@dvrip)
description:
  - Sets parts of the configuration, or everything, back to what they were when the device was new.
  - It cannot be taken back. Therefore the serial number of the device has to be given, and whatever can make it unreachable
    (its network settings, its accounts, or everything) needs O(allow_disconnect) as well.
options:
  parts:
    description: What to set back.
    type: list
    elements: str
    choices: [accounts, alarms, camera, serial, encoding, general, network, services, preview, recording]
  factory:
    description: Whether to set everything back. Accounts, passwords and the address are then those of a new device.
    type: bool
    default: false
  confirm:
    description: Serial number of the device that is meant.
    type: str
    required: true
  allow_disconnect:
    description:
      - Also set back what may make the device unreachable under its present address and login. That it was allowed is a warning of
        the task.
      - The task does not go after the device. Where it is then, M(dvrip.devices.discover_info) finds out.
    type: bool
    default: false
extends_documentation_fragment:
  - dvrip.devices._device
  - dvrip.devices._restart
  - dvrip.devices._attributes
  - dvrip.devices._attributes.changes
attributes:
  diff_mode:
    support: partial
    details:
      - Only the parts are named.
  idempotent:
    support: none
    details:
      - Every run sets the parts back.
seealso:
  - module: dvrip.devices.backup
  - module: dvrip.devices.config
  - module: dvrip.devices.discover_info
"""

EXAMPLES = r"""
- name: Set alarms and recording back before a camera moves to another place
  dvrip.devices.reset:
    parts: [alarms, recording]
    confirm: 2a981919678907c1

- name: Give a camera away
  dvrip.devices.reset:
    factory: true
    confirm: 2a981919678907c1
    allow_disconnect: true
"""

RETURN = r"""
changes:
  description: What changed or, in check mode, would change, with object, path, before and after.
  returned: when there is anything
  type: list
  elements: dict
  sample: [{"object": "defaults", "path": "general", "before": "(as set)", "after": "(as new)"}]
parts:
  description: What was set back.
  returned: success
  type: list
  elements: str
  sample: [alarms, recording]
"""

from ansible_collections.dvrip.devices.plugins.module_utils._confirm import check_serial
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._module import ModuleSpec, Task
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal, Result, row
from ansible_collections.dvrip.devices.plugins.module_utils._session import Session

_PARTS = [
    "accounts",
    "alarms",
    "camera",
    "serial",
    "encoding",
    "general",
    "network",
    "services",
    "preview",
    "recording",
]
_LOSES = {"accounts", "network"}


async def prepare(task: Task) -> Proposal:
    device, options = await task.device(), task.options
    check_serial(task, (await device.system.info()).serial)
    parts = _PARTS if options["factory"] else list(dict.fromkeys(options["parts"]))
    losing = sorted(_LOSES & set(parts))
    danger = f"{' and '.join(losing)} set back may make the device unreachable here"
    if losing and not options["allow_disconnect"]:
        raise dvrip_proto.UsageError(f"{task.where}: {danger}: that needs allow_disconnect")
    found = "it may have the address and the password of a new device then, discover_info finds it"
    warnings = [f"{task.where}: allowed: {danger}: {found}"] if losing else []

    async def finish(session: Session) -> Result:
        device = await session.device()
        with session.in_doubt("defaults"):
            if options["factory"]:
                restart = await device.system.restore_factory()
            else:
                restart = await device.system.restore_defaults(parts)
        return {"reboot_required": restart}

    rows = [row("defaults", part, "(as set)", "(as new)") for part in parts]
    return Proposal(result={"parts": parts}, acts=True, rows=rows, warnings=warnings, finish=finish)


SPEC = ModuleSpec(
    prepare=prepare,
    options={
        "parts": {"type": "list", "elements": "str", "choices": _PARTS},
        "factory": {"type": "bool", "default": False},
        "confirm": {"type": "str", "required": True},
        "allow_disconnect": {"type": "bool", "default": False},
    },
    constraints={"required_if": [("factory", False, ["parts"])]},
    restarts=True,
    verifies=False,
)


def main() -> None:
    SPEC.main()


if __name__ == "__main__":
    main()
