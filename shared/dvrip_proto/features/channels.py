"""Channels of a device: which there are, what they are called, and whether a picture can come from them.

A recorder of network cameras has digital channels, each of which stands for a camera elsewhere, or for none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ..connection import Connection
from ..errors import RequestError, RequestTimeoutError
from ..values import Json, plain_text
from ..wire.body import DeviceText
from ..wire.ids import MessageId
from ..wire.shapes import member, things

_STATUS: Final = "NetWork.ChnStatus"
_TITLE: Final = "ChannelTitle"
_PATIENCE_S: Final = 5.0


class ChannelKind(StrEnum):
    """Where a channel's picture comes from: an input of the device itself, or a camera in the network."""

    ANALOG = "analog"
    DIGITAL = "digital"


class LinkState(StrEnum):
    """What a recorder says of the way to a channel's camera. Inputs of the device itself are connected.

    NO_LOGIN: the recorder has not tried yet, as after its start. NO_CONFIG: there is no camera.
    """

    CONNECTED = "connected"
    LOGIN_FAILED = "login_failed"
    NO_LOGIN = "no_login"
    OFFLINE = "offline"
    NO_CONFIG = "no_config"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One channel, counted from 0; "" for what the device does not tell.

    `word` is the state as the device spells it; resolutions too are the device's ("1080P", "2304x1296").
    """

    number: int
    kind: ChannelKind = ChannelKind.ANALOG
    name: str = ""
    state: LinkState = LinkState.CONNECTED
    word: str = ""
    resolution: str = ""
    max_resolution: str = ""

    @property
    def exists(self) -> bool:
        """Whether there is a camera at all; an unknown state hides none."""
        return self.state is not LinkState.NO_CONFIG

    @property
    def reachable(self) -> bool:
        """Whether a picture may be had now; only a state that is known says no."""
        return self.state in (LinkState.CONNECTED, LinkState.UNKNOWN)


# Beginnings of the words, without case and punctuation, of which the longest that fits decides.
_WORDS: Final[Mapping[str, LinkState]] = {
    "connected": LinkState.CONNECTED,
    "online": LinkState.CONNECTED,
    "success": LinkState.CONNECTED,
    "loginsuccess": LinkState.CONNECTED,
    "loginok": LinkState.CONNECTED,
    "loggedin": LinkState.CONNECTED,
    "connectsuccess": LinkState.CONNECTED,
    "connectok": LinkState.CONNECTED,
    "loginfail": LinkState.LOGIN_FAILED,
    "loginerr": LinkState.LOGIN_FAILED,
    "wrongpass": LinkState.LOGIN_FAILED,
    "password": LinkState.LOGIN_FAILED,
    "userpass": LinkState.LOGIN_FAILED,
    "accountlock": LinkState.LOGIN_FAILED,
    "auth": LinkState.LOGIN_FAILED,
    "unauth": LinkState.LOGIN_FAILED,
    "lock": LinkState.LOGIN_FAILED,
    "userlock": LinkState.LOGIN_FAILED,
    "nologin": LinkState.NO_LOGIN,
    "notlogin": LinkState.NO_LOGIN,
    "notlogged": LinkState.NO_LOGIN,
    "logging": LinkState.NO_LOGIN,
    "connecting": LinkState.NO_LOGIN,
    "reconnect": LinkState.NO_LOGIN,
    "offline": LinkState.OFFLINE,
    "disconnect": LinkState.OFFLINE,
    "noconnect": LinkState.OFFLINE,
    "notconnect": LinkState.OFFLINE,
    "unconnect": LinkState.OFFLINE,
    "connectfail": LinkState.OFFLINE,
    "connecterr": LinkState.OFFLINE,
    "connecttimeout": LinkState.OFFLINE,
    "connectrefused": LinkState.OFFLINE,
    "connectionrefused": LinkState.OFFLINE,
    "refused": LinkState.OFFLINE,
    "timeout": LinkState.OFFLINE,
    "lost": LinkState.OFFLINE,
    "videoloss": LinkState.OFFLINE,
    "videolost": LinkState.OFFLINE,
    "novideo": LinkState.OFFLINE,
    "nosignal": LinkState.OFFLINE,
    "unreach": LinkState.OFFLINE,
    "neterr": LinkState.OFFLINE,
    "networkerr": LinkState.OFFLINE,
    "noconfig": LinkState.NO_CONFIG,
    "notconfig": LinkState.NO_CONFIG,
    "unconfig": LinkState.NO_CONFIG,
    "unused": LinkState.NO_CONFIG,
    "nodevice": LinkState.NO_CONFIG,
    "nocamera": LinkState.NO_CONFIG,
    "empty": LinkState.NO_CONFIG,
}
_NAMES: Final = ("ChnName", "ChannelName", "Name", "Title")
_STATES: Final = ("Status", "State", "ConnectStatus", "ConnectState")
_AROUND: Final = " \t\r\n\0"
_NOTHING: Final = ("", "unknow", "unknown", "none", "null", "no")


def link_state(word: str) -> LinkState:
    """The state that a word of NetWork.ChnStatus means."""
    plain = "".join(filter(str.isalnum, word)).casefold()
    if plain == "connect":
        return LinkState.CONNECTED
    fitting = [beginning for beginning in _WORDS if plain.startswith(beginning)]
    return _WORDS[max(fitting, key=len)] if fitting else LinkState.UNKNOWN


async def read_channels(connection: Connection, *, video: int, digital: int) -> tuple[Channel, ...]:
    """Every channel of a device with so many inputs of its own and so many digital channels.

    A device that does not tell titles or states has channels all the same.
    """
    told = await _told(connection, MessageId.CHANNEL_TITLE_GET, _TITLE)
    titles = [told] if isinstance(told, str) and video + digital <= 1 else _listed(told)
    states = _listed(await _told(connection, MessageId.CONFIG_GET, _STATUS)) if digital else []
    return channels_of(titles, states, video=video, digital=digital)


def channels_of(titles: list[Json], states: list[Json], *, video: int, digital: int) -> tuple[Channel, ...]:
    """The channels that ChannelTitle and NetWork.ChnStatus describe.

    NetWork.ChnStatus lists digital channels, which come behind the inputs; one that is as long as both lists
    both (the vendor's web page reads it so; the second form has not been seen).
    """
    count = max(1, video + digital)
    own = count if not digital else video
    offset = own if len(states) < count else 0
    found = []
    for number in range(count):
        title = _name(titles[number]) if number < len(titles) else ""
        if number < own:
            found.append(Channel(number=number, name=title))
        else:
            place = number - offset
            told = states[place] if place < len(states) else None
            found.append(_digital(number, title, told if isinstance(told, dict) else {"Status": told}))
    return tuple(found)


def _name(told: Json) -> str:
    """The name that a title is, or has among its members."""
    if isinstance(told, dict):
        told = next((name for key in _NAMES if (name := member(told, key)) is not None), "")
    return (told.readable if isinstance(told, DeviceText) else plain_text(told)).strip(_AROUND)


def _digital(number: int, title: str, told: Mapping[str, Json]) -> Channel:
    state = next((word for key in _STATES if (word := member(told, key)) is not None), "")
    word = plain_text(state).strip(_AROUND)
    return Channel(
        number=number,
        kind=ChannelKind.DIGITAL,
        name=title or _name(told),
        state=link_state(word),
        word=word,
        resolution=_resolution(member(told, "CurRes")),
        max_resolution=_resolution(member(told, "MaxRes")),
    )


def _resolution(value: Json) -> str:
    text = plain_text(value).strip()
    return "" if text.casefold() in _NOTHING else text


def _listed(value: Json) -> list[Json]:
    """The items of a list, or of the one list in it."""
    return things(value, *_STATES, *_NAMES)


async def _told(connection: Connection, message_id: int, name: str) -> Json:
    """An object, None from a device that does not know its name: some keep silent about it."""
    patience_s = min(_PATIENCE_S, connection.timeout_s)
    try:
        reply = await connection.request(message_id, name, timeout_s=patience_s, optional=True)
    except (RequestError, RequestTimeoutError):
        return None
    return member(reply.body, name)
