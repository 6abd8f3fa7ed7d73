#!/usr/bin/python
# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: config
short_description: Manages any configuration object of a device
version_added: 0.1.0
author:
  - The DVRIP project (@dvrip)
description:
  - Brings a configuration object such as C(General.General) or C(Detect.MotionDetect) to the wanted state.
  - Names and keys are the device's own, and are those that M(dvrip.devices.config_info) returns.
    Objects and keys that this collection does not know work as well.
  - The module reads the object, compares, writes the whole object when something differs, and reads it back.
    A device that accepted the change but did not keep it makes the task fail.
options:
  name:
    description:
      - Name of the object, for example V(NetWork.NetNTP).
      - Exactly one of O(name), O(objects) and O(from_file) is needed.
    type: str
  channel:
    description:
      - Number of the channel, from V(1), for objects that have one element a channel. A list of numbers means each of them.
      - Without it, or with V(all), O(config) is meant for every channel, or is the list of all channels.
    type: raw
  config:
    description:
      - What the object should hold, with the values written for people. An address is V(192.168.1.10), not V(0x0A01A8C0),
        a switch is V(true), and a time zone is V(+01:00). The device's own spelling is accepted too.
      - Secrets in it are masked in everything the module returns. A masked secret, V(********) as
        M(dvrip.devices.config_info) returns it, leaves the secret of the device as it is.
      - Needed, except with O(state) V(default), which takes none.
    type: raw
  state:
    description:
      - With V(merged) the keys in O(config) change and all others stay as they are. For lists see O(lists).
      - With V(replaced) the whole object becomes O(config). Keys that are missing there are removed or, where the device
        insists on them, go back to what the device thinks is right.
      - With V(default) the object becomes what the device would set at a factory reset. Devices that do not tell that fail.
    type: str
    choices: [merged, replaced, default]
    default: merged
  lists:
    description:
      - How lists in O(config) are compared.
      - With V(by_place) a list of plain values is one value, and takes the place of the device's list. The elements of a
        list of objects are merged into the device's elements at the same place, or with the same key where they have one
        (the interfaces of C(NetWork.NetDHCP) have C(Interface)). Elements that O(config) does not reach stay, and null
        leaves an element as it is, so an empty list changes nothing.
      - With V(replaced) every list becomes exactly the one in O(config). Elements that are not there go, new ones are
        added, and an empty list removes them all, for example all privacy masks.
    type: str
    choices: [by_place, replaced]
    default: by_place
  missing:
    description:
      - What to do about an object, or a key of an object, that this model does not have. With V(fail) the task fails and nothing
        of it is written.
      - With V(skip) it is left out, the rest is written, and RV(skipped_objects) tells it, which suits fleets of several models. A
        key that is left out is a warning, too, with the device and what may have been meant, because it may be a wrong spelling.
      - A channel that the device does not have, and a value that is not possible, always fail the task.
    type: str
    choices: [fail, skip]
    default: fail
  return:
    description:
      - V(changes) returns what changed. V(full) returns the whole objects before and after, too, which is large.
    type: str
    choices: [changes, full]
    default: changes
  allow_disconnect:
    description:
      - Also write what would end the connection to the device or lock this computer out, such as a gateway outside the
        device's network or an IP filter without this computer's address. Otherwise the task fails and nothing is written.
      - Each of these dangers that was allowed is a warning of the task. A device that moves to another address or port is followed
        there, and RV(host) and RV(port) tell where it is.
    type: bool
    default: false
  objects:
    description:
      - Several objects for one task, written in this order over one login.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the object.
        type: str
        required: true
      channel:
        description: As the module's O(channel).
        type: raw
      config:
        description: As the module's O(config).
        type: raw
      state:
        description: As the module's O(state), which is also the default.
        type: str
        choices: [merged, replaced, default]
      lists:
        description: As the module's O(lists), which is also the default.
        type: str
        choices: [by_place, replaced]
      missing:
        description: As the module's O(missing), which is also the default.
        type: str
        choices: [fail, skip]
  from_file:
    description:
      - File on the controller with what would stand in O(objects), as YAML or JSON. A dictionary of objects by their names,
        as M(dvrip.devices.config_info) returns it, is taken as well.
      - It is read as it is. For templates and vault variables use O(objects).
    type: path
  test_services:
    description:
      - What the device is to try after a change, as the button in its menu does. V(mail) sends a mail as C(NetWork.NetEmail)
        says, V(ftp) reaches the server of C(NetWork.NetFTP).
      - When it does not work the task fails and tells what is written. Where nothing changes nothing is tried.
    type: list
    elements: str
    choices: [mail, ftp]
    default: []
extends_documentation_fragment:
  - dvrip.devices._device
  - dvrip.devices._restart
  - dvrip.devices._attributes
  - dvrip.devices._attributes.changes
seealso:
  - module: dvrip.devices.config_info
  - module: dvrip.devices.network
    description: Changes addresses and ports, and follows the device to them.
notes:
  - To change the address of the device, or its port for DVRIP, use M(dvrip.devices.network), which switches DHCP off before and proves
    the new address. Here such a change needs O(allow_disconnect).
"""

EXAMPLES = r"""
- name: Detect motion on channel 2
  dvrip.devices.config:
    name: Detect.MotionDetect
    channel: 2
    config:
      Enable: true
      Level: 4
      EventHandler:
        RecordEnable: true
        TimeSection: always

