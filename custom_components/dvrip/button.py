"""Buttons: acts of the device itself."""

from typing import override

from homeassistant.components.button import ButtonDeviceClass, ButtonEntity, ButtonEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import DvripEntity
from .failure import translated
from .runtime import DvripConfigEntry

PARALLEL_UPDATES = 1

REBOOT = ButtonEntityDescription(
    key="reboot", device_class=ButtonDeviceClass.RESTART, entity_category=EntityCategory.CONFIG
)


async def async_setup_entry(
    hass: HomeAssistant, entry: DvripConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the buttons of one device."""
    async_add_entities([DvripReboot(entry.runtime_data.session, REBOOT)])


class DvripReboot(DvripEntity, ButtonEntity):
    """Restarts the device."""

    @override
    @translated
    async def async_press(self) -> None:
        await self.session.device.system.reboot()
