"""An entity of each platform, with a state and nothing behind it."""

from collections.abc import Awaitable, Callable
from datetime import time
from typing import Any, override

from homeassistant.components.binary_sensor import BinarySensorEntity
from homeassistant.components.button import ButtonEntity
from homeassistant.components.camera import Camera
from homeassistant.components.event import EventEntity
from homeassistant.components.light import ColorMode, LightEntity
from homeassistant.components.media_player import MediaPlayerEntity, MediaPlayerState
from homeassistant.components.number import NumberEntity
from homeassistant.components.select import SelectEntity
from homeassistant.components.sensor import SensorEntity
from homeassistant.components.siren import SirenEntity
from homeassistant.components.switch import SwitchEntity
from homeassistant.components.text import TextEntity
from homeassistant.components.time import TimeEntity
from homeassistant.components.update import UpdateEntity
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

CLASSES: dict[str, tuple[type[Entity], dict[str, Any]]] = {
    "binary_sensor": (BinarySensorEntity, {"is_on": False}),
    "button": (ButtonEntity, {}),
    "camera": (Camera, {}),
    "event": (EventEntity, {"event_types": ["a"]}),
    "light": (LightEntity, {"color_mode": ColorMode.ONOFF, "supported_color_modes": {ColorMode.ONOFF}}),
    "media_player": (MediaPlayerEntity, {"state": MediaPlayerState.IDLE}),
    "number": (NumberEntity, {"native_value": 1}),
    "select": (SelectEntity, {"options": ["a"], "current_option": "a"}),
    "sensor": (SensorEntity, {"native_value": 1}),
    "siren": (SirenEntity, {"is_on": False}),
    "switch": (SwitchEntity, {"is_on": True}),
    "text": (TextEntity, {"native_value": "a"}),
    "time": (TimeEntity, {"native_value": time(1)}),
    "update": (UpdateEntity, {"installed_version": "1", "latest_version": "1"}),
}


def _made(platform: str) -> type[Entity]:
    base, attributes = CLASSES[platform]

    class Floor(base):  # type: ignore[valid-type,misc] # the class of its platform
        _attr_should_poll = False
        _attr_has_entity_name = True

        def __init__(self, unique_id: str, enabled: bool, device: str) -> None:
            super().__init__()
            for name, value in attributes.items():
                setattr(self, f"_attr_{name}", value)
            self._attr_unique_id = self._attr_name = unique_id
            self._attr_entity_registry_enabled_default = enabled
            self._attr_device_info = {"identifiers": {("bench_floor", device)}, "name": device}

        @override
        async def async_added_to_hass(self) -> None:
            await super().async_added_to_hass()

    return Floor


def adder(platform: str) -> Callable[..., Awaitable[None]]:
    """What a platform's module has as `async_setup_entry`."""
    made = _made(platform)

    async def async_setup_entry(
        _hass: HomeAssistant, entry: ConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
    ) -> None:
        added = [made(*one) for kind, *one in entry.runtime_data["plan"] if kind == platform]
        entry.runtime_data[platform] = added
        async_add_entities(added)

    return async_setup_entry
