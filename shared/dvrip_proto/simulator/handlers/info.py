"""What a device tells about itself: information, storage, work state, abilities."""

from __future__ import annotations

from typing import Final

from ...values import Json
from ...wire.ids import MessageId
from .request import OK, UNSUPPORTED, Answer, Handler, Request, reply


def _system(request: Request) -> Answer:
    asked, name = request.name, request.name.strip()
    objects: dict[str, Json] = {
        "SystemInfo": request.state.system_info,
        "StorageInfo": lambda: request.state.storage.disks,
        "WorkState": lambda: request.state.work_state(request.unit.monitors.kilobits),
    }
    if name not in objects:
        return reply(int(request.state.profile.flag("unknown")["1020"]), asked)
    return reply(OK, asked, **{asked: objects[name]()})


def _ability(request: Request) -> Answer:
    name = request.name
    if name not in request.state.abilities:
        return reply(int(request.state.profile.flag("unknown")["1360"]), name)
    return reply(OK, name, **{name: request.state.abilities[name]})


def _channel_ability(request: Request) -> Answer:
    return reply(UNSUPPORTED, request.name)


TABLE: Final[dict[int, Handler]] = {
    MessageId.SYSINFO: _system,
    MessageId.ABILITY_GET: _ability,
    MessageId.CHANNEL_ABILITY_GET: _channel_ability,
}
