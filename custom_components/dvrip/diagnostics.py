"""Diagnostics: what helps to understand a report, without what identifies the device or opens it."""

from dataclasses import asdict
from typing import Any

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import HomeAssistant

from dvrip_proto import redact

from .alarms import DEVICE_ITSELF
from .identity import Alarm
from .runtime import DvripConfigEntry, DvripData

# Beside what the library masks: what tells one device or its network from another.
_PRIVATE = {
    CONF_HOST, CONF_PASSWORD, CONF_USERNAME, "MAC", "Pid", "SN", "SerialID", "SerialNo", "UUID",
    "mac", "serial", "serial_number", "title", "unique_id",
}  # fmt: skip


async def async_get_config_entry_diagnostics(hass: HomeAssistant, entry: DvripConfigEntry) -> dict[str, Any]:
    """Everything the integration knows about one device."""
    return async_redact_data(redact(_collect(entry, entry.runtime_data), identity=True), _PRIVATE)


def _collect(entry: DvripConfigEntry, data: DvripData) -> dict[str, Any]:
    session, alarms, device = data.session, data.alarms, data.session.device_now
    return {
        "entry": {"data": dict(entry.data), "options": dict(entry.options), "version": entry.version},
        "connected": session.connected,
        "login": asdict(device.entry) if device is not None else None,
        "armed": alarms.armed,
        "last_error": _without_host(session.last_error, entry.data[CONF_HOST]),
        "system_info": dict(session.identity.info.raw),
        "channel_titles": len(session.identity.titles),
        "settings": data.settings.told(),
        "functions": {group: dict(flags) for group, flags in session.functions.items()},
        "unanswered": sorted(session.silence.names),
        "channels": {
            channel.number + 1: {"kind": channel.kind.value, "state": channel.state.value}
            for channel in session.channels
        },
        "connections": list(device.connection.budget.held) if device is not None else None,
        "alarms": sorted(_spoken(alarm) for alarm in alarms.active),
        "streams": {
            f"{channel + 1}/{stream}": {"viewers": hub.viewers}
            for (channel, stream), hub in data.streams.hubs.items()
        },
    }


def _spoken(alarm: Alarm) -> str:
    """An alarm with the channel, input or disk that has it, from 1; the device itself has no number."""
    kind, number = alarm
    return kind.name if number == DEVICE_ITSELF else f"{kind.name} {number + 1}"


def _without_host(error: BaseException | None, host: str) -> str | None:
    return None if error is None else f"{type(error).__name__}: {error}".replace(host, "HOST")
