# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""Which devices a fleet has: those that answer, those that are expected, and those that were there before."""

from __future__ import annotations

import contextlib
import json
import re
import typing as t
from pathlib import Path

from ansible_collections.dvrip.devices.plugins.module_utils import _files

Record = dict[str, t.Any]
"""What is known of one device, without a secret; `host` and `port` always, the rest when it was told."""

FACTS = (
    "serial",
    "mac",
    "hostname",
    "firmware",
    "hardware",
    "model",
    "build_time",
    "channels",
    "device_type",
)
_IDENTITIES = {
    "serial": ("serial", "mac"),
    "mac": ("mac", "serial"),
    "address": (),
}
_LONGEST = 128
# A name that Ansible means something else with, so that no device may choose it.
RESERVED = frozenset({"all", "ungrouped", "localhost", "127.0.0.1", "::1"})
_NO_MAC = frozenset({"", "00:00:00:00:00:00"})


def harmless(value: t.Any) -> t.Any:
    """What a device says of itself, as a variable may have it: short, printable, and never a template."""
    if not isinstance(value, str):
        return value
    return "".join(sign for sign in value if sign.isprintable() and sign not in "{}")[:_LONGEST].strip()


def name_of(record: Record, identity: str) -> str:
    """Name of the device in the inventory."""
    if record.get("name"):
        return str(record["name"])
    for key in _IDENTITIES[identity]:
        text = re.sub(r"[^A-Za-z0-9_.:-]", "_", str(record.get(key) or "")).lstrip(".")
        if text and text not in _NO_MAC and text.casefold() not in RESERVED:
            return text.replace(":", "-")
    host = str(record["host"]).replace(":", "-")
    return host if record["port"] == 34567 else f"{host}_{record['port']}"


def merged(found: t.Iterable[Record], expected: t.Iterable[Record], kept: t.Iterable[Record]) -> list[Record]:
    """One record a device: what it says now, else what it said before; and what is expected of it.

    A device is the same by its serial number, else its MAC address, else its address and port.
    """
    devices: list[Record] = [dict(record) for record in expected]
    index = _Index(devices)
    for record in found:
        at = index.find(record)
        taken = at is not None and devices[at].get("online") and record.get("online")
        if at is None or (taken and _place(devices[at]) != _place(record)):
            # Two that say they are the same one: both stay, and the second is told apart by its address.
            index.add({**record, "twin": True} if taken else dict(record))
        else:
            devices[at] |= {key: value for key, value in record.items() if value not in (None, "")}
    for record in kept:
        at = index.find(record)
        if at is None:
            index.add({**record, "online": False})
        else:
            devices[at] |= {key: value for key, value in record.items() if devices[at].get(key) in (None, "")}
    return [{"online": False, "expected": False, **record} for record in devices if record.get("host")]


def _place(record: Record) -> tuple[t.Any, t.Any]:
    return record.get("host"), record.get("port")


class _Index:
    """Where in a list the device is that a record speaks of."""

    def __init__(self, devices: list[Record]) -> None:
        self._devices = devices
        self._by: dict[tuple[str, t.Any], int] = {}
        for at in range(len(devices)):
            self._learn(at)

    def add(self, record: Record) -> None:
        self._devices.append(record)
        if not record.get("twin"):
            self._learn(len(self._devices) - 1)

    def find(self, record: Record) -> int | None:
        for key in _keys(record):
            at = self._by.get(key)
            if at is not None and _can_be(self._devices[at], record):
                self._devices[at] |= {
                    name: record[name]
                    for name in ("serial", "mac")
                    if record.get(name) and not self._devices[at].get(name)
                }
                self._learn(at)
                return at
        return None

    def _learn(self, at: int) -> None:
        for key in _keys(self._devices[at]):
            self._by.setdefault(key, at)


def _keys(record: Record) -> t.Iterator[tuple[str, t.Any]]:
    if record.get("serial"):
        yield "serial", str(record["serial"]).casefold()
    if record.get("mac") and record["mac"] not in _NO_MAC:
        yield "mac", record["mac"]
    if record.get("host"):
        yield "place", _place(record)


def _can_be(known: Record, told: Record) -> bool:
    """Whether nothing that both say of their identity differs: another device may have got the address."""
    return not any(
        known.get(key) and told.get(key) and str(known[key]).casefold() != str(told[key]).casefold()
        for key in ("serial", "mac")
    )


def read_kept(path: Path) -> list[Record]:
    """The devices of earlier runs; none where there is no such file."""
    with contextlib.suppress(OSError, ValueError):
        return well_formed(json.loads(path.read_text(encoding="utf-8")))
    return []


def well_formed(told: t.Any) -> list[Record]:
    """The records in what a file holds that this version did not write, or that was spoilt."""
    return [one for one in told if _is_record(one)] if isinstance(told, list) else []


def _is_record(one: t.Any) -> bool:
    if not isinstance(one, dict) or not one.get("host") or not isinstance(one["host"], str):
        return False
    port, texts = one.get("port"), (one.get(key, "") for key in ("serial", "mac", "name", "entry"))
    return isinstance(port, int) and 0 < port < 65536 and all(isinstance(text, str) for text in texts)


def write_kept(path: Path, records: t.Iterable[Record]) -> None:
    """Keep who was there, for their owner's eyes; an unwritable folder is no reason to fail."""
    keys = ("host", "port", *FACTS)
    known = [{key: one[key] for key in keys if one.get(key) not in (None, "")} for one in records]
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _files.replace(path, json.dumps(known).encode())
