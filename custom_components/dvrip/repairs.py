"""What only a person can decide: where a device is now, and whether to mend what is set wrong on it."""

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from dvrip_proto import DvripError

from .const import LOGGER
from .inert import error_text, inert
from .issues import async_mend
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


class MendFlow(RepairsFlow):
    """Asks whether to change the setting of the device that is in the way."""

    async def async_step_init(self, user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Ask."""
        return await self.async_step_confirm()

    async def async_step_confirm(self, user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Write the setting when a person has said so."""
        asked = self.data or {}
        entry = self.hass.config_entries.async_get_entry(str(asked.get("entry_id")))
        if entry is None or entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="no_entry")
        if user_input is None:
            name = inert(entry.title)
            return self.async_show_form(step_id="confirm", description_placeholders={"name": name})
        try:
            await async_mend(entry.runtime_data, str(asked["kind"]))
        except DvripError as error:
            LOGGER.info("%s: not mended: %s", inert(entry.title), error_text(error))
            return self.async_abort(reason="not_mended")
        return self.async_create_entry(data={})


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """The flow behind a repair."""
    return MendFlow() if "kind" in (data or {}) else NewAddressFlow()
