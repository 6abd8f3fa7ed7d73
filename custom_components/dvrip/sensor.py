"""Sensors: disks, clock, running time, and what the channels do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    PERCENTAGE,
    EntityCategory,
    Platform,
    UnitOfDataRate,
    UnitOfInformation,
    UnitOfTime,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from dvrip_proto import Channel, ChannelKind, Disk, LinkState, WorkState

from .entity import DvripStatusEntity, was_there
from .inert import inert
from .runtime import DvripConfigEntry, DvripData
from .status import BATTERY, CHANNELS, CLOCK, CONNECTIONS, DISKS, STARTED, WIFI, WORK

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class DvripSensorDescription(SensorEntityDescription):
    """A value of one answer; `value` gives None while the device does not tell it.

    A moment without a zone is by the clock of the device.
    """

    answer: str
    value: Callable[[Any, int], Any]
    more: Callable[[Any], dict[str, list[str]]] | None = None


def _sizes(disks: list[Disk]) -> tuple[int, int]:
    """Size and free space of everything that is for recordings, in MiB."""
    parts = [part for disk in disks for part in disk.partitions if part.kind != "snapshot"]
    return sum(part.total_mib for part in parts), sum(part.remaining_mib for part in parts)


def _total(disks: list[Disk], _channel: int) -> int | None:
    return _sizes(disks)[0] or None


def _used(disks: list[Disk], _channel: int) -> float | None:
    total, left = _sizes(disks)
    return round(100 * (total - left) / total, 1) if total else None


def _edge(disks: list[Disk], edge: str, choose: Callable[[list[datetime]], datetime]) -> datetime | None:
    parts = [part for disk in disks for part in disk.partitions]
    times = [moment for part in parts if (moment := getattr(part, edge)) is not None]
    return choose(times) if times else None


def _oldest(disks: list[Disk], _channel: int) -> datetime | None:
    return _edge(disks, "oldest", min)


def _newest(disks: list[Disk], _channel: int) -> datetime | None:
    return _edge(disks, "newest", max)


def _bit_rate(state: WorkState, channel: int) -> int | None:
    return state.channels[channel].bitrate_kbit_s if channel < len(state.channels) else None


def _link(channels: tuple[Channel, ...], channel: int) -> str | None:
    state = channels[channel].state if channel < len(channels) else LinkState.NO_CONFIG
    return None if state is LinkState.NO_CONFIG else state.value


def _resolution(channels: tuple[Channel, ...], channel: int) -> str | None:
    return channels[channel].resolution or None if channel < len(channels) else None


def _holders(held: tuple[str, ...]) -> dict[str, list[str]]:
    return {"held_for": [inert(each) for each in held]}


def _itself(answer: Any, _channel: int) -> Any:
    return answer


DEVICE = (
    DvripSensorDescription(
        key="storage_total",
        translation_key="storage_total",
        answer=DISKS,
        value=_total,
        device_class=SensorDeviceClass.DATA_SIZE,
        native_unit_of_measurement=UnitOfInformation.MEBIBYTES,
        suggested_unit_of_measurement=UnitOfInformation.GIBIBYTES,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
    DvripSensorDescription(
        key="storage_used",
        translation_key="storage_used",
        answer=DISKS,
        value=_used,
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
    DvripSensorDescription(
        key="oldest_recording",
        translation_key="oldest_recording",
        answer=DISKS,
        value=_oldest,
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
    DvripSensorDescription(
        key="newest_recording",
        translation_key="newest_recording",
        answer=DISKS,
        value=_newest,
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
    ),
    DvripSensorDescription(
        key="started",
        translation_key="started",
        answer=STARTED,
        value=_itself,
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
    ),
    DvripSensorDescription(
        key="clock_drift",
        translation_key="clock_drift",
        answer=CLOCK,
        value=lambda clock, _channel: clock.drift_s,
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
    ),
    DvripSensorDescription(
        key="battery",
        answer=BATTERY,
        value=lambda state, _channel: state.percent,
        device_class=SensorDeviceClass.BATTERY,
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
    DvripSensorDescription(
        key="connections",
        translation_key="connections",
        answer=CONNECTIONS,
        value=lambda held, _channel: len(held),
        more=_holders,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
    ),
    DvripSensorDescription(
        key="wifi_signal",
        translation_key="wifi_signal",
        answer=WIFI,
        value=lambda state, _channel: state.signal,
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
    ),
)
BIT_RATE = DvripSensorDescription(
    key="bit_rate_now",
    translation_key="bit_rate_now",
    answer=WORK,
    value=_bit_rate,
    device_class=SensorDeviceClass.DATA_RATE,
    native_unit_of_measurement=UnitOfDataRate.KILOBITS_PER_SECOND,
    state_class=SensorStateClass.MEASUREMENT,
    entity_category=EntityCategory.DIAGNOSTIC,
    entity_registry_enabled_default=False,
)
STATES = [state.value for state in LinkState if state is not LinkState.NO_CONFIG]
CAMERA_STATE = DvripSensorDescription(
    key="camera_state",
    translation_key="camera_state",
    answer=CHANNELS,
    value=_link,
    device_class=SensorDeviceClass.ENUM,
    options=STATES,
    entity_category=EntityCategory.DIAGNOSTIC,
)
CAMERA_RESOLUTION = DvripSensorDescription(
    key="camera_resolution",
    translation_key="camera_resolution",
    answer=CHANNELS,
    value=_resolution,
    entity_category=EntityCategory.DIAGNOSTIC,
    entity_registry_enabled_default=False,
)


async def async_setup_entry(
    hass: HomeAssistant, entry: DvripConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the sensors of one device."""
    async_add_entities(_sensors(entry.runtime_data))


def _sensors(data: DvripData) -> Iterator[DvripSensor]:
    told, session = data.status.data, data.session
    for description in DEVICE:
        tells = description.answer in told and description.value(told[description.answer], 0) is not None
        if tells or was_there(session, Platform.SENSOR, description.key):
            yield DvripSensor(data, description)
    for channel in session.present:
        works = WORK in told and channel < len(told[WORK].channels)
        if works or was_there(session, Platform.SENSOR, BIT_RATE.key, channel):
            yield DvripSensor(data, BIT_RATE, channel)
        if session.channels[channel].kind is ChannelKind.DIGITAL:
            yield DvripCameraSensor(data, CAMERA_STATE, channel)
            sized = session.channels[channel].max_resolution
            if sized or was_there(session, Platform.SENSOR, CAMERA_RESOLUTION.key, channel):
                yield DvripCameraSensor(data, CAMERA_RESOLUTION, channel)


class DvripSensor(DvripStatusEntity, SensorEntity):
    """One value that the device tells."""

    entity_description: DvripSensorDescription

    def __init__(
        self, data: DvripData, description: DvripSensorDescription, channel: int | None = None
    ) -> None:
        super().__init__(data.status, description, description.answer, channel)

    @property
    @override
    def native_value(self) -> Any:
        value = self.entity_description.value(self.answer, self.channel or 0)
        if isinstance(value, datetime) and value.tzinfo is None:
            return (value - self._status.ahead).replace(tzinfo=dt_util.get_default_time_zone())
        return value

    @property
    @override
    def extra_state_attributes(self) -> dict[str, list[str]] | None:
        more = self.entity_description.more
        return None if more is None else more(self.answer)


class DvripCameraSensor(DvripSensor):
    """What a recorder knows of the camera of a channel: told when that is away, too."""

    needs_camera = False
