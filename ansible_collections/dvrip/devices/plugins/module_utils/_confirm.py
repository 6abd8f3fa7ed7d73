# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""What cannot be taken back needs the serial number of the device that is meant."""

from __future__ import annotations

from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._module import Task


def check_serial(task: Task, serial: str) -> None:
    """Refuse (UsageError) a task whose `confirm` is not the serial number of this device."""
    given = task.options["confirm"]
    if given != serial:
        raise dvrip_proto.UsageError(
            f"{task.where}: confirm: {given or 'nothing'} is not the serial number of this device, which is {serial}: "
            "nothing is done"
        )
