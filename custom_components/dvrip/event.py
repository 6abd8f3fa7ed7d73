"""Events: every start of an alarm of a channel, with the device's own word for it."""

from typing import override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from dvrip_proto import AlarmEvent, AlarmKind

from .entity import DvripEntity
from .runtime import DvripConfigEntry, DvripData

PARALLEL_UPDATES = 0

# What belongs to a channel. The rest is of the device itself and counts inputs or disks, not channels.
_TYPES = {
    AlarmKind.MOTION: "motion",
    AlarmKind.PERSON: "person",
    AlarmKind.FACE: "face",
    AlarmKind.VEHICLE: "vehicle",
    AlarmKind.CROSSING: "crossing",
    AlarmKind.FALL: "fall",
    AlarmKind.SOUND: "sound",
    AlarmKind.TAMPER: "tamper",
    AlarmKind.VIDEO_LOSS: "video_loss",
    AlarmKind.OTHER: "other",
}
ALARM = EventEntityDescription(key="alarm", translation_key="alarm", event_types=list(_TYPES.values()))


async def async_setup_entry(
    hass: HomeAssistant, entry: DvripConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add one event entity a channel."""
    data = entry.runtime_data
    async_add_entities(DvripAlarmEvent(data, ALARM, channel) for channel in range(data.session.channel_count))


class DvripAlarmEvent(DvripEntity, EventEntity):
    """The last alarm of a channel."""

    def __init__(self, data: DvripData, description: EventEntityDescription, channel: int) -> None:
        super().__init__(data.session, description, channel)
        self._alarms = data.alarms
        self._channel = channel

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self._alarms.async_on_event(self._on_alarm))

    @callback
    def _on_alarm(self, event: AlarmEvent) -> None:
        if event.channel == self._channel and event.active is not False and event.kind in _TYPES:
            self._trigger_event(_TYPES[event.kind], {"device_event": event.event})
            self.async_write_ha_state()
