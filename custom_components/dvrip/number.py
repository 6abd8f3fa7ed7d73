"""Numbers: settings that are a whole number within bounds."""

from typing import override

from homeassistant.components.number import NumberDeviceClass, NumberEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from dvrip_proto import Control, Kind

from .runtime import DvripConfigEntry
from .setting import DvripSetting, async_add_settings
from .settings import DvripSettings

PARALLEL_UPDATES = 0

_CLASSES = {
    "s": NumberDeviceClass.DURATION,
    "min": NumberDeviceClass.DURATION,
    "h": NumberDeviceClass.DURATION,
    "d": NumberDeviceClass.DURATION,
    "kbit/s": NumberDeviceClass.DATA_RATE,
}


async def async_setup_entry(
    hass: HomeAssistant, entry: DvripConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the numbers that one device has."""
    async_add_settings(entry.runtime_data.settings, DvripNumber, fits, async_add_entities)


def fits(kind: Kind) -> bool:
    """Whether a setting is a number with both bounds."""
    return kind.bounds is not None and None not in kind.bounds


class DvripNumber(DvripSetting, NumberEntity):
    """One setting that is a number."""

    _attr_native_step = 1

    def __init__(self, settings: DvripSettings, row: Control, channel: int | None) -> None:
        super().__init__(settings, row, channel)
        low, high = row.kind.bounds or (0, 0)
        self._attr_native_min_value = low or 0
        self._attr_native_max_value = high or 0
        self._attr_native_unit_of_measurement = row.kind.unit or None
        self._attr_device_class = _CLASSES.get(row.kind.unit)

    @property
    @override
    def native_value(self) -> int | None:
        value: int | None = self.current
        return value

    @override
    async def async_set_native_value(self, value: float) -> None:
        await self.async_write(int(value))
