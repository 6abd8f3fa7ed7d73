"""Repairs of an entry: said once, taken back when what was wrong is right."""

from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN
from .inert import inert

MENDED: Final = frozenset({"clock_drift", "extra_codec", "gone_channels", "motion_silent"})
"""What a click mends."""
PASSWORDS: Final = frozenset({"default_password", "empty_password"})
"""What a person mends on the device; a click then opens the form for the new password."""
TRIED: Final = frozenset({"encryption"})
"""What a person mends on the device; a click then tries again."""
TOLD: Final = frozenset({"address_conflict", "cloud", "connections", "no_alarms"})
KINDS: Final = MENDED | PASSWORDS | TRIED | TOLD


@callback
def async_report(
    hass: HomeAssistant, entry: ConfigEntry, kind: str, *, wrong: bool, name: str, **told: str
) -> None:
    """Say what is wrong, with what is `told` of it, or take it back."""
    issue_id = f"{kind}_{entry.entry_id}"
    if not wrong:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        data={"entry_id": entry.entry_id, "kind": kind},
        is_fixable=kind not in TOLD,
        severity=ir.IssueSeverity.WARNING,
        translation_key=kind,
        translation_placeholders={"name": inert(name), **told},
    )


@callback
def async_is_reported(hass: HomeAssistant, entry: ConfigEntry, kind: str) -> bool:
    """Whether it is said of an entry already."""
    return ir.async_get(hass).async_get_issue(DOMAIN, f"{kind}_{entry.entry_id}") is not None


@callback
def async_forget(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Take back what was told of an entry that goes."""
    registry = ir.async_get(hass)
    for domain, issue_id in list(registry.issues):
        if domain == DOMAIN and issue_id.endswith(entry.entry_id):
            ir.async_delete_issue(hass, domain, issue_id)
