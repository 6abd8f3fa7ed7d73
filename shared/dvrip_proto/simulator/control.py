"""The control API: what each device did, and alarms, reboots and falls on demand. HTTP on loopback only."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final

from ..errors import UsageError
from .fleet import Fleet
from .monitor import Key
from .server import Simulator

if TYPE_CHECKING:
    from aiohttp import web

_REQUESTS_SHOWN: Final = 100
_MAX_BODY: Final = 64 * 1024
_ALARM_MAX_S: Final = 3600.0
_DOWN_MAX_S: Final = 600.0


class Control:
    """Serves one fleet; `url` is where."""

    def __init__(self, fleet: Fleet, host: str, port: int) -> None:
        try:
            loopback = ip_address(host).is_loopback
        except ValueError as error:
            raise UsageError(f"control: {host!r} is no address") from error
        if not loopback:
            raise UsageError(f"control: {host} is not a loopback address, and this API asks for no password")
        self._fleet = fleet
        self._host = host
        self._port = port
        self._runner: web.AppRunner | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """The address of the API."""
        return f"http://{self._host}:{self._port}"

    async def start(self) -> None:
        """Listen; UsageError when the port is in use or aiohttp is missing."""
        try:
            from aiohttp import web
        except ImportError as error:
            raise UsageError(
                "the control API needs aiohttp: install dvrip-proto with its extra [sim]"
            ) from error
        app = web.Application(client_max_size=_MAX_BODY)
        app.router.add_get("/devices", self._list)
        app.router.add_get("/devices/{serial}", self._show)
        app.router.add_post("/devices/{serial}/alarm", self._alarm)
        app.router.add_post("/devices/{serial}/reboot", self._reboot)
        app.router.add_post("/devices/{serial}/drop", self._drop)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        try:
            await site.start()
        except OSError as error:
            await self.stop()
            raise UsageError(f"{self._host}:{self._port}: {error.strerror or error} (control API)") from error
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close the API and what it started."""
        for task in self._tasks:
            task.cancel()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _list(self, _request: web.Request) -> web.Response:
        return _json([_summary(device) for device in self._fleet.devices])

    async def _show(self, request: web.Request) -> web.Response:
        return _json(describe(self._device(request)))

    async def _alarm(self, request: web.Request) -> web.Response:
        device, wish = self._device(request), await _wish(request)
        channel, event = _typed(wish, "channel", int, 0), _typed(wish, "event", str, "VideoMotion")
        active, duration_s = (
            _typed(wish, "active", bool, True),
            _seconds(wish, "duration_s", 0.0, _ALARM_MAX_S),
        )
        if not 0 <= channel < device.channels:
            raise _bad(f"channel {channel}: this device has {device.channels}")
        device.raise_alarm(channel, event, active=active)
        if active and duration_s:
            self._spawn(_end_alarm(device, channel, event, duration_s))
        return _json({"channel": channel, "event": event, "active": active})

    async def _reboot(self, request: web.Request) -> web.Response:
        device, wish = self._device(request), await _wish(request)
        downtime_s = _seconds(wish, "downtime_s", device.downtime_s, _DOWN_MAX_S)
        self._spawn(device.reboot(downtime_s))
        return _json({"downtime_s": downtime_s})

    async def _drop(self, request: web.Request) -> web.Response:
        device = self._device(request)
        dropped = device.connections
        device.drop_connections()
        return _json({"dropped": dropped})

    def _device(self, request: web.Request) -> Simulator:
        serial = request.match_info["serial"]
        device = self._fleet.find(serial)
        if device is None:
            raise _error(404, f"no device {serial}")
        return device

    def _spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def describe(device: Simulator) -> dict[str, Any]:
    """What one device is and does: names and numbers, never a password or a hash."""
    return {
        **_summary(device),
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
        "requests": [list(entry) for entry in list(device.requests)[-_REQUESTS_SHOWN:]],
        "users": sorted(device.state.users),
        "groups": sorted(device.state.groups),
        "titles": device.state.titles,
        "config": sorted(device.state.config),
        "time": device.state.clock.text(),
        "uptime_minutes": device.state.clock.uptime_minutes(),
        "firmware": device.state.firmware["SoftWareVersion"],
    }


def _summary(device: Simulator) -> dict[str, Any]:
    return {
        "serial": device.serial,
        "host": device.host,
        "port": device.port,
        "profile": device.profile,
        "channels": device.channels,
        "up": device.up,
        "sessions": device.sessions,
        "connections": device.connections,
    }


def _streams(counter: Counter[Key]) -> dict[str, int]:
    return {f"{channel}/{stream}": count for (channel, stream), count in sorted(counter.items())}


async def _end_alarm(device: Simulator, channel: int, event: str, duration_s: float) -> None:
    await asyncio.sleep(duration_s)
    device.raise_alarm(channel, event, active=False)


async def _wish(request: web.Request) -> dict[str, Any]:
    if not request.can_read_body:
        return {}
    try:
        wish = json.loads(await request.text())
    except ValueError as error:
        raise _bad("the body is not JSON") from error
    if not isinstance(wish, dict):
        raise _bad("the body is no object")
    return wish


def _typed[T](wish: dict[str, Any], key: str, kind: type[T], default: T) -> T:
    value = wish.get(key, default)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise _bad(f"{key}: {value!r} is no {kind.__name__}")
    return value


def _seconds(wish: dict[str, Any], key: str, default: float, most: float) -> float:
    value = wish.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise _bad(f"{key}: {value!r} is not between 0 and {most:g}")
    return float(value)


def _json(value: object) -> web.Response:
    from aiohttp import web

    return web.json_response(value)


def _bad(message: str) -> Exception:
    return _error(400, message)


def _error(status: int, message: str) -> Exception:
    from aiohttp import web

    kind = web.HTTPNotFound if status == 404 else web.HTTPBadRequest
    return kind(text=json.dumps({"error": message}), content_type="application/json")
