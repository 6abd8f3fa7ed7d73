"""Which camera each digital channel of a recorder shows: NetWork.RemoteDeviceV3 as calls.

A channel has a list of cameras, of which SingleConnId says the one in use: counted from 1, 0 is none, and the
recorder then says NoConfig whatever the address. Recorders ask for a restart after some of these writes.
Older recorders have NetWork.RemoteDevice instead: one camera a channel, its members in the element itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ..config.plan import Plan
from ..connection import DEFAULT_PORT, Connection
from ..errors import UnsupportedError, UsageError
from ..values import Json, count, flag, number, plain_text, spell
from .settings import Applied, Settings
from .system import System

BINDINGS: Final = "NetWork.RemoteDeviceV3"
OLD_BINDINGS: Final = "NetWork.RemoteDevice"
PORTS: Final[Mapping[str, int]] = {"TCP": DEFAULT_PORT, "ONVIF": 80, "RTSP": 554}
"""Protocols that recorders log in to cameras with, and their usual ports. TCP is DVRIP."""
_FIRST: Final = "0x00000001"
_NONE: Final = "0x00000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """The camera of one digital channel, which counts from 0 among all channels.

    Without a camera `address` is "". `remote_channel` is the camera's own channel, from 0; the RTSP addresses
    are for protocol RTSP. Passwords are in no text of it.
    """

    channel: int
    enabled: bool = False
    address: str = ""
    port: int = 0
    protocol: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    stream: str = ""
    remote_channel: int = 0
    device_type: str = ""
    main_url: str = field(default="", repr=False)
    extra_url: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """A wish for the camera of a channel: what is None stays, or is what is usual for a new camera."""

    address: str | None = None
    port: int | None = None
    protocol: str | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    stream: str | None = None
    remote_channel: int | None = None
    main_url: str | None = field(default=None, repr=False)
    extra_url: str | None = field(default=None, repr=False)
    enabled: bool = True


_MEMBERS: Final = {
    "address": "IPAddress",
    "port": "Port",
    "protocol": "Protocol",
    "username": "UserName",
    "password": "PassWord",
    "stream": "StreamType",
    "remote_channel": "Channel",
    "main_url": "MainRtspUrl",
    "extra_url": "SubRtspUrl",
}


class RecorderChannels:
    """Reads and changes which cameras a recorder shows. UnsupportedError from devices without them."""

    def __init__(self, connection: Connection, settings: Settings, system: System) -> None:
        self._connection = connection
        self._settings = settings
        self._system = system

    async def bindings(self) -> tuple[Binding, ...]:
        """Every digital channel with its camera, by its place."""
        _name, inputs, elements = await self._read()
        return tuple(read_binding(inputs + place, element) for place, element in enumerate(elements))

    async def at(self, address: str, *, port: int | None = None) -> tuple[Binding, ...]:
        """The channels that show a camera of this address: several for one with several lenses."""
        return tuple(
            binding
            for binding in await self.bindings()
            if binding.address.casefold() == address.casefold() and port in (None, binding.port)
        )

    async def plan(self, channel: int, camera: Camera | None) -> Plan:
        """What must change for a channel to show a camera, or none; nothing is written."""
        name, inputs, elements = await self._read()
        place = channel - inputs
        if not 0 <= place < len(elements):
            raise UsageError(self._no_place(name, channel, inputs, len(elements)))
        if name == OLD_BINDINGS:
            wish = wanted_of_one(elements[place], camera)
        else:
            sample = next((each for each in elements if any(_decoders(each))), None)
            wish = wanted(elements[place], camera, channel=channel, sample=sample)
        return await self._settings.plan(name, wish, channel=place, allow_new=True)

    async def bind(self, channel: int, camera: Camera) -> tuple[Plan, Applied | None]:
        """Show a camera in a channel; written only when something must change."""
        return await self._ensure(channel, camera)

    async def unbind(self, channel: int) -> tuple[Plan, Applied | None]:
        """Show no camera in a channel: its address stays stored, as on the recorder's own screen."""
        return await self._ensure(channel, None)

    async def _ensure(self, channel: int, camera: Camera | None) -> tuple[Plan, Applied | None]:
        async with self._settings.turn:
            plan = await self.plan(channel, camera)
            return plan, await self._settings.apply(plan) if plan.changed else None

    async def _read(self) -> tuple[str, int, list[Json]]:
        name = BINDINGS
        try:
            elements = await self._settings.get(name)
        except UnsupportedError:
            name = OLD_BINDINGS
            elements = await self._settings.get_or_none(name)
            if not isinstance(elements, list):
                raise
        info = await self._system.info()
        return name, info.video_inputs, elements if isinstance(elements, list) else []

    def _no_place(self, name: str, channel: int, inputs: int, digital: int) -> str:
        where = f"{self._connection.where}: {name}"
        if 0 <= channel < inputs:
            return f"{where}: channel {channel + 1} is an input of the recorder itself"
        return f"{where}: there is no channel {channel + 1}, the recorder has {inputs + digital}"


