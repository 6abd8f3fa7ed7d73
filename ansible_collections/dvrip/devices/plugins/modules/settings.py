#!/usr/bin/python
# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: settings
short_description: Manages settings of a device by name
version_added: 0.1.0
author:
  - The DVRIP project (@dvrip)
description:
  - Brings named settings to the wanted values, whichever object of the device holds them.
    Ranges and words are checked before anything is sent, and only what is given changes.
  - A name means the same for every model. For everything without a name there is M(dvrip.devices.config).
options:
  missing:
    description:
      - What to do about a setting that this model, or one of its channels, does not have. With V(skip) it is left out and told
        in RV(skipped_settings).
    type: str
    choices: [fail, skip]
    default: fail
  return:
    description:
      - V(changes) returns what changed. V(full) returns the objects before and after, too, which is large.
    type: str
    choices: [changes, full]
    default: changes
  allow_disconnect:
    description:
      - Also write what would end the connection to the device or lock this computer out. Each of these dangers that was allowed
        is a warning of the task.
      - A device that moves to another port is followed there, and RV(host) and RV(port) tell where it is.
    type: bool
    default: false
extends_documentation_fragment:
  - dvrip.devices._settings
  - dvrip.devices._device
  - dvrip.devices._restart
  - dvrip.devices._attributes
  - dvrip.devices._attributes.changes
seealso:
  - module: dvrip.devices.config
    description: Manages any object of the device, by the device's own names.
"""

EXAMPLES = r"""
- name: Detect motion everywhere, and more of it at the gate
  dvrip.devices.settings:
    channels:
      - channel: all
        motion_detection: true
        motion_sensitivity: 3
      - channel: [1]
        motion_sensitivity: 5
        channel_name: Gate

- name: Record people on the models that know people
  dvrip.devices.settings:
    channels:
      - channel: all
        person_detection: true
    missing: skip
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
changes:
  description: One entry for each value that changed or, in check mode, would change, in the words of the device.
  returned: when there are any
  type: list
  elements: dict
  contains:
    object:
      description: Name of the object.
      type: str
      returned: always
    channel:
      description: Number of the channel or output, from 1.
      type: int
      returned: for objects that have channels
    path:
      description: Where in the object, with dots.
      type: str
      returned: always
    before:
      description: The old value. A secret is not shown.
      type: raw
      returned: always
    after:
      description: The new value. A secret is not shown.
      type: raw
      returned: always
  sample:
    - {"object": "Detect.MotionDetect", "channel": 1, "path": "Level", "before": 3, "after": 5}
skipped_settings:
  description: What this model does not have, with the reason.
  returned: with O(missing) V(skip), when there are any
  type: list
  elements: dict
  sample: [{"setting": "person_detection", "channel": 1, "reason": "this device has no such setting"}]
objects:
  description: The objects that the settings are in, with whether they changed, before and after.
  returned: with O(return) V(full)
  type: list
  elements: dict
  sample: [{"name": "General.General", "changed": true, "before": {"MachineName": "LocalHost"}, "after": {"MachineName": "gate"}}]
"""

from ansible_collections.dvrip.devices.plugins.module_utils import _settings
from ansible_collections.dvrip.devices.plugins.module_utils._module import ModuleSpec
from ansible_collections.dvrip.devices.plugins.module_utils._setting_options import DEVICE, LISTS

SPEC = ModuleSpec(
    prepare=_settings.prepare,
    options={
        **DEVICE,
        **{
            name: {
                "type": "list",
                "elements": "dict",
                "default": [],
                "options": {number: {"type": "raw", "required": True}, **options},
            }
            for name, (number, options) in LISTS.items()
        },
        "missing": {"type": "str", "choices": ["fail", "skip"], "default": "fail"},
        "return": {"type": "str", "choices": ["changes", "full"], "default": "changes"},
        "allow_disconnect": {"type": "bool", "default": False},
    },
    restarts=True,
    rehearsal={"device_name": "gate"},
)


def main() -> None:
    SPEC.main()


if __name__ == "__main__":
    main()