- name: Set clock source, language and weekly restart in one task
  dvrip.devices.config:
    objects:
      - name: NetWork.NetNTP
        config:
          Enable: true
          Server:
            Name: ntp.example.net
      - name: General.Location
        config:
          Language: English
          DateFormat: YYMMDD
      - name: General.AutoMaintain
        config:
          AutoRebootDay: Sunday
          AutoRebootHour: 4
    reboot: if_needed

- name: Have exactly one privacy mask on each of two channels
  dvrip.devices.config:
    name: AVEnc.VideoWidget
    channel: [1, 3]
    lists: replaced
    config:
      CoversNum: 1
      Covers:
        - EncodeBlend: true
          PreviewBlend: true
          RelativePos: [0, 0, 2048, 2048]
          BackColor: "0x80000000"
          FrontColor: "0x00000000"

- name: Switch the white light off where there is one
  dvrip.devices.config:
    name: Camera.WhiteLight
    config:
      WorkMode: Close
    missing: skip

- name: Have what a file of the site says, where the model has it
  dvrip.devices.config:
    from_file: "{{ playbook_dir }}/camera.yml"
    missing: skip

- name: Send alarms by mail, and see that one goes out
  dvrip.devices.config:
    name: NetWork.NetEmail
    config:
      Enable: true
      MailServer:
        Name: mail.example.net
        Port: 465
    test_services: [mail]

- name: Undo what somebody did to the picture of channel 1
  dvrip.devices.config:
    name: AVEnc.VideoColor
    channel: 1
    state: default

- name: Show what the FTP settings would become
  dvrip.devices.config:
    name: NetWork.NetFTP
    config:
      Enable: true
      Server:
        Name: ftp.example.net
        UserName: camera
        Password: "{{ vault_ftp_password }}"
  check_mode: true
  diff: true
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
name:
  description: Name of the object.
  returned: with O(name)
  type: str
  sample: General.AutoMaintain
changes:
  description: One entry for each value that changed or, in check mode, would change.
  returned: when there are any
  type: list
  elements: dict
  contains:
    object:
      description: Name of the object.
      type: str
      returned: always
    channel:
      description: Number of the channel, from 1.
      type: int
      returned: for objects that have channels
    path:
      description: Where in the object, with dots. Empty for the object itself.
      type: str
      returned: always
    before:
      description: The old value, C(null) when there was none. A secret is not shown.
      type: raw
      returned: always
    after:
      description: The new value, C(null) when it is removed. A secret is not shown.
      type: raw
      returned: always
  sample:
    - {"object": "Detect.MotionDetect", "channel": 2, "path": "Level", "before": 3, "after": 4}
    - {"object": "Detect.MotionDetect", "channel": 2, "path": "Enable", "before": false, "after": true}
before:
  description: The object before the change, secrets masked.
  returned: with O(name) and O(return) V(full)
  type: raw
  sample: {"AutoDeleteFilesDays": 0, "AutoRebootDay": "Never", "AutoRebootHour": 3}
after:
  description: The object after the change, secrets masked. In check mode, what it would be.
  returned: with O(name) and O(return) V(full)
  type: raw
  sample: {"AutoDeleteFilesDays": 0, "AutoRebootDay": "Sunday", "AutoRebootHour": 4}
objects:
  description: One entry for each of the objects that the device has, in their order.
  returned: with O(objects) or O(from_file)
  type: list
  elements: dict
  contains:
    name:
      description: Name of the object.
      type: str
      returned: always
    channel:
      description: Number of the channel, from 1.
      type: int
      returned: when one was given
    changed:
      description: Whether this object changed.
      type: bool
      returned: always
    before:
      description: As RV(before).
      type: raw
      returned: with O(return) V(full)
    after:
      description: As RV(after).
      type: raw
      returned: with O(return) V(full)
tested_services:
  description: What the device tried after the change, and did.
  returned: with O(test_services), when something changed
  type: list
  elements: str
  sample: [mail]
skipped_objects:
  description:
    - What this model does not have, with the reason. For a key of an object C(options) has its path, and C(channels) the channels
      without it, from 1.
  returned: with O(missing) V(skip), when there are any
  type: list
  elements: dict
  sample: [{"name": "Camera.WhiteLight", "reason": "192.168.1.10:34567: Camera.WhiteLight: does not exist"}]
"""

from ansible_collections.dvrip.devices.plugins.module_utils import _config
from ansible_collections.dvrip.devices.plugins.module_utils._module import ModuleSpec

SPEC = ModuleSpec(
    prepare=_config.prepare,
    options={
        "name": {"type": "str"},
        **_config.object_options(defaults=True),
        "return": {"type": "str", "choices": ["changes", "full"], "default": "changes"},
        "allow_disconnect": {"type": "bool", "default": False},
        "objects": {"type": "list", "elements": "dict", "options": _config.ITEM},
        "from_file": {"type": "path"},
        "test_services": {"type": "list", "elements": "str", "choices": ["mail", "ftp"], "default": []},
    },
    constraints={
        "required_one_of": [("name", "objects", "from_file")],
        "mutually_exclusive": [
            ("name", "objects", "from_file"),
            ("config", "objects", "from_file"),
            ("channel", "objects", "from_file"),
        ],
        "required_by": {"config": ["name"], "channel": ["name"]},
    },
    secrets=_config.secrets,
    check=_config.check,
    restarts=True,
    rehearsal={"name": "General.General", "config": {"MachineName": "gate"}},
)


def main() -> None:
    SPEC.main()


if __name__ == "__main__":
    main()
