"""Repairs as a person meets them."""

from __future__ import annotations

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from custom_components.dvrip import repairs
from custom_components.dvrip.const import DOMAIN
from tests.homeassistant.rendered import STRINGS, render


def issue(hass: HomeAssistant, kind: str) -> ir.IssueEntry | None:
    [entry] = hass.config_entries.async_entries(DOMAIN)
    return ir.async_get(hass).async_get_issue(DOMAIN, f"{kind}_{entry.entry_id}")


async def mend(hass: HomeAssistant, found: ir.IssueEntry) -> dict[str, Any]:
    """Go through the repair as a person does."""
    flow = await repairs.async_create_fix_flow(hass, found.issue_id, found.data)
    flow.hass, flow.data, flow.handler, flow.flow_id = hass, found.data, DOMAIN, "mend"
    flow.context, flow.issue_id = {}, found.issue_id
    asked = await flow.async_step_init()
    if asked["type"] == "abort":
        return dict(asked)
    assert asked["step_id"] == "confirm"
    shown = STRINGS["issues"][found.translation_key]["fix_flow"]["step"]["confirm"]
    for text in (shown["title"], shown["description"]):
        render(text, asked["description_placeholders"])
    return dict(await flow.async_step_confirm({}))
