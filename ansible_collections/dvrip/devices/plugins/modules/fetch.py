#!/usr/bin/python
# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: fetch
short_description: Fetches pictures, recordings, the log or diagnostics of a device to the controller
version_added: 0.1.0
author:
  - The DVRIP project (@dvrip)
description:
  - Writes what a device has to files of the controller, each whole or not at all.
  - A recording that is there already is not fetched again. Pictures, the log and diagnostics are of now, so they always change.
options:
  what:
    description:
      - V(snapshot) is a picture of now, V(recordings) are the recordings of a time, V(logs) the device's log of a time as JSON, and
        V(diagnostics) a description of the device without names, addresses and secrets, for a report.
    type: str
    choices: [snapshot, recordings, logs, diagnostics]
    required: true
  dest:
    description: Folder on the controller. It is made where it is not there.
    type: path
    required: true
  channel:
    description:
      - Number of the channel, from V(1), or a list of numbers, or V(all). V(1) when it is not given.
      - With V(all) a channel without a picture is told in RV(skipped_channels), otherwise it makes the task fail.
    type: raw
  since:
    description:
      - Begin, in the time of the device, as V(2026-01-31 08:00:00). One that names a zone is refused. Needed for V(recordings).
        Without it, V(logs) are all that the device has.
    type: str
  until:
    description: End, in the time of the device. Without it, the time of the device now.
    type: str
  limit:
    description: How many recordings at most, V(0) or more. Where there are more, the task fails and fetches none.
    type: int
    default: 100
extends_documentation_fragment:
  - dvrip.devices._device
  - dvrip.devices._attributes
  - dvrip.devices._attributes.changes
attributes:
  diff_mode:
    support: none
    details:
      - Files of the controller are not shown.
  idempotent:
    support: partial
    details:
      - Only for recordings.
seealso:
  - module: dvrip.devices.device_info
"""

EXAMPLES = r"""
- name: Keep a picture of every channel
  dvrip.devices.fetch:
    what: snapshot
    channel: all
    dest: "pictures/{{ inventory_hostname }}"

- name: Fetch what the gate recorded in the morning
  dvrip.devices.fetch:
    what: recordings
    channel: 1
    since: "2026-01-31 06:00:00"
    until: "2026-01-31 09:00:00"
    dest: evidence

- name: Keep what the device wrote into its log
  dvrip.devices.fetch:
    what: logs
    dest: "logs/{{ inventory_hostname }}"

- name: Describe the device for a report of a fault
  dvrip.devices.fetch:
    what: diagnostics
    dest: reports
"""

RETURN = r"""
files:
  description: The files, in check mode those that would be written, as far as their names are known.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: The file.
      type: str
      returned: always
    changed:
      description: Whether it was written.
      type: bool
      returned: always
    size:
      description: Size in bytes.
      type: int
      returned: when the file is there
    sha256:
      description: Checksum.
      type: str
      returned: when the file is there
skipped_channels:
  description: Channels without a picture, with the reason.
  returned: with O(what) V(snapshot) and O(channel) V(all), when there are any
  type: list
  elements: dict
  sample: [{"channel": 3, "file": "2a981919678907c1-channel3-20260131-080000.jpg", "reason": "192.168.1.10:34567: channel 3: no picture"}]
"""

from ansible_collections.dvrip.devices.plugins.module_utils import _fetching
from ansible_collections.dvrip.devices.plugins.module_utils._module import ModuleSpec

SPEC = ModuleSpec(
    prepare=_fetching.prepare,
    options={
        "what": {
            "type": "str",
            "choices": ["snapshot", "recordings", "logs", "diagnostics"],
            "required": True,
        },
        "dest": {"type": "path", "required": True},
        "channel": {"type": "raw"},
        "since": {"type": "str"},
        "until": {"type": "str"},
        "limit": {"type": "int", "default": 100},
    },
    constraints={"required_if": [("what", "recordings", ["since"])]},
)


def main() -> None:
    SPEC.main()


if __name__ == "__main__":
    main()
