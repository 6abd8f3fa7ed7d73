#!/usr/bin/python
# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: firmware
short_description: Manages the firmware of a device
version_added: 0.1.0
author:
  - The DVRIP project (@dvrip)
description:
  - Brings a device to the firmware of a file, or of the one file of a folder that is for its hardware.
    The file is checked for damage, hardware, vendor and product before anything is sent, and is never older than what the device has.
  - Sends the file, follows the burning, sees the device go and come back, logs in and reads its version. A device that has not what
    O(version) or else the name of the file says then makes the task fail, because the next run would burn it again.
  - The device must keep its power meanwhile. Run it with C(serial) or C(throttle), first on one device of each hardware.
options:
  src:
    description:
      - A firmware file on the controller, or a folder of them. Of a folder the newest file is taken that is for this hardware.
      - A file C(SHA256SUMS) in the folder is obeyed, so that a damaged or foreign image is never sent.
    type: path
    required: true
  sha256:
    description: Checksum that the file must have.
    type: str
  version:
    description:
      - What the device must have afterwards, either the whole version as M(dvrip.devices.device_info) tells it, or the day of its
        build, as V(2024-01-31). A device that has it is left alone, and one that is back with anything else makes the task fail.
      - Needed for files whose name tells neither release nor date.
    type: str
  allow_downgrade:
    description: Whether a file may be older than what the device has.
    type: bool
    default: false
  force:
    description: Also send a file that is for other hardware. It may break the device for good.
    type: bool
    default: false
  missing:
    description:
      - What to do where O(src) has files for other hardware only. With V(skip) the device is left alone and RV(skipped_reason) says
        so. A folder without any firmware always makes the task fail.
    type: str
    choices: [fail, skip]
    default: fail
  upload_timeout:
    description: Seconds in which the file must be sent, V(0) or more. What takes longer is given up, which harms nothing.
    type: int
    default: 900
  burn_timeout:
    description: Seconds, V(0) or more, without a sign of the device while it burns, after which the task fails. It may still be burning then.
    type: int
    default: 180
  reboot_timeout:
    description: Seconds until the device must be back, V(0) or more.
    type: int
    default: 300
extends_documentation_fragment:
  - dvrip.devices._device
  - dvrip.devices._attributes
  - dvrip.devices._attributes.changes
notes:
  - C(async) is not possible. An upgrade takes three to eight minutes, so with C(forks) 10 a thousand devices take five to thirteen hours.
  - On a failure RV(ignore:failure) has the C(phase) in which it happened.
seealso:
  - module: dvrip.devices.device_info
  - module: dvrip.devices.backup
"""

EXAMPLES = r"""
- name: Upgrade one device of each hardware first, and stop there when it fails
  dvrip.devices.firmware:
    src: /srv/firmware
  throttle: 1

- name: Bring a camera to exactly this version
  dvrip.devices.firmware:
    src: /srv/firmware/IPC_V5.00.R02.20240131.bin
    sha256: 0f343b0931126a20f133d67c2b018a3b5e0a8e7b8f5e3f1c2d4a6b8c0e1f2a3b
    version: "2024-01-31"
"""

RETURN = r"""
changes:
  description: What changed or, in check mode, would change, with object, path, before and after.
  returned: when there is anything
  type: list
  elements: dict
  sample: [{"object": "firmware", "path": "version", "before": "V5.00.R02.00030747", "after": "IPC_V5.00.R02.20240131.bin"}]
before_version:
  description: Version before.
  returned: success
  type: str
  sample: V5.00.R02.00030747.10010.349f17.0000000
after_version:
  description: Version afterwards, as the device told it. In check mode the one before.
  returned: success
  type: str
  sample: V5.00.R02.00030747.10010.349f17.0000001
file:
  description: The file that is for this device.
  returned: when there is one
  type: str
  sample: /srv/firmware/IPC_V5.00.R02.20240131.bin
sha256:
  description: Its checksum.
  returned: when there is one
  type: str
  sample: 0f343b0931126a20f133d67c2b018a3b5e0a8e7b8f5e3f1c2d4a6b8c0e1f2a3b
skipped_reason:
  description: Why there is no file for this device.
  returned: with O(missing) V(skip), when there is none
  type: str
  sample: "192.168.1.10:34567: /srv/firmware has no firmware for hardware MBD6304T: IPC_V5.00.R02.20240131.bin: hardware is XM530_50X50-WG_8M"
bytes_sent:
  description: How many bytes were sent.
  returned: when the device was upgraded
  type: int
  sample: 6291456
elapsed:
  description: Seconds from the first byte until the device was back.
  returned: when the device was upgraded
  type: float
  sample: 241.7
"""

from ansible_collections.dvrip.devices.plugins.module_utils import _firmware
from ansible_collections.dvrip.devices.plugins.module_utils._missing import MISSING_OPTION
from ansible_collections.dvrip.devices.plugins.module_utils._module import ModuleSpec

SPEC = ModuleSpec(
    prepare=_firmware.prepare,
    options={
        "src": {"type": "path", "required": True},
        "sha256": {"type": "str"},
        "version": {"type": "str"},
        "allow_downgrade": {"type": "bool", "default": False},
        "force": {"type": "bool", "default": False},
        **MISSING_OPTION,
        "upload_timeout": {"type": "int", "default": 900},
        "burn_timeout": {"type": "int", "default": 180},
        "reboot_timeout": {"type": "int", "default": 300},
    },
)


def main() -> None:
    SPEC.main()


if __name__ == "__main__":
    main()
