"""Firmware: information, start and abort, and its blocks."""

from __future__ import annotations

from typing import Final

from ...wire.ids import MessageId
from .request import ILLEGAL, NO_RIGHT, OK, Answer, Handler, Request, reply

_NAME: Final = "OPSystemUpgrade"


def _info(request: Request) -> Answer:
    return reply(OK, _NAME, **{_NAME: request.state.profile.data["upgrade"]})


def _upgrade(request: Request) -> Answer:
    operation, upgrade = request.member(_NAME), request.unit.upgrade
    if not request.allows("SysUpgrade"):
        return reply(NO_RIGHT, _NAME)
    if operation.get("Action") == "Abort":
        return reply(upgrade.abort(request.link), _NAME)
    if operation.get("Action") != "Start" or operation.get("Type") != "System":
        return reply(ILLEGAL, _NAME)
    return reply(upgrade.start(request.link), _NAME)


def _block(request: Request) -> Answer:
    last = request.frame.header.current_or_end == 1
    quirks = request.unit.quirks
    if quirks.upgrade_block_ret != OK:
        return reply(quirks.upgrade_block_ret)
    ret = request.unit.upgrade.block(request.link, request.frame.body, last=last)
    return reply(ret) if quirks.upgrade_last_reply or not last else None


def _progress(_request: Request) -> Answer:
    return reply(ILLEGAL)


TABLE: Final[dict[int, Handler]] = {
    MessageId.UPGRADE_INFO: _info,
    MessageId.UPGRADE: _upgrade,
    MessageId.UPGRADE_DATA: _block,
    MessageId.UPGRADE_PROGRESS: _progress,
}
