"""The page of the simulator in a real browser: its buttons do what they say, its texts stay texts."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from dvrip_proto import AlarmEvent, AlarmKind, Device
from dvrip_proto.errors import DvripError
from dvrip_proto.simulator import Fleet
from dvrip_proto.simulator.control import Control

playwright_api = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
CHROMIUM = next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

TITLE = '<img src="x" onerror="document.title=1">'


@dataclass
class Shown:
    """A page and what it shows."""

    page: playwright_api.Page
    fleet: Fleet
    errors: list[str]
    requested: list[str]

    def card(self, index: int) -> playwright_api.Locator:
        return self.page.locator(f"article[data-serial='{self.fleet.devices[index].serial}']")


@pytest.fixture
async def shown() -> AsyncIterator[Shown]:
    async with (
        Fleet(50, bind="127.0.0.150", port=0, profile="nvr", channels=2) as fleet,
        playwright_api.async_playwright() as playwright,
    ):
        fleet.devices[0].state.config["ChannelTitle"][0] = TITLE
        control = Control(fleet, "127.0.0.1", 0)
        await control.start()
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = await browser.new_page(viewport={"width": 1000, "height": 700})
        errors: list[str] = []
        requested: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: requested.append(request.url))
        await page.goto(control.url)
        await page.locator("article").nth(49).wait_for(state="attached")
        yield Shown(page, fleet, errors, requested)
        await browser.close()
        await control.stop()
        assert errors == []


async def test_the_motion_button_reaches_a_subscribed_client(shown: Shown) -> None:
    simulated, card = shown.fleet.devices[0], shown.card(0)
    async with Device(simulated.host, simulated.port) as device:
        events: asyncio.Queue[AlarmEvent] = asyncio.Queue()
        device.alarms.subscribe(events.put_nowait)
        await device.alarms.arm()
        await card.locator("select.channel").select_option(label="2")
        await card.locator("input.seconds").fill("1")
        await card.get_by_role("button", name="motion").click()
        began = await asyncio.wait_for(events.get(), 5)
        assert (began.channel, began.kind, began.active) == (1, AlarmKind.MOTION, True)
        await card.locator("figure").nth(1).get_by_text("VideoMotion").wait_for()
        ended = await asyncio.wait_for(events.get(), 5)
        assert (ended.channel, ended.kind, ended.active) == (1, AlarmKind.MOTION, False)


async def test_the_cable_is_pulled_and_plugged_in(shown: Shown) -> None:
    card, cable = shown.card(1), shown.fleet.devices[1].state.cable
    await card.get_by_role("button", name="Pull cable").click()
    await card.get_by_text("unplugged", exact=True).wait_for()
    assert not cable.plugged
    await card.get_by_role("button", name="Plug cable in").click()
    await card.get_by_text("up", exact=True).wait_for()
    assert cable.plugged


async def test_a_user_is_logged_out(shown: Shown) -> None:
    card, simulated = shown.card(0), shown.fleet.devices[0]
    await card.get_by_text("nobody", exact=True).wait_for()
    async with Device(simulated.host, simulated.port) as device:
        ended: asyncio.Queue[DvripError | None] = asyncio.Queue()
        device.connection.on_close(ended.put_nowait)
        await card.get_by_role("button", name="admin", exact=True).click()
        assert "logged this session out" in str(await asyncio.wait_for(ended.get(), 5))
        await card.get_by_text("nobody", exact=True).wait_for()
    assert simulated.sessions == 0


async def test_pictures_move_and_texts_of_a_device_stay_texts(shown: Shown) -> None:
    card = shown.card(0)
    await card.get_by_text(f"1: {TITLE}").wait_for()
    picture = card.locator("figure img").first
    await playwright_api.expect(picture).to_have_attribute("src", re.compile(r"0\.jpg"))
    assert await picture.evaluate("image => image.naturalWidth") == 640
    first = await picture.get_attribute("src")
    await playwright_api.expect(picture).not_to_have_attribute("src", first or "")
    assert await shown.page.title() == "DVRIP simulator"


async def test_only_devices_in_sight_are_asked_for(shown: Shown) -> None:
    await shown.card(0).locator("figure:not(.off)").first.wait_for()
    last = shown.fleet.devices[49].serial
    assert not [url for url in shown.requested if last in url]
    await shown.page.locator("#filter").fill(last)
    await shown.card(49).locator("figure:not(.off)").first.wait_for()
    assert not await shown.card(0).is_visible()
