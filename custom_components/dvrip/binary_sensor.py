"""Binary sensors: what the device pushes while it is armed, and whether it is there at all."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from dvrip_proto import Ability, AlarmKind, has

from .entity import DvripEntity, device_info
from .pace import PacedWrites
from .runtime import DvripConfigEntry, DvripData

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class DvripAlarmDescription(BinarySensorEntityDescription):
    """An alarm of a channel, of devices that have the `ability`."""

    kind: AlarmKind
    ability: Ability | None = None


CHANNEL_ALARMS = (
    DvripAlarmDescription(key="motion", kind=AlarmKind.MOTION, device_class=BinarySensorDeviceClass.MOTION),
    DvripAlarmDescription(
        key="person",
        translation_key="person",
        kind=AlarmKind.PERSON,
        ability=Ability.PERSON_DETECTION,
    ),
    DvripAlarmDescription(
        key="tamper",
        kind=AlarmKind.TAMPER,
        device_class=BinarySensorDeviceClass.TAMPER,
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
    DvripAlarmDescription(
        key="video_loss",
        translation_key="video_loss",
        kind=AlarmKind.VIDEO_LOSS,
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
)
INPUT = DvripAlarmDescription(key="input", translation_key="input", kind=AlarmKind.INPUT)
CONNECTED = BinarySensorEntityDescription(
    key="connected",
    device_class=BinarySensorDeviceClass.CONNECTIVITY,
    entity_category=EntityCategory.DIAGNOSTIC,
)


async def async_setup_entry(
    hass: HomeAssistant, entry: DvripConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the binary sensors of one device."""
    data = entry.runtime_data
    async_add_entities([DvripConnected(data.session, CONNECTED), *_alarms(data)])


def _alarms(data: DvripData) -> Iterator[DvripAlarm]:
    session = data.session
    for channel in session.present:
        for description in CHANNEL_ALARMS:
            if description.ability is None or has(session.functions, description.ability):
                yield DvripAlarm(data, description, channel)
    for number in range(session.identity.info.alarm_inputs):
        yield DvripInput(data, INPUT, number)


class DvripConnected(DvripEntity, BinarySensorEntity):
    """Whether there is a session."""

    @property
    @override
    def available(self) -> bool:
        return True

    @property
    @override
    def is_on(self) -> bool:
        return self.session.connected


class DvripAlarm(DvripEntity, BinarySensorEntity):
    """Whether an alarm is on."""

    entity_description: DvripAlarmDescription

    def __init__(self, data: DvripData, description: DvripAlarmDescription, channel: int) -> None:
        super().__init__(data.session, description, channel)
        self._alarms = data.alarms
        self._alarm = (description.kind, channel)

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        write = PacedWrites(self.hass, self.async_write_ha_state)
        self.async_on_remove(self._alarms.async_on_change(self._alarm, write))
        self.async_on_remove(write.cancel)

    @property
    @override
    def available(self) -> bool:
        return super().available and self._alarms.armed

    @property
    @override
    def is_on(self) -> bool | None:
        on = self._alarms.is_on(self._alarm)
        return on if on or self._alarms.known else None


class DvripInput(DvripAlarm):
    """Whether a contact of the device itself is closed; counted from 0, shown from 1."""

    def __init__(self, data: DvripData, description: DvripAlarmDescription, number: int) -> None:
        super().__init__(data, description, number)
        self._attr_device_info = device_info(data.session)
        self.channel = None
        self._attr_translation_placeholders = {"number": str(number + 1)}
