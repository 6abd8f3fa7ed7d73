# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""Options of a task for which a model has no object or no key: named and refused, or left out on request."""

from __future__ import annotations

import typing as t

from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Result

MISSING_OPTION: dict[str, dict[str, t.Any]] = {
    "missing": {"type": "str", "choices": ["fail", "skip"], "default": "fail"}
}

Wish = dict[str, t.Any]
Needless = t.Mapping[str, t.Any]
_ABSENT = object()
Names = t.Mapping[str, str]  # key of an object, dotted where it is inside another one -> option of the module


class Parts:
    """What of a task a device has objects and keys for."""

    def __init__(self, device: dvrip_proto.Device, options: t.Mapping[str, t.Any]) -> None:
        self._device = device
        self._skip = options["missing"] == "skip"
        self._where = f"{device.host}:{device.port}"
        self.skipped: list[Result] = []

    @property
    def warnings(self) -> list[str]:
        """One line for each part that was left out."""
        return [f"left out: {one['reason']}" for one in self.skipped]

    def told(self) -> Result:
        """What the result has of it."""
        return {"skipped_objects": self.skipped} if self.skipped else {}

    async def plan(
        self, name: str, wish: Wish, options: Names, *, needless: Needless | None = None, whole: bool = False
    ) -> dvrip_proto.Plan | None:
        """The plan of an object; None where the device has none, and none is needed or may be left out.

        UnsupportedError names object and options. `needless`: values that a device without the key has anyway.
        `whole`: the keys mean something only together.
        """
        settings = self._device.settings
        anyway = {path for path, value in (needless or {}).items() if _at(wish, path) == value}
        try:
            return await settings.plan(name, wish)
        except dvrip_proto.UnsupportedError as error:
            needed = _without(wish, anyway)
            if needed:
                self.leave_out(name, _options(needed, options), error)
            return None
        except dvrip_proto.UsageError:
            tree = await settings.get(name)
            lacking = {path for path in _paths(wish) if _at(tree, path) is _ABSENT}
            if not lacking:
                raise
        needed, wish = _only(wish, lacking - anyway), _without(wish, lacking)
        if needed:
            keys = " and ".join(path.rpartition(".")[2] for path in _paths(needed))
            text = f"{self._where}: {name}: this device has no {keys}"
            self.leave_out(name, _options(needed, options), dvrip_proto.UnsupportedError(text, name=name))
            wish = {} if whole else wish
        return await settings.plan(name, wish)

    def leave_out(self, name: str, options: t.Sequence[str], error: dvrip_proto.UnsupportedError) -> None:
        """Go on without these options, or raise."""
        told = named(self._where, " and ".join(options), error)
        if not self._skip:
            raise told from error
        self.skipped.append({"name": name, "options": list(options), "reason": str(told)})


def named(where: str, options: str, error: dvrip_proto.DvripError) -> dvrip_proto.UnsupportedError:
    """The error of a model that lacks something, with the options that need it."""
    return dvrip_proto.UnsupportedError(
        f"{where}: {options}: {str(error).removeprefix(f'{where}: ')}",
        ret=getattr(error, "ret", None),
        message_id=getattr(error, "message_id", None),
        name=getattr(error, "name", ""),
    )


def _paths(wish: Wish, at: str = "") -> t.Iterator[str]:
    """Dotted names of the leaves of a wish."""
    for key, value in wish.items():
        path = f"{at}.{key}" if at else key
        if isinstance(value, dict):
            yield from _paths(value, path)
        else:
            yield path


def _at(tree: t.Any, path: str) -> t.Any:
    """What a tree has there, _ABSENT for nothing."""
    for key in path.split("."):
        if not isinstance(tree, dict) or key not in tree:
            return _ABSENT
        tree = tree[key]
    return tree


def _without(wish: Wish, paths: t.Collection[str], at: str = "") -> Wish:
    """A wish without these leaves, and without what is empty then."""
    left: Wish = {}
    for key, value in wish.items():
        path = f"{at}.{key}" if at else key
        part = _without(value, paths, path) if isinstance(value, dict) else value
        if path not in paths and part != {}:
            left[key] = part
    return left


def _only(wish: Wish, paths: t.Collection[str]) -> Wish:
    return _without(wish, set(_paths(wish)) - set(paths))


def _options(wish: Wish, options: Names) -> list[str]:
    """The options that a wish came from, each once."""
    named = (
        next((options[key] for key in (path, path.partition(".")[0]) if key in options), path)
        for path in _paths(wish)
    )
    return list(dict.fromkeys(named))
