"""Alarms that are active now: which event on which channel, as pushes and work state tell it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from ...errors import UsageError

_MASKS: Final = {
    "VideoMotion": "VideoMotion",
    "VideoBlind": "VideoBlind",
    "VideoLoss": "VideoLoss",
    "LocalIO": "AlarmIn",
}
_CHANNELS: Final = 32
_OBJECTS: Final = {
    "VideoMotion": "Detect.MotionDetect",
    "VideoBlind": "Detect.BlindDetect",
    "VideoLoss": "Detect.LossDetect",
    "LocalIO": "Alarm.LocalAlarm",
    "NetAlarm": "Alarm.NetAlarm",
    "IPCAlarm": "Alarm.IPCAlarm",
    "HumanDetect": "Detect.HumanDetection",
    "StorageNotExist": "Storage.StorageNotExist",
    "StorageFailure": "Storage.StorageFailure",
    "StorageLowSpace": "Storage.StorageLowSpace",
    "NetAbort": "Alarm.NetAbort",
    "NetIPConflict": "Alarm.NetIPConflict",
}
# Words for people -> what the wire calls it.
EVENTS: Final[Mapping[str, str]] = {
    "motion": "VideoMotion",
    "blind": "VideoBlind",
    "loss": "VideoLoss",
    "input": "LocalIO",
    "network-input": "NetAlarm",
    "person": "HumanDetect",
    "face": "FaceDetection",
    "vehicle": "CarShapeDetection",
    "crossing": "CrossLineDetection",
    "no-disk": "StorageNotExist",
    "disk-failure": "StorageFailure",
    "disk-low": "StorageLowSpace",
    "network-abort": "NetAbort",
    "address-conflict": "NetIPConflict",
}
# Events without an end: their one message has the status None.
ENDLESS: Final = frozenset({"StorageNotExist", "StorageFailure", "StorageLowSpace"})
_OTHER: Final = re.compile(r"(?=.*[A-Z])[A-Za-z][A-Za-z0-9_]{0,63}")


# The names alarm centres and logs use for the same events.
SYSTEM_NAMES: Final = {
    "VideoMotion": "MotionDetect",
    "VideoBlind": "BlindDetect",
    "VideoLoss": "LossDetect",
    "LocalIO": "LocalAlarm",
}


def event_named(text: str) -> str:
    """The wire's name of an event: of a word for people, or the name itself; UsageError for neither."""
    if text in EVENTS:
        return EVENTS[text]
    if _OTHER.fullmatch(text) is None:
        raise UsageError(f"event: {text!r} is not one of {', '.join(EVENTS)}, and no name as VideoMotion is")
    return text


def status(event: str, *, active: bool) -> str:
    """The `Status` of a message about an event."""
    if event in ENDLESS:
        return "None"
    return "Start" if active else "Stop"


class Alarms:
    """The set of (channel, event) that are on."""

    def __init__(self) -> None:
        self.active: set[tuple[int, str]] = set()

    def put(self, channel: int, event: str, *, active: bool) -> None:
        """Note a start or an end."""
        if active:
            self.active.add((channel, event))
        else:
            self.active.discard((channel, event))

    def masks(self, *, as_hex: bool) -> dict[str, int | str]:
        """`AlarmState` of WorkState: one bit a channel, as numbers or as hex words."""
        masks = dict.fromkeys(("AlarmIn", "AlarmOut", "VideoBlind", "VideoLoss", "VideoMotion"), 0)
        for channel, event in self.active:
            if event in _MASKS and channel < _CHANNELS:
                masks[_MASKS[event]] |= 1 << channel
        return {name: f"0x{mask:08X}" if as_hex else mask for name, mask in masks.items()}


def detector(objects: dict[str, Any], event: str, channel: int) -> dict[str, Any]:
    """The configuration of the detector behind an event; empty when this device has none."""
    found = objects.get(_OBJECTS.get(event, ""))
    element = found[channel] if isinstance(found, list) and channel < len(found) else found
    return element if isinstance(element, dict) else {}
