"""What the page on the health of the system tells of this integration."""

from typing import Any

from homeassistant.components import system_health
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN


@callback
def async_register(hass: HomeAssistant, register: system_health.SystemHealthRegistration) -> None:
    """Say what is asked for the page."""
    register.async_register_info(_info)


async def _info(hass: HomeAssistant) -> dict[str, Any]:
    entries = hass.config_entries.async_entries(DOMAIN)
    loaded = [entry.runtime_data for entry in entries if entry.state is ConfigEntryState.LOADED]
    return {
        "devices": len(entries),
        "connected": sum(data.session.connected for data in loaded),
        "armed": sum(data.alarms.armed for data in loaded),
        "viewers": sum(hub.viewers for data in loaded for hub in data.streams.hubs.values()),
    }
