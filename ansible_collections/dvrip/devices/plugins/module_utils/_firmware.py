# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""Chooses the firmware for a device, and puts it there phase by phase."""

from __future__ import annotations

import asyncio
import hashlib
import time
from datetime import timedelta
from pathlib import Path

from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._module import Options, Task
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal, Result, row
from ansible_collections.dvrip.devices.plugins.module_utils._session import Session

_SUMS = "SHA256SUMS"
_ONE_DAY = timedelta(days=1)
_STEP = 10  # per cent between two lines of progress


async def prepare(task: Task) -> Proposal:
    """The file for this device, and whether it must be sent."""
    device, options = await task.device(), task.options
    info, takes = await device.system.info(), await device.upgrade.info()
    try:
        firmware, checksum = await asyncio.to_thread(_choose, options, takes, info.firmware)
        result: Result = {
            "before_version": info.firmware,
            "after_version": info.firmware,
            "file": str(firmware.path),
            "sha256": checksum,
        }
        if _is_there(firmware, info, options["version"]):
            return Proposal(result=result)
        _refuse_older(firmware, info, options)
    except dvrip_proto.UnsupportedError as error:
        if options["missing"] == "fail":
            raise dvrip_proto.UnsupportedError(f"{task.where}: {error}") from error
        there = {"before_version": info.firmware, "after_version": info.firmware}
        return Proposal(result={**there, "skipped_reason": f"{task.where}: {error}"})
    except dvrip_proto.UsageError as error:
        raise dvrip_proto.UsageError(f"{task.where}: {error}") from error
    change = row("firmware", "version", info.firmware, options["version"] or firmware.path.name)
    return Proposal(
        result=result,
        acts=True,
        rows=[change],
        finish=lambda session: _install(session, firmware, options),
    )


def _choose(
    options: Options, takes: dvrip_proto.UpgradeInfo, version: str
) -> tuple[dvrip_proto.Firmware, str]:
    """The file and its checksum; UsageError when none is for this device, or it is not what it should be."""
    src = Path(options["src"])
    firmware = _of_folder(src, takes, version) if src.is_dir() else dvrip_proto.Firmware.read(src)
    reasons = firmware.misfits(takes, version)
    if reasons and not options["force"]:
        raise dvrip_proto.UnsupportedError(f"{firmware.path} is not for this device: {'; '.join(reasons)}")
    with firmware.path.open("rb") as file:
        checksum = hashlib.file_digest(file, "sha256").hexdigest()
    for wanted, whose in (
        (options["sha256"], "sha256"),
        (_listed_sum(firmware.path), f"{_SUMS} of the folder"),
    ):
        if wanted is not None and wanted.casefold() != checksum:
            raise dvrip_proto.UsageError(f"{firmware.path}: its sha256 is {checksum}, {whose} says {wanted}")
    return firmware, checksum


def _of_folder(folder: Path, takes: dvrip_proto.UpgradeInfo, version: str) -> dvrip_proto.Firmware:
    """The newest file of a folder that is for this device, by the date in its name."""
    fitting, others, foreign = [], [], False
    for path in sorted(folder.iterdir()):
        if not path.is_file() or path.name.startswith(".") or path.name == _SUMS:
            continue
        try:
            firmware = dvrip_proto.Firmware.read(path)
        except dvrip_proto.UsageError as error:
            others.append(str(error))
            continue
        reasons = firmware.misfits(takes, version)
        if reasons:
            others.append(f"{path.name}: {reasons[0]}")
            foreign = True
        else:
            fitting.append(firmware)
    if not fitting:
        found = "; ".join(others) or "it is empty"
        text = f"{folder} has no firmware for hardware {takes.hardware}: {found}"
        raise (dvrip_proto.UnsupportedError if foreign else dvrip_proto.UsageError)(text)
    undated = [firmware.path.name for firmware in fitting if firmware.date is None]
    if len(fitting) > 1 and undated:
        raise dvrip_proto.UsageError(
            f"{folder} has {len(fitting)} files for hardware {takes.hardware}, and {undated[0]} tells no date: name the file"
        )
    return max(fitting, key=lambda firmware: str(firmware.date or ""))


