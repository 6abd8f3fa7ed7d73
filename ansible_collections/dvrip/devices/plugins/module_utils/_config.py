# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""From the objects that a task wishes to plans."""

from __future__ import annotations

import contextlib
import json
import typing as t
from pathlib import Path

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.dvrip.devices.plugins.module_utils import _plans, _texts
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._module import Options, Task
from ansible_collections.dvrip.devices.plugins.module_utils._numbers import channels_of
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal, Result
from ansible_collections.dvrip.devices.plugins.module_utils._secrets import hidden_leaves
from ansible_collections.dvrip.devices.plugins.module_utils._session import Session

_MASKED = "********"  # how results show a secret; written back it means the one that the device has
_CHOICES = {
    "state": ("merged", "replaced", "default"),
    "lists": ("by_place", "replaced"),
    "missing": ("fail", "skip"),
}


def object_options(*, defaults: bool = False) -> dict[str, Options]:
    """The options of one object beside its name; an entry of a list inherits the defaults of the task."""
    found: dict[str, Options] = {"channel": {"type": "raw"}, "config": {"type": "raw"}}
    for name, choices in _CHOICES.items():
        found[name] = {"type": "str", "choices": list(choices)}
        if defaults:
            found[name]["default"] = choices[0]
    return found


ITEM: dict[str, Options] = {"name": {"type": "str", "required": True}, **object_options()}


def _items(options: Options) -> list[Options]:
    """The entries of the task, wherever it has them. UsageError for a file that has none."""
    if options.get("from_file"):
        return _of_file(options["from_file"])
    if options.get("objects") is not None:
        found: list[Options] = options["objects"]
        return found
    return [options]


