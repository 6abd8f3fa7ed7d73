"""Numbers: settings that are a whole number within bounds."""

from typing import override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
    RestoreNumber,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from dvrip_proto import Control, Kind

from .entity import DvripEntity
from .media_player import VOLUME
from .ptz import is_likely
from .runtime import DvripConfigEntry, DvripData
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
    data = entry.runtime_data
    async_add_settings(data.settings, DvripNumber, fits, async_add_entities)
    async_add_entities(DvripPtzSpeed(data, channel) for channel in data.session.present)


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
        if row is VOLUME and settings.session.can_talk:
            self._attr_entity_registry_enabled_default = False  # the speaker has it

    @property
    @override
    def native_value(self) -> int | None:
        value: int | None = self.current
        return value

    @override
    async def async_set_native_value(self, value: float) -> None:
        await self.async_write(int(value))


PTZ_SPEED = NumberEntityDescription(
    key="ptz_speed", translation_key="ptz_speed", entity_category=EntityCategory.CONFIG
)


class DvripPtzSpeed(DvripEntity, RestoreNumber):
    """How fast buttons move a camera; kept here, not on the device."""

    _attr_native_min_value = 1
    _attr_native_max_value = 8
    _attr_native_step = 1

    def __init__(self, data: DvripData, channel: int) -> None:
        super().__init__(data.session, PTZ_SPEED, channel)
        self._channel = channel
        self._speeds = data.ptz_speeds
        self._attr_entity_registry_enabled_default = is_likely(data.session)

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        kept = await self.async_get_last_number_data()
        if kept is not None and kept.native_value is not None:
            self._speeds.by_channel[self._channel] = int(kept.native_value)

    @property
    @override
    def native_value(self) -> int:
        return self._speeds.of(self._channel)

    @override
    async def async_set_native_value(self, value: float) -> None:
        self._speeds.by_channel[self._channel] = int(value)
        self.async_write_ha_state()
