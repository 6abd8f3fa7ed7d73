"""What a device says that it is, and how well it hears its Wi-Fi."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from ..values import Json, count, flag, number, plain_text
from ..wire.shapes import member
from .times import Uptime, parse_time

_FULL = 100
_BATTERY_TYPES = frozenset({21, 26, 285409282})  # recorded: a doorbell, a peephole, a camera
_DOORBELL_TYPE = 21
_PORTS_MAX = 1024  # the largest recorders have 128 channels
_SERIALS = ("SerialNo", "SerialNumber", "SerialID", "SN")  # a pet feeder's client reads all of them


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemInfo:
    """Identity and size of a device; "" and None for what it does not tell."""

    serial: str
    hardware: str
    model: str
    firmware: str
    build_time: datetime | None
    video_inputs: int
    digital_channels: int
    channel_count: int  # of either kind, at least 1
    audio_inputs: int
    alarm_inputs: int
    alarm_outputs: int
    uptime: timedelta
    raw: Mapping[str, Json] = field(repr=False)

    @property
    def on_battery(self) -> bool:
        """Whether it is of a type that sleeps and lives on a battery; others tell nothing of one."""
        return number(self.raw.get("DeviceType")) in _BATTERY_TYPES

    @property
    def is_doorbell(self) -> bool:
        """Whether it is of the type of a doorbell; others may have a button all the same."""
        return number(self.raw.get("DeviceType")) == _DOORBELL_TYPE


@dataclass(frozen=True, slots=True, kw_only=True)
class WifiState:
    """Which network a camera is on, and how well it hears it: 0 to 100, None when it does not tell."""

    connected: bool
    cable: bool
    signal: int | None


def read_system_info(raw: Mapping[str, Json], uptime: Uptime, *, told_channels: int) -> SystemInfo:
    """What a SystemInfo says; one without channels has those that were told at the login."""
    video, digital = _ports(member(raw, "VideoInChannel")), _ports(member(raw, "DigChannel"))
    if all(member(raw, name) is None for name in ("VideoInChannel", "DigChannel")):
        video = told_channels
    built = parse_time(member(raw, "BuildTime"))
    return SystemInfo(
        serial=next(filter(None, (_word(raw, name) for name in _SERIALS)), ""),
        hardware=_word(raw, "HardWare"),
        model=_word(raw, "DeviceModel"),
        firmware=_word(raw, "SoftWareVersion"),
        build_time=built,
        video_inputs=video,
        digital_channels=digital,
        channel_count=max(1, video + digital),
        audio_inputs=_ports(member(raw, "AudioInChannel")),
        alarm_inputs=_ports(member(raw, "AlarmInChannel")),
        alarm_outputs=_ports(member(raw, "AlarmOutChannel")),
        uptime=uptime.read(
            count(member(raw, "DeviceRunTime")),
            at_s=monotonic(),
            built=built,
            now=datetime.now(),
        ),
        raw=raw,
    )


def read_wifi(told: Mapping[str, Json]) -> WifiState:
    """What a WifiRouteInfo says."""
    level = number(told.get("SignalLevel"))
    return WifiState(
        connected=flag(told.get("WlanStatus")),
        cable=flag(told.get("Eth0Status")),
        signal=level if level is not None and 0 <= level <= _FULL else None,
    )


def _ports(value: Json) -> int:
    """Number of inputs or outputs; none when it is one that no device has, such as -1 in 32 bits."""
    ports = count(value)
    return ports if ports <= _PORTS_MAX else 0


def _word(raw: Mapping[str, Json], name: str) -> str:
    return plain_text(member(raw, name)).strip(" \t\r\n\0")
