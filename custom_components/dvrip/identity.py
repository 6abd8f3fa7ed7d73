"""Who a device is: what discovery and a login tell, and the one rule that makes a unique id of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from homeassistant.helpers.device_registry import format_mac

from dvrip_proto import AlarmKind, Device, Silence, SystemInfo

from .inert import inert

type Alarm = tuple[AlarmKind, int]

NET_COMMON = "NetWork.NetCommon"
CHANNEL_TITLE = "ChannelTitle"
FUNCTIONS = "SystemFunction"
WORK_STATE = "WorkState"

_SERIAL = re.compile(r"[\w.-]{1,64}", re.ASCII)
_AT = "@"  # in no serial number, MAC or address
_MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}")
# What every device of a model is called when it leaves the factory: "LocalHost", "CAM01", "Channel 1".
_FACTORY_NAME = re.compile(r"(localhost|camera|cam|channel|chn?|d|dvr|ipc|nvr)?[ _-]?\d*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What identifies one device; the same however it was met."""

    unique_id: str
    told: frozenset[str]
    """The serial number and the MAC address, as far as the device tells them."""
    address: str
    name: str
    mac: str | None
    titles: tuple[str, ...]
    info: SystemInfo

    def may_be(self, known: str | None) -> bool:
        """Whether it is the device with the unique id `known`, or nothing says that it is another.

        One without a serial number may once not tell its MAC address, or tell it for the first time, and one
        that tells neither keeps the address that it was added at as its id when it moves.
        """
        name = identity_in(known)
        return name in self.told or name == self.address or not (self.told or serial_of(name))

    @property
    def model(self) -> str | None:
        """What it is, to people."""
        return inert(self.info.model) or inert(self.info.hardware) or None

    @property
    def twin_id(self) -> str:
        """The unique id of one of several devices that tell the same identity."""
        return f"{self.unique_id}{_AT}{self.address}"


def unique_id(*, serial: str | None, mac: str | None, host: str, port: int) -> str:
    """Serial number, else MAC, else address: some firmware has neither of the first two, or nonsense."""
    return serial_of(serial) or mac_of(mac) or f"{host}:{port}"


def display_name(*candidates: str) -> str:
    """The first of `candidates` that somebody could have given to this one device; else the last."""
    names = [inert(name) for name in candidates]
    return next((name for name in names if not _FACTORY_NAME.fullmatch(name)), names[-1])


def is_factory_name(name: str) -> bool:
    """Whether every device of a model has this name."""
    return _FACTORY_NAME.fullmatch(name) is not None


async def identify(device: Device, silence: Silence) -> Identity:
    """Who the logged-in `device` is.

    What it never answers is noted in `silence`. Errors: those of asking for SystemInfo; the rest is
    optional.
    """
    info = await device.system.info()
    net = await silence.ask(device, NET_COMMON, partial(device.settings.get, NET_COMMON))
    net = net if isinstance(net, dict) else {}
    titles = await silence.ask(device, CHANNEL_TITLE, partial(device.settings.get, CHANNEL_TITLE))
    texts = tuple(inert(title) for title in titles) if isinstance(titles, list) else ()
    mac = mac_of(net.get("MAC"))
    return Identity(
        unique_id=unique_id(serial=info.serial, mac=mac, host=device.host, port=device.port),
        told=frozenset(filter(None, (serial_of(info.serial), mac))),
        address=f"{device.host}:{device.port}",
        name=display_name(
            texts[0] if info.channel_count == 1 and texts else "",
            inert(net.get("HostName")),
            info.model,
            info.hardware,
            device.host,
        ),
        mac=mac,
        titles=texts,
        info=info,
    )


async def functions(device: Device, silence: Silence) -> Mapping[str, Mapping[str, bool]]:
    """SystemFunction of `device`, empty when it does not tell. `silence` as in `identify`."""
    return await silence.ask(device, FUNCTIONS, device.system.functions) or {}


async def active_alarms(device: Device, silence: Silence, channels: int) -> set[Alarm] | None:
    """Alarms that are on already; None of a device that does not tell. `silence` as in `identify`."""
    state = await silence.ask(device, WORK_STATE, device.system.work_state)
    if state is None:
        return None
    return {
        (kind, 0 if channels == 1 and kind is not AlarmKind.INPUT else number)
        for kind, numbers in (
            (AlarmKind.MOTION, state.motion),
            (AlarmKind.TAMPER, state.tamper),
            (AlarmKind.VIDEO_LOSS, state.video_loss),
            (AlarmKind.INPUT, state.alarm_inputs),
        )
        for number in numbers
    }


def identity_in(unique_id: str | None) -> str:
    """What a device tells that has this unique id: other devices may tell the same."""
    return (unique_id or "").partition(_AT)[0]


def serial_of(value: str | None) -> str | None:
    """A serial number that can tell two devices apart; None for everything that is none."""
    serial = (value or "").strip()
    return serial if _SERIAL.fullmatch(serial) and serial.strip("0") else None


def mac_of(value: Any) -> str | None:
    """A MAC address in the registry's spelling; None for everything that is none."""
    mac = format_mac(value) if isinstance(value, str) else ""
    return mac if _MAC.fullmatch(mac) and mac.strip("0:") else None
