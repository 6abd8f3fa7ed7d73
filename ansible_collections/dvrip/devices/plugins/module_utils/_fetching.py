# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""Brings what a device has to files of the controller."""

from __future__ import annotations

import asyncio
import json
import typing as t
from datetime import datetime
from pathlib import Path

from ansible_collections.dvrip.devices.plugins.module_utils import _archives, _facts
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._module import Task
from ansible_collections.dvrip.devices.plugins.module_utils._numbers import channels_of
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal, Result
from ansible_collections.dvrip.devices.plugins.module_utils._session import Session

Made = t.Callable[[Session], t.Awaitable[bytes]]


async def prepare(task: Task) -> Proposal:
    """The files that are wanted, and how they are made."""
    return await _KINDS[task.options["what"]](task)


async def _snapshot(task: Task) -> Proposal:
    device = await task.device()
    info = await device.system.info()
    channels, every = _channels(task, info)
    now = (await device.system.time()).strftime("%Y%m%d-%H%M%S")
    names = {channel + 1: _name(info, f"channel{channel + 1}-{now}.jpg") for channel in channels}
    files = {name: _picture(number - 1) for number, name in names.items()}
    optional = {name: number for number, name in names.items()} if every else {}
    return _propose(task, files, optional=optional)


def _picture(channel: int) -> Made:
    async def make(session: Session) -> bytes:
        return await (await session.device()).snapshot.take(channel)

    return make


async def _logs(task: Task) -> Proposal:
    device, (begin, end) = await task.device(), await _span(task)
    info = await device.system.info()

    async def make(session: Session) -> bytes:
        entries = [entry async for entry in (await session.device()).logs.entries(begin, end)]
        return (json.dumps(_facts.plain(entries), indent=1, ensure_ascii=False, default=str) + "\n").encode()

    return _propose(task, {_name(info, "log.json"): make})


async def _diagnostics(task: Task) -> Proposal:
    info = await (await task.device()).system.info()

    async def make(session: Session) -> bytes:
        return (json.dumps(await (await session.device()).dump(), indent=1) + "\n").encode()

    return _propose(task, {_name(info, "diagnostics.json"): make})


async def _recordings(task: Task) -> Proposal:
    device, options, folder = await task.device(), task.options, Path(task.options["dest"])
    begin, end = await _span(task)
    if begin is None or end is None:
        raise dvrip_proto.UsageError(f"{task.where}: since: a begin is needed")
    info, found = await device.system.info(), []
    channels, dummy = _channels(task, info)
    for channel in channels:
        async for recording in device.recordings.search(begin, end, channel=channel):
            found.append(recording)
            if len(found) > options["limit"]:
                raise dvrip_proto.UsageError(
                    f"{task.where}: there are more than {options['limit']} recordings: ask for less time, or raise `limit`"
                )
    entries = []
    for recording in found:
        stamp = recording.begin.strftime("%Y%m%d-%H%M%S") if recording.begin else "unknown"
        path = folder / _name(info, f"channel{recording.channel + 1}-{stamp}.{recording.kind}")
        there = await asyncio.to_thread(path.is_file)
        entries.append((recording, path, {"path": str(path), "changed": not there}))
    missing = [(recording, path) for recording, path, entry in entries if entry["changed"]]

    async def finish(session: Session) -> Result:
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        for at, (recording, path) in enumerate(missing):
            session.say(f"recording {at + 1} of {len(missing)}: {path.name}")
            await (await session.device()).recordings.save(recording, path, resume=True)
            session.written.append(str(path))
        return {"files": [await _described(entry) for dummy, unused, entry in entries]}

    files = [await _described(entry) for dummy, unused, entry in entries]
    return Proposal(result={"files": files}, acts=bool(missing), finish=finish)


async def _described(entry: Result) -> Result:
    return {**entry, **await asyncio.to_thread(_archives.measured, Path(entry["path"]))}


def _propose(task: Task, files: dict[str, Made], *, optional: t.Mapping[str, int] | None = None) -> Proposal:
    """Files of now: each is made and written. `optional` files are of these channels (from 1)."""
    folder = Path(task.options["dest"])

    async def finish(session: Session) -> Result:
        written, skipped = [], []
        for name, make in files.items():
            session.say(f"fetching {name}")
            try:
                data = await make(session)
            except dvrip_proto.RequestError as error:
                if optional is None or name not in optional:
                    raise
                skipped.append({"channel": optional[name], "file": name, "reason": str(error)})
                continue
            path = folder / name
            await asyncio.to_thread(_archives.write, path, data)
            session.written.append(str(path))
            written.append(
                {"path": str(path), "changed": True, "size": len(data), "sha256": _archives.checksum(data)}
            )
        return {"files": written, **({"skipped_channels": skipped} if skipped else {})}

    entries = [{"path": str(folder / name), "changed": True} for name in files]
    return Proposal(result={"files": entries}, acts=True, finish=finish)


def _name(info: dvrip_proto.SystemInfo, rest: str) -> str:
    serial = "".join(letter for letter in info.serial if letter.isalnum()) or "device"
    return f"{serial}-{rest}"


def _channels(task: Task, info: dvrip_proto.SystemInfo) -> tuple[t.Sequence[int], bool]:
    """The channels that are wanted, and whether these are all."""
    given, count = task.options["channel"], info.channel_count
    chosen = channels_of(task.options["what"], 1 if given is None else given)
    if chosen is None:
        return range(count), True
    for channel in chosen:
        if channel >= count > 0:
            raise dvrip_proto.UsageError(
                f"{task.where}: there is no channel {channel + 1}, the device has {count}"
            )
    return chosen, False


async def _span(task: Task) -> tuple[datetime | None, datetime | None]:
    begin, end = (_time(task, name) for name in ("since", "until"))
    if begin is not None and end is None:
        end = await (await task.device()).system.time()
    if begin is not None and end is not None and end <= begin:
        raise dvrip_proto.UsageError(f"{task.where}: until {end} is not after since {begin}")
    return begin, end


def _time(task: Task, name: str) -> datetime | None:
    text = task.options[name]
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise dvrip_proto.UsageError(
            f'{task.where}: {name}: {text!r} is no time such as "2026-01-31 08:00:00", in quotes'
        ) from error
    if moment.tzinfo is not None:
        raise dvrip_proto.UsageError(
            f"{task.where}: {name}: {text!r} names a zone: times are the device's own, such as 2026-01-31 08:00:00"
        )
    return moment


_KINDS: dict[str, t.Callable[[Task], t.Awaitable[Proposal]]] = {
    "snapshot": _snapshot,
    "recordings": _recordings,
    "logs": _logs,
    "diagnostics": _diagnostics,
}
