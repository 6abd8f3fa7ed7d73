"""The configuration of one device: defaults, current values, and what writing them does."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any, Final

from ...values import Json
from ..profile import Profile
from . import names
from .merge import RefusedError, Rules, accept, matches

OK: Final = 100
INVALID: Final = 606
UNKNOWN: Final = 607

type ChangeHook = Callable[[str, Json, Json], None]
"""Takes the object's name, its value before and after."""


class ConfigStore:
    """Configuration objects by name; every change goes through `write`."""

    def __init__(self, profile: Profile, channels: int) -> None:
        objects = profile.objects(channels)
        self.defaults: dict[str, Json] = {**objects, **profile.flag("defaults")}
        self.current: dict[str, Json] = copy.deepcopy(objects)
        self.on_change: ChangeHook = _ignore
        self.ignored: frozenset[str] = frozenset()
        self.extra_restart: Mapping[str, int] = {}
        self._unknown = int(profile.flag("unknown")["1040"])
        self._indexed = bool(profile.flag("indexed"))
        self._section_only: list[str] = profile.flag("section_only")
        self._restart: list[dict[str, Any]] = profile.data["restart"]
        self._rules = Rules(
            limits=profile.data["limits"],
            growable=profile.data["growable"],
            reset_missing=profile.flag("sparse_set") == "replace",
        )

    def preset(self, name: str, **members: Json) -> None:
        """Set members of an object as the device's own truth: current and default; new when it has none."""
        for objects in (self.defaults, self.current):
            objects[name] = {**objects.get(name, {}), **members}

    def read(self, name: str, *, default: bool = False) -> tuple[bool, Json]:
        """Whether the name exists, and its value or its default value."""
        objects = self.defaults if default else self.current
        address = None if self._is_hidden(name) else names.find(objects, name)
        return (False, None) if address is None else (True, names.read(objects, address))

    def _is_hidden(self, name: str) -> bool:
        """Whether this model tells the object only as part of its section."""
        if not self._indexed and ".[" in name:
            return True
        return any(f"{name}.".startswith(f"{hidden}.") for hidden in self._section_only)

    def write(self, name: str, value: Json) -> int:
        """Write a value as a client sent it: the return code."""
        address = None if not self._indexed and ".[" in name else names.find(self.current, name)
        if address is None:
            return self._unknown
        if address.section:
            return self._write_section(address, value)
        if address.wrapped and isinstance(value, list) and len(value) == 1:
            value = value[0]
        try:
            after = self._accepted(address, value)
        except RefusedError:
            return INVALID
        return self._store(address.object, after)

    def load(self, objects: Mapping[str, Json]) -> None:
        """Take over objects that were kept, without telling anybody; ValueError for one that does not fit."""
        for name, value in objects.items():
            if name not in self.current:
                raise ValueError(f"{name}: this device has no such object")
            try:
                taken = accept(self._rules, self.current[name], self.defaults.get(name), value, name)
            except RefusedError as error:
                raise ValueError(str(error)) from error
            self.current[name] = copy.deepcopy(taken)

    def restore(self, prefixes: tuple[str, ...]) -> None:
        """Return the objects whose names start so to their defaults."""
        for name in [key for key in self.current if key.startswith(prefixes)]:
            self._store(name, copy.deepcopy(self.defaults.get(name)))

    def _write_section(self, address: names.Address, value: Json) -> int:
        if not isinstance(value, dict):
            return INVALID
        codes = [self.write(f"{address.object}.{item}", member) for item, member in value.items()]
        failed = [code for code in codes if code in (INVALID, self._unknown)]
        return failed[0] if failed else max(codes, default=OK)

    def _accepted(self, address: names.Address, value: Json) -> Json:
        """The whole object after writing `value` at the address."""
        path = ".".join([address.object, *map(str, address.steps)])
        current, base = self.current[address.object], self.defaults.get(address.object)
        old, default = current, base
        for step in address.steps:
            old = old[step]
            default = _child(default, step)
        return names.replace(current, address.steps, accept(self._rules, old, default, value, path))

    def _store(self, name: str, after: Json) -> int:
        before = self.current[name]
        changed = list(names.changed_paths(before, after, name))
        if not changed or name in self.ignored:
            return OK
        self.current[name] = copy.deepcopy(after)
        self.on_change(name, before, self.current[name])
        return max([OK, *(self.restart_code(name, path) for path in changed)])

    def restart_code(self, name: str, path: str) -> int:
        """What a change of this path is answered with: 100, or a code that asks for a restart."""
        if name in self.extra_restart:
            return self.extra_restart[name]
        for rule in self._restart:
            if matches(rule["path"], path) or path.startswith(f"{rule['path']}."):
                return int(rule["ret"])
        return OK


def _child(node: Json, step: names.Step) -> Json:
    try:
        return node[step]
    except (KeyError, IndexError, TypeError):
        return None


def _ignore(_name: str, _before: Json, _after: Json) -> None:
    return
