"""Times: settings that are a time of day."""

from datetime import time
from typing import override

from homeassistant.components.time import TimeEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from dvrip_proto import Kind

from .runtime import DvripConfigEntry
from .setting import DvripSetting, async_add_settings

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant, entry: DvripConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the times that one device has."""
    async_add_settings(entry.runtime_data.settings, DvripTime, fits, async_add_entities)


def fits(kind: Kind) -> bool:
    """Whether a setting is a time of day."""
    return kind.name == "time"


class DvripTime(DvripSetting, TimeEntity):
    """One setting that is a time of day."""

    @property
    @override
    def native_value(self) -> time | None:
        # The end of a day is midnight for a clock.
        return None if self.current is None else time.fromisoformat(self.current.replace("24:00", "00:00"))

    @override
    async def async_set_value(self, value: time) -> None:
        await self.async_write(f"{value:%H:%M}")
