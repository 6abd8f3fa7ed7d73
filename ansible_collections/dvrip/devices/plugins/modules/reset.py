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
        the task, in check mode too, and says where the device is then and how one logs in.
      - A device whose network settings are set back is followed to the address that it tells as its default. Where it tells none, or
        a new one uses DHCP, the warning says where to look.
    type: bool
    default: false
  factory_password:
    description:
      - Password that the account in use has when the accounts are set back. It is tried once, after the present one was refused.
      - A device that refuses both is set back all the same, and the task only warns of it.
    type: str
    default: ""
  wait_host:
    description:
      - Where to wait for the device when its network settings are set back, when that is not the address that it tells as its default.
        Useful with DHCP and behind address translation.
    type: str
  wait_timeout:
    description: Seconds until a device that moves must be found at its new address, V(0) or more.
    type: int
    default: 300
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
host:
  description: Where the device is reached after the task. In check mode, where it would be when the network is set back.
  returned: when O(parts) has V(network), or with O(factory), and it is known
  type: str
  sample: 192.168.1.10
port:
  description: The port there.
  returned: as RV(host)
  type: int
  sample: 34567
changes:
  description: What changed or, in check mode, would change, with object, path, before and after.
  returned: when there is anything
  type: list
  elements: dict
  sample: [{"object": "defaults", "path": "general", "before": "(as set)", "after": "(as new)"}]
login:
  description:
    - Which login the device takes after its accounts were set back. V(new) is with O(factory_password), V(old) with the password of
      before, and V(refused) with neither.
  returned: when the accounts were set back and the device restarted or moved
  type: str
  sample: refused
parts:
  description: What was set back.
  returned: success
  type: list
  elements: str
  sample: [alarms, recording]
"""

from ansible_collections.dvrip.devices.plugins.module_utils import _reset
from ansible_collections.dvrip.devices.plugins.module_utils._confirm import check_serial
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._module import ModuleSpec, Task
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal, Result, row

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
    device, options, session = await task.device(), task.options, task.session
    serial = (await device.system.info()).serial
    check_serial(task, serial)
    parts = _PARTS if options["factory"] else list(dict.fromkeys(options["parts"]))
    losing = sorted(_LOSES & set(parts))
    if losing and not options["allow_disconnect"]:
        danger = f"{' and '.join(losing)} set back may make the device unreachable here"
        raise dvrip_proto.UsageError(f"{task.where}: {danger}: that needs allow_disconnect")
    present: Result = {"host": session.endpoint.host, "port": session.endpoint.port}
    place: Result | None = present
    unknown = ""
    if "network" in losing:
        place, unknown = await _reset.destination(device, session, options["wait_host"])
    wanted = _reset.Reset(
        serial=serial,
        parts=parts,
        factory=options["factory"],
        place=place,
        present=present,
        unknown=unknown,
        within_s=options["wait_timeout"],
    )
    return Proposal(
        result={"parts": parts, **(place if "network" in losing and place else {})},
        acts=True,
        rows=[row("defaults", part, "(as set)", "(as new)") for part in parts],
        warnings=wanted.warnings(task.where),
        finish=lambda session: _reset.carry_out(session, wanted, options["factory_password"]),
    )


SPEC = ModuleSpec(
    prepare=prepare,
    options={
        "parts": {"type": "list", "elements": "str", "choices": _PARTS},
        "factory": {"type": "bool", "default": False},
        "confirm": {"type": "str", "required": True},
        "allow_disconnect": {"type": "bool", "default": False},
        "factory_password": {"type": "str", "no_log": True, "default": ""},
        "wait_host": {"type": "str"},
        "wait_timeout": {"type": "int", "default": 300},
    },
    constraints={"required_if": [("factory", False, ["parts"])]},
    restarts=True,
    verifies=False,
)


def main() -> None:
    SPEC.main()


if __name__ == "__main__":
    main()
