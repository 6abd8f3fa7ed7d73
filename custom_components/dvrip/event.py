"""Events: alarms of a channel or of the device that no sensor shows, with the device's own word for each."""

from collections.abc import Mapping
from typing import override

from homeassistant.components.event import (
    DoorbellEventType,
    EventDeviceClass,
    EventEntity,
    EventEntityDescription,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from dvrip_proto import Ability, AlarmEvent, AlarmKind, OwnerKind, has

from .entity import DvripEntity, was_there
from .inert import inert
from .pace import Pace
from .runtime import DvripConfigEntry, DvripData
from .session import DvripSession

PARALLEL_UPDATES = 0

# What begins and ends has a sensor where a device tells it: an event beside it would be the same line twice.
_SENSED = {AlarmKind.MOTION: "motion", AlarmKind.TAMPER: "tamper", AlarmKind.VIDEO_LOSS: "video_loss"}
_PERSON = {AlarmKind.PERSON: "person"}
_INPUT = {AlarmKind.INPUT: "input"}
_RING = {AlarmKind.RING: DoorbellEventType.RING.value}
_TYPES = {
    AlarmKind.FACE: "face",
    AlarmKind.VEHICLE: "vehicle",
    AlarmKind.CROSSING: "crossing",
    AlarmKind.FALL: "fall",
    AlarmKind.SOUND: "sound",
    **_RING,
    AlarmKind.OTHER: "other",
}
# Of the device itself and its disks; and those of channels, where no channel owns them and no sensor tells.
_DEVICE_TYPES = {
    **_SENSED,
    **_PERSON,
    **_TYPES,
    AlarmKind.BATTERY: "battery",
    AlarmKind.STORAGE: "storage",
    AlarmKind.NETWORK: "network",
    AlarmKind.LOGIN: "login",
}
DEVICE_ALARM = EventEntityDescription(key="device_alarm", translation_key="device_alarm")
ALARM = EventEntityDescription(key="alarm", translation_key="alarm")
# What Home Assistant's own triggers, cards and voice look for when somebody rings.
DOORBELL = EventEntityDescription(key="doorbell", device_class=EventDeviceClass.DOORBELL)


def channel_types(session: DvripSession) -> dict[AlarmKind, str]:
    """Events of a channel: what this device has no sensor for."""
    return _TYPES if has(session.functions, Ability.PERSON_DETECTION) else {**_PERSON, **_TYPES}


def device_types(session: DvripSession) -> dict[AlarmKind, str]:
    """Events of the device: an input is one where the device counts none."""
    return _DEVICE_TYPES if session.identity.info.alarm_inputs else {**_INPUT, **_DEVICE_TYPES}


async def async_setup_entry(
    hass: HomeAssistant, entry: DvripConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add one event entity a channel, one of the device, and the doorbells."""
    data = entry.runtime_data
    session = data.session
    async_add_entities(
        [
            *(DvripAlarmEvent(data, ALARM, channel_types(session), channel) for channel in session.present),
            DvripAlarmEvent(data, DEVICE_ALARM, device_types(session)),
        ]
    )
    _follow_doorbells(entry, async_add_entities)


@callback
def _follow_doorbells(entry: DvripConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback) -> None:
    """Add the doorbell of each channel that has one: the device says so, it has rung before, or it rings."""
    data = entry.runtime_data
    session = data.session
    told = session.identity.info.is_doorbell
    added = {
        channel
        for channel in session.present
        if told or was_there(session, Platform.EVENT, DOORBELL.key, channel)
    }
    async_add_entities(DvripDoorbell(data, channel) for channel in sorted(added))

    @callback
    def heard(event: AlarmEvent) -> None:
        channel = _channel_of(event, session)
        if event.kind is not AlarmKind.RING or channel not in session.present or session.going:
            return
        if channel not in added:
            added.add(channel)
            async_add_entities([DvripDoorbell(data, channel, event)])

    entry.async_on_unload(data.alarms.async_on_event(heard))


def _channel_of(event: AlarmEvent, session: DvripSession) -> int | None:
    owner = event.owner(session.channel_count)
    return owner.number if owner.kind is OwnerKind.CHANNEL else None


class DvripAlarmEvent(DvripEntity, EventEntity):
    """The last alarm of a channel, or of what is no channel, that no sensor shows."""

    def __init__(
        self,
        data: DvripData,
        description: EventEntityDescription,
        types: Mapping[AlarmKind, str],
        channel: int | None = None,
    ) -> None:
        super().__init__(data.session, description, channel)
        self._alarms = data.alarms
        self._types = types
        self._attr_event_types = list(types.values())
        self._pace = Pace()

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self._alarms.async_on_event(self._on_alarm))

    @callback
    def _on_alarm(self, event: AlarmEvent) -> None:
        owner = event.owner(self.session.channel_count)
        if (self.channel is None) == (owner.kind is OwnerKind.CHANNEL):
            return
        if self.channel not in (None, owner.number) or event.kind not in self._types:
            return
        if not self._pace.allows():
            return
        told: dict[str, str | int | None] = {"device_event": inert(event.event)}
        if self.channel is None:
            number = event.channel if owner.number is None else owner.number
            told["number"] = None if number is None else number + 1
        self._trigger_event(self._types[event.kind], told)
        self.async_write_ha_state()


class DvripDoorbell(DvripAlarmEvent):
    """The button at a door; the channel's alarms tell of it as well."""

    def __init__(self, data: DvripData, channel: int, rings: AlarmEvent | None = None) -> None:
        super().__init__(data, DOORBELL, _RING, channel)
        self._rings = rings

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        if self._rings is not None:
            self._on_alarm(self._rings)  # what it was added for
