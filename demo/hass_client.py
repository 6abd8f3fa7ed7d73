"""Client of Home Assistant's own REST and WebSocket API."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import Any, Self

import aiohttp

from .progress import DemoError

type Event = dict[str, Any]


class HassClient:
    """One signed-in user: REST requests plus one WebSocket. Use as `async with`."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str) -> None:
        self.url = url
        self._session = session
        self._token = token
        self._ws: aiohttp.ClientWebSocketResponse | None = None
        self._reader: asyncio.Task[None] | None = None
        self._replies: dict[int, asyncio.Future[Any]] = {}
        self._listeners: dict[int, Callable[[Event], None]] = {}
        self._id = 0

    async def __aenter__(self) -> Self:
        ws = await self._session.ws_connect(f"{self.url}/api/websocket", max_msg_size=0)
        await ws.receive_json()
        await ws.send_json({"type": "auth", "access_token": self._token})
        if (answer := await ws.receive_json())["type"] != "auth_ok":
            raise DemoError(f"Home Assistant refused the sign-in: {answer.get('message')}")
        self._ws = ws
        self._reader = asyncio.create_task(self._read(ws))
        return self

    async def __aexit__(self, *_exc: object) -> None:
        if self._ws is not None:
            await self._ws.close()
        if self._reader is not None:
            self._reader.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reader

    async def stay(self) -> None:
        """Be signed in for a day; the token of a sign-in ends after half an hour."""
        known = {"client_name": "stays", "lifespan": 1}
        self._token = str(await self.command("auth/long_lived_access_token", **known))

    async def again(self) -> None:
        """Sign in anew, after a restart; subscriptions are over."""
        await self.__aexit__()
        self._reader = None
        self._replies.clear()
        self._listeners.clear()
        await self.__aenter__()

    async def _read(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        async for message in ws:
            if message.type is not aiohttp.WSMsgType.TEXT:
                continue
            parsed = json.loads(message.data)
            for item in parsed if isinstance(parsed, list) else [parsed]:
                self._dispatch(item)
        for future in self._replies.values():
            if not future.done():
                future.set_exception(DemoError("Home Assistant closed the WebSocket"))

    def _dispatch(self, item: dict[str, Any]) -> None:
        if item["type"] == "event" and (listener := self._listeners.get(item["id"])):
            listener(item["event"])
        elif (
            item["type"] == "result" and (future := self._replies.pop(item["id"], None)) and not future.done()
        ):
            if item["success"]:
                future.set_result(item["result"])
            else:
                future.set_exception(DemoError(f"Home Assistant: {item['error']['message']}"))

    async def command(self, kind: str, *, timeout_s: float = 30.0, **fields: Any) -> Any:
        """Result of the WebSocket command `kind`. Errors: DemoError with Home Assistant's own words."""
        _, result = await self._send(kind, fields, None, timeout_s)
        return result

    async def subscribe(self, listener: Callable[[Event], None], kind: str, **fields: Any) -> int:
        """Call `listener` with every event of a subscription; the number is for `unsubscribe`."""
        number, _ = await self._send(kind, fields, listener, 30.0)
        return number

    async def unsubscribe(self, number: int) -> None:
        """End a subscription."""
        self._listeners.pop(number, None)
        await self.command("unsubscribe_events", subscription=number)

    async def _send(
        self, kind: str, fields: dict[str, Any], listener: Callable[[Event], None] | None, timeout_s: float
    ) -> tuple[int, Any]:
        if self._ws is None:
            raise DemoError("not connected to Home Assistant")
        self._id += 1
        number = self._id
        future = self._replies[number] = asyncio.get_running_loop().create_future()
        if listener is not None:
            self._listeners[number] = listener
        await self._ws.send_json({"id": number, "type": kind, **fields})
        try:
            async with asyncio.timeout(timeout_s):
                return number, await future
        except TimeoutError:
            raise DemoError(f"Home Assistant did not answer {kind!r} within {timeout_s:.0f} s") from None
        finally:
            self._replies.pop(number, None)

    async def action(self, name: str, *, entity_id: str | None = None, **data: Any) -> None:
        """Run the action `domain.name`, on `entity_id` if given."""
        domain, service = name.split(".")
        target = {"entity_id": entity_id} if entity_id else {}
        await self.command("call_service", domain=domain, service=service, service_data=data, target=target)

    async def states(self) -> dict[str, dict[str, Any]]:
        """Every state, by entity id."""
        return {state["entity_id"]: state for state in await self.command("get_states")}

    async def get(self, path: str, *, timeout_s: float = 30.0) -> bytes:
        """Body of a GET with this user's token. Errors: DemoError on any status but 200."""
        return await self._rest("GET", path, None, timeout_s)

    async def post(self, path: str, body: dict[str, Any] | None = None, *, timeout_s: float = 60.0) -> Any:
        """JSON answer of a POST with this user's token. Errors: DemoError on any status but 200."""
        return json.loads(await self._rest("POST", path, body or {}, timeout_s))

    async def get_start(self, path: str, size: int) -> bytes:
        """The first `size` bytes of a body that does not end, such as MJPEG. Errors: DemoError."""
        headers = {"Authorization": f"Bearer {self._token}"}
        async with self._session.get(self.url + path, headers=headers) as response:
            if response.status != 200:
                raise DemoError(f"Home Assistant answered {response.status} to GET {_public(path)}")
            return await response.content.readexactly(size)

    async def _rest(self, method: str, path: str, body: dict[str, Any] | None, timeout_s: float) -> bytes:
        headers = {"Authorization": f"Bearer {self._token}"}
        timeout = aiohttp.ClientTimeout(total=timeout_s)
        async with self._session.request(
            method, self.url + path, json=body, headers=headers, timeout=timeout
        ) as response:
            content = await response.read()
            if response.status != 200:
                said = content[:200].decode(errors="replace")
                raise DemoError(
                    f"Home Assistant answered {response.status} to {method} {_public(path)}: {said}"
                )
            return content


def _public(path: str) -> str:
    # The path of a stream carries its token.
    return "/".join("…" if len(part) >= 32 else part for part in path.split("?")[0].split("/"))