def _listed_sum(path: Path) -> str | None:
    """What SHA256SUMS beside a file says of it; UsageError when that file is there and leaves it out."""
    sums = path.parent / _SUMS
    if not sums.is_file():
        return None
    for line in sums.read_text(encoding="utf-8").splitlines():
        checksum, dummy, name = line.strip().partition(" ")
        if name.strip().lstrip("*") == path.name:
            return checksum
    raise dvrip_proto.UsageError(f"{path}: {sums} does not list it")


def _is_there(firmware: dvrip_proto.Firmware, info: dvrip_proto.SystemInfo, version: str | None) -> bool:
    if version is not None:
        return _is_version(info, version)
    installed = firmware.is_installed(info.firmware, info.build_time)
    if installed is None:
        raise dvrip_proto.UsageError(
            f"{firmware.path}: its name tells no release and date, so that nobody knows whether the device has it: "
            "say `version`"
        )
    return installed


def _is_version(info: dvrip_proto.SystemInfo, version: str) -> bool:
    built = info.build_time.date().isoformat() if info.build_time else ""
    return version.strip().casefold() in (info.firmware.casefold(), built)


def _refuse_older(firmware: dvrip_proto.Firmware, info: dvrip_proto.SystemInfo, options: Options) -> None:
    if options["allow_downgrade"] or firmware.date is None or info.build_time is None:
        return
    built = info.build_time.date()
    if firmware.date < built - _ONE_DAY:
        raise dvrip_proto.UsageError(
            f"{firmware.path} is of {firmware.date}, and the device has firmware of {built}: it would be a downgrade, "
            "which needs allow_downgrade"
        )


def _wrong(
    firmware: dvrip_proto.Firmware,
    before: dvrip_proto.SystemInfo,
    after: dvrip_proto.SystemInfo,
    version: str | None,
) -> str:
    """Why an upgrade that ended well is none; without a word the next run would burn the file again."""
    if version is not None:
        return f"not {version}"
    if (before.firmware, before.build_time) == (after.firmware, after.build_time):
        return f"nothing is new, {firmware.path.name} was not taken over"
    built = after.build_time.date() if after.build_time else after.firmware
    return (
        f"that is not what the name {firmware.path.name} says, so the next run would send it again: "
        f'say `version: "{built}"` when it is right'
    )


async def _install(session: Session, firmware: dvrip_proto.Firmware, options: Options) -> Result:
    device, started_at = await session.device(), time.monotonic()
    said: tuple[str, int] = ("", 0)

    def progress(at: dvrip_proto.UpgradeProgress) -> None:
        nonlocal said
        session.phase = at.phase.value
        if at.phase is dvrip_proto.UpgradePhase.BURNING and "firmware" not in session.uncertain:
            session.uncertain.append("firmware")  # from here on nobody can take it back
        if at.phase.value != said[0] or at.percent >= said[1] + _STEP:
            said = at.phase.value, at.percent
            session.say(f"firmware: {at.phase.value} {at.percent} %")

    session.phase = "sending"
    running = asyncio.ensure_future(
        device.upgrade.install(
            firmware,
            force=options["force"],
            progress=progress,
            silence_s=options["burn_timeout"],
            back_s=options["reboot_timeout"],
        )
    )
    done, dummy = await asyncio.wait({running}, timeout=options["upload_timeout"])
    if not done and session.phase == "sending":
        running.cancel()  # the library tells the device to forget what it got
        await asyncio.gather(running, return_exceptions=True)
        raise dvrip_proto.RequestError(
            f"{session.endpoint}: {firmware.path} was not sent within {options['upload_timeout']} s: given up, nothing is changed"
        )
    upgraded = await running
    await session.close()
    session.uncertain.clear()
    session.written.append("firmware")
    session.memory.forget_restart()
    before, after = upgraded.before, upgraded.after
    told = f"{before.firmware} ({before.build_time}) -> {after.firmware} ({after.build_time})"
    if not _is_there(firmware, after, options["version"]):
        raise dvrip_proto.NotAppliedError(
            f"{session.endpoint}: after the upgrade: {told}: {_wrong(firmware, before, after, options['version'])}",
            name="firmware",
        )
    session.say(f"firmware: {before.firmware} -> {after.firmware}")
    return {
        "after_version": after.firmware,
        "bytes_sent": firmware.size,
        "elapsed": round(time.monotonic() - started_at, 1),
        "msg": told,
    }
