#!/usr/bin/python
# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: device_facts
short_description: Reads what a device is and how it is doing, as facts
version_added: 0.1.0
author:
  - The DVRIP project (@dvrip)
description:
  - Returns what M(dvrip.devices.device_info) returns, as the fact C(dvrip).
  - C(gather_facts) runs it where C(ansible_facts_modules) names it. That runs as an ordinary module on the controller, so it
    needs C(ansible_dvrip_local_modules) set to V(true), and address and login in C(module_defaults). See the examples.
    So does O(gather_subset), because Ansible does not hand on the C(gather_subset) of a play. A device that does not answer
    is then failed and not unreachable. A task of its own is ten times faster and needs none of that.
options:
  gather_subset:
    description:
      - What to read besides the basic facts, which are always there.
      - A part that the device does not have, or that the account may not see, is V(null), with a warning.
    type: list
    elements: str
    choices: [all, accounts, channel_states, channels, functions, log, network, state, storage, time, upgrade]
    default: [network, time]
  log_hours:
    description: How many hours back the subset V(log) reads, by the clock of the device, V(0) or more.
    type: int
    default: 24
  log_limit:
    description: How many entries the subset V(log) keeps, the newest ones, V(0) or more.
    type: int
    default: 100
extends_documentation_fragment:
  - dvrip.devices._device
  - dvrip.devices._attributes
  - dvrip.devices._attributes.info
attributes:
  facts:
    description: Returns facts.
    support: full
seealso:
  - module: dvrip.devices.device_info
"""

EXAMPLES = r"""
- name: Read the facts in a task
  dvrip.devices.device_facts:

- name: Stop when the firmware is older than expected
  ansible.builtin.assert:
    that: ansible_facts.dvrip.build_time >= '2018-01-01'

# For gather_facts, in the play:
#   vars:
#     ansible_facts_modules: [dvrip.devices.device_facts]
#     ansible_dvrip_local_modules: true
#   module_defaults:
#     dvrip.devices.device_facts:
#       host: "{{ ansible_host }}"
#       port: "{{ ansible_port | default(34567) }}"
#       login_password: "{{ ansible_password }}"
#       gather_subset: [storage, time]
"""

RETURN = r"""
ansible_facts:
  description: The facts.
  returned: success
  type: dict
  contains:
    dvrip:
      description: The device, as RV(dvrip.devices.device_info#module:device).
      returned: success
      type: dict
      sample: {"serial": "2a981919678907c1", "hardware": "XM530_50X50-WG_8M", "channel_count": 1}
"""

from ansible_collections.dvrip.devices.plugins.module_utils import _facts
from ansible_collections.dvrip.devices.plugins.module_utils._module import ModuleSpec, Task
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal


async def prepare(task: Task) -> Proposal:
    facts, warnings = await _facts.gather(task)
    return Proposal(result={"ansible_facts": {"dvrip": facts}}, warnings=warnings)


SPEC = ModuleSpec(
    prepare=prepare,
    options=_facts.OPTIONS,
)


def main() -> None:
    SPEC.main()


if __name__ == "__main__":
    main()
