"""A real Home Assistant with simulated devices, its frontend in a real Chromium, and go2rtc beside it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from demo import browser, home_assistant
from demo.hass_client import HassClient
from demo.processes import Child, choose_port
from dvrip_proto.simulator import Simulator

GO2RTC = Path(__file__).resolve().parents[2] / ".venv" / "peers" / "go2rtc"
PASSWORD = "pass-of-the-user"
_SEEN_BY_THE_PAGE = re.compile(r" (?:ERROR|WARNING) .*\[(?:homeassistant\.components\.)?frontend")


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A running Home Assistant: its address, its API, its log, its process, the address of its go2rtc."""

    url: str
    hass: HassClient
    log: Path
    folder: Path
    child: Child
    go2rtc: str
    session: aiohttp.ClientSession

    async def restart(self) -> None:
        """Stop it and start it again, with what it knows."""
        await self.child.stop()
        await self.child.start()
        async with asyncio.timeout(120):
            while True:
                try:
                    return await self.hass.again()
                except aiohttp.ClientError:
                    await asyncio.sleep(0.1)

    def frontend_errors(self) -> list[str]:
        """What pages reported to the log: a text that cannot be rendered, a script that failed."""
        return [line for line in self.log.read_text().splitlines() if _SEEN_BY_THE_PAGE.search(line)]

    async def add(self, sim: Simulator, password: str = "admin") -> str:
        """Add a device as a person does in the dialog; the id of its entry."""
        flow = await self.hass.post("/api/config/config_entries/flow", {"handler": "dvrip"})
        known = {"host": sim.host, "port": sim.port, "username": "admin", "password": password}
        answer = await self.hass.post(f"/api/config/config_entries/flow/{flow['flow_id']}", known)
        assert answer["type"] == "create_entry", answer
        return str(answer["result"]["entry_id"])

    async def entity(self, unique_id: str) -> str:
        """Entity id of what the integration calls `unique_id`."""
        for entry in await self.hass.command("config/entity_registry/list"):
            if entry["platform"] == "dvrip" and entry["unique_id"] == unique_id:
                return str(entry["entity_id"])
        raise AssertionError(f"no entity {unique_id}")

    async def until(self, entity_id: str, states: Iterable[str], *, timeout_s: float = 90) -> None:
        """Wait for one of the states of an entity."""
        wanted = set(states)
        async with asyncio.timeout(timeout_s):
            while True:
                if (await self.hass.states()).get(entity_id, {}).get("state") in wanted:
                    return
                await asyncio.sleep(0.2)

    async def device_page(self, name: str) -> str:
        """Path of the page of a device."""
        for device in await self.hass.command("config/device_registry/list"):
            if name in (device["name_by_user"], device["name"]):
                return f"/config/devices/device/{device['id']}"
        raise AssertionError(f"no device {name}")

    async def until_refused(self) -> None:
        """Wait until Home Assistant asks for another password."""
        async with asyncio.timeout(90):
            while True:
                flows = await self.hass.command("config_entries/flow/progress")
                if any(flow["context"]["source"] == "reauth" for flow in flows):
                    return
                await asyncio.sleep(0.2)

    @asynccontextmanager
    async def page(self, path: str = "/", *, width: int = 1440, height: int = 900) -> AsyncIterator[Any]:
        """A page of the frontend, signed in."""
        chromium = browser.find()
        assert chromium is not None
        async with browser.signed_in(chromium, self.url, path, PASSWORD) as page:
            await page.set_viewport_size({"width": width, "height": height})
            yield page


@asynccontextmanager
async def home(
    folder: Path,
    *,
    go2rtc: bool = False,
    more: str = "",
    beside: Callable[[Path], object] | None = None,
) -> AsyncIterator[Home]:
    """A Home Assistant of its own below `folder`; AssertionError afterwards for what its pages complained of.

    `go2rtc`: with its own integration of that name. `more`: lines of its YAML. `beside` is called with the
    folder of custom integrations before it starts.
    """
    async with AsyncExitStack() as stack:
        address = await _go2rtc(stack, folder) if go2rtc else ""
        if go2rtc:
            more += f'go2rtc:\n  url: "{address}"\n'
        port = choose_port("127.0.0.1", 18790)
        url = f"http://127.0.0.1:{port}"
        home_assistant.seed(folder / "config", folder / "media", port, verbose=False, more=more)
        if beside is not None:
            beside(folder / "config" / "custom_components")
        log = folder / "home-assistant.log"
        child = await home_assistant.process(folder / "config", log).start()
        stack.push_async_callback(child.stop)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        await home_assistant.answers(session, url)
        token = await home_assistant.onboard(session, url, PASSWORD)
        hass = await stack.enter_async_context(HassClient(session, url, token))
        here = Home(url=url, hass=hass, log=log, folder=folder, child=child, go2rtc=address, session=session)
        yield here
        assert here.frontend_errors() == []


async def _go2rtc(stack: AsyncExitStack, folder: Path) -> str:
    """Start go2rtc as Home Assistant's add-on is: nobody but this machine reaches it."""
    api, rtsp, webrtc = (choose_port("127.0.0.1", first) for first in (19840, 19860, 19880))
    config = {
        "app": {"modules": ["api", "exec", "ffmpeg", "http", "rtsp", "webrtc", "ws"]},
        "api": {"listen": f"127.0.0.1:{api}"},
        "rtsp": {"listen": f"127.0.0.1:{rtsp}"},
        "webrtc": {
            "listen": f"127.0.0.1:{webrtc}",
            "candidates": [f"127.0.0.1:{webrtc}"],
            "filters": {"loopback": True},
            "ice_servers": [],
        },
    }
    # A file, not a text: go2rtc writes the streams there that Home Assistant adds.
    (file := folder / "go2rtc.yaml").write_text(json.dumps(config))
    child = Child(
        "go2rtc", [GO2RTC, "-c", file], log=folder / "go2rtc.log", cwd=folder, env={"PATH": "/nonexistent"}
    )
    await child.start()
    stack.push_async_callback(child.stop)
    async with aiohttp.ClientSession() as session, asyncio.timeout(30):
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{api}/api/schemes") as answer:
                    assert answer.status == 200
                    return f"http://127.0.0.1:{api}"
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)
