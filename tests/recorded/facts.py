"""The recorded facts: what each device told, by request."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

FOLDER: Final = Path(__file__).parent
DEVICES: Final = sorted(path.stem for path in FOLDER.glob("*.json"))


class Fact(NamedTuple):
    """One answer: the device, the request's number and name, and the object or the code."""

    device: str
    request: int
    name: str
    value: Any

    def __str__(self) -> str:
        return f"{self.device}/{self.request} {self.name}"


@cache
def recorded(device: str) -> dict[str, Any]:
    """A device's file. Shared: read only."""
    found: dict[str, Any] = json.loads((FOLDER / f"{device}.json").read_text("utf-8"))
    return found


def facts(part: str, device: str) -> list[Fact]:
    """The answers of one part of a device's file: told, refused or agreed."""
    entries = recorded(device)[part]
    pairs = entries.items() if isinstance(entries, dict) else ((entry, None) for entry in entries)
    return [_fact(device, key, value) for key, value in pairs]


def _fact(device: str, key: str, value: Any) -> Fact:
    request, _, name = key.partition(" ")
    return Fact(device, int(request), name.partition(" #")[0], value)
