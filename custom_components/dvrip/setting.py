"""The entity of one control: everything about it comes from the control's row."""

from collections.abc import Callable
from typing import Any, override

from homeassistant.const import EntityCategory
from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import (
    AddConfigEntryEntitiesCallback,
    async_get_current_platform,
)
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from dvrip_proto import Control, Kind, control

from .entity import channel_info, device_info, told_as
from .failure import translated
from .settings import NUMBERED, DvripSettings
from .shape import Place


class DvripSetting(CoordinatorEntity[DvripSettings]):
    """One control of the device, of one of its channels, or of one of its inputs or outputs."""

    _attr_has_entity_name = True
    _attr_entity_category: EntityCategory | None = EntityCategory.CONFIG

    def __init__(self, settings: DvripSettings, row: Control, channel: int | None) -> None:
        super().__init__(settings, context=row.object)
        self.row = row
        self._channel = channel
        session = settings.session
        self._attr_translation_key = row.key
        known = settings.at(row, channel)
        self._attr_entity_registry_enabled_default = known.shown if known else row.basic
        self._attr_unique_id = unique_id(session.key, row, channel)
        self._of_channel = channel is not None and row.spec.element == "channel"
        self._attr_device_info = (
            channel_info(session, channel or 0) if self._of_channel else device_info(session)
        )
        if row.spec.element in NUMBERED:
            self._attr_translation_placeholders = {"number": str((channel or 0) + 1)}

    @property
    def current(self) -> Any:
        """The setting as people write it, None while it is not known."""
        return self.coordinator.value(self.row, self._channel)

    @property
    @override
    def available(self) -> bool:
        settings = self.coordinator
        known = settings.session.connected and settings.refusal(self.row.object) is None
        there = not self._of_channel or settings.session.reachable(self._channel or 0)
        return known and there and self.current is not None

    @property
    def told_as(self) -> str:
        """What errors call it."""
        return told_as(self.coordinator.session, self._channel if self._of_channel else None)

    @translated
    async def async_write(self, value: Any) -> None:
        """Change the setting; what the device has then is the state."""
        await self.coordinator.async_write(self.row, self._channel, value)


def unique_id(key: str, row: Control, channel: int | None) -> str:
    """What the registry knows the setting of the device `key` by."""
    return f"{key}_{row.key}" if channel is None else f"{key}_{channel}_{row.key}"


@callback
def async_add_settings(
    settings: DvripSettings,
    entity: Callable[[DvripSettings, Control, int | None], DvripSetting],
    fits: Callable[[Kind], bool],
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add an `entity` for every place whose kind `fits`: those that are known, and those that turn up.

    Most are disabled at first. One that is known to be is left out: it would be made only to be thrown away,
    and Home Assistant sets the entry up again when somebody enables it.
    """
    platform = async_get_current_platform().domain
    registry = er.async_get(settings.hass)
    entry_id = settings.session.config_entry.entry_id
    disabled = {
        each.unique_id
        for each in er.async_entries_for_config_entry(registry, entry_id)
        if each.domain == platform and each.disabled
    }
    key = settings.session.key

    @callback
    def found(places: list[Place]) -> None:
        rows = [(control(name), channel) for name, channel in places]
        present = {None, *settings.session.present}
        async_add_entities(
            entity(settings, row, channel)
            for row, channel in rows
            if fits(row.kind)
            and (row.spec.element != "channel" or channel in present)
            and unique_id(key, row, channel) not in disabled
        )

    settings.async_on_found(found)