def _of_file(name: str) -> list[Options]:
    import yaml  # here: Ansible has it wherever this runs, and only a task with a file needs it

    try:
        listed = yaml.safe_load(Path(name).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise dvrip_proto.UsageError(
            f"from_file: {name}: {getattr(error, 'strerror', None) or error}"
        ) from error
    except yaml.YAMLError as error:
        place = getattr(error, "problem_mark", None)  # the text of the error may quote a secret
        line = f" at line {place.line + 1}" if place else ""
        raise dvrip_proto.UsageError(f"from_file: {name}: this is no YAML{line}") from None
    if isinstance(listed, dict):
        listed = [{"name": key, "config": value} for key, value in listed.items()]
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        raise dvrip_proto.UsageError(
            f"from_file: {name}: a list of objects is needed, or a dictionary of them"
        )
    items = []
    for at, item in enumerate(listed, start=1):
        checked = ArgumentSpecValidator(ITEM).validate(item)
        if checked.error_messages:
            raise dvrip_proto.UsageError(
                f"from_file: {name}: object {at}: {'; '.join(checked.error_messages)}"
            )
        items.append(checked.validated_parameters)
    return items


def _wanted(options: Options) -> list[Options]:
    """The entries of the task, each with what it leaves out."""
    defaults = {name: options[name] for name in _CHOICES}
    wanted = []
    for item in _items(options):
        inherited = {name: value for name, value in defaults.items() if item.get(name) is None}
        one = {**item, "config": _parsed(item["config"]), **inherited}
        if (one["state"] == "default") is not (one["config"] is None):
            word = "takes no config" if one["config"] is not None else "needs a config"
            raise dvrip_proto.UsageError(f"{one['name']}: state {one['state']} {word}")
        wanted.append(one)
    return wanted


def _parsed(config: t.Any) -> t.Any:
    """What is wished, also where a command line or a file gave it as JSON text. Masked secrets are no wishes."""
    if isinstance(config, str) and config.lstrip().startswith(("{", "[")):
        with contextlib.suppress(json.JSONDecodeError):
            return _unmasked(json.loads(config))
    return _unmasked(config)


def _unmasked(tree: t.Any) -> t.Any:
    if isinstance(tree, dict):
        return {key: _unmasked(value) for key, value in tree.items() if value != _MASKED}
    return [_unmasked(item) for item in tree] if isinstance(tree, list) else tree


def _refuse_overlaps(wanted: list[Options]) -> None:
    """Refuse two entries for one object: each is written whole, so the second would undo the first."""
    for at, one in enumerate(wanted):
        for other in wanted[:at]:
            names = [f"{item['name']}." for item in (one, other)]
            inside = names[0].startswith(names[1]) or names[1].startswith(names[0])
            channels = [channels_of(item["name"], item["channel"]) for item in (one, other)]
            apart = None not in channels and not set(channels[0] or ()) & set(channels[1] or ())
            if inside and not apart:
                raise dvrip_proto.UsageError(
                    f"objects: {other['name']} and {one['name']} overlap, write them as one entry"
                )


async def _plan(device: dvrip_proto.Device, item: Options) -> dvrip_proto.Plan:
    name, channels, wish = item["name"], channels_of(item["name"], item["channel"]), item["config"]
    replaced = item["state"] == "default" or item["lists"] == "replaced"
    options = {
        "replace": item["state"] == "replaced",
        "exact_lists": replaced,
        "skip_missing": item["missing"] == "skip",
    }
    channel = channels[0] if channels is not None and len(channels) == 1 else None
    if item["state"] == "default":
        wish = await device.settings.default(name, channel=channel)
    if channels is None or channel is not None:
        return await device.settings.plan(name, wish, channel=channel, **options)
    one_each = item["state"] == "default" and isinstance(wish, list)
    listed = [
        None if at not in channels else wish[at] if one_each and at < len(wish) else wish
        for at in range(max(channels) + 1)
    ]
    return await device.settings.plan(name, listed, **options)


async def _plan_or_name(device: dvrip_proto.Device, item: Options) -> dvrip_proto.Plan:
    """The plan; UnsupportedError for a key that the device does not have, which is no mistake on another model."""
    try:
        return await _plan(device, item)
    except dvrip_proto.UsageError as error:
        with contextlib.suppress(dvrip_proto.UsageError):
            if (await _plan(device, {**item, "missing": "skip"})).missing:
                raise dvrip_proto.UnsupportedError(str(error), name=item["name"]) from error
        raise


async def prepare(task: Task) -> Proposal:
    """The plans of every object that the task names."""
    device, options = await task.device(), task.options
    try:
        wanted = _wanted(options)
    except dvrip_proto.UsageError as error:
        raise dvrip_proto.UsageError(f"{task.where}: {error}") from error
    _refuse_overlaps(wanted)
    plans, skipped = [], []
    for item in wanted:
        try:
            plans.append(await _plan_or_name(device, item))
        except dvrip_proto.UnsupportedError as error:
            if item["missing"] == "fail":
                raise
            skipped.append({"name": item["name"], "reason": str(error)})
    allowed = options["allow_disconnect"]
    for plan in () if allowed else plans:
        device.settings.check(plan)
    warnings = _plans.allowed(task.where, plans) if allowed else []
    for plan in plans:
        lacks = _plans.lacks(task.where, plan)
        skipped += lacks
        warnings += [f"left out: {one['reason']}" for one in lacks]
    full = options["return"] == "full"
    entries = [_plans.entry(plan, full=full) for plan in plans]
    result: Result = dict(*entries) if options["name"] is not None else {"objects": entries}
    if skipped:
        result["skipped_objects"] = skipped
    steps = _plans.steps(plans, allow_disconnect=allowed)
    return Proposal(
        result=result, steps=steps, warnings=warnings, finish=lambda session: _try_services(session, options)
    )


async def _try_services(session: Session, options: Options) -> Result:
    """Have the device try what the task wants tried."""
    for name in options["test_services"]:
        session.say(f"the device tries {name}")
        services = (await session.device()).services
        await (services.try_mail() if name == "mail" else services.try_ftp())
    return {"tested_services": options["test_services"]} if options["test_services"] else {}


def check(options: Options) -> None:
    """UsageError for a secret of which YAML made something else; what else is wrong waits for the device."""
    items: list[Options] = []
    with contextlib.suppress(dvrip_proto.UsageError):
        items = _items(options)
    for item in items:
        if isinstance(item.get("name"), str):
            spec, tree = dvrip_proto.spec_for(item["name"]), _parsed(item.get("config"))
            for mistake in _texts.odd_secrets(spec, tree):
                raise dvrip_proto.UsageError(mistake)


def secrets(options: Options) -> t.Iterator[str]:
    """Every value in the task's configuration that may not be shown."""
    items: list[Options] = []
    with contextlib.suppress(dvrip_proto.UsageError):
        items = _items(options)
    for item in items:
        name, config = item.get("name"), _parsed(item.get("config"))
        if isinstance(name, str) and isinstance(config, dict | list):
            yield from hidden_leaves(config, dvrip_proto.redact(config, dvrip_proto.spec_for(name)))
