"""What only a person can decide: whether a device at another address is the one that it claims to be."""

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.core import HomeAssistant

from .moves import async_move, placeholders


class NewAddressFlow(RepairsFlow):
    """Asks whether to use the new address, with which a login goes there."""

    async def async_step_init(self, user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Ask."""
        return await self.async_step_confirm()

    async def async_step_confirm(self, user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Move the entry when a person has said so."""
        asked = self.data or {}
        host, port = str(asked.get("host")), int(asked.get("port") or 0)
        entry = self.hass.config_entries.async_get_entry(str(asked.get("entry_id")))
        if entry is None:
            return self.async_abort(reason="no_entry")
        if user_input is not None:
            async_move(self.hass, entry, host, port)
            return self.async_create_entry(data={})
        return self.async_show_form(
            step_id="confirm", description_placeholders=placeholders(entry, host, port)
        )


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """The flow behind a repair."""
    return NewAddressFlow()
