"""Pages of the frontend at desktop and phone width: read for texts that nobody should see, and photographed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.async_api import TimeoutError as NotShown

from demo import browser
from tests.ui.home import Home

SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
_SETTLED_MS = 1500
_BROKEN = re.compile(r"formatjs|MISSING_VALUE|Translation \[|component\.dvrip|undefined", re.IGNORECASE)
_TEXTS = (
    "() => {"
    + browser._FIND.replace("SELECTOR", "'*'")
    + """
  const skip = new Set(['STYLE', 'SCRIPT']), texts = [];
  for (const n of found) if (!skip.has(n.tagName)) for (const c of n.childNodes)
    if (c.nodeType === 3 && c.data.trim()) texts.push(c.data.trim());
  return texts; }"""
)
_DIALOG = """entityId => document.querySelector('home-assistant').dispatchEvent(
  new CustomEvent('hass-more-info', {detail: {entityId}, bubbles: true, composed: true}))"""
_HAS_WORD = """word => { const hass = document.querySelector('home-assistant')?.hass;
  if (!hass?.connected) return false;
  hass.loadFragmentTranslation('lovelace');
  return hass.localize(word); }"""
_FOLLOW = """path => { history.pushState(null, '', path);
  window.dispatchEvent(new CustomEvent('location-changed', {detail: {replace: false}})); }"""


class Look:
    """Opens pages and complains about what nobody should read there. `folder`: where their pictures go."""

    def __init__(self, here: Home, page: Any, folder: Path | None = None) -> None:
        self.here = here
        self.page = page
        self.folder = folder
        self._said: list[str] = []
        page.on("console", lambda message: self._said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self._said.append(f"error: {error}"))
        page.on("requestfailed", lambda request: self._said.append(f"not loaded: {request.url}"))

    async def at(self, name: str, path: str, *expected: str, tall: int = 1) -> None:
        """Open `path`, wait for the texts, read all of it at both widths, `tall` screens of it."""
        await self.open(path)
        await self.there(name, *expected, tall=tall)

    async def open(self, path: str) -> None:
        """Go to a page, on a desktop."""
        await self.page.set_viewport_size(dict(zip(("width", "height"), SIZES["desktop"], strict=True)))
        self._said.clear()
        await self.page.goto(self.here.url + path)

    async def dashboard(self, path: str, word: str) -> None:
        """Go to one of Home Assistant's own dashboards as a link does, once the words that it shows are there.

        `word`: the key of one. A dashboard that is opened by its address may be drawn before its words have
        come and then once more with them; the second time fails while the script of its layout is still on its
        way ("this._layoutElement.setConfig is not a function"), and no heading is ever seen.
        """
        await self.page.set_viewport_size(dict(zip(("width", "height"), SIZES["desktop"], strict=True)))
        self._said.clear()
        await self.page.wait_for_function(_HAS_WORD, arg=word)
        await self.page.evaluate(_FOLLOW, path)

    async def dialog(self, entity_id: str) -> None:
        """Open what a click on an entity shows."""
        await self.page.evaluate(_DIALOG, entity_id)

    async def click(self, text: str) -> None:
        """Click what can be seen with this text."""
        await self.page.get_by_text(text).locator("visible=true").first.click()

    async def wait(self, text: str) -> None:
        """Wait until a text can be seen; AssertionError with what the page shows and says instead."""
        try:
            await self.page.get_by_text(text).locator("visible=true").first.wait_for()
        except NotShown as error:
            shown = await self.page.evaluate(_TEXTS)
            raise AssertionError(f"{self.page.url}: no {text!r} in {shown}; said {self._said}") from error

    async def there(self, name: str, *expected: str, tall: int = 1) -> None:
        """Read what is shown now, at both widths."""
        for text in expected:
            await self.wait(text)
        for size, (width, height) in SIZES.items():
            await self.page.set_viewport_size({"width": width, "height": height * tall})
            await self.page.wait_for_timeout(_SETTLED_MS)
            if self.folder is not None:
                await self.page.screenshot(path=self.folder / f"{name}-{size}.png")
        shown = await self.page.evaluate(_TEXTS)
        assert [text for text in shown if _BROKEN.search(text)] == [], name
