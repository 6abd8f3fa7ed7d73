"""What a device makes of a written value: it keeps its shape, clamps, respells, or refuses. Pure.

A device parses a written tree into a fixed structure, so keys it does not know are dropped, members of the
wrong type are refused (606) and lists keep their length, except the few that grow.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from ...values import Json

_HEX = re.compile(r"0[xX][0-9A-Fa-f]+")


class RefusedError(Exception):
    """The value does not fit the device's structure: Ret 606."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How one device takes values: limits by path, lists that grow, sparse objects merged or reset."""

    limits: Sequence[dict[str, Any]] = ()
    growable: Sequence[str] = ()
    reset_missing: bool = False


def accept(rules: Rules, current: Json, default: Json, new: Json, path: str) -> Json:
    """The value the device has after `new` is written over `current`; RefusedError when it does not fit."""
    if current is None:
        return new
    if isinstance(current, dict):
        return _accept_object(rules, current, default, new, path)
    if isinstance(current, list):
        return _accept_list(rules, current, default, new, path)
    if new is None:
        return current
    return _limited(rules, _accept_leaf(current, new, path), path)


def matches(pattern: str, path: str) -> bool:
    """Whether a dotted path fits a pattern of the same number of parts, each with shell wildcards."""
    patterns, parts = pattern.split("."), path.split(".")
    return len(patterns) == len(parts) and all(map(fnmatchcase, parts, patterns))


def _accept_object(rules: Rules, current: Json, default: Json, new: Json, path: str) -> Json:
    if not isinstance(new, dict):
        raise RefusedError(f"{path}: not an object")
    if not current:
        return new
    fallback = default if isinstance(default, dict) else {}
    kept = {**current, **fallback} if rules.reset_missing else current
    return {
        key: accept(rules, current[key], fallback.get(key), new[key], f"{path}.{key}")
        if key in new
        else kept[key]
        for key in current
    }


def _accept_list(rules: Rules, current: Json, default: Json, new: Json, path: str) -> Json:
    if not isinstance(new, list):
        raise RefusedError(f"{path}: not a list")
    if not current or any(_grows(pattern, path) for pattern in rules.growable):
        return new
    fallback = default if isinstance(default, list) and len(default) == len(current) else current
    accepted = [
        accept(rules, old, base, value, f"{path}.{index}")
        for index, (old, base, value) in enumerate(zip(current, fallback, new, strict=False))
    ]
    return accepted + current[len(accepted) :]


def _grows(pattern: str, path: str) -> bool:
    """A growing list lies at the pattern, or is an element of a per-channel list that lies there."""
    return matches(pattern, path) or matches(f"{pattern}.*", path)


def _accept_leaf(current: Json, new: Json, path: str) -> Json:
    if isinstance(current, bool):
        if isinstance(new, bool) or new in (0, 1):
            return bool(new)
    elif isinstance(current, str):
        if isinstance(new, str):
            return _respelled(current, new, path)
    elif isinstance(new, int | float):
        return int(new) if isinstance(current, int) else new
    raise RefusedError(f"{path}: wrong type")


def _respelled(current: str, new: str, path: str) -> str:
    """Hex words keep the device's digits: `0x1` written over `0x00000000` reads back as `0x00000001`."""
    if not _HEX.fullmatch(current):
        return new
    if not _HEX.fullmatch(new):
        raise RefusedError(f"{path}: not a hex word")
    digits = len(current) - 2
    text = f"{int(new, 16):0{digits}X}"
    return "0x" + (text.lower() if current != current.upper().replace("X", "x") else text)


def _limited(rules: Rules, value: Json, path: str) -> Json:
    for limit in rules.limits:
        if not matches(limit["path"], path):
            continue
        if "choices" in limit and value not in limit["choices"]:
            raise RefusedError(f"{path}: not one of the choices")
        if "min" in limit and not limit["min"] <= value <= limit["max"]:
            if limit["on"] != "clamp":
                raise RefusedError(f"{path}: out of range")
            value = min(max(value, limit["min"]), limit["max"])
    return value
