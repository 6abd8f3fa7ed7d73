#!/usr/bin/python
# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wait
short_description: Waits until a device answers, or until it is gone
version_added: 0.1.0
author:
  - The DVRIP project (@dvrip)
description:
  - Waits until one can log in to the device. A refused password ends the wait at once, because devices lock accounts.
  - C(ansible.builtin.wait_for_connection) cannot do this, because it runs a program on the host at the end.
options:
  state:
    description:
      - V(up) waits until one can log in, V(down) until the device's port is closed.
    type: str
    choices: [up, down]
    default: up
  wait_timeout:
    description: Seconds to wait at most, V(0) or more.
    type: int
    default: 300
  delay:
    description: Seconds to wait before the first look, V(0) or more, for a device that is still about to go.
    type: float
    default: 0
  serial:
    description: Serial number that the device must have, when another one may have taken its address.
    type: str
extends_documentation_fragment:
  - dvrip.devices._device
  - dvrip.devices._attributes
  - dvrip.devices._attributes.info
seealso:
  - module: dvrip.devices.reboot
    description: Restarts a device, and waits for it by itself.
"""

EXAMPLES = r"""
- name: Wait for a camera that somebody is plugging in
  dvrip.devices.wait:
    wait_timeout: 600

- name: Go on as soon as the recorder is off
  dvrip.devices.wait:
    state: down
"""

RETURN = r"""
elapsed:
  description: Seconds that the task waited.
  returned: success
  type: float
  sample: 41.5
serial:
  description: Serial number of the device.
  returned: with O(state) V(up)
  type: str
  sample: 2a981919678907c1
"""

import asyncio
import socket
import time

from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._module import ModuleSpec, Task
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal

_PAUSE_S = 1.0


async def prepare(task: Task) -> Proposal:
    options, started_at = task.options, time.monotonic()
    await asyncio.sleep(options["delay"])
    task.session.say(f"waiting until it is {options['state']}")
    left_s = max(0.0, options["wait_timeout"] - options["delay"])
    if options["state"] == "down":
        await _down(task, left_s)
        return Proposal(result={"elapsed": round(time.monotonic() - started_at, 1)})
    serial = options["serial"]

    async def wanted(device: dvrip_proto.Device) -> bool:
        found = (await device.system.info()).serial
        if serial is not None and found != serial:
            raise dvrip_proto.RequestError(f"{task.where}: serial number {found} answers, not {serial}")
        return True

    device = await task.session.reopen(within_s=left_s, accept=wanted)
    found = (await device.system.info()).serial
    return Proposal(result={"elapsed": round(time.monotonic() - started_at, 1), "serial": found})


async def _down(task: Task, within_s: float) -> None:
    endpoint, ends_at = task.session.endpoint, time.monotonic() + within_s
    while True:
        try:
            async with asyncio.timeout(endpoint.timeout_s):
                dummy, writer = await asyncio.open_connection(endpoint.host, endpoint.port)
        except (socket.gaierror, ValueError) as error:  # which tells nothing of the device
            raise dvrip_proto.TransportError(
                f"{endpoint}: the host name cannot be resolved: {getattr(error, 'strerror', None) or error}"
            ) from error
        except OSError:
            return
        writer.close()
        if time.monotonic() + _PAUSE_S > ends_at:
            raise dvrip_proto.RequestError(f"{task.where}: still up after {within_s:g} s")
        await asyncio.sleep(_PAUSE_S)


SPEC = ModuleSpec(
    prepare=prepare,
    opens=False,
    options={
        "state": {"type": "str", "choices": ["up", "down"], "default": "up"},
        "wait_timeout": {"type": "int", "default": 300},
        "delay": {"type": "float", "default": 0},
        "serial": {"type": "str"},
    },
)


def main() -> None:
    SPEC.main()


if __name__ == "__main__":
    main()
