"""Configuration: get, set, default, and channel titles."""

from __future__ import annotations

from typing import Final

from ...values import Json
from ...wire.ids import MessageId
from ..state.configuration import UNKNOWN
from .request import NO_RIGHT, OK, Answer, Handler, Request, reply

_PARSE_ERROR: Final = 608
_TITLES: Final = "ChannelTitle"
# Which right writing needs, by the start of the name: the first that fits.
_RIGHTS: Final = (
    ("General.AutoMaintain", "AutoMaintain"),
    ("General", "GeneralConfig"),
    ("System", "GeneralConfig"),
    ("fVideo", "GeneralConfig"),
    ("NetWork", "NetConfig"),
    ("AVEnc", "EncodeConfig"),
    ("Simplify", "EncodeConfig"),
    ("Record", "RecordConfig"),
    ("ExtRecord", "RecordConfig"),
    ("Storage", "RecordConfig"),
    ("Detect", "VideoConfig"),
    ("Alarm", "AlarmConfig"),
    ("Uart.PTZ", "PtzConfig"),
    ("Uart", "CommConfig"),
    ("ChannelTitle", "ChannelTitle"),
)


def _get(request: Request) -> Answer:
    found, value = request.state.store.read(request.name)
    unknown = int(request.state.profile.flag("unknown").get("1042", UNKNOWN))
    return reply(OK if found else unknown, request.name, **{request.name: value})


def _get_default(request: Request) -> Answer:
    found, value = request.state.store.read(request.name, default=True)
    ret = OK if found else int(request.state.profile.flag("unknown")["1044"])
    return reply(ret, request.name, **{request.name: value})


def _set(request: Request) -> Answer:
    name = request.name
    right = next((right for start, right in _RIGHTS if name.removeprefix("bypass@").startswith(start)), "")
    if right and not request.allows(right):
        return reply(NO_RIGHT, name)
    present, value = _value(request)
    if not present and request.state.store.read(name)[0]:
        return reply(_PARSE_ERROR, name)
    return reply(request.state.store.write(name, value), name)


def _value(request: Request) -> tuple[bool, Json]:
    """The value of a set request: under the name, else under the name's last part (the vendor's paper)."""
    for key in (request.name, request.name.rpartition(".")[2]):
        if key and key != "Name" and key in request.body:
            return True, request.body[key]
    return False, None


def _get_titles(request: Request) -> Answer:
    name = request.name
    return reply(OK, name, **{name: list(request.state.titles) if name == _TITLES else [""]})


def _set_titles(request: Request) -> Answer:
    if not request.allows("ChannelTitle"):
        return reply(NO_RIGHT)
    titles = request.body.get(_TITLES)
    if not isinstance(titles, list) or not all(isinstance(title, str) for title in titles):
        return reply(OK)
    return reply(request.state.set_titles(titles))


TABLE: Final[dict[int, Handler]] = {
    MessageId.CONFIG_GET: _get,
    MessageId.CONFIG_SET: _set,
    MessageId.DEFAULT_CONFIG_GET: _get_default,
    MessageId.CHANNEL_TITLE_GET: _get_titles,
    MessageId.CHANNEL_TITLE_SET: _set_titles,
}
