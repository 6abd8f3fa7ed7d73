"""What every entity of a device has in common: its device, its unique id, when it is available."""

from __future__ import annotations

from typing import override

from homeassistant.helpers.device_registry import CONNECTION_NETWORK_MAC, DeviceInfo
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import DOMAIN, MANUFACTURER
from .coordinator import DvripCoordinator


def device_info(coordinator: DvripCoordinator) -> DeviceInfo:
    """The camera or recorder itself."""
    identity = coordinator.identity
    info = DeviceInfo(
        identifiers={(DOMAIN, coordinator.key)},
        name=coordinator.config_entry.title,
        manufacturer=MANUFACTURER,
        model=identity.info.model or identity.info.hardware or None,
        hw_version=identity.info.hardware or None,
        sw_version=identity.info.firmware or None,
        serial_number=identity.info.serial or None,
    )
    if identity.mac:
        info["connections"] = {(CONNECTION_NETWORK_MAC, identity.mac)}
    return info


def channel_identifier(coordinator: DvripCoordinator, channel: int) -> tuple[str, str]:
    """What the device registry knows a channel of a recorder by."""
    return (DOMAIN, f"{coordinator.key}|{channel}")


def channel_info(coordinator: DvripCoordinator, channel: int) -> DeviceInfo:
    """One channel: a device behind its recorder, or the camera itself."""
    if not coordinator.is_recorder:
        return device_info(coordinator)
    titles = coordinator.identity.titles
    title = titles[channel] if channel < len(titles) else ""
    return DeviceInfo(
        identifiers={channel_identifier(coordinator, channel)},
        name=title or f"{coordinator.config_entry.title} {channel + 1}",
        manufacturer=MANUFACTURER,
        via_device_id=coordinator.device_id,
    )


class DvripEntity(CoordinatorEntity[DvripCoordinator]):
    """An entity of the device, or of one of its channels (counted from 0)."""

    _attr_has_entity_name = True

    def __init__(
        self, coordinator: DvripCoordinator, description: EntityDescription, channel: int | None = None
    ) -> None:
        super().__init__(coordinator)
        self.entity_description = description
        place = description.key if channel is None else f"{channel}_{description.key}"
        self._attr_unique_id = f"{coordinator.key}_{place}"
        self._attr_device_info = (
            device_info(coordinator) if channel is None else channel_info(coordinator, channel)
        )

    @override
    async def async_update(self) -> None:
        # Everything is pushed: there is nothing to ask for.
        pass
