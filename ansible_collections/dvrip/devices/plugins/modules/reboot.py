#!/usr/bin/python
# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: reboot
short_description: Restarts a device and waits until it is back
version_added: 0.1.0
author:
  - The DVRIP project (@dvrip)
description:
  - Restarts the device, waits until it has gone away, and then until one can log in again and its uptime has restarted.
  - A device that answers all the time has not restarted, and makes the task fail.
options:
  wait:
    description: Whether to wait until the device is back.
    type: bool
    default: true
  reboot_timeout:
    description: Seconds until the device must be back. Most need 40 to 120.
    type: int
    default: 300
extends_documentation_fragment:
  - dvrip.devices._device
  - dvrip.devices._device.password
  - dvrip.devices._attributes
  - dvrip.devices._attributes.changes
attributes:
  diff_mode:
    support: none
    details:
      - A restart changes no setting.
  idempotent:
    support: none
    details:
      - Every run restarts the device.
"""

EXAMPLES = r"""
- name: Restart when a setting needs it
  dvrip.devices.reboot:
  when: settings.reboot_required | default(false)

- name: Restart a slow recorder
  dvrip.devices.reboot:
    reboot_timeout: 600
"""

RETURN = r"""
rebooted:
  description: Whether the device was seen to go away and come back.
  returned: success
  type: bool
  sample: true
elapsed:
  description: Seconds from the command until the device was back.
  returned: when the device was restarted
  type: float
  sample: 61.3
"""

import asyncio
import time
from datetime import timedelta

from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._module import ModuleSpec, Options
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal, Result
from ansible_collections.dvrip.devices.plugins.module_utils._session import Session

# Devices count their uptime in whole minutes.
_UPTIME_STEP = timedelta(minutes=1)


async def prepare(device: dvrip_proto.Device, options: Options) -> Proposal:
    # Read in check mode too: an account that may not even read this may not restart the device.
    before = await device.system.info()
    return Proposal(
        changed=True,
        result={"rebooted": False},
        apply=lambda session: _reboot(session, before, options),
    )


async def _reboot(session: Session, before: dvrip_proto.SystemInfo, options: Options) -> Result:
    device = await session.device()
    started_at = time.monotonic()
    await device.system.reboot()
    session.written.append("reboot")
    if not options["wait"]:
        await session.close()
        return {"elapsed": 0.0}
    went_away = await _gone(device, options["reboot_timeout"])

    async def restarted(back: dvrip_proto.Device) -> bool:
        uptime = (await back.system.info()).uptime
        since = timedelta(seconds=time.monotonic() - started_at)
        return uptime < before.uptime or (went_away and uptime <= since + _UPTIME_STEP)

    left_s = max(1.0, options["reboot_timeout"] - (time.monotonic() - started_at))
    await session.reopen(within_s=left_s, accept=restarted)
    return {"rebooted": True, "elapsed": round(time.monotonic() - started_at, 1)}


async def _gone(device: dvrip_proto.Device, within_s: float) -> bool:
    """Whether the device ended the session within that time."""
    try:
        async with asyncio.timeout(within_s):
            await device.wait_closed()
    except TimeoutError:
        return False
    return True


SPEC = ModuleSpec(
    prepare=prepare,
    options={
        "wait": {"type": "bool", "default": True},
        "reboot_timeout": {"type": "int", "default": 300},
    },
)


def main() -> None:
    SPEC.main()


if __name__ == "__main__":
    main()
