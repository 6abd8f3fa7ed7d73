"""What every entity of a device has in common: its device, its unique id, when it is available."""

from collections.abc import Callable
from functools import partial
from typing import Any, override

from homeassistant.const import Platform
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import CONNECTION_NETWORK_MAC, DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription

from .const import DOMAIN, MANUFACTURER
from .identity import is_factory_name
from .inert import inert
from .session import DvripSession
from .status import CLOCK, DvripStatus


def device_info(session: DvripSession) -> DeviceInfo:
    """The camera or recorder itself."""
    return _made_once(session, None, _device_info)


def channel_info(session: DvripSession, channel: int) -> DeviceInfo:
    """One channel: a device behind its recorder, or the camera itself."""
    if not session.is_recorder:
        return device_info(session)
    return _made_once(session, channel, partial(_channel_info, channel=channel))


def _made_once(
    session: DvripSession, channel: int | None, make: Callable[[DvripSession], DeviceInfo]
) -> DeviceInfo:
    """Hundreds of entities share a few devices: told anew after a login, and under another title."""
    place = (session.config_entry.title, channel)
    if place not in session.described:
        session.described[place] = make(session)
    return session.described[place]


def _device_info(session: DvripSession) -> DeviceInfo:
    identity = session.identity
    info = DeviceInfo(
        identifiers={(DOMAIN, session.key)},
        name=session.config_entry.title,
        manufacturer=MANUFACTURER,
        model=identity.model,
        hw_version=inert(identity.info.hardware) or None,
        sw_version=inert(identity.info.firmware) or None,
        serial_number=inert(identity.info.serial) or None,
    )
    if identity.mac:
        info["connections"] = {(CONNECTION_NETWORK_MAC, identity.mac)}
    return info


def channel_identifier(session: DvripSession, channel: int) -> tuple[str, str]:
    """What the device registry knows a channel of a recorder by."""
    return (DOMAIN, f"{session.key}|{channel}")


def channel_name(session: DvripSession, channel: int) -> str:
    """What people call a channel, or the camera itself."""
    if not session.is_recorder:
        return session.config_entry.title
    titles = session.identity.titles
    title = titles[channel] if channel < len(titles) else ""
    if not title or title in titles[:channel] or title in titles[channel + 1 :]:
        return f"{session.config_entry.title} {channel + 1}"
    return f"{session.config_entry.title} {title}" if is_factory_name(title) else title


def was_there(session: DvripSession, platform: Platform, key: str, channel: int | None = None) -> bool:
    """Whether there was an entity before: a device that has just started may not tell everything it has."""
    place = key if channel is None else f"{channel}_{key}"
    registry = er.async_get(session.hass)
    return registry.async_get_entity_id(platform, DOMAIN, f"{session.key}_{place}") is not None


def told_as(session: DvripSession, channel: int | None) -> str:
    """What errors call the device, or a channel of it."""
    return session.name if channel is None else channel_name(session, channel)


def _channel_info(session: DvripSession, channel: int) -> DeviceInfo:
    return DeviceInfo(
        identifiers={channel_identifier(session, channel)},
        name=channel_name(session, channel),
        manufacturer=MANUFACTURER,
        via_device_id=session.device_id,
    )


class DvripEntity(Entity):
    """An entity of the device, or of one of its channels (counted from 0)."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(
        self, session: DvripSession, description: EntityDescription, channel: int | None = None
    ) -> None:
        self.session = session
        self.channel = channel
        self.entity_description = description
        place = description.key if channel is None else f"{channel}_{description.key}"
        self._attr_unique_id = f"{session.key}_{place}"
        self._attr_device_info = device_info(session) if channel is None else channel_info(session, channel)

    @property
    def told_as(self) -> str:
        """What errors call it."""
        return told_as(self.session, self.channel)

    needs_camera = True
    """Whether it is away with the camera of its channel."""

    @property
    @override
    def available(self) -> bool:
        if not self.session.connected:
            return False
        return not self.needs_camera or self.channel is None or self.session.reachable(self.channel)

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self.session.async_listen(self.async_write_ha_state))


class DvripStatusEntity(DvripEntity):
    """An entity that shows one answer of a device about how it does."""

    def __init__(
        self, status: DvripStatus, description: EntityDescription, answer: str, channel: int | None = None
    ) -> None:
        super().__init__(status.session, description, channel)
        self._status = status
        self._answer = answer

    @property
    def answer(self) -> Any:
        """What the device said last; None of one that has not said it yet."""
        return self._status.data.get(self._answer)

    @property
    @override
    def available(self) -> bool:
        return super().available and self.answer is not None

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self._status.async_add_listener(self.async_write_ha_state, self._answer))

    async def async_update(self) -> None:
        """Ask now, when a person or an automation wants to know."""
        if self._answer == CLOCK:
            self._status.async_clock_set()
        await self._status.async_request_refresh()
