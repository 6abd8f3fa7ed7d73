"""What only a person can decide: where a device is now, and whether to mend what is set wrong on it."""

from abc import ABC, abstractmethod
from typing import override

from homeassistant.components.repairs import FlowType, RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowContext,
    OperationNotAllowed,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from dvrip_proto import DvripError

from .const import DOMAIN, LOGGER
from .inert import error_text, inert
from .issues import async_mend
from .moves import async_move, placeholders
from .reported import PASSWORDS, TRIED


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


class EntryFlow(RepairsFlow, ABC):
    """Asks a person, then does something for the entry of the repair."""

    loaded = True
    """Whether the entry has to be."""

    async def async_step_init(self, user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Ask."""
        return await self.async_step_confirm()

    async def async_step_confirm(self, user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Do it when a person has said so."""
        entry = self.hass.config_entries.async_get_entry(str((self.data or {}).get("entry_id")))
        if entry is None or self.loaded and entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="no_entry")
        if user_input is None:
            issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
            told = (issue and issue.translation_placeholders) or {}
            return self.async_show_form(
                step_id="confirm", description_placeholders={"name": inert(entry.title), **told}
            )
        return await self.async_do(entry)

    @abstractmethod
    async def async_do(self, entry: ConfigEntry) -> RepairsFlowResult:
        """What a person agreed to."""


class MendFlow(EntryFlow):
    """Changes the setting of the device that is in the way."""

    @override
    async def async_do(self, entry: ConfigEntry) -> RepairsFlowResult:
        try:
            await async_mend(self.hass, entry, str((self.data or {})["kind"]))
        except DvripError as error:
            LOGGER.info("%s: not mended: %s", inert(entry.title), error_text(error))
            return self.async_abort(reason="not_mended")
        return self.async_create_entry(data={})


class PasswordFlow(EntryFlow):
    """Opens the form for the password that the device has now."""

    loaded = False

    @override
    async def async_do(self, entry: ConfigEntry) -> RepairsFlowResult:
        context = ConfigFlowContext(source=SOURCE_RECONFIGURE, entry_id=entry.entry_id)
        form = await self.hass.config_entries.flow.async_init(DOMAIN, context=context)
        return self.async_create_entry(data={}, next_flow=(FlowType.CONFIG_FLOW, form["flow_id"]))


class TryFlow(EntryFlow):
    """Tries again to set the entry up."""

    loaded = False

    @override
    async def async_do(self, entry: ConfigEntry) -> RepairsFlowResult:
        try:
            done = await self.hass.config_entries.async_reload(entry.entry_id)
        except OperationNotAllowed:  # it is being set up, or could not be unloaded
            done = False
        return self.async_create_entry(data={}) if done else self.async_abort(reason="not_mended")


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """The flow behind a repair."""
    kind = (data or {}).get("kind")
    if kind in PASSWORDS:
        return PasswordFlow()
    if kind in TRIED:
        return TryFlow()
    return NewAddressFlow() if kind is None else MendFlow()
