"""A device with a hostile name in a real Home Assistant and a real browser: nothing is fetched, nothing is a link."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from dvrip_proto.simulator import Simulator

pytest.importorskip("playwright.async_api", reason="playwright is not installed")
pytest.importorskip("hass_frontend", reason="the frontend of Home Assistant is not installed")

from demo import browser
from tests.ui.home import home

pytestmark = [
    pytest.mark.skipif(browser.find() is None, reason="no Chromium on this machine"),
    pytest.mark.timeout(400),
]

MARKED = (
    "() => {"
    + browser._FIND.replace("SELECTOR", "'a, img, strong, b'")
    + "return found.map(n => n.tagName + ' ' + (n.href || n.src || n.textContent))"
    + ".filter(t => /pixel|phish|expired/.test(t)) }"
)


async def test_a_hostile_name_is_text_in_its_card_and_its_dialog(tmp_path: Path) -> None:
    fetched: list[bytes] = []

    async def evil(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fetched.append(await reader.readline())
        writer.close()

    trap = await asyncio.start_server(evil, "127.0.0.1", 0)
    at = f"http://127.0.0.1:{trap.sockets[0].getsockname()[1]}"
    name = f"![x]({at}/pixel.png) [**Session expired**]({at}/phish)"
    async with Simulator(bind="127.0.0.79", discovery_port=34569, users={"admin": "x"}) as sim:
        sim.state.config["NetWork.NetCommon"]["HostName"] = name
        async with home(tmp_path) as here, here.page("/config/integrations/dashboard") as page:
            shown = page.get_by_text("pixel.png")
            await shown.first.wait_for()
            assert await page.evaluate(MARKED) == []
            card = page.locator("ha-config-flow-card").filter(has_text="pixel.png")
            await card.get_by_text("Add", exact=True).click()
            await page.get_by_text("reported on the network").wait_for()
            assert await page.evaluate(MARKED) == []
    trap.close()
    assert fetched == []
