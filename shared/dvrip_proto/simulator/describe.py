"""What a device is and does, as the control API shows it: names and numbers, never a password or a hash."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from .monitor import Key
from .server import Simulator
from .state.storage import partitions, space

_REQUESTS_SHOWN: Final = 100


def summary(device: Simulator) -> dict[str, Any]:
    """One device in a list."""
    return {
        "serial": device.serial,
        "host": device.host,
        "port": device.port,
        "profile": device.profile,
        "channels": device.channels,
        "up": device.up,
        "plugged": device.state.cable.plugged,
        "sessions": device.sessions,
        "connections": device.connections,
    }


def describe(device: Simulator) -> dict[str, Any]:
    """One device with everything that was done to it."""
    return {
        **summary(device),
        "monitors": {
            "now": _streams(device.monitors),
            "peak": _streams(device.monitors_peak),
            "started": _streams(device.monitors_started),
        },
        "ptz": {
            str(channel): {
                "moving": drive.moving,
                "speed": drive.speed,
                "preset": drive.preset,
                "position": [round(axis, 1) for axis in drive.position],
                "history": [list(entry) for entry in drive.history],
            }
            for channel, drive in device.ptz.items()
        },
        "alarms": sorted([channel, event] for channel, event in device.state.alarms.active),
        "logins": [list(entry) for entry in device.logins],
        "requests": [list(entry) for entry in list(device.requests)[-_REQUESTS_SHOWN:]],
        "users": sorted(device.state.users),
        "groups": sorted(device.state.groups),
        "titles": device.state.titles,
        "config": sorted(device.state.config),
        "time": device.state.clock.text(),
        "clock_error_s": round(device.state.clock.error_s, 3),
        "uptime_minutes": device.state.clock.uptime_minutes(),
        "firmware": device.state.firmware["SoftWareVersion"],
        "recording": not device.archive.halted,
        "disks": [
            [
                {"total_mb": space(part, "TotalSpace"), "free_mb": space(part, "RemainSpace")}
                for part in partitions(disk)
            ]
            for disk in device.state.storage.disks
        ],
    }


def _streams(counter: Counter[Key]) -> dict[str, int]:
    return {f"{channel}/{stream}": count for (channel, stream), count in sorted(counter.items())}
