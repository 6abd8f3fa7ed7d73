"""Events: every start of an alarm of a channel or of the device, with the device's own word for it."""

from typing import override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from dvrip_proto import AlarmEvent, AlarmKind, OwnerKind

from .entity import DvripEntity
from .inert import inert
from .pace import Pace
from .runtime import DvripConfigEntry, DvripData

PARALLEL_UPDATES = 0

_TYPES = {
    AlarmKind.MOTION: "motion",
    AlarmKind.PERSON: "person",
    AlarmKind.FACE: "face",
    AlarmKind.VEHICLE: "vehicle",
    AlarmKind.CROSSING: "crossing",
    AlarmKind.FALL: "fall",
    AlarmKind.SOUND: "sound",
    AlarmKind.RING: "ring",
    AlarmKind.TAMPER: "tamper",
    AlarmKind.VIDEO_LOSS: "video_loss",
    AlarmKind.OTHER: "other",
}
# Of the device itself, its inputs and its disks; the others, too, where no channel owns them.
_DEVICE_TYPES = {
    **_TYPES,
    AlarmKind.INPUT: "input",
    AlarmKind.BATTERY: "battery",
    AlarmKind.STORAGE: "storage",
    AlarmKind.NETWORK: "network",
    AlarmKind.LOGIN: "login",
}
DEVICE_ALARM = EventEntityDescription(
    key="device_alarm", translation_key="device_alarm", event_types=list(_DEVICE_TYPES.values())
)
ALARM = EventEntityDescription(key="alarm", translation_key="alarm", event_types=list(_TYPES.values()))


async def async_setup_entry(
    hass: HomeAssistant, entry: DvripConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add one event entity a channel, and one of the device."""
    data = entry.runtime_data
    async_add_entities(
        [
            *(DvripAlarmEvent(data, ALARM, channel) for channel in data.session.present),
            DvripAlarmEvent(data, DEVICE_ALARM),
        ]
    )


class DvripAlarmEvent(DvripEntity, EventEntity):
    """The last alarm of a channel, or of what is no channel."""

    def __init__(
        self, data: DvripData, description: EventEntityDescription, channel: int | None = None
    ) -> None:
        super().__init__(data.session, description, channel)
        self._alarms = data.alarms
        self._channel = channel
        self._pace = Pace()

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self._alarms.async_on_event(self._on_alarm))

    @callback
    def _on_alarm(self, event: AlarmEvent) -> None:
        owner = event.owner(self.session.channel_count)
        told = {"device_event": inert(event.event)}
        if (self._channel is None) == (owner.kind is OwnerKind.CHANNEL):
            return
        if self._channel not in (None, owner.number) or not self._pace.allows():
            return
        if self._channel is None:
            number = event.channel if owner.number is None else owner.number
            self._trigger_event(
                _DEVICE_TYPES.get(event.kind, "other"),
                {**told, "number": None if number is None else number + 1},
            )
        else:
            self._trigger_event(_TYPES.get(event.kind, "other"), told)
        self.async_write_ha_state()
