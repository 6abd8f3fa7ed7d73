# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""What is wrong with the YAML of a site, as far as that can be known without a device."""

from __future__ import annotations

import difflib
import importlib
import typing as t
from datetime import UTC, datetime

from ansible.module_utils.errors import UnsupportedError

from ansible_collections.dvrip.devices.plugins.module_utils import _numbers, _texts
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._options import unknown_option

if t.TYPE_CHECKING:
    from ansible.module_utils.common.arg_spec import ValidationResult

    from ansible_collections.dvrip.devices.plugins.module_utils._module import ModuleSpec

_MODULES = "ansible_collections.dvrip.devices.plugins.modules"
# Part of a site -> the module that it is for, and its option when it is not all options.
_PARTS: dict[str, tuple[str, str | None]] = {
    "time": ("time", None),
    "accounts": ("accounts", None),
    "settings": ("settings", None),
    "objects": ("config", "objects"),
    "network": ("network", None),
    "recorder_channels": ("recorder_channels", "channels"),
}
_OF_SITE = frozenset({"name", "devices"})
_GIVEN_BY_DEVICES = frozenset({"admin", "user"})  # groups


def mistakes(site: t.Any) -> list[str]:
    """Every mistake with its place; secrets are not in it."""
    site = _plain(site)
    if not isinstance(site, t.Mapping):
        return ["the site is no dictionary"]
    found = list(_of_parts("", site, _OF_SITE))
    devices = site.get("devices") or {}
    if not isinstance(devices, t.Mapping):
        return [*found, "devices: not a dictionary of names"]
    for name, own in devices.items():
        if isinstance(own, t.Mapping):
            found += _of_parts(f"devices.{name}.", own, frozenset())
        else:
            found.append(f"devices.{name}: not a dictionary")
    return found


def _plain(tree: t.Any) -> t.Any:
    """What templates make of it: a copy of an Ansible that has them still to do copies all of its plugins, and warns of that."""
    if isinstance(tree, t.Mapping):
        return {key: _plain(value) for key, value in tree.items()}
    return [_plain(value) for value in tree] if isinstance(tree, list | tuple) else tree


def _of_parts(where: str, parts: t.Mapping[str, t.Any], others: frozenset[str]) -> t.Iterator[str]:
    for part, told in parts.items():
        if part in others:
            continue
        if part not in _PARTS:
            near = difflib.get_close_matches(str(part), [*_PARTS, *others], 1)
            yield f"{where}{part}: there is no such part" + (f", did you mean {near[0]}?" if near else "")
            continue
        module, option = _PARTS[part]
        options = {option: told} if option else told
        if not isinstance(options, t.Mapping):
            yield f"{where}{part}: not a dictionary"
            continue
        spec = importlib.import_module(f"{_MODULES}.{module}").SPEC
        odd = list(_texts.mistakes(options, spec.argument_spec))
        if odd:
            yield from (f"{where}{part}: {text}" for text in odd)
            continue
        checked = spec.validate(dict(options))
        found = list(_of_options(spec, checked)) or _DEEPER.get(part, _nothing)(checked.validated_parameters)
        yield from (f"{where}{part}: {text}" for text in found)


def _of_options(spec: ModuleSpec, checked: ValidationResult) -> t.Iterator[str]:
    """What a module would refuse; of an option that there is none of, what was meant, and not the hundreds that there are."""
    unknown = sorted(checked.unsupported_parameters, key=str)
    yield from (unknown_option(name, spec.argument_spec) for name in unknown)
    yield from (error.msg for error in checked.errors.errors if not isinstance(error, UnsupportedError))


def _nothing(_options: t.Mapping[str, t.Any]) -> t.Iterator[str]:
    return iter(())


def _of_time(options: t.Mapping[str, t.Any]) -> t.Iterator[str]:
    if options["timezone"] is not None:
        try:
            dvrip_proto.zone_wishes(options["timezone"], datetime.now(UTC))
        except dvrip_proto.UsageError as error:
            yield str(error)


def _of_accounts(options: t.Mapping[str, t.Any]) -> t.Iterator[str]:
    groups = _GIVEN_BY_DEVICES | {group["name"] for group in options["groups"]}
    for user in options["users"]:
        if user["group"] and user["group"] not in groups:
            yield f"user {user['name']}: there is no group {user['group']}"
    for kind in ("groups", "users"):
        names = [one["name"] for one in options[kind]]
        yield from (
            f"{kind}: {name} is there twice" for name in dict.fromkeys(names) if names.count(name) > 1
        )


def _of_settings(options: t.Mapping[str, t.Any]) -> t.Iterator[str]:
    from ansible_collections.dvrip.devices.plugins.module_utils import _settings

    try:
        wanted = _settings.wanted_of(dict(options))
    except dvrip_proto.UsageError as error:
        yield str(error)
        return
    for values in wanted.values():
        for of_one in (values.for_all, *values.of_channel.values()):
            for key, value in of_one.items():
                control = dvrip_proto.control(key)
                yield from _judged(key, control.kind, value)


def _of_objects(options: t.Mapping[str, t.Any]) -> t.Iterator[str]:
    for one in options["objects"] or ():
        name = one["name"]
        spec = dvrip_proto.spec_for(name)
        if not spec.fields and name not in dvrip_proto.CATALOG:
            near = difflib.get_close_matches(name, dvrip_proto.CATALOG, 1, 0.8)
            if near:
                yield f"{name}: nobody knows this object, did you mean {near[0]}?"
            continue
        try:
            _numbers.channels_of(name, one["channel"])
        except dvrip_proto.UsageError as error:
            yield str(error)
        whole = spec.per_channel and isinstance(one["config"], list)
        odd = list(_texts.odd_secrets(spec, one["config"]))
        if odd:
            yield from odd
            continue
        for tree in one["config"] if whole else [one["config"]]:
            yield from _of_tree(spec, name, "", tree)


def _of_tree(spec: dvrip_proto.Spec, name: str, path: str, tree: t.Any) -> t.Iterator[str]:
    row = spec.row(path) if path else None
    if row is not None and not row.opaque:
        yield from _judged(f"{name} {path}", row.kind, tree)
    elif isinstance(tree, t.Mapping):
        for key, value in tree.items():
            yield from _of_tree(spec, name, f"{path}.{key}" if path else str(key), value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _of_tree(spec, name, f"{path}[]", value)


def _judged(where: str, kind: dvrip_proto.Kind, value: t.Any) -> t.Iterator[str]:
    if value is not None and not kind.accepts(value):
        shown = "this value" if kind.secret else repr(value)
        yield f"{where}: {shown} is not possible, it must be {kind.allowed}"


_DEEPER: dict[str, t.Callable[[t.Mapping[str, t.Any]], t.Iterator[str]]] = {
    "time": _of_time,
    "accounts": _of_accounts,
    "settings": _of_settings,
    "objects": _of_objects,
}
