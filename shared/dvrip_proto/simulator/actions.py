"""What the control API can do to a device; each action takes the JSON body of its request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Final

from ..errors import UsageError
from .server import Simulator
from .state.alarms import event_named
from .state.unplugged import LONGEST_S

_ALARM_MAX_S: Final = 3600.0
_DOWN_MAX_S: Final = 600.0
_SKEW_MAX_S: Final = 10 * 366 * 86400.0
_DISKS: Final = ("full", "missing", "good")

type Spawn = Callable[[Coroutine[Any, Any, None]], None]
type Action = Callable[[Simulator, Wish, Spawn], dict[str, Any]]
"""Does it at once or spawns it; what was done. UsageError for a wish that cannot be."""


class Wish:
    """The body of a request; UsageError for a member of the wrong type."""

    def __init__(self, members: Mapping[str, object], known: tuple[str, ...]) -> None:
        for name in members:
            if name not in known:
                raise UsageError(f"{name}: unknown, there are {', '.join(known) or 'no members here'}")
        self._members = members

    def typed[T](self, key: str, kind: type[T], default: T) -> T:
        """A member of exactly one type."""
        value = self._members.get(key, default)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise UsageError(f"{key}: {value!r} is no {kind.__name__}")
        return value

    def seconds(self, key: str, default: float, most: float, *, least: float = 0.0) -> float:
        """A time within bounds."""
        value = self._members.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise UsageError(f"{key}: {value!r} is not between {least:g} and {most:g}")
        return float(value)


def _alarm(device: Simulator, wish: Wish, spawn: Spawn) -> dict[str, Any]:
    channel = wish.typed("channel", int, 0)
    event = event_named(wish.typed("event", str, "VideoMotion"))
    active = wish.typed("active", bool, True)
    duration_s = wish.seconds("duration_s", 0.0, _ALARM_MAX_S)
    device.raise_alarm(channel, event, active=active)
    if active and duration_s:
        spawn(_end_alarm(device, channel, event, duration_s))
    return {"channel": channel, "event": event, "active": active}


async def _end_alarm(device: Simulator, channel: int, event: str, duration_s: float) -> None:
    await asyncio.sleep(duration_s)
    device.raise_alarm(channel, event, active=False)


def _reboot(device: Simulator, wish: Wish, spawn: Spawn) -> dict[str, Any]:
    downtime_s = wish.seconds("downtime_s", device.downtime_s, _DOWN_MAX_S)
    spawn(device.reboot(downtime_s))
    return {"downtime_s": downtime_s}


def _drop(device: Simulator, _wish: Wish, _spawn: Spawn) -> dict[str, Any]:
    dropped = device.connections
    device.drop_connections()
    return {"dropped": dropped}


def _unplug(device: Simulator, wish: Wish, _spawn: Spawn) -> dict[str, Any]:
    duration_s = wish.seconds("duration_s", 0.0, LONGEST_S)
    device.unplug(duration_s)
    return {"plugged": False, "duration_s": duration_s}


def _plug(device: Simulator, _wish: Wish, _spawn: Spawn) -> dict[str, Any]:
    device.plug()
    return {"plugged": True}


def _disk(device: Simulator, wish: Wish, _spawn: Spawn) -> dict[str, Any]:
    """Change the disk; recording and alarms follow where they are configured to."""
    state, storage = wish.typed("state", str, "full"), device.state.storage
    if state not in _DISKS:
        raise UsageError(f"state: {state!r} is not one of {', '.join(_DISKS)}")
    if state == "good" or not storage.disks:
        storage.restore()
    if not storage.disks:
        raise UsageError(f"device {device.serial}: a {device.profile} comes without a disk")
    if state == "full":
        storage.fill()
    elif state == "missing":
        storage.remove()
    device.state.on_disk()
    return {"state": state, "recording": not device.archive.halted}


def _logout(device: Simulator, wish: Wish, _spawn: Spawn) -> dict[str, Any]:
    number, user = wish.typed("session", int, 0), wish.typed("user", str, "")
    return {"sessions": device.log_out(session=number or None, user=user or None)}


def _link(device: Simulator, wish: Wish, _spawn: Spawn) -> dict[str, Any]:
    """Let the camera of a digital channel come or go; an empty word is what the device says by itself."""
    channel, word = wish.typed("channel", int, 0), wish.typed("state", str, "")
    device.set_link(channel, word)
    return {"channel": channel, "state": device.state.links.word(channel)}


def _clock(device: Simulator, wish: Wish, _spawn: Spawn) -> dict[str, Any]:
    device.state.clock.error_s = wish.seconds("error_s", 0.0, _SKEW_MAX_S, least=-_SKEW_MAX_S)
    return {"error_s": device.state.clock.error_s, "time": device.state.clock.text()}


_ACTIONS: Final[Mapping[str, tuple[Action, tuple[str, ...]]]] = {
    "alarm": (_alarm, ("channel", "event", "active", "duration_s")),
    "reboot": (_reboot, ("downtime_s",)),
    "drop": (_drop, ()),
    "unplug": (_unplug, ("duration_s",)),
    "plug": (_plug, ()),
    "logout": (_logout, ("session", "user")),
    "disk": (_disk, ("state",)),
    "link": (_link, ("channel", "state")),
    "clock": (_clock, ("error_s",)),
}


def act(device: Simulator, name: str, members: Mapping[str, object], spawn: Spawn) -> dict[str, Any]:
    """Do one action; UsageError says what is wrong with the wish, LookupError for no such action."""
    action, known = _ACTIONS[name]
    return action(device, Wish(members, known), spawn)
