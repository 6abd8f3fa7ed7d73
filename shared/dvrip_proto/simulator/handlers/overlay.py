"""Titles and texts in the picture: bitmaps, and OPSetOSDInfo. The pictures themselves stay as they are."""

from __future__ import annotations

from typing import Final

from ...errors import ProtocolError
from ...wire.bitmap import Bitmap
from ...wire.ids import MessageId
from .request import FAILED, ILLEGAL, OK, UNSUPPORTED, Answer, Handler, Request, number_of, reply

_NAME: Final = "OPSetOSDInfo"
_HEAD: Final = 16
_PLACES: Final = range(2)
_SCALE: Final = range(1001)
_TEXT_MAX: Final = 64


def _draw(request: Request) -> Answer:
    """Take a bitmap for the channel of the header; what is too short for one is agreed to, as cameras do."""
    body, channel = request.frame.body, request.frame.header.total_or_channel
    if len(body) < _HEAD:
        return reply(OK)
    try:
        bitmap = Bitmap.unpack(body)
    except ProtocolError:
        return reply(FAILED)
    if channel >= request.state.channels:
        return reply(ILLEGAL)
    request.state.drawn[request.message_id, channel] = bitmap
    return reply(OK)


def _set_text(request: Request) -> Answer:
    functions = request.state.abilities.get("SystemFunction", {}).get("OtherFunction", {})
    if not functions.get("SupportOSDInfo"):
        return reply(UNSUPPORTED)
    wish = request.member(_NAME)
    text, channel, place = (
        str(wish.get("String", "")),
        number_of(wish.get("Channel")),
        number_of(wish.get("Index")),
    )
    x, y = number_of(wish.get("xPosition")), number_of(wish.get("yPosition"))
    possible = 0 <= channel < request.state.channels and place in _PLACES and x in _SCALE and y in _SCALE
    if not possible or len(text) > _TEXT_MAX:
        return reply(ILLEGAL, _NAME)
    request.state.texts[channel, place] = (text, x, y)
    return reply(OK, _NAME)


TABLE: Final[dict[int, Handler]] = {
    MessageId.CHANNEL_TITLE_DOTS_SET: _draw,
    MessageId.OSD_DOTS_SET: _draw,
    MessageId.OSD_SET: _set_text,
}
