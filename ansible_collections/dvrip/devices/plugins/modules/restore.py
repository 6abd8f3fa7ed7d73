#!/usr/bin/python
# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: restore
short_description: Puts the configuration of a device back
version_added: 0.1.0
author:
  - The DVRIP project (@dvrip)
description:
  - Gives a device the configuration that M(dvrip.devices.backup) kept, all of it, accounts and network settings included.
    A device that has it already is left alone.
  - The file is the device's own archive, whose parts only the device knows, so it is put back whole or not at all.
    To put back single objects, or to keep accounts and network, read objects with M(dvrip.devices.config_info) and give them
    to M(dvrip.devices.config), whose option O(dvrip.devices.config#module:from_file) takes a file of them.
  - The device may restart. Its serial number has to be given, so that no wrong device is hit.
  - The file is compared with what the device has. What would put the device out of reach, and what differs and cannot be read,
    is refused without O(allow_disconnect).
options:
  src:
    description: File on the controller.
    type: path
    required: true
  confirm:
    description: Serial number of the device that is meant.
    type: str
    required: true
  match:
    description:
      - Whose file it may be, by what M(dvrip.devices.backup) noted beside it. V(serial) takes only the device's own,
        V(hardware) also one of the same hardware, for a replacement, and V(any) every one, also without a note.
    type: str
    choices: [serial, hardware, any]
    default: serial
  allow_disconnect:
    description:
      - Put the file back although it would move the device, lock the controller out of it, change accounts, or differs from what
        the device has in parts that nobody but the device can read. Without it such a file is refused, and nothing is sent.
    type: bool
    default: false
  wait_timeout:
    description: Seconds until the device must be back.
    type: int
    default: 300
extends_documentation_fragment:
  - dvrip.devices._device
  - dvrip.devices._attributes
  - dvrip.devices._attributes.changes
seealso:
  - module: dvrip.devices.backup
"""

EXAMPLES = r"""
- name: Give a replaced recorder the configuration of its predecessor
  dvrip.devices.restore:
    src: backups/recorder.zip
    confirm: 2a981919678907c1
    match: hardware
    allow_disconnect: true
"""

RETURN = r"""
changes:
  description: What changed or, in check mode, would change, with object, path, before and after.
  returned: when there is anything
  type: list
  elements: dict
  sample: [{"object": "configuration", "path": "sha256", "before": "60303ae22b998861", "after": "9f86d081884c7d65"}]
sha256:
  description: Checksum of the file.
  returned: success
  type: str
  sample: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
verified:
  description: Whether the device has exactly this configuration afterwards. Devices fill in what they know better.
  returned: when it was written
  type: bool
  sample: true
"""

import asyncio
from pathlib import Path

from ansible_collections.dvrip.devices.plugins.module_utils import _archives
from ansible_collections.dvrip.devices.plugins.module_utils._confirm import check_serial
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._module import ModuleSpec, Options, Task
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal, Result, row
from ansible_collections.dvrip.devices.plugins.module_utils._session import Session


def _check_owner(path: Path, info: dvrip_proto.SystemInfo, match: str) -> None:
    if match == "any":
        return
    noted = _archives.owner(path).get(match)
    mine = info.serial if match == "serial" else info.hardware
    if noted != mine:
        whose = (
            f"is of {match} {noted}"
            if noted
            else f"has no note beside it of whose it is ({_archives.about(path).name})"
        )
        raise dvrip_proto.UsageError(f"{path} {whose}, the device has {mine}: say `match` when it is meant")


async def prepare(task: Task) -> Proposal:
    device, options, path = await task.device(), task.options, Path(task.options["src"])
    info = await device.system.info()
    check_serial(task, info.serial)
    archive = await asyncio.to_thread(_archives.read, path)
    try:
        if archive is None:
            raise dvrip_proto.UsageError(f"{path} is not there")
        _check_owner(path, info, options["match"])
    except dvrip_proto.UsageError as error:
        raise dvrip_proto.UsageError(f"{task.where}: {error}") from error
    if not options["allow_disconnect"]:
        await device.backup.check(archive)
    present = await device.backup.export()
    result: Result = {"sha256": _archives.checksum(archive)}
    if _archives.same_content(present, archive):
        return Proposal(result=result)
    rows = [row("configuration", "sha256", _archives.checksum(present), result["sha256"])]
    return Proposal(
        result=result, acts=True, rows=rows, finish=lambda session: _restore(session, archive, options)
    )


async def _restore(session: Session, archive: bytes, options: Options) -> Result:
    device = await session.device()
    session.say("writing the configuration")
    with session.in_doubt("configuration"):
        await device.backup.restore(archive, allow_disconnect=True)
    session.say("written, waiting until it answers")
    device = await session.reopen(within_s=options["wait_timeout"])
    return {"verified": _archives.same_content(await device.backup.export(), archive)}


SPEC = ModuleSpec(
    prepare=prepare,
    options={
        "src": {"type": "path", "required": True},
        "confirm": {"type": "str", "required": True},
        "match": {"type": "str", "choices": ["serial", "hardware", "any"], "default": "serial"},
        "allow_disconnect": {"type": "bool", "default": False},
        "wait_timeout": {"type": "int", "default": 300},
    },
)


def main() -> None:
    SPEC.main()


if __name__ == "__main__":
    main()