def read_binding(channel: int, element: Json) -> Binding:
    """What an element of NetWork.RemoteDeviceV3 or NetWork.RemoteDevice says."""
    place = _in_use(element)
    decoders = _decoders(element)
    decoder = decoders[place if 0 <= place < len(decoders) else 0] if decoders else {}
    return Binding(
        channel=channel,
        enabled=flag(_member(element, "Enable")) and flag(decoder.get("Enable")) and place >= 0,
        address=plain_text(decoder.get("IPAddress")).strip(),
        port=count(decoder.get("Port")),
        protocol=plain_text(decoder.get("Protocol")),
        username=plain_text(decoder.get("UserName")),
        password=plain_text(decoder.get("PassWord")),
        stream=plain_text(decoder.get("StreamType")),
        remote_channel=count(decoder.get("Channel")),
        device_type=plain_text(decoder.get("DevType")),
        main_url=plain_text(decoder.get("MainRtspUrl")),
        extra_url=plain_text(decoder.get("SubRtspUrl")),
    )


def wanted(element: Json, camera: Camera | None, *, channel: int, sample: Json = None) -> dict[str, Json]:
    """The whole element for a camera; a camera that is new gets the members that `sample`'s have."""
    old: dict[str, Json] = element if isinstance(element, dict) else {}
    spelling = old.get("SingleConnId", _NONE)
    if camera is None:
        return {**old, "Enable": _as(old, "Enable", value=False), "SingleConnId": spell(0, spelling)}
    decoders, told = _decoders(old), _member(old, "Decoder")
    place = min(max(0, _in_use(old)), len(decoders))
    present = decoders[place] if place < len(decoders) else {}
    listed = [*told] if isinstance(told, list) else []
    listed[place : place + 1] = [_changed(present or _new_decoder(_decoders(sample), channel), camera)]
    in_use = number(spelling) if number(spelling) else 0
    single = spell(place + 1, spelling) if in_use != place + 1 else spelling
    started = {} if old else {"ConnType": "SINGLE", "EnCheckTime": False, "TourIntv": 10}
    return {
        **started,
        **old,
        "Decoder": listed,
        "Enable": _as(old, "Enable", value=camera.enabled),
        "SingleConnId": single,
    }


def wanted_of_one(element: Json, camera: Camera | None) -> dict[str, Json]:
    """The whole element of an older recorder for a camera."""
    old: dict[str, Json] = element if isinstance(element, dict) else {}
    if camera is None:
        return {**old, "Enable": _as(old, "Enable", value=False)}
    started = old or {"Channel": 0, "Port": DEFAULT_PORT}
    return _changed(started, camera)


def _changed(decoder: Mapping[str, Json], camera: Camera) -> dict[str, Json]:
    wishes = {
        member: getattr(camera, name)
        for name, member in _MEMBERS.items()
        if getattr(camera, name) is not None
    }
    protocol = plain_text(decoder.get("Protocol"))
    if "Protocol" in wishes:
        moved = wishes["Protocol"].casefold() != protocol.casefold()
        if "Port" not in wishes and (moved or not count(decoder.get("Port"))):
            wishes["Port"] = PORTS.get(wishes["Protocol"].upper(), DEFAULT_PORT)
    return {**decoder, **wishes, "Enable": _as(decoder, "Enable", value=camera.enabled)}


def _new_decoder(others: list[dict[str, Json]], channel: int) -> dict[str, Json]:
    usual: dict[str, Json] = {
        "Channel": 0,
        "ConfName": f"chConfig{channel + 1:02d}",
        "DevType": "IPC",
        "Enable": False,
        "IPAddress": "",
        "Interval": 10,
        "MainRtspUrl": "",
        "PassWord": "",
        "Port": DEFAULT_PORT,
        "Protocol": "TCP",
        "StreamType": "MAIN",
        "SubRtspUrl": "",
        "UserName": "admin",
    }
    like = next(filter(None, others), usual)
    return {key: usual.get(key, value) for key, value in like.items()}


def _as(tree: Mapping[str, Json], key: str, *, value: bool) -> Json:
    """A flag in the device's spelling of it; as it is when it means the same."""
    told = tree.get(key, False)
    return told if key in tree and flag(told) == value else spell(value, told)


def _in_use(element: Json) -> int:
    """Place of the camera in use, -1 for none. A device that does not tell it has one."""
    told = _member(element, "SingleConnId")
    return count(_FIRST if told is None else told) - 1


def _decoders(element: Json) -> list[dict[str, Json]]:
    told = _member(element, "Decoder")
    if told is None and isinstance(element, dict) and "IPAddress" in element:
        return [element]
    return [each if isinstance(each, dict) else {} for each in told] if isinstance(told, list) else []


def _member(element: Json, key: str) -> Json:
    return element.get(key) if isinstance(element, dict) else None
