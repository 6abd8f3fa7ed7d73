"""The page of entities is what Home Assistant has after it has set up every simulated model."""

from __future__ import annotations

from homeassistant.core import HomeAssistant

from tools.entity_table import PAGE, PROFILES, collect, page


async def test_the_page_is_what_home_assistant_has(hass: HomeAssistant) -> None:
    found = await collect(hass)
    assert {one.model for one in found} == set(PROFILES)
    assert PAGE.read_text("utf-8") == page(found), "run python tools/entity_table.py"
