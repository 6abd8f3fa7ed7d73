#!/usr/bin/python
# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup
short_description: Keeps the configuration of a device as a file
version_added: 0.1.0
author:
  - The DVRIP project (@dvrip)
description:
  - Writes the configuration as the device packs it to a file of the controller. It changes only when the configuration does.
  - The file holds passwords, keys and hashes of the device, and can be read by its owner only. Beside it C(DEST.json) says whose it is.
options:
  dest:
    description:
      - File on the controller, or a folder in which it gets the serial number of the device as its name.
      - The backup of a device with another serial number is not written over. Move it away when the device was replaced.
    type: path
    required: true
extends_documentation_fragment:
  - dvrip.devices._device
  - dvrip.devices._attributes
  - dvrip.devices._attributes.changes
seealso:
  - module: dvrip.devices.restore
  - module: dvrip.devices.config_info
    description: Reads single objects in a form that people can read and M(dvrip.devices.config) can write.
"""

EXAMPLES = r"""
- name: Keep the configuration of every device
  dvrip.devices.backup:
    dest: "backups/{{ inventory_hostname }}.zip"
"""

RETURN = r"""
changes:
  description: What changed or, in check mode, would change, with object, path, before and after.
  returned: when there is anything
  type: list
  elements: dict
  sample: [{"object": "backup", "path": "/backups/gate.zip", "before": null, "after": "9f86d081884c7d65"}]
path:
  description: The file.
  returned: success
  type: str
  sample: backups/gate.zip
sha256:
  description: Checksum of the file.
  returned: success
  type: str
  sample: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
size:
  description: Size of the file in bytes.
  returned: success
  type: int
  sample: 18231
"""

import asyncio
import json
from pathlib import Path

from ansible_collections.dvrip.devices.plugins.module_utils import _archives
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._module import ModuleSpec, Task
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal, Result, row
from ansible_collections.dvrip.devices.plugins.module_utils._session import Session


def _spare(path: Path, serial: str, where: str) -> None:
    """UsageError where the file is the backup of another device, which would be lost."""
    other = _archives.owner(path).get("serial") if path.exists() else None
    if other and serial and other != serial:
        raise dvrip_proto.UsageError(
            f"{where}: dest: {path} is the backup of the device with serial number {other}, and this one is {serial}: nothing was "
            "written. Give every device a file of its own, or move that file away when the device was replaced"
        )


def _named(serial: str, folder: Path, where: str) -> str:
    """The serial number as the name of a file: what a device says of itself names no other folder."""
    name = "".join(letter for letter in serial if letter.isalnum())
    if not name:
        raise dvrip_proto.UsageError(
            f"{where}: dest: {folder} is a folder, and the device tells no serial number that could name the file: give it a file"
        )
    return name


async def prepare(task: Task) -> Proposal:
    device, path = await task.device(), Path(task.options["dest"])
    info = await device.system.info()
    if await asyncio.to_thread(path.is_dir):
        path = path / f"{_named(info.serial, path, task.where)}.zip"
    await asyncio.to_thread(_spare, path, info.serial, task.where)
    archive = await device.backup.export()
    old = await asyncio.to_thread(_archives.read, path)
    kept = old if old is not None and _archives.same_content(old, archive) else None
    data = archive if kept is None else kept
    result: Result = {"path": str(path), "sha256": _archives.checksum(data), "size": len(data)}
    if kept is not None:
        return Proposal(result=result)
    owner = {
        "serial": info.serial,
        "hardware": info.hardware,
        "firmware": info.firmware,
        "sha256": result["sha256"],
    }

    async def finish(session: Session) -> Result:
        await asyncio.to_thread(
            _spare, path, info.serial, task.where
        )  # the tasks of other devices run beside this one
        await asyncio.to_thread(_archives.write, path, archive)
        about = json.dumps(owner, indent=2).encode()
        await asyncio.to_thread(_archives.write, _archives.about(path), about)
        session.written.append(str(path))
        return {}

    before = None if old is None else _archives.fingerprint(old)
    rows = [row("backup", str(path), before, _archives.fingerprint(archive))]
    return Proposal(result=result, acts=True, rows=rows, finish=finish)


SPEC = ModuleSpec(prepare=prepare, options={"dest": {"type": "path", "required": True}})


def main() -> None:
    SPEC.main()


if __name__ == "__main__":
    main()
