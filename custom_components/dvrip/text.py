"""Texts: settings that are written freely."""

from typing import override

from homeassistant.components.text import TextEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from dvrip_proto import Kind

from .runtime import DvripConfigEntry
from .setting import DvripSetting, async_add_settings

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant, entry: DvripConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the texts that one device has."""
    async_add_settings(entry.runtime_data.settings, DvripText, fits, async_add_entities)


def fits(kind: Kind) -> bool:
    """Whether a setting is a text or an address."""
    return kind.name in ("text", "ipv4")


class DvripText(DvripSetting, TextEntity):
    """One setting that is written freely."""

    @property
    @override
    def native_value(self) -> str | None:
        return None if self.current is None else str(self.current)

    @override
    async def async_set_value(self, value: str) -> None:
        await self.async_write(value)
