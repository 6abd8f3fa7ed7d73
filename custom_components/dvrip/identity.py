"""Who a device is: what discovery and a login tell, and the one rule that makes a unique id of it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from homeassistant.helpers.device_registry import format_mac

from dvrip_proto import AlarmKind, Device, ProtocolError, RequestError, RequestTimeoutError, SystemInfo

from .alarms import Alarm

NET_COMMON = "NetWork.NetCommon"
CHANNEL_TITLE = "ChannelTitle"
FUNCTIONS = "SystemFunction"
WORK_STATE = "WorkState"

_MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}")
# Host names that firmware ships with: they say nothing about the one device.
_FACTORY_NAMES = {"", "localhost", "camera", "dvr", "ipc", "nvr"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What identifies one device; the same however it was met."""

    unique_id: str
    name: str
    mac: str | None
    info: SystemInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What decides which entities a device gets."""

    titles: tuple[str, ...] = ()
    functions: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)


def unique_id(*, serial: str | None, mac: str | None, host: str, port: int) -> str:
    """Serial number, else MAC, else address: some firmware has neither of the first two."""
    serial = (serial or "").strip()
    if serial.strip("0"):
        return serial
    return _mac(mac) or f"{host}:{port}"


def display_name(*, hostname: str | None, model: str | None, host: str) -> str:
    """What a person would call the device before giving it a name."""
    name = _text(hostname) or ""
    if name.lower() not in _FACTORY_NAMES:
        return name
    return _text(model) or host


async def identify(device: Device, silent: set[str]) -> Identity:
    """Who the logged-in `device` is; `silent` as in `survey`.

    Errors: those of asking for SystemInfo; the rest is optional.
    """
    info = await device.system.info()
    net = await _optional(device, NET_COMMON, silent, partial(device.settings.get, NET_COMMON))
    net = net if isinstance(net, dict) else {}
    mac = _mac(net.get("MAC"))
    return Identity(
        unique_id=unique_id(serial=info.serial, mac=mac, host=device.host, port=device.port),
        name=display_name(
            hostname=_text(net.get("HostName")), model=info.model or info.hardware, host=device.host
        ),
        mac=mac,
        info=info,
    )


async def survey(device: Device, silent: set[str]) -> Survey:
    """Names of the channels and abilities of `device`.

    A question that it lets time out joins `silent` and is not asked again.
    """
    titles = await _optional(device, CHANNEL_TITLE, silent, partial(device.settings.get, CHANNEL_TITLE))
    return Survey(
        titles=tuple(_text(title) or "" for title in titles) if isinstance(titles, list) else (),
        functions=await _optional(device, FUNCTIONS, silent, device.system.functions) or {},
    )


async def active_alarms(device: Device, silent: set[str]) -> set[Alarm]:
    """Alarms that are on already; a device that does not tell has none. `silent` as in `survey`."""
    state = await _optional(device, WORK_STATE, silent, device.system.work_state)
    if state is None:
        return set()
    return {
        (kind, number)
        for kind, numbers in (
            (AlarmKind.MOTION, state.motion),
            (AlarmKind.TAMPER, state.tamper),
            (AlarmKind.VIDEO_LOSS, state.video_loss),
            (AlarmKind.INPUT, state.alarm_inputs),
        )
        for number in numbers
    }


async def _optional[T](
    device: Device, name: str, silent: set[str], ask: Callable[[], Awaitable[T]]
) -> T | None:
    # Some firmware is silent about what it does not know, or talks nonsense: that costs the connection.
    if name in silent or device.connection.closed:
        return None
    try:
        return await ask()
    except RequestTimeoutError, ProtocolError:
        silent.add(name)
    except RequestError:
        pass
    return None


def _mac(value: Any) -> str | None:
    mac = format_mac(value) if isinstance(value, str) else ""
    return mac if _MAC.fullmatch(mac) and mac.strip("0:") else None


def _text(value: Any) -> str | None:
    return "".join(char for char in value if char.isprintable()).strip() if isinstance(value, str) else None
