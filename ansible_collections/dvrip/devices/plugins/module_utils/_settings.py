# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""From settings by name to plans of the objects that hold them."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.dvrip.devices.plugins.module_utils import _plans
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._missing import named
from ansible_collections.dvrip.devices.plugins.module_utils._module import Options, Task
from ansible_collections.dvrip.devices.plugins.module_utils._numbers import channels_of
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal, Result
from ansible_collections.dvrip.devices.plugins.module_utils._setting_options import DEVICE, LISTS

Values = dict[str, t.Any]


@dataclass(slots=True)
class _Wanted:
    """Values of one object's settings: the device's own or of all its channels, and of single channels, from 0."""

    for_all: Values = field(default_factory=dict)
    of_channel: dict[int, Values] = field(default_factory=dict)


def wanted_of(options: Options) -> dict[str, _Wanted]:
    """Values by object. UsageError where two entries want different things of one channel."""
    found: dict[str, _Wanted] = {}
    for key in DEVICE:
        if options[key] is not None:
            found.setdefault(dvrip_proto.control(key).object, _Wanted()).for_all[key] = options[key]
    for name, (number, keys) in LISTS.items():
        for item in options[name]:
            channels = channels_of(name, item[number])
            for key in keys:
                if item[key] is None:
                    continue
                of_object = found.setdefault(dvrip_proto.control(key).object, _Wanted())
                places = [of_object.for_all] if channels is None else [
                    of_object.of_channel.setdefault(channel, {}) for channel in channels
                ]  # fmt: skip
                for values in places:
                    if values.setdefault(key, item[key]) != item[key]:
                        raise dvrip_proto.UsageError(
                            f"{name}: {item[number]}: {key} is there twice, with different values"
                        )
    return found


async def prepare(task: Task) -> Proposal:
    """The plans of every object that the settings are in."""
    device, options = await task.device(), task.options
    try:
        wanted = wanted_of(options)
    except dvrip_proto.UsageError as error:
        raise dvrip_proto.UsageError(f"{task.where}: {error}") from error
    plans, skipped = [], []
    for name, values in wanted.items():
        if options["missing"] == "skip":
            skipped += await _leave_out_missing(device, name, values)
        if values.for_all or values.of_channel:
            plans.append(await _plan_or_name(device, name, values))
    allowed = options["allow_disconnect"]
    for plan in () if allowed else plans:
        device.settings.check(plan)
    warnings = _plans.allowed(task.where, plans) if allowed else []
    result: Result = {}
    if options["return"] == "full":
        result["objects"] = [_plans.entry(plan, full=True) for plan in plans]
    if skipped:
        result["skipped_settings"] = skipped
    return Proposal(result=result, steps=_plans.steps(plans, allow_disconnect=allowed), warnings=warnings)


async def _plan_or_name(device: dvrip_proto.Device, name: str, wanted: _Wanted) -> dvrip_proto.Plan:
    """The plan; UnsupportedError names the settings that the device does not have."""
    try:
        return await _plan(device, name, wanted)
    except (dvrip_proto.UnsupportedError, dvrip_proto.UsageError) as error:
        lacking = await _leave_out_missing(device, name, wanted)
        if not lacking:
            raise
        keys = " and ".join(
            f"{one['setting']} of channel {one['channel']}" if "channel" in one else one["setting"]
            for one in lacking
        )
        reason = dvrip_proto.UnsupportedError(lacking[0]["reason"], name=name)
        raise named(f"{device.host}:{device.port}", keys, reason) from error


async def _plan(device: dvrip_proto.Device, name: str, wanted: _Wanted) -> dvrip_proto.Plan:
    if not wanted.of_channel:
        return await device.settings.plan(name, _tree(name, wanted.for_all))
    if not wanted.for_all and len(wanted.of_channel) == 1:
        ((channel, values),) = wanted.of_channel.items()
        return await device.settings.plan(name, _tree(name, values), channel=channel)
    count = max(wanted.of_channel) + 1
    present = list(range(count))
    if wanted.for_all:
        tree = await device.settings.get(name)
        elements = tree if isinstance(tree, list) else []
        present = [at for at, element in enumerate(elements) if element] + [
            at for at in wanted.of_channel if at >= len(elements)
        ]
    wishes: list[t.Any] = [None] * (max(present, default=-1) + 1)
    for at in present:
        values = {**wanted.for_all, **wanted.of_channel.get(at, {})}
        wishes[at] = _tree(name, values) if values else None
    return await device.settings.plan(name, wishes)


def _tree(name: str, values: Values) -> t.Any:
    return dvrip_proto.wishes(values)[name]


async def _leave_out_missing(device: dvrip_proto.Device, name: str, wanted: _Wanted) -> list[Result]:
    """Take out of the wish what the device does not have, and tell it."""
    try:
        tree = await device.settings.get(name)
        reason = ""
    except dvrip_proto.UnsupportedError as error:
        tree, reason = None, str(error)
    skipped: list[Result] = []
    for channel, values in ((None, wanted.for_all), *wanted.of_channel.items()):
        for key in list(values):
            control = dvrip_proto.control(key)
            places = {place for place, dummy in control.values(tree)}
            there = bool(places) if channel is None else channel in places
            beyond = channel is not None and isinstance(tree, list) and channel >= len(tree)
            if not there and not beyond:
                del values[key]
                numbered: Result = {} if channel is None else {"channel": channel + 1}
                lacks = f"{device.host}:{device.port}: {name}: this device has no {control.path or 'such setting'}"
                skipped.append({"setting": key, **numbered, "reason": reason or lacks})
    wanted.of_channel = {channel: values for channel, values in wanted.of_channel.items() if values}
    return skipped
