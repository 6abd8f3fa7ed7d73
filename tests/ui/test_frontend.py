"""Pages of the frontend that an owner sees, at desktop and phone width: they show, and no script or text of them fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.wire.digest import sofia_hash

pytest.importorskip("playwright.async_api", reason="playwright is not installed")
pytest.importorskip("hass_frontend", reason="the frontend of Home Assistant is not installed")

from demo import browser
from tests.ui.home import home
from tests.ui.look import Look

pytestmark = [
    pytest.mark.skipif(browser.find() is None, reason="no Chromium on this machine"),
    pytest.mark.timeout(500),
]

CHANNELS = 16
USERS = {"admin": "admin"}


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
            await look.at("camera", await here.device_page("Living room"), "Speaker", "Motion")
            await look.at("recorder", await here.device_page("NBD8008R-U"), "Restart")
            await look.at("channel", await here.device_page("NBD8008R-U CAM01"), "Connected via")
            await look.dashboard("/security", "ui.panel.lovelace.strategy.security.devices")
            await look.there("security", "Devices")
            await look.at("media", "/media-browser/browser/app%2Cmedia-source%3A%2F%2Fdvrip", "NBD8008R-U")
            await look.at("repairs", "/config/repairs", "No motion is reported")
            await page.get_by_text("No motion is reported").locator("visible=true").first.click()
            await look.there("repair", "Turn on both?")
            camera.state.users["admin"]["Password"] = sofia_hash("another")
            camera.drop_connections()
            await here.until_refused()
            await look.at("reauth", "/config/integrations/dashboard", f"({camera.host})")
            card = page.locator("ha-config-flow-card").filter(has_text=f"({camera.host})")
            await card.locator("ha-button").first.click()
            await look.there("sign_in", "Home Assistant has stopped trying")
