"""Requests with one answer whatever they say, as a real camera gives it (PROTOCOL 2.3)."""

from __future__ import annotations

from typing import Final

from ...wire.ids import MessageId
from .request import FAILED, ILLEGAL, OK, UNSUPPORTED, Answer, Handler, Request, reply

_FORMAT_ERROR: Final = 117
_UPGRADE_FAILED: Final = 514
_BITMAPS: Final = 1054
_QUIET: Final = (
    MessageId.FORCE_KEY_FRAME,
    MessageId.RS232_READ,
    MessageId.RS485_READ,
    1436,
    1490,
)


def _silence(_request: Request) -> Answer:
    return None


def _always(ret: int, name: str = "", **value: object) -> Handler:
    def handler(_request: Request) -> Answer:
        return reply(ret, name, **value)

    return handler


TABLE: Final[dict[int, Handler]] = {
    **dict.fromkeys(_QUIET, _silence),
    _BITMAPS: _always(_FORMAT_ERROR),
    MessageId.RS232_WRITE: _always(OK),
    MessageId.RS485_WRITE: _always(OK),
    MessageId.TRANSPARENT_OPEN: _always(OK),
    MessageId.RS485_DATA: _always(ILLEGAL),
    MessageId.RS232_DATA: _always(ILLEGAL),
    MessageId.PHOTO_GET: _always(ILLEGAL),
    MessageId.MUSIC_PLAY: _always(OK),
    MessageId.MAIL_TEST: _always(FAILED, "OPMailTest"),
    MessageId.FTP_TEST: _always(FAILED, "OPFTPTest"),
    MessageId.SAFETY_ABILITY_GET: _always(ILLEGAL, "", authorizeStat=None),
    MessageId.SAFETY_CHECK: _always(0),
    MessageId.CLOUD_UPGRADE_LIST: _always(_UPGRADE_FAILED, "OPVersionList"),
    MessageId.SYSTEM_DEBUG: _always(UNSUPPORTED),
}
