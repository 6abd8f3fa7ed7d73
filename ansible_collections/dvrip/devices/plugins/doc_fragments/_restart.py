# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

from __future__ import annotations


class ModuleDocFragment:
    """What to do when a device says that a change takes effect only after a restart."""

    DOCUMENTATION = r"""
options:
  reboot:
    description:
      - What to do when the device says that a change takes effect only after a restart.
      - With V(never) RV(ignore:reboot_required) tells of it. The controller remembers it, and the next run tells of it again
        when the device has not restarted meanwhile.
      - With V(if_needed) the device is restarted, and the task goes on when it is back and has what was asked for.
        It is also restarted for an earlier change that still waits for it.
    type: str
    choices: [never, if_needed]
    default: never
  reboot_timeout:
    description: Seconds until the device must be back from a restart, V(0) or more. Most need 40 to 120.
    type: int
    default: 300
notes:
  - Where a restart is needed, RV(ignore:reboot_required) is V(true) until it was done, and RV(ignore:rebooted) tells that it was,
    in RV(ignore:elapsed) seconds. Where the device has another address or port after it, RV(ignore:host) and RV(ignore:port) are those.
"""
