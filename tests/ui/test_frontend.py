"""Pages of the frontend that an owner sees, at desktop and phone width: they show, and no script or text of them fails.

`DVRIP_SCREENSHOTS=FOLDER` keeps a picture of each.
"""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path
from typing import Any

import pytest

from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.wire.digest import sofia_hash

pytest.importorskip("playwright.async_api", reason="playwright is not installed")
pytest.importorskip("hass_frontend", reason="the frontend of Home Assistant is not installed")

from demo import browser
from tests.ui.home import Home, home

pytestmark = [
    pytest.mark.skipif(browser.find() is None, reason="no Chromium on this machine"),
    pytest.mark.timeout(500),
]

CHANNELS = 16
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
BROKEN = re.compile(r"formatjs|MISSING_VALUE|Translation \[|component\.dvrip|undefined", re.IGNORECASE)
USERS = {"admin": "admin"}


class Look:
    """Opens pages and complains about what nobody should read there."""

    def __init__(self, here: Home, page: Any) -> None:
        self._here = here
        self._page = page
        self._shots = os.environ.get("DVRIP_SCREENSHOTS")

    async def at(self, name: str, path: str, *expected: str) -> None:
        """Open `path`, wait for the texts, read all of it at both widths."""
        await self._page.set_viewport_size({"width": 1440, "height": 900})
        await self._page.goto(self._here.url + path)
        await self.there(name, *expected)

    async def there(self, name: str, *expected: str) -> None:
        """Read what is shown now."""
        for text in expected:
            await self._page.get_by_text(text).locator("visible=true").first.wait_for(timeout=60_000)
        for size, (width, height) in SIZES.items():
            await self._page.set_viewport_size({"width": width, "height": height})
            await self._page.wait_for_timeout(1500)
            if self._shots:
                await self._page.screenshot(path=Path(self._shots) / f"{name}-{size}.png")
        shown = await self._page.evaluate("() => {" + browser._FIND.replace("SELECTOR", "'*'") + _TEXTS)
        assert [text for text in shown if BROKEN.search(text)] == [], name


_TEXTS = """
  const skip = new Set(['STYLE', 'SCRIPT']), texts = [];
  for (const n of found) if (!skip.has(n.tagName)) for (const c of n.childNodes)
    if (c.nodeType === 3 && c.data.trim()) texts.push(c.data.trim());
  return texts; }"""


async def _device(here: Home, name: str) -> str:
    """Path of the page of a device."""
    for device in await here.hass.command("config/device_registry/list"):
        if device["name"] == name:
            return f"/config/devices/device/{device['id']}"
    raise AssertionError(f"no device {name}")


async def _refused(here: Home) -> None:
    """Wait until Home Assistant asks for another password."""
    async with asyncio.timeout(60):
        while True:
            flows = await here.hass.command("config_entries/flow/progress")
            if any(flow["context"]["source"] == "reauth" for flow in flows):
                return
            await asyncio.sleep(0.2)


async def test_every_page_shows_and_none_reports_an_error(tmp_path: Path) -> None:
    async with (
        Simulator(profile="ipc", bind="127.0.0.91", users=USERS) as camera,
        Simulator(
            profile="nvr",
            bind="127.0.0.92",
            channels=CHANNELS,
            users=USERS,
            quirks=Quirks(max_connections=10),
        ) as recorder,
        Simulator(profile="hvr", bind="127.0.0.93", discovery_port=34569, users=USERS) as new,
        home(tmp_path) as here,
    ):
        await here.add(camera)
        await here.add(recorder)
        await here.until(await here.entity(f"{recorder.serial}_{CHANNELS - 1}_sub"), {"idle"})
        async with here.page("/") as page:
            look = Look(here, page)
            await look.at("discovery", "/config/integrations/dashboard", f"({new.host})")
            card = page.locator("ha-config-flow-card").filter(has_text=f"({new.host})")
            await card.get_by_text("Add", exact=True).click()
            await look.there("add", "reported on the network")
            await look.at("camera", await _device(here, "Living room"), "Speaker", "Motion")
            await look.at("recorder", await _device(here, "NBD8008R-U"), "Restart")
            await look.at("channel", await _device(here, "NBD8008R-U CAM01"), "Connected via")
            await look.at("security", "/security", "Devices")
            await look.at("media", "/media-browser/browser/app%2Cmedia-source%3A%2F%2Fdvrip", "NBD8008R-U")
            await look.at("repairs", "/config/repairs", "does not report motion")
            await page.get_by_text("does not report motion").locator("visible=true").first.click()
            await look.there("repair", "Turn on both?")
            camera.state.users["admin"]["Password"] = sofia_hash("another")
            camera.drop_connections()
            await _refused(here)
            await look.at("reauth", "/config/integrations/dashboard", f"({camera.host})")
            card = page.locator("ha-config-flow-card").filter(has_text=f"({camera.host})")
            await card.locator("ha-button").first.click()
            await look.there("sign_in", "Home Assistant has stopped trying")
        assert here.frontend_errors() == []
