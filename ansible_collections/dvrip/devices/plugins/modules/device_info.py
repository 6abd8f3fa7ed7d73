#!/usr/bin/python
# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: device_info
short_description: Reads what a device is and how it is doing
version_added: 0.1.0
author:
  - The DVRIP project (@dvrip)
description:
  - Returns model, firmware and channels of a device, and on request its network settings, clock, disks, accounts and more.
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
seealso:
  - module: dvrip.devices.device_facts
  - module: dvrip.devices.config_info
"""

EXAMPLES = r"""
- name: Read what the device is
  dvrip.devices.device_info:
  register: found

- name: Stop when the firmware is older than expected
  ansible.builtin.assert:
    that: found.device.build_time >= '2022-01-01'

- name: Read which cameras of a recorder are connected, and what happened in the last week
  dvrip.devices.device_info:
    gather_subset: [channel_states, log]
    log_hours: 168
  register: night

- name: Read the disks, too
  dvrip.devices.device_info:
    gather_subset: [storage]
"""

RETURN = r"""
device:
  description: The device.
  returned: success
  type: dict
  contains:
    host:
      description: Address or name under which it was reached.
      type: str
      returned: always
    port:
      description: Port under which it was reached.
      type: int
      returned: always
    login:
      description:
        - How the device was logged in to, V(plain), V(version_1), V(claim_first), V(salted), V(encrypted) or V(light).
          For the last three, set C(ansible_dvrip_encryption) to V(salted), V(always) or V(light).
      type: str
      returned: always
    serial:
      description: Serial number, which no other device has.
      type: str
      returned: always
      sample: 2a981919678907c1
    model:
      description: Model name. Often the same as the hardware.
      type: str
      returned: always
      sample: 50X50-WG
    hardware:
      description: Board of the device.
      type: str
      returned: always
      sample: XM530_50X50-WG_8M
    firmware:
      description: Version of the firmware.
      type: str
      returned: always
      sample: V5.00.R02.00030747.10010.349f17.0000000
    build_time:
      description: When the firmware was built.
      type: str
      returned: always
      sample: "2020-11-24 16:47:14"
    uptime:
      description: Seconds since the device started. Devices count in minutes.
      type: int
      returned: always
      sample: 496560
    channel_count:
      description: How many channels it has.
      type: int
      returned: always
    video_inputs:
      description: Channels of its own sensors or analogue inputs.
      type: int
      returned: always
    digital_channels:
      description: Channels of network cameras.
      type: int
      returned: always
    audio_inputs:
      description: Inputs for sound.
      type: int
      returned: always
    alarm_inputs:
      description: Inputs for alarm contacts.
      type: int
      returned: always
    alarm_outputs:
      description: Relays.
      type: int
      returned: always
    network:
      description: Network settings, with the names of the options of M(dvrip.devices.network), and the MAC address.
      type: dict
      returned: with the subset V(network)
      sample: {"hostname": "gate", "address": "192.168.20.31", "mac": "00:12:34:56:78:90", "dhcp": false}
    time:
      description: The device's clock, in its own time zone.
      type: str
      returned: with the subset V(time)
      sample: "2026-11-20 18:46:00"
    channels:
      description: Titles of the channels.
      type: list
      elements: str
      returned: with the subset V(channels)
      sample: ["Gate", "Yard"]
    channel_states:
      description: Channels with number (from 1), kind, name, state of the way to their camera, the device's own word for it, and resolution.
      type: list
      elements: dict
      returned: with the subset V(channel_states)
      sample: [{"number": 1, "kind": "digital", "name": "Gate", "state": "connected", "word": "Connected"}]
    state:
      description:
        - What goes on now, as the lists C(motion), C(tamper), C(video_loss) of channels, C(alarm_inputs) and C(alarm_outputs),
          which count from 1, and as C(channels) with number, recording and bit rate.
      type: dict
      returned: with the subset V(state)
      sample: {"motion": [2], "channels": [{"number": 1, "recording": true, "bitrate_kbit_s": 2048}]}
    log:
      description: Entries of the log, the oldest first, with position, time, event, user and data.
      type: list
      elements: dict
      returned: with the subset V(log)
    upgrade:
      description: Hardware and vendor that a firmware file must be for.
      type: dict
      returned: with the subset V(upgrade)
      sample: {"hardware": "HI3518E_50H10L", "vendor": "General", "serial": "2a981919678907c1"}
    storage:
      description: Disks and cards, with their partitions, counted from 1 as M(dvrip.devices.storage) does.
      type: list
      elements: dict
      returned: with the subset V(storage)
      sample: [{"disk": 1, "formatted": true, "partitions": [{"partition": 1, "kind": "read-write", "total_mib": 953869}]}]
    functions:
      description: What the firmware can do, in the device's own words.
      type: dict
      returned: with the subset V(functions)
    users:
      description:
        - Accounts, without their passwords. C(known_password) is V(empty), or V(factory) for one that makers and installers set and
          everybody tries first, and V(null) for any other.
      type: list
      elements: dict
      returned: with the subset V(accounts)
      sample: [{"name": "default", "group": "user", "reserved": true, "known_password": "factory"}]
    groups:
      description: Groups of accounts.
      type: list
      elements: dict
      returned: with the subset V(accounts)
"""

from ansible_collections.dvrip.devices.plugins.module_utils import _facts
from ansible_collections.dvrip.devices.plugins.module_utils._module import ModuleSpec

SPEC = ModuleSpec(
    prepare=_facts.prepare,
    options=_facts.OPTIONS,
)


def main() -> None:
    SPEC.main()


if __name__ == "__main__":
    main()
