"""Battery of a camera: told when it is asked for, and by `report` again. Others agree, and tell nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...wire.body import encode_reply
from ...wire.ids import MessageId
from .request import OK, Answer, Handler, Request, reply

if TYPE_CHECKING:
    from ..dispatch import Unit

_NAME: Final = "OPTUpData"
_STATE: Final = "Dev.ElectCapacity"
_BATTERY: Final = 5


def report(unit: Unit) -> None:
    """Push the state of the battery to everybody who asked; nobody has published under which number."""
    if unit.state.battery is None:
        return
    for session in unit.sessions:
        if session.hears_battery:
            body = {"Name": _STATE, _STATE: unit.state.battery, "SessionID": f"0x{session.number:x}"}
            session.link.send(
                MessageId.UPLOAD_START, encode_reply(body), session=session.number, sequence=session.pushes
            )
            session.pushes += 1


def _start(request: Request) -> Answer:
    if request.session is None or request.member(_NAME).get("UpLoadDataType") != _BATTERY:
        return reply(OK)
    request.session.hears_battery = True
    request.unit.reply_to(request, reply(OK, _NAME))
    report(request.unit)
    return None


def _stop(request: Request) -> Answer:
    if request.session is not None:
        request.session.hears_battery = False
    return reply(OK)


TABLE: Final[dict[int, Handler]] = {MessageId.UPLOAD_START: _start, MessageId.UPLOAD_STOP: _stop}
