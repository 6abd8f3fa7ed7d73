"""When a device records: by mode, schedule and motion now, by its profile's plan in the past."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from .configuration import ConfigStore

_REGULAR, _MOTION = 1, 2


def records(store: ConfigStore, channel: int, now: datetime, *, motion: bool) -> bool:
    """Whether a channel records now."""
    record = store.current.get("Record", [])
    if channel >= len(record):
        return False
    mode = record[channel]["RecordMode"]
    if mode != "ConfigRecord":
        return bool(mode == "ManualRecord")
    return bool(_scheduled(record[channel], now) & (_REGULAR | (_MOTION if motion else 0)))


def recorded(store: ConfigStore, channel: int, moment: datetime) -> int:
    """The record types that the profile's plan has at a moment; changes of the plan change no history."""
    record = store.defaults.get("Record", [])
    if channel >= len(record) or record[channel]["RecordMode"] == "ClosedRecord":
        return 0
    if record[channel]["RecordMode"] == "ManualRecord":
        return _REGULAR | _MOTION
    return _scheduled(record[channel], moment)


def packet(store: ConfigStore, channel: int) -> timedelta:
    """How long a file of a recording is."""
    record = store.defaults.get("Record", [])
    minutes = record[channel]["PacketLength"] if channel < len(record) else 0
    return timedelta(minutes=minutes or 60)


def _scheduled(record: dict[str, Any], now: datetime) -> int:
    """The record types that the schedule allows at a moment: bits regular, motion, alarm."""
    day = (now.weekday() + 1) % 7
    clock = now.strftime("%H:%M:%S")
    mask = 0
    for section, bits in zip(record["TimeSection"][day], record["Mask"][day], strict=False):
        enabled, _, span = section.partition(" ")
        begin, _, end = span.partition("-")
        if enabled != "0" and begin <= clock < end:
            mask |= int(bits, 16)
    return mask
