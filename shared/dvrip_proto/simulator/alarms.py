"""Alarms that are active now: which event on which channel, as pushes and work state tell it."""

from __future__ import annotations

from typing import Any, Final

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
}
# The names alarm centres and logs use for the same events.
SYSTEM_NAMES: Final = {
    "VideoMotion": "MotionDetect",
    "VideoBlind": "BlindDetect",
    "VideoLoss": "LossDetect",
    "LocalIO": "LocalAlarm",
}


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
