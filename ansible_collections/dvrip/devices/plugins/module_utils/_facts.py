# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""What `device_info` returns: the library's values as plain ones that Ansible can keep."""

from __future__ import annotations

import collections
import dataclasses
import typing as t
from datetime import datetime, timedelta

from ansible_collections.dvrip.devices.plugins.module_utils import _network
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._module import Options, Task
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal, Result

# What only the device's own client needs, or what nobody may see.
_LEFT_OUT = frozenset({"raw", "password_hash"})
# PROTOCOL 4.1, and what makers and installers set, which everybody who looks for cameras tries first.
_FACTORY_PASSWORDS = (
    "tluafed", "default", "admin", "1234", "12345", "123456", "1234567", "12345678", "111111", "666666", "888888",
    "password",
)  # fmt: skip


async def prepare(task: Task) -> Proposal:
    """What `device_info` returns."""
    facts, warnings = await gather(task)
    return Proposal(result={"device": facts}, warnings=warnings)


async def gather(task: Task) -> tuple[Result, list[str]]:
    """The facts; a part that the device refuses is null, with a warning."""
    device, asked = await task.device(), task.options["gather_subset"]
    wanted = SUBSETS if "all" in asked else asked
    info = await device.system.info()
    facts: Result = {
        "host": device.host,
        "port": device.port,
        "login": device.entry.way,
        "channel_count": info.channel_count,
        **plain(info),
    }
    warnings: list[str] = []
    for subset, (keys, read) in _PARTS.items():
        if subset in wanted:
            try:
                facts |= dict(zip(keys, await read(device, task.options), strict=True))
            except dvrip_proto.RequestError as error:
                facts |= dict.fromkeys(keys)
                warnings.append(f"{subset}: {error}")
    return facts, warnings


def disks(found: t.Sequence[dvrip_proto.Disk]) -> list[Result]:
    """Disks as tasks name them: `disk` and `partition` count from 1."""
    told = plain(found)
    for at, disk in enumerate(told, start=1):
        del disk["number"]
        disk |= {
            "disk": at,
            "partitions": [_partition(*pair) for pair in enumerate(disk["partitions"], start=1)],
        }
    return t.cast("list[Result]", told)


def _partition(at: int, told: Result) -> Result:
    return {"partition": at, **{key: value for key, value in told.items() if key != "number"}}


def plain(value: t.Any) -> t.Any:
    """A value of the library as JSON has it: times as text, durations in seconds, sets as sorted lists."""
    match value:
        case datetime():
            return value.isoformat(" ")
        case timedelta():
            return int(value.total_seconds())
        case set() | frozenset():
            return sorted(value)
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
    if dataclasses.is_dataclass(value):
        names = [field.name for field in dataclasses.fields(value) if field.name not in _LEFT_OUT]
        return {name: plain(getattr(value, name)) for name in names}
    return value


async def _read_network(device: dvrip_proto.Device, _options: Options) -> tuple[t.Any]:
    """What the device has of its network: a model without name servers or DHCP still has an address."""
    common = await _read(device, _network.COMMON)
    dns, dhcp = [await _read_or_none(device, name) for name in (_network.DNS, _network.DHCP)]
    entries = [entry for entry in dhcp if isinstance(entry, dict)] if isinstance(dhcp, list) else []
    enabled = any(entry.get("Enable") for entry in entries) if entries else None
    return (_network.view(common or {}, enabled, dns),)


async def _read_or_none(device: dvrip_proto.Device, name: str) -> t.Any:
    try:
        return await _read(device, name)
    except dvrip_proto.UnsupportedError:
        return None


async def _read(device: dvrip_proto.Device, name: str) -> t.Any:
    return dvrip_proto.readable(await device.settings.get(name), dvrip_proto.spec_for(name))


async def _read_time(device: dvrip_proto.Device, _options: Options) -> tuple[t.Any]:
    return (plain(await device.system.time()),)


async def _read_channels(device: dvrip_proto.Device, _options: Options) -> tuple[t.Any]:
    return (await device.settings.get("ChannelTitle"),)


async def _read_channel_states(device: dvrip_proto.Device, _options: Options) -> tuple[t.Any]:
    channels = await device.system.channels()
    return ([{**plain(channel), "number": channel.number + 1} for channel in channels],)


async def _read_state(device: dvrip_proto.Device, _options: Options) -> tuple[t.Any]:
    state = await device.system.work_state()
    alarms = ("motion", "tamper", "video_loss", "alarm_inputs", "alarm_outputs")
    counted = {name: sorted(place + 1 for place in getattr(state, name)) for name in alarms}
    channels = [{"number": at, **plain(channel)} for at, channel in enumerate(state.channels, start=1)]
    return ({**counted, "channels": channels},)


async def _read_log(device: dvrip_proto.Device, options: Options) -> tuple[t.Any]:
    """The newest entries, the oldest of them first."""
    begin = (await device.system.time()) - timedelta(hours=options["log_hours"])
    entries: collections.deque[t.Any] = collections.deque(maxlen=options["log_limit"])
    async for entry in device.logs.entries(begin):
        entries.append(entry)
    return (plain(list(entries)),)


async def _read_upgrade(device: dvrip_proto.Device, _options: Options) -> tuple[t.Any]:
    return (plain(await device.upgrade.info()),)


async def _read_storage(device: dvrip_proto.Device, _options: Options) -> tuple[t.Any]:
    return (disks(await device.storage.disks()),)


async def _read_functions(device: dvrip_proto.Device, _options: Options) -> tuple[t.Any]:
    return (plain(await device.system.functions()),)


async def _read_accounts(device: dvrip_proto.Device, _options: Options) -> tuple[t.Any, t.Any]:
    users = await device.users.list()
    told = [{**plain(user), "known_password": _known_password(user)} for user in users]
    return told, plain(await device.users.groups())


def _known_password(user: dvrip_proto.User) -> str | None:
    """How everybody knows the password of this account; None for one of its own, or one that the device does not tell."""
    if user.password_hash == dvrip_proto.sofia_hash(""):
        return "empty"
    known = (dvrip_proto.sofia_hash(password) for password in (user.name, *_FACTORY_PASSWORDS))
    return "factory" if user.password_hash in known else None


_Read = t.Callable[[t.Any, Options], t.Awaitable[tuple[t.Any, ...]]]
_PARTS: dict[str, tuple[tuple[str, ...], _Read]] = {
    "accounts": (("users", "groups"), _read_accounts),
    "channel_states": (("channel_states",), _read_channel_states),
    "channels": (("channels",), _read_channels),
    "functions": (("functions",), _read_functions),
    "log": (("log",), _read_log),
    "network": (("network",), _read_network),
    "state": (("state",), _read_state),
    "storage": (("storage",), _read_storage),
    "time": (("time",), _read_time),
    "upgrade": (("upgrade",), _read_upgrade),
}
SUBSETS = tuple(_PARTS)
OPTIONS: dict[str, Options] = {
    "gather_subset": {
        "type": "list",
        "elements": "str",
        "choices": ["all", *SUBSETS],
        "default": ["network", "time"],
    },
    "log_hours": {"type": "int", "default": 24},
    "log_limit": {"type": "int", "default": 100},
}
