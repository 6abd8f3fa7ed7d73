#!/usr/bin/python
# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: reboot
short_description: Restarts a device and waits until it is back, or turns it off
version_added: 0.1.0
author:
  - The DVRIP project (@dvrip)
description:
  - Restarts the device, waits until it has gone away, and then until one can log in again and its uptime has restarted.
  - A device that answers all the time has not restarted, and makes the task fail.
options:
  state:
    description:
      - V(rebooted) restarts the device.
      - V(shutdown) turns it off. Only somebody beside it can turn it on again, and many cameras just restart.
    type: str
    choices: [rebooted, shutdown]
    default: rebooted
  when:
    description:
      - V(always) restarts at every run.
      - V(pending) restarts only when something that was written by this controller waits for a restart.
    type: str
    choices: [always, pending]
    default: always
  wait:
    description: Whether to wait until the device is back.
    type: bool
    default: true
  reboot_timeout:
    description: Seconds until the device must be back, V(0) or more. Most need 40 to 120.
    type: int
    default: 300
extends_documentation_fragment:
  - dvrip.devices._device
  - dvrip.devices._attributes
  - dvrip.devices._attributes.changes
attributes:
  diff_mode:
    support: none
    details:
      - A restart changes no setting.
  idempotent:
    support: partial
    details:
      - With O(when) V(always) every run restarts the device.
seealso:
  - module: dvrip.devices.wait
"""

EXAMPLES = r"""
- name: Restart when a setting waits for it, of this play or of an earlier one
  dvrip.devices.reboot:
    when: pending

- name: Restart a slow recorder
  dvrip.devices.reboot:
    reboot_timeout: 600
"""

RETURN = r"""
host:
  description: Where the device is reached after the task.
  returned: when it moved
  type: str
  sample: 192.168.20.31
port:
  description: The port there.
  returned: when it moved
  type: int
  sample: 34567
rebooted:
  description: Whether the device was seen to go away and come back.
  returned: success
  type: bool
  sample: true
pending:
  description: What was written by this controller and waited for a restart.
  returned: success
  type: list
  elements: str
  sample: [NetWork.NetCommon]
elapsed:
  description: Seconds from the command until the device was back.
  returned: when the device was restarted
  type: float
  sample: 61.3
"""

from ansible_collections.dvrip.devices.plugins.module_utils._module import ModuleSpec, Task
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal, Result
from ansible_collections.dvrip.devices.plugins.module_utils._restart import restart
from ansible_collections.dvrip.devices.plugins.module_utils._session import Session
from ansible_collections.dvrip.devices.plugins.module_utils._writing import due_restart


async def prepare(task: Task) -> Proposal:
    device, options = await task.device(), task.options
    # Read in check mode too: an account that may not even read this may not restart the device.
    await device.system.info()
    due = await due_restart(task.session)
    result: Result = {"rebooted": False, "pending": due}
    if options["when"] == "pending" and not due:
        return Proposal(result=result)

    async def finish(session: Session) -> Result:
        if options["state"] == "shutdown":
            session.say("turning off")
            await (await session.device()).system.shutdown()
            session.written.append("shutdown")
            session.memory.forget_restart()
            await session.close()
            return {"elapsed": 0.0}
        elapsed = await restart(session, options["reboot_timeout"], wait=options["wait"])
        return {"rebooted": options["wait"], "elapsed": elapsed}

    return Proposal(result=result, acts=True, finish=finish)


SPEC = ModuleSpec(
    prepare=prepare,
    options={
        "state": {"type": "str", "choices": ["rebooted", "shutdown"], "default": "rebooted"},
        "when": {"type": "str", "choices": ["always", "pending"], "default": "always"},
        "wait": {"type": "bool", "default": True},
        "reboot_timeout": {"type": "int", "default": 300},
    },
)


def main() -> None:
    SPEC.main()


if __name__ == "__main__":
    main()
