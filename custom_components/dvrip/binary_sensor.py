"""Binary sensors: what the device pushes while it is armed, whether it is there, records, and its disks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from dvrip_proto import Ability, AlarmKind, Disk, WorkState, control, has

from .alarms import ANY, DEVICE_ITSELF
from .entity import DvripEntity, DvripStatusEntity, device_info, was_there
from .pace import PacedWrites
from .runtime import DvripConfigEntry, DvripData
from .session import DvripSession
from .shape import Place
from .status import DISKS, WORK

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
INPUT = DvripAlarmDescription(
    key="input",
    translation_key="input",
    kind=AlarmKind.INPUT,
    device_class=BinarySensorDeviceClass.OPENING,
)
NETWORK_PROBLEM = DvripAlarmDescription(
    key="network_problem",
    translation_key="network_problem",
    kind=AlarmKind.NETWORK,
    device_class=BinarySensorDeviceClass.PROBLEM,
    entity_category=EntityCategory.DIAGNOSTIC,
    entity_registry_enabled_default=False,
)
INPUT_ENABLED = control("alarm_input")
RECORDING = BinarySensorEntityDescription(
    key="recording",
    translation_key="recording",
    device_class=BinarySensorDeviceClass.RUNNING,
    entity_category=EntityCategory.DIAGNOSTIC,
    entity_registry_enabled_default=False,
)
DISK_PROBLEM = BinarySensorEntityDescription(
    key="disk_problem",
    translation_key="disk_problem",
    device_class=BinarySensorDeviceClass.PROBLEM,
    entity_category=EntityCategory.DIAGNOSTIC,
)
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
    async_add_entities([DvripConnected(data.session, CONNECTED), *_alarms(data), *_states(data)])
    _follow_inputs(entry, async_add_entities)


def _alarms(data: DvripData) -> Iterator[DvripAlarm]:
    session = data.session
    for channel in session.present:
        for description in CHANNEL_ALARMS:
            if description.ability is None or _can(session, description.ability, description.key, channel):
                yield DvripAlarm(data, description, channel)
    yield DvripAlarm(data, NETWORK_PROBLEM, None)


def _can(session: DvripSession, ability: Ability, key: str, channel: int) -> bool:
    """Whether a device says so; of one that says nothing now, whether it did."""
    if not session.functions:
        return was_there(session, Platform.BINARY_SENSOR, key, channel)
    return has(session.functions, ability)


def _states(data: DvripData) -> Iterator[DvripStatusEntity]:
    told, session = data.status.data, data.session
    for channel in session.present:
        works = WORK in told and channel < len(told[WORK].channels)
        if works or was_there(session, Platform.BINARY_SENSOR, RECORDING.key, channel):
            yield DvripRecording(data.status, RECORDING, WORK, channel)
    if told.get(DISKS) or was_there(session, Platform.BINARY_SENSOR, DISK_PROBLEM.key):
        yield DvripDiskProblem(data, DISK_PROBLEM)


@callback
def _follow_inputs(entry: DvripConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback) -> None:
    """Add the contacts that the device listens to, as soon as it does."""
    data = entry.runtime_data
    added: set[int] = set()

    @callback
    def look() -> None:
        new = [
            number
            for number in range(data.session.identity.info.alarm_inputs)
            if number not in added and _listens(data, number)
        ]
        added.update(new)
        if new and not data.session.going:
            async_add_entities(DvripInput(data, INPUT, number) for number in new)

    @callback
    def found(places: list[Place]) -> None:
        if any(key == INPUT_ENABLED.key for key, _ in places):
            entry.async_on_unload(data.settings.async_add_listener(look, INPUT_ENABLED.object))
        look()

    data.settings.async_on_found(found)


def _listens(data: DvripData, number: int) -> bool:
    """Whether an input is enabled on the device; one of which it will not tell may be."""
    if (INPUT_ENABLED.key, number) in data.settings.places:
        return data.settings.value(INPUT_ENABLED, number) is True
    return data.settings.settled(INPUT_ENABLED.object)


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

    def __init__(self, data: DvripData, description: DvripAlarmDescription, channel: int | None) -> None:
        super().__init__(data.session, description, channel)
        self._alarms = data.alarms
        self._alarm = (description.kind, DEVICE_ITSELF if channel is None else channel)

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
        self._data = data
        self._number = number
        self._attr_translation_placeholders = {"number": str(number + 1)}

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        settings = self._data.settings
        if (INPUT_ENABLED.key, self._number) in settings.places:
            listen = settings.async_add_listener(self.async_write_ha_state, INPUT_ENABLED.object)
            self.async_on_remove(listen)

    @property
    @override
    def available(self) -> bool:
        off = self._data.settings.value(INPUT_ENABLED, self._number) is False
        return super().available and not off


class DvripRecording(DvripStatusEntity, BinarySensorEntity):
    """Whether the device records a channel now."""

    @property
    @override
    def is_on(self) -> bool | None:
        state: WorkState = self.answer
        channel = self.channel or 0
        return state.channels[channel].recording if channel < len(state.channels) else None


class DvripDiskProblem(DvripStatusEntity, BinarySensorEntity):
    """Whether a disk cannot be recorded on: it is gone, not formatted, or not well, or the device says so."""

    def __init__(self, data: DvripData, description: BinarySensorEntityDescription) -> None:
        super().__init__(data.status, description, DISKS)
        self._alarms = data.alarms

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        alarm = (AlarmKind.STORAGE, ANY)
        self.async_on_remove(self._alarms.async_on_change(alarm, self.async_write_ha_state))

    @property
    @override
    def is_on(self) -> bool:
        disks: list[Disk] = self.answer
        alarmed = any(kind is AlarmKind.STORAGE for kind, _ in self._alarms.active)
        return (
            alarmed
            or not disks
            or any(not disk.formatted or any(part.status != 0 for part in disk.partitions) for disk in disks)
        )
