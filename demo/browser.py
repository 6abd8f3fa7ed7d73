"""The dashboard in headless Chromium: sign in, wait for moving pictures, press a button, take a picture."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright

from .home_assistant import USER
from .progress import DemoError

_PATIENCE_MS = 90_000
"""For one step of a page; a busy machine shows a page of Home Assistant after half a minute."""

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_OPTIONS = (
    "--disable-gpu",
    "--autoplay-policy=no-user-gesture-required",
    # Devices and go2rtc of this machine alone: both ends of WebRTC are on its loopback.
    "--allow-loopback-in-peer-connection",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
    # Nothing but this machine: no icon, font or update is fetched from elsewhere.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
# Cards live in open shadow roots, so does the player.
_FIND = """
const found = []; const walk = root => { for (const node of root.querySelectorAll('*')) {
  if (node.matches(SELECTOR)) found.push(node); if (node.shadowRoot) walk(node.shadowRoot); } };
walk(document);
"""
_VIDEOS = (
    "() => {"
    + _FIND.replace("SELECTOR", "'video'")
    + "return found.map(v => ({time: v.currentTime, width: v.videoWidth, ready: v.readyState})) }"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Playing:
    """How many players there are, how many of them move, and how often the page was loaded for it."""

    players: int
    moving: int
    loads: int


def find() -> str | None:
    """Path of a Chromium on this machine."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


@asynccontextmanager
async def signed_in(chromium: str, url: str, path: str, password: str) -> AsyncIterator[Page]:
    """A page that shows `path` of Home Assistant after signing in as a person does."""
    options = [*_OPTIONS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(
            executable_path=chromium,
            args=options,
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
        )
        try:
            page = await running.new_page(viewport={"width": 1440, "height": 900})
            page.set_default_timeout(_PATIENCE_MS)
            await page.goto(url + path)
            await page.locator("input[name=username]").fill(USER)
            await page.locator("input[name=password]").fill(password)
            await page.keyboard.press("Enter")
            await page.wait_for_selector("home-assistant-main", state="attached")
            yield page
        finally:
            await running.close()


async def wait_until_playing(page: Page, wanted: int, *, timeout_s: float = 45.0) -> Playing:
    """Wait until `wanted` players move. Errors: DemoError with what they did instead.

    Home Assistant ends a stream 30 s after its last viewer, and a player that asks in that very moment gets
    none and does not ask again: then the page is loaded anew, once, as a person does.
    """
    for loads in (1, 2):
        players, moving, now = await _watch(page, wanted, timeout_s)
        if moving >= wanted:
            return Playing(players=players, moving=moving, loads=loads)
        await page.reload()
    raise DemoError(f"{moving} of {wanted} pictures move in the browser, loaded twice: {now}")


async def _watch(page: Page, wanted: int, timeout_s: float) -> tuple[int, int, list[dict[str, Any]]]:
    """Players, moving players and their state, once `wanted` move or the time is over."""
    before: list[dict[str, Any]] = []
    deadline = asyncio.get_running_loop().time() + timeout_s
    while True:
        now: list[dict[str, Any]] = await page.evaluate(_VIDEOS)
        pairs = zip(before, now, strict=False)
        moving = sum(new["width"] > 0 and new["time"] > old["time"] > 0 for old, new in pairs)
        steady = len(now) == len(before)
        if (steady and moving >= wanted) or asyncio.get_running_loop().time() > deadline:
            return len(now), moving if steady else 0, now
        before = now
        await asyncio.sleep(1)


async def press(page: Page, camera: int, button: int) -> None:
    """Click a button of a picture, both counted from 0."""
    await (
        page.locator("hui-picture-elements-card").nth(camera).locator("hui-icon-element").nth(button).click()
    )
    await page.wait_for_timeout(1500)


async def screenshot(page: Page, target: Path) -> None:
    """Write what the page shows as PNG."""
    await page.screenshot(path=target)
