"""Diagnostics: what helps to understand a report, without what identifies the device or opens it."""

from __future__ import annotations

from typing import Any

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import HomeAssistant

from dvrip_proto import redact

from .coordinator import DvripConfigEntry, DvripCoordinator

# Beside what the library masks: what tells one device or its network from another.
_PRIVATE = {
    CONF_HOST, CONF_PASSWORD, CONF_USERNAME, "MAC", "Pid", "SN", "SerialID", "SerialNo", "UUID",
    "mac", "serial", "serial_number", "title", "unique_id",
}  # fmt: skip


async def async_get_config_entry_diagnostics(hass: HomeAssistant, entry: DvripConfigEntry) -> dict[str, Any]:
    """Everything the integration knows about one device."""
    coordinator = entry.runtime_data
    return async_redact_data(redact(_collect(entry, coordinator)), _PRIVATE)


def _collect(entry: DvripConfigEntry, coordinator: DvripCoordinator) -> dict[str, Any]:
    return {
        "entry": {"data": dict(entry.data), "options": dict(entry.options), "version": entry.version},
        "connected": coordinator.last_update_success,
        "armed": coordinator.armed,
        "last_error": _without_host(coordinator.last_exception, entry.data[CONF_HOST]),
        "system_info": dict(coordinator.identity.info.raw),
        "channel_titles": len(coordinator.identity.titles),
        "functions": {group: dict(flags) for group, flags in coordinator.functions.items()},
        "unanswered": sorted(coordinator.unanswered),
        "alarms": sorted(f"{kind.name} {channel}" for kind, channel in coordinator.data),
        "streams": {
            f"{channel}/{stream}": {"viewers": hub.viewers}
            for (channel, stream), hub in coordinator.hubs.items()
        },
    }


def _without_host(error: BaseException | None, host: str) -> str | None:
    return None if error is None else f"{type(error).__name__}: {error}".replace(host, "HOST")
