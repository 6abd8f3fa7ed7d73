#!/usr/bin/python
# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: storage
short_description: Manages the disks and cards of a device
version_added: 0.1.0
author:
  - The DVRIP project (@dvrip)
description:
  - Formats disks that are not formatted, says what their partitions are for, and what happens when they are full.
  - Formatting loses all recordings. Therefore the serial number of the device has to be given for it.
options:
  disks:
    description: The disks that are meant.
    type: list
    elements: dict
    default: []
    suboptions:
      disk:
        description: Place of the disk in the device's list, from V(1).
        type: int
        required: true
      partition:
        description: Place of the partition in the disk, from V(1).
        type: int
        default: 1
      state:
        description:
          - With V(present) the disk must be there, with V(formatted) it is formatted where it is not, and with V(erased) it is
            formatted at every run.
        type: str
        choices: [present, formatted, erased]
        default: present
      use:
        description: What the partition is for.
        type: str
        choices: [read-write, read-only, event, redundant, snapshot]
  when_full:
    description: What happens when the disk is full.
    type: str
    choices: [overwrite, stop]
  missing:
    description:
      - What to do about O(when_full) on a model that cannot be told it. With V(skip) the rest is done, and what was left out is
        told in RV(skipped_objects) and in a warning. A disk that is not there always fails the task.
    type: str
    choices: [fail, skip]
    default: fail
  confirm:
    description: Serial number of the device that is meant. Needed for V(formatted) and V(erased).
    type: str
extends_documentation_fragment:
  - dvrip.devices._device
  - dvrip.devices._restart
  - dvrip.devices._attributes
  - dvrip.devices._attributes.changes
seealso:
  - module: dvrip.devices.device_info
  - module: dvrip.devices.fetch
"""

EXAMPLES = r"""
- name: Prepare the card of a new camera
  dvrip.devices.storage:
    disks:
      - disk: 1
        state: formatted
    when_full: overwrite
    confirm: 2a981919678907c1
"""

RETURN = r"""
changes:
  description: What changed or, in check mode, would change, with object, path, before and after.
  returned: when there is anything
  type: list
  elements: dict
  sample: [{"object": "disk 1 partition 1", "path": "use", "before": "read-write", "after": "redundant"}]
disks:
  description: Disks and cards as the device tells them before the change, with their partitions.
  returned: success
  type: list
  elements: dict
  sample: [{"disk": 1, "formatted": true, "partitions": [{"partition": 1, "kind": "read-write", "total_mib": 953869}]}]
skipped_objects:
  description: What this model does not have, with the options that were left out and the reason.
  returned: with O(missing) V(skip), when there are any
  type: list
  elements: dict
  sample:
    - name: General.General
      options: [when_full]
      reason: "192.168.1.10:34567: when_full: General.General: the configuration does not exist (Ret 607, request 1042 CONFIG_GET)"
"""

from ansible_collections.dvrip.devices.plugins.module_utils import _facts, _plans
from ansible_collections.dvrip.devices.plugins.module_utils._confirm import check_serial
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._missing import MISSING_OPTION, Parts
from ansible_collections.dvrip.devices.plugins.module_utils._module import ModuleSpec, Options, Task
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal, Result, Step, row
from ansible_collections.dvrip.devices.plugins.module_utils._session import Session

_FULL = {"overwrite": "OverWrite", "stop": "StopRecord"}


async def prepare(task: Task) -> Proposal:
    device, options = await task.device(), task.options
    if any(item["state"] in ("formatted", "erased") for item in options["disks"]):
        check_serial(task, (await device.system.info()).serial)
    disks = await device.storage.disks()
    parts = Parts(device, options)
    steps: list[Step] = []
    for item in options["disks"]:
        steps += _steps(task, item, disks)
    if options["when_full"] is not None:
        wish = {"OverWrite": _FULL[options["when_full"]]}
        steps += _plans.steps([await parts.plan("General.General", wish, {"OverWrite": "when_full"})])
    result: Result = {"disks": _facts.disks(disks), **parts.told()}
    return Proposal(result=result, steps=steps, warnings=parts.warnings)


def _steps(task: Task, item: Options, disks: list[dvrip_proto.Disk]) -> list[Step]:
    at, part = item["disk"] - 1, item["partition"] - 1
    if not 0 <= at < len(disks):
        raise dvrip_proto.UsageError(
            f"{task.where}: there is no disk {item['disk']}, the device has {len(disks)}"
        )
    disk, label = disks[at], f"disk {item['disk']} partition {item['partition']}"
    if part < 0 or (disk.formatted and part >= len(disk.partitions)):
        raise dvrip_proto.UsageError(
            f"{task.where}: there is no {label}, the disk has {len(disk.partitions)}"
        )
    found = []
    if item["state"] == "erased" or (item["state"] == "formatted" and not disk.formatted):
        before = "formatted" if disk.formatted else "not formatted"
        found.append(_format(at, part, label, [row(label, "content", before, "erased")]))
    use = disk.partitions[part].kind if part < len(disk.partitions) else ""
    if item["use"] not in (None, use):
        found.append(_use(at, part, label, item["use"], [row(label, "use", use or None, item["use"])]))
    return found


def _format(at: int, part: int, label: str, rows: list[Result]) -> Step:
    async def write(session: Session) -> bool:
        device = await session.device()
        return await device.storage.clear(at, part, confirm=dvrip_proto.ERASE)

    async def left(_session: Session) -> list[Result] | None:
        return None  # nobody can tell an empty disk from one that was empty before

    return Step(label=f"{label} erased", write=write, left=left, rows=rows)


def _use(at: int, part: int, label: str, use: str, rows: list[Result]) -> Step:
    async def write(session: Session) -> bool:
        restart = await (await session.device()).storage.set_use(at, part, use)
        if await left(session):
            raise dvrip_proto.NotAppliedError(
                f"{session.endpoint}: {label}: the device did not make it {use}", name=label
            )
        return restart

    async def left(session: Session) -> list[Result]:
        parts = (await (await session.device()).storage.disks())[at].partitions
        return [] if part < len(parts) and parts[part].kind == use else rows

    return Step(label=f"{label} use", write=write, left=left, rows=rows)


SPEC = ModuleSpec(
    prepare=prepare,
    options={
        "disks": {
            "type": "list",
            "elements": "dict",
            "default": [],
            "options": {
                "disk": {"type": "int", "required": True},
                "partition": {"type": "int", "default": 1},
                "state": {"type": "str", "choices": ["present", "formatted", "erased"], "default": "present"},
                "use": {
                    "type": "str",
                    "choices": ["read-write", "read-only", "event", "redundant", "snapshot"],
                },
            },
        },
        "when_full": {"type": "str", "choices": ["overwrite", "stop"]},
        **MISSING_OPTION,
        "confirm": {"type": "str"},
    },
    restarts=True,
    verifies=False,
    rehearsal={"when_full": "overwrite"},
)


def main() -> None:
    SPEC.main()


if __name__ == "__main__":
    main()
