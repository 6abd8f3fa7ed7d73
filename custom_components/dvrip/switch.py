"""Switches: settings that are on or off."""

from typing import Any, override

from homeassistant.components.switch import SwitchEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from dvrip_proto import Control, Kind, control

from .runtime import DvripConfigEntry
from .setting import DvripSetting, async_add_settings
from .settings import DvripSettings

PARALLEL_UPDATES = 0

RELAY = control("alarm_output")


async def async_setup_entry(
    hass: HomeAssistant, entry: DvripConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the switches that one device has."""
    async_add_settings(entry.runtime_data.settings, DvripSwitch, fits, async_add_entities)


def fits(kind: Kind) -> bool:
    """Whether a setting is a switch."""
    return kind.name == "bool"


class DvripSwitch(DvripSetting, SwitchEntity):
    """One setting that is on or off."""

    def __init__(self, settings: DvripSettings, row: Control, channel: int | None) -> None:
        super().__init__(settings, row, channel)
        if row is RELAY:  # it opens a gate or lights a lamp: no matter of configuration
            self._attr_entity_category = None

    @property
    @override
    def is_on(self) -> bool:
        return bool(self.current)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        await self.async_write(True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        await self.async_write(False)
