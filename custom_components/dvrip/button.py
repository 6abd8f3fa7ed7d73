"""Buttons: restarting the device, and moving its cameras."""

from typing import override

from homeassistant.components.button import ButtonDeviceClass, ButtonEntity, ButtonEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from dvrip_proto import DIRECTIONS

from .entity import DvripEntity
from .failure import translated
from .ptz import BUTTONS, STEP_S, is_likely
from .runtime import DvripConfigEntry, DvripData

PARALLEL_UPDATES = 1

REBOOT = ButtonEntityDescription(
    key="reboot", device_class=ButtonDeviceClass.RESTART, entity_category=EntityCategory.CONFIG
)


async def async_setup_entry(
    hass: HomeAssistant, entry: DvripConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the buttons of one device."""
    data = entry.runtime_data
    async_add_entities(
        [
            DvripReboot(data.session, REBOOT),
            *(
                DvripMove(data, direction, channel)
                for channel in data.session.present
                for direction in DIRECTIONS
            ),
        ]
    )


class DvripReboot(DvripEntity, ButtonEntity):
    """Restarts the device."""

    @override
    @translated
    async def async_press(self) -> None:
        await self.session.device.system.reboot()


class DvripMove(DvripEntity, ButtonEntity):
    """Moves, zooms or focuses a camera by one step."""

    def __init__(self, data: DvripData, direction: str, channel: int) -> None:
        key = f"ptz_{direction}"
        super().__init__(data.session, ButtonEntityDescription(key=key, translation_key=key), channel)
        self._direction = direction
        self._channel = channel
        self._speeds = data.ptz_speeds
        # Flags lie in both directions: they only decide whether the button is there at first.
        self._attr_entity_registry_enabled_default = direction in BUTTONS and is_likely(data.session)

    @override
    @translated
    async def async_press(self) -> None:
        await self.session.device.ptz.move(
            self._direction,
            channel=self._channel,
            speed=self._speeds.of(self._channel),
            duration_s=STEP_S,
        )
