"""What a person can prefer about one device."""

from typing import Any

import voluptuous as vol
from homeassistant.config_entries import (
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from .const import CONF_AUTO_OFF, CONF_CHANNELS, CONF_STREAMS, DEFAULT_AUTO_OFF_S, STREAMS
from .entity import channel_name
from .inert import inert

_OPTIONS = vol.Schema(
    {
        vol.Required(CONF_AUTO_OFF, default=DEFAULT_AUTO_OFF_S): vol.All(
            NumberSelector(
                NumberSelectorConfig(
                    min=5, max=3600, step=1, mode=NumberSelectorMode.BOX, unit_of_measurement="s"
                )
            ),
            vol.Coerce(int),
        ),
        vol.Optional(CONF_STREAMS): SelectSelector(
            SelectSelectorConfig(options=list(STREAMS), multiple=True, translation_key=CONF_STREAMS)
        ),
    }
)


class DvripOptionsFlow(OptionsFlowWithReload):
    """Asks for the options; no channels and no streams mean the usual ones."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the options."""
        if user_input is not None:
            return self.async_create_entry(data=user_input)
        schema = self.add_suggested_values_to_schema(options_of(self.config_entry), self.config_entry.options)
        return self.async_show_form(step_id="init", data_schema=schema)


def options_of(entry: ConfigEntry) -> vol.Schema:
    """The form of one entry: the channels can be picked while a recorder is there to list them."""
    if entry.state is not ConfigEntryState.LOADED or not entry.runtime_data.session.is_recorder:
        return _OPTIONS
    session = entry.runtime_data.session
    channels = [
        SelectOptionDict(
            value=str(channel.number + 1),
            label=f"{channel.number + 1}: {inert(channel_name(session, channel.number))}",
        )
        for channel in session.channels
        if channel.exists
    ]
    selector = SelectSelector(
        SelectSelectorConfig(options=channels, multiple=True, mode=SelectSelectorMode.LIST)
    )
    return _OPTIONS.extend({vol.Optional(CONF_CHANNELS): selector})
