# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""Who should be there: the list of a fleet, checked as people write it, with every mistake told at once."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.dvrip.devices.plugins.module_utils._fleet import RESERVED, Record
from ansible_collections.dvrip.devices.plugins.module_utils._fleet_targets import TargetError, place

_KEYS = frozenset({"name", "serial", "mac", "host", "port", "vars"})
_TOLD_MAX = 5  # mistakes that are told of one list


class FleetError(ValueError):
    """An expected list that names no devices."""


def expected_devices(entries: t.Iterable[t.Any], port: int) -> list[Record]:
    """The list of who should be there; FleetError has its mistakes."""
    found: list[Record] = []
    mistakes: list[str] = []
    for entry in entries:
        try:
            found.append(_expected(entry, port))
        except ValueError as error:
            mistakes.append(f"expected: {_shown(entry)}: {error}")
    if mistakes:
        more = [f"and {len(mistakes) - _TOLD_MAX} more"] if len(mistakes) > _TOLD_MAX else []
        raise FleetError("; ".join([*mistakes[:_TOLD_MAX], *more]))
    return found


def variables_of(entries: t.Iterable[t.Mapping[str, t.Any]], port: int) -> dict[str, t.Mapping[str, t.Any]]:
    """The variables of who is expected, by the `entry` of a record: they may be secret, so no record has them."""
    entries = list(entries)
    names = [record["entry"] for record in expected_devices(entries, port)]
    return {name: entry.get("vars") or {} for name, entry in zip(names, entries, strict=True)}


def _shown(entry: t.Any) -> str:
    """The entry without its variables, which may be secret."""
    shown = (
        {key: value for key, value in entry.items() if key != "vars"} if isinstance(entry, dict) else entry
    )
    return repr(shown)


def _expected(entry: t.Any, port: int) -> Record:
    if not isinstance(entry, t.Mapping):
        raise FleetError("is no device with name, serial, mac, host or port")
    if set(entry) - _KEYS or not any(entry.get(key) for key in ("serial", "mac", "host")):
        raise FleetError("needs a serial, mac or host, and has only these, name, port and vars")
    if not isinstance(entry.get("vars") or {}, t.Mapping):
        raise FleetError("vars is a mapping of names to values")
    record: Record = {key: _text(entry, key) for key in ("name", "serial") if entry.get(key)}
    if record.get("name", "").casefold() in RESERVED:
        raise FleetError(f"Ansible means something else with the name {record['name']}")
    record["port"] = _port(entry.get("port"), port)
    if entry.get("host"):
        record["host"], record["port"] = _place(entry, record["port"])
    if entry.get("mac"):
        record["mac"] = _mac(_text(entry, "mac"))
    return {**record, "expected": True, "entry": _entry(record)}


def _text(entry: t.Mapping[str, t.Any], key: str) -> str:
    """YAML reads 10:12:34:56:18:50 and 12e45678 as numbers, and the device would never be found."""
    value = entry[key]
    if isinstance(value, bool | float) or not isinstance(value, str | int):
        raise FleetError(f"{key} is a text: write it in quotes")
    return str(value).strip()


def _port(told: t.Any, default: int) -> int:
    number = default if told in (None, "") else told
    if isinstance(number, bool) or not str(number).isascii() or not str(number).isdecimal():
        raise FleetError(f"{number} is no port from 1 to 65535")
    if not 0 < int(number) < 65536:
        raise FleetError(f"{number} is no port from 1 to 65535")
    return int(number)


def _place(entry: t.Mapping[str, t.Any], port: int) -> tuple[str, int]:
    try:
        found = place(_text(entry, "host"), port)
    except TargetError as error:
        raise FleetError(f"host: {error}") from error
    return found.host, found.port


def _mac(told: str) -> str:
    digits = re.sub(r"[:.-]", "", told).lower()
    if re.fullmatch(r"[0-9a-f]{12}", digits) is None:
        raise FleetError(f'{told} is no MAC address; one is written in quotes, as "00:12:34:56:78:90"')
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))


def _entry(record: Record) -> str:
    return "|".join(str(record.get(key, "")) for key in ("name", "serial", "mac", "host", "port"))
