# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""Looking for the devices of a fleet: many at once, and never so often that an account is locked."""

from __future__ import annotations

import asyncio
import contextlib
import typing as t
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from ansible_collections.dvrip.devices.plugins.module_utils._endpoint import (
    REFUSALS_MAX,
    Endpoint,
)
from ansible_collections.dvrip.devices.plugins.module_utils._fleet import Record, harmless, merged
from ansible_collections.dvrip.devices.plugins.module_utils._fleet_targets import Target
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._memory import Memory
from ansible_collections.dvrip.devices.plugins.module_utils._session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Where to look, and how."""

    broadcast: t.Sequence[str]
    targets: t.Sequence[Target]
    interface: str
    discovery_port: int
    wait_s: float
    timeout_s: float
    parallel: int
    facts: bool
    username: str
    passwords: tuple[str, ...] = field(repr=False)
    folder: str | None = None  # where the controller remembers refused passwords
    warn: t.Callable[[str], None] = print


async def found(search: Search, expected: t.Sequence[Record], kept: t.Sequence[Record]) -> list[Record]:
    """Every device that answers, and with it what it says of itself."""
    heard = await _heard(search) if search.broadcast else []
    places = {(record["host"], record["port"]): record for record in heard}
    for record in (*expected, *kept):
        # Where it was: who is off, or behind a router, does not answer a broadcast.
        if record.get("host") and (record["host"], record["port"]) not in places:
            places[record["host"], record["port"]] = {"host": record["host"], "port": record["port"]}
    sure = set()
    for target in search.targets:
        places.setdefault((target.host, target.port), {"host": target.host, "port": target.port})
        if target.sure:
            sure.add((target.host, target.port))
    # A thread for each name that is looked up: names that no server answers for must not hold up the others.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(search.parallel))
    gate = asyncio.Semaphore(search.parallel)
    looked = await asyncio.gather(*(_looked_at(search, record, gate) for record in places.values()))
    answered = [record for record in looked if record["online"]]
    silent = [record for record in looked if not record["online"] and _place(record) in sure]
    return [*answered, *silent]


def fleet(search: Search, expected: t.Sequence[Record], kept: t.Sequence[Record]) -> list[Record]:
    """Every device of the fleet, the silent ones included."""
    return merged(asyncio.run(found(search, expected, kept)), expected, kept)


def _place(record: Record) -> tuple[str, int]:
    return record["host"], record["port"]


async def _heard(search: Search) -> list[Record]:
    """Who answers a broadcast."""
    records = []
    answers = dvrip_proto.discover(
        targets=search.broadcast,
        port=search.discovery_port,
        timeout_s=search.wait_s,
        interface=search.interface,
    )
    try:
        async with contextlib.aclosing(answers):
            async for one in answers:
                told = {
                    "serial": one.serial,
                    "mac": one.mac,
                    "hostname": one.hostname,
                    "firmware": one.firmware,
                    "channels": one.channels,
                }
                told = {key: harmless(value) for key, value in told.items()}
                records.append({"host": one.host, "port": one.port, **told, "online": True})
    except dvrip_proto.TransportError as error:
        search.warn(f"no broadcast: {error}")
    return records


async def _looked_at(search: Search, record: Record, gate: asyncio.Semaphore) -> Record:
    async with gate:
        if search.facts and search.passwords:
            return await _logged_in(search, record)
        if record.get("online"):
            return record
        return {**record, "online": await _is_open(record, search.timeout_s)}


async def _is_open(record: Record, timeout_s: float) -> bool:
    try:
        async with asyncio.timeout(timeout_s):
            _reader, writer = await asyncio.open_connection(record["host"], record["port"])
    except (OSError, TimeoutError, ValueError):  # ValueError: what cannot be a name
        return False
    writer.close()
    return True


async def _logged_in(search: Search, record: Record) -> Record:
    """What a device says of itself to somebody who may ask; why it does not is `login`."""
    endpoint = Endpoint(
        host=record["host"],
        port=record["port"],
        username=search.username,
        password=search.passwords[0],
        candidates=search.passwords[1:],
        timeout_s=search.timeout_s,
    )
    memory = Memory(search.folder, str(endpoint))
    # One less than plays may: reading the inventory must not use up the try that a rotation needs.
    if memory.refusals(search.username) >= REFUSALS_MAX - 1:
        text = (
            "not tried: passwords were refused lately, and devices lock accounts; a task that logs in, or half an hour, "
            "ends that"
        )
        online = bool(record.get("online")) or await _is_open(record, search.timeout_s)
        return {**record, "online": online, "login": text}
    session = Session(endpoint, search.folder)
    try:
        device = await session.device()
        info = await device.system.info()
        mac = await _mac(device)
    except dvrip_proto.AuthenticationError as error:
        return {**record, "online": True, "login": f"refused (Ret {error.ret})" if error.ret else str(error)}
    except (dvrip_proto.TransportError, dvrip_proto.UsageError) as error:
        return {**record, "online": bool(record.get("online")), "login": str(error)}
    except dvrip_proto.DvripError as error:
        return {**record, "online": True, "login": str(error)}
    finally:
        await session.close()
    return {**record, **_facts(device, info), **mac, "online": True, "login": "ok"}


def _facts(device: dvrip_proto.Device, info: dvrip_proto.SystemInfo) -> Record:
    told = {
        "serial": info.serial,
        "hardware": info.hardware,
        "model": info.model,
        "firmware": info.firmware,
        "build_time": info.build_time.isoformat(" ") if info.build_time else "",
        "channels": info.channel_count,
        "device_type": device.login_reply.device_type,
    }
    return {key: harmless(value) for key, value in told.items() if value not in (None, "")}


async def _mac(device: dvrip_proto.Device) -> Record:
    """The MAC address and the name; a device that does not tell them has none."""
    try:
        common = await device.settings.get("NetWork.NetCommon")
    except dvrip_proto.RequestError:
        return {}
    if not isinstance(common, dict):
        return {}
    told = {"mac": str(common.get("MAC") or "").strip().lower(), "hostname": common.get("HostName")}
    return {key: harmless(value) for key, value in told.items() if isinstance(value, str) and value}
