# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""Channels as people number them, from 1, and as the library does, from 0; and amounts. Pure."""

from __future__ import annotations

import math
import typing as t

from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto

_ABOVE = ("wait",)
_AMOUNTS = ("delay", "limit", "log_hours", "log_limit", "prove", "tolerance", "wait")


def check_amounts(options: t.Mapping[str, t.Any]) -> None:
    """UsageError for a time or a number that is less than nothing, or nothing where that means nothing."""
    for name, value in options.items():
        counts = isinstance(value, int | float) and not isinstance(value, bool)
        if counts and name == "discovery_port" and not 0 < value < 65536:
            raise dvrip_proto.UsageError(f"{name}: {value} is no port from 1 to 65535")
        if counts and name in _ABOVE and not value > 0:
            raise dvrip_proto.UsageError(f"{name}: {value} is not possible, it must be above 0")
        if counts and (name in _AMOUNTS or name.endswith("_timeout")) and not 0 <= value < math.inf:
            raise dvrip_proto.UsageError(f"{name}: {value} is not possible, it must be 0 or more")


def check_paths(options: t.Mapping[str, t.Any], spec: t.Mapping[str, t.Mapping[str, t.Any]]) -> None:
    """UsageError for an empty path, which would mean the folder that Ansible happens to run in."""
    for name, option in spec.items():
        if option.get("type") == "path" and options.get(name) == "":
            raise dvrip_proto.UsageError(f"{name}: it is empty: write a path, or leave the option out")


def channels_of(what: str, given: t.Any) -> list[int] | None:
    """The library's channels for `2`, `[1, 3]` or `all` (None, as nothing given); UsageError for anything else."""
    if given is None or (isinstance(given, str) and given.casefold() == "all"):
        return None
    items = list(given) if isinstance(given, list | tuple) else [given]
    numbers = [_number(item) for item in items]
    if not numbers or None in numbers or len(set(numbers)) != len(numbers):
        raise dvrip_proto.UsageError(
            f"{what}: channel {given} is not possible: give a number from 1, a list of numbers, or all"
        )
    return sorted(number - 1 for number in numbers if number is not None)


def _number(item: t.Any) -> int | None:
    if isinstance(item, str) and item.strip().isascii() and item.strip().isdigit():
        item = int(item)
    return item if isinstance(item, int) and not isinstance(item, bool) and item >= 1 else None
