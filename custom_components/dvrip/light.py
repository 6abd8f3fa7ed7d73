"""Light: the white light of a camera, by the words of its mode."""

from typing import Any, Final, override

from homeassistant.components.light import ATTR_BRIGHTNESS, ColorMode, LightEntity
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util.color import brightness_to_value, value_to_brightness

from dvrip_proto import control

from .const import CONF_LIGHT_ON
from .failure import translated
from .runtime import DvripConfigEntry
from .setting import DvripSetting
from .settings import DvripSettings
from .shape import Place

PARALLEL_UPDATES = 0

LIGHT: Final = control("white_light")
BRIGHTNESS: Final = control("white_light_brightness")
OFF: Final = "Close"
# What means on differs: where a device was seen in one of these, that is it.
ON_WORDS: Final = ("KeepOpen", "Auto")
_SCALE: Final = (1, 100)


async def async_setup_entry(
    hass: HomeAssistant, entry: DvripConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the white light, where a device has one."""
    settings = entry.runtime_data.settings
    on = entry.options.get(CONF_LIGHT_ON, ON_WORDS[0])

    @callback
    def found(places: list[Place]) -> None:
        async_add_entities([DvripLight(settings, channel, on) for key, channel in places if key == LIGHT.key])

    settings.async_on_found(found)


class DvripLight(DvripSetting, LightEntity):
    """The white light. In a mode of its own, such as by motion, it is neither on nor off."""

    _attr_entity_category = None

    def __init__(self, settings: DvripSettings, channel: int | None, on: str) -> None:
        super().__init__(settings, LIGHT, channel)
        self._attr_entity_registry_enabled_default = True
        self._on = on
        mode = ColorMode.BRIGHTNESS if (BRIGHTNESS.key, channel) in settings.places else ColorMode.ONOFF
        self._attr_color_mode = mode
        self._attr_supported_color_modes = {mode}

    @property
    @override
    def is_on(self) -> bool:
        return bool(self.current == self._on)

    @property
    @override
    def brightness(self) -> int | None:
        told = self.coordinator.value(BRIGHTNESS, self._channel)
        return value_to_brightness(_SCALE, told) if isinstance(told, int) and told > 0 else None

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        return {"mode": self.current}

    @override
    @translated
    async def async_turn_on(self, **kwargs: Any) -> None:
        if ATTR_BRIGHTNESS in kwargs:
            level = max(1, round(brightness_to_value(_SCALE, kwargs[ATTR_BRIGHTNESS])))
            await self.coordinator.async_write(BRIGHTNESS, self._channel, level)
        await self.coordinator.async_write(LIGHT, self._channel, self._on)

    @override
    @translated
    async def async_turn_off(self, **kwargs: Any) -> None:
        await self.coordinator.async_write(LIGHT, self._channel, OFF)
