# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

from __future__ import annotations


class ModuleDocFragment:
    """What the modules support."""

    DOCUMENTATION = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/dvrip.devices.dvrip) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - dvrip.devices.dvrip
  async:
    description: Can be used with the C(async) keyword.
    support: none
  connection:
    description: Uses the connection information of the inventory host.
    support: full
    details:
      - C(dvrip.devices.dvrip) is the connection plugin to use. With it all items of a loop share one login.
  delegation:
    description: Can be used with C(delegate_to).
    support: full
  platform:
    description: Devices the module works on.
    support: full
    platforms: cameras and recorders that speak DVRIP
"""

    CHANGES = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return the changed status without changing the device.
    support: full
  diff_mode:
    description: Returns what changed, or would change, in diff mode.
    support: full
  idempotent:
    description: A second run in the same situation changes nothing.
    support: full
"""

    INFO = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return the changed status without changing the device.
    support: full
    details:
      - The module only reads.
  diff_mode:
    description: Returns what changed, or would change, in diff mode.
    support: N/A
    details:
      - The module only reads.
  idempotent:
    description: A second run in the same situation changes nothing.
    support: full
    details:
      - The module only reads.
"""
