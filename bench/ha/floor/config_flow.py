"""One step: the plan of what to add, as JSON."""

from typing import Any

import voluptuous as vol
from homeassistant.config_entries import ConfigFlow, ConfigFlowResult


class FloorConfigFlow(ConfigFlow, domain="bench_floor"):
    """Takes a plan as it is."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Make an entry of it."""
        if user_input is not None:
            return self.async_create_entry(title=user_input["title"], data=user_input)
        schema = vol.Schema({vol.Required("title"): str, vol.Required("plan"): str})
        return self.async_show_form(step_id="user", data_schema=schema)
