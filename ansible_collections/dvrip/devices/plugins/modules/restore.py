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
  - When the file moves the device to another address or port, the task follows it there, and tells in RV(host) and RV(port) where
    it is. The inventory still has the old address afterwards.
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
      - Each of these dangers that was allowed is a warning of the task.
    type: bool
    default: false
  wait_timeout:
    description: Seconds until the device must be back, V(0) or more.
    type: int
    default: 300
  wait_host:
    description:
      - Where to wait for a device that the file moves, when that is not the address in the file. Useful where the file switches
        DHCP on.
    type: str
extends_documentation_fragment:
  - dvrip.devices._device
  - dvrip.devices._restart
  - dvrip.devices._attributes
  - dvrip.devices._attributes.changes
attributes:
  diff_mode:
    support: partial
    details:
      - Only the checksums are shown.
  idempotent:
    support: partial
    details:
      - Where the device fills in what it knows better, which RV(verified) tells, the next run puts the file back again.
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
  register: restored

- name: Go on where the recorder is now
  ansible.builtin.set_fact:
    ansible_host: "{{ restored.host }}"
    ansible_port: "{{ restored.port | string }}"
  when: restored is changed
"""

RETURN = r"""
host:
  description: Where the device is reached after the task. In check mode, where it would be.
  returned: success
  type: str
  sample: 192.168.1.10
port:
  description: The port there.
  returned: success
  type: int
  sample: 34567
changes:
  description: What changed or, in check mode, would change; before and after are checksums of what the archive holds.
  returned: when there is anything
  type: list
  elements: dict
  sample: [{"object": "configuration", "path": "content", "before": "60303ae22b998861", "after": "9f86d081884c7d65"}]
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
from ansible_collections.dvrip.devices.plugins.module_utils._follow import CONFIGURATION, follow, is_same
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._module import ModuleSpec, Task
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
    dangers = await device.backup.dangers(archive) if options["allow_disconnect"] else ()
    goes_to, port = dvrip_proto.destination(dangers)
    host = goes_to or device.host
    if options["wait_host"] and any(not danger.lasting for danger in dangers):
        host = options["wait_host"]
    place: Result = {"host": host, "port": port or device.port}
    present = await device.backup.export()
    result: Result = {**place, "sha256": _archives.checksum(archive)}
    if _archives.same_content(present, archive):
        return Proposal(result=result)
    return Proposal(
        result=result,
        acts=True,
        rows=[row(CONFIGURATION, "content", _archives.fingerprint(present), _archives.fingerprint(archive))],
        warnings=[f"{task.where}: the file: allowed: {danger}" for danger in dangers],
        finish=lambda session: _restore(session, archive, info.serial, options["wait_timeout"], place),
    )


async def _restore(session: Session, archive: bytes, serial: str, within_s: float, place: Result) -> Result:
    """Put the archive back, and log in where the device is afterwards."""
    old = session.endpoint
    leaves = place != {"host": old.host, "port": old.port}
    session.say("writing the configuration")
    device = await session.device()
    due, uptime = False, (await device.system.info()).uptime
    try:
        with session.in_doubt(CONFIGURATION):
            due = (await device.backup.restore(archive, allow_disconnect=True)).reboot_needed
    except dvrip_proto.TransportError:
        if not leaves:  # a device that moves may be gone before it answers
            raise
    session.say("written, waiting until it answers")
    stays = await _find_again(session, serial, within_s, place if leaves else {})
    device = await session.device()
    verified = _archives.same_content(await device.backup.export(), archive)
    if CONFIGURATION in session.uncertain:
        session.uncertain.remove(CONFIGURATION)
        if stays and not verified:
            raise dvrip_proto.NotAppliedError(
                f"{old}: no answer to the configuration, and the device did not take it over",
                name=CONFIGURATION,
            )
        session.written.append(CONFIGURATION)
    result: Result = {"host": device.host, "port": device.port, "verified": verified}
    if stays:
        session.moves_to = dict(place)
    restarted = (await device.system.info()).uptime < uptime
    result["reboot_required"] = stays or (due and not restarted)
    return result


async def _find_again(session: Session, serial: str, within_s: float, place: Result) -> bool:
    """Log in where the device is now; True when it is to move to `place` and waits for a restart."""
    try:
        if place:
            return await follow(session, serial, within_s=within_s, **place)
        await session.reopen(within_s=within_s, accept=is_same(serial))
    except dvrip_proto.AuthenticationError as error:
        text = "the device may have the accounts of the file now, with the passwords of the day it was made"
        raise dvrip_proto.AuthenticationError(f"{error}: {text}", ret=error.ret) from error
    return False


SPEC = ModuleSpec(
    prepare=prepare,
    restarts=True,
    verifies=False,
    options={
        "src": {"type": "path", "required": True},
        "confirm": {"type": "str", "required": True},
        "match": {"type": "str", "choices": ["serial", "hardware", "any"], "default": "serial"},
        "allow_disconnect": {"type": "bool", "default": False},
        "wait_timeout": {"type": "int", "default": 300},
        "wait_host": {"type": "str"},
    },
)


def main() -> None:
    SPEC.main()


if __name__ == "__main__":
    main()
