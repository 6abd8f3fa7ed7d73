"""The control server: a page and an API to see what was done to the devices and to make things happen.

HTTP on loopback, without a password: a request must name a loopback host, and one that changes something must
be JSON and not come from the page of another site.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from importlib import resources
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from ..errors import UsageError
from .actions import act
from .describe import describe, summary
from .fleet import Fleet
from .listening import why
from .server import Simulator
from .state.alarms import EVENTS

if TYPE_CHECKING:
    from aiohttp import web

_MAX_BODY: Final = 64 * 1024
_PAGES: Final = {"": "index.html", "page.css": "page.css", "page.js": "page.js"}
_TYPES: Final = {"html": "text/html", "css": "text/css", "js": "text/javascript"}
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


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
        """The address of the page and the API."""
        return f"http://{self._host}:{self._port}"

    async def start(self) -> None:
        """Listen; UsageError when the port is in use or aiohttp is missing."""
        try:
            from aiohttp import web
        except ImportError as error:
            raise UsageError(
                "the control API needs aiohttp: install dvrip-proto with its extra [sim]"
            ) from error
        app = web.Application(client_max_size=_MAX_BODY, middlewares=[web.middleware(_guarded)])
        app.router.add_get("/devices", self._list)
        app.router.add_get("/devices/{serial}", self._show)
        app.router.add_get(r"/devices/{serial}/channels/{channel:\d{1,3}}.jpg", self._picture)
        app.router.add_get("/devices/{serial}/talk.wav", self._talk)
        app.router.add_post("/devices/{serial}/{action}", self._act)
        app.router.add_get("/events", _events)
        app.router.add_get("/{name:|page.css|page.js}", _page)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        try:
            await site.start()
        except OSError as error:
            await self.stop()
            raise UsageError(f"{self._host}:{self._port}: {why(error)} (control API)") from error
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close the server and what it started."""
        for task in self._tasks:
            task.cancel()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _list(self, _request: web.Request) -> web.Response:
        return _json([summary(device) for device in self._fleet.devices])

    async def _show(self, request: web.Request) -> web.Response:
        return _json(describe(self._device(request)))

    async def _picture(self, request: web.Request) -> web.Response:
        from aiohttp import web

        device, channel = self._device(request), int(request.match_info["channel"])
        if channel >= device.channels:
            raise _error(404, f"channel {channel}: device {device.serial} has {device.channels}")
        picture = await device.picture(channel) if device.up else None
        if picture is None:
            raise _error(503, f"channel {channel} of device {device.serial} shows nothing now")
        return web.Response(body=picture, content_type="image/jpeg")

    async def _talk(self, request: web.Request) -> web.Response:
        from aiohttp import web

        device = self._device(request)
        sound = device.heard()
        if not sound:
            raise _error(404, f"device {device.serial} has heard nothing yet")
        return web.Response(body=sound, content_type="audio/wav")

    async def _act(self, request: web.Request) -> web.Response:
        device, name = self._device(request), request.match_info["action"]
        try:
            return _json(act(device, name, await _wish(request), self._spawn))
        except LookupError as error:
            raise _error(404, f"no action {name}") from error
        except UsageError as error:
            raise _error(400, str(error)) from error

    def _device(self, request: web.Request) -> Simulator:
        serial = request.match_info["serial"]
        device = self._fleet.find(serial)
        if device is None:
            raise _error(404, f"no device {serial}")
        return device

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _guarded(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    if not _is_loopback(f"//{request.host}"):
        raise _error(403, f"host {request.host!r} is not a loopback address")
    if request.method == "POST":
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            raise _error(403, f"origin {origin!r} is another site")
        if request.content_type != "application/json":
            raise _error(415, "the content type must be application/json")
    answer = await handler(request)
    answer.headers.update(_HEADERS)
    return answer


def _is_loopback(url: str) -> bool:
    try:
        name = urlsplit(url).hostname or ""
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


async def _events(_request: web.Request) -> web.Response:
    return _json(dict(EVENTS))


async def _page(request: web.Request) -> web.Response:
    from aiohttp import web

    name = _PAGES[request.match_info["name"]]
    text = resources.files(f"{__package__}.page").joinpath(name).read_text("utf-8")
    return web.Response(text=text, content_type=_TYPES[name.rpartition(".")[2]])


async def _wish(request: web.Request) -> dict[str, Any]:
    if not request.can_read_body:
        return {}
    try:
        wish = json.loads(await request.text())
    except (ValueError, LookupError, RecursionError) as error:
        raise UsageError("the body is not JSON") from error
    if not isinstance(wish, dict):
        raise UsageError("the body is no object")
    return wish


def _json(value: object) -> web.Response:
    from aiohttp import web

    return web.json_response(value)


def _error(status: int, message: str) -> Exception:
    from aiohttp import web

    kinds: dict[int, type[web.HTTPException]] = {
        400: web.HTTPBadRequest,
        403: web.HTTPForbidden,
        404: web.HTTPNotFound,
        415: web.HTTPUnsupportedMediaType,
        503: web.HTTPServiceUnavailable,
    }
    return kinds[status](text=json.dumps({"error": message}), content_type="application/json")
