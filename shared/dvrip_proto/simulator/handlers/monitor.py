"""Live video and still pictures: OPMonitor on one or two sockets, OPSNAP."""

from __future__ import annotations

from typing import Any, Final

from ...wire.ids import MessageId
from ..encryption import negotiates, offer
from ..monitor import Key
from ..sessions import Session
from .request import ILLEGAL, NO_RIGHT, OK, UNSUPPORTED, Answer, Handler, Request, number_of, reply

_NAME: Final = "OPMonitor"
_SNAP: Final = "OPSNAP"
_OFFLINE: Final = 121
_CLAIMS: Final = ("Claim", "Start")  # one client claims with the action it means
_STREAMS: Final = {"Main": "Main", "Extra": "Extra1", "Extra1": "Extra1"}


async def _claim(request: Request) -> Answer | bytes:
    if negotiates(request.frame, request.unit.quirks):
        return offer(request.link, request.frame, request.unit.quirks)
    operation = request.member(_NAME)
    session = request.named_session()
    key = _key(request, operation)
    if session is None or key is None or operation.get("Action") not in _CLAIMS:
        return reply(ILLEGAL, _NAME)
    request.reply_session = session.number
    refusal = _refusal(request, session, key)
    if refusal != OK:
        return reply(refusal, _NAME)
    if not request.unit.monitors.claim(session, request.link, key):
        return reply(ILLEGAL, _NAME)
    if operation.get("Action1") == "Start":
        request.unit.reply_to(request, reply(OK, _NAME))
        await request.unit.monitors.start(session, session.link, key)
        return None
    return reply(OK, _NAME)


async def _monitor(request: Request) -> Answer:
    operation = request.member(_NAME)
    session, key, action = request.session, _key(request, operation), operation.get("Action")
    if session is None or key is None:
        return reply(ILLEGAL, _NAME)
    if action == "Start":
        ret = _refusal(request, session, key)
        if ret == OK:
            started = await request.unit.monitors.start(session, request.link, key)
            if started is None:
                return None
            ret = started
        return reply(ret, _NAME)
    return reply(_control(request, session, key, action), _NAME)


def _control(request: Request, session: Session, key: Key, action: object) -> int:
    monitors = request.unit.monitors
    if action == "Stop":
        return monitors.stop(session, key)
    if action in ("Pause", "Continue"):
        return monitors.pause(session, key, paused=action == "Pause")
    return OK if action == "Request" else ILLEGAL


def _key(request: Request, operation: dict[str, Any]) -> Key | None:
    parameter = operation.get("Parameter")
    if not isinstance(parameter, dict):
        return None
    channel, stream = number_of(parameter.get("Channel")), _STREAMS.get(str(parameter.get("StreamType")))
    if stream is None or not 0 <= channel < request.state.channels:
        return None
    return channel, stream


def _refusal(request: Request, session: Session, key: Key) -> int:
    if not request.state.links.shows(key[0]):
        return _OFFLINE
    return OK if request.state.accounts.may(session.user, f"Monitor_{key[0] + 1:02d}") else NO_RIGHT


async def _snapshot(request: Request) -> Answer:
    if not request.state.profile.flag("snapshot"):
        return None
    channel = number_of(request.member(_SNAP).get("Channel", 0))
    if not 0 <= channel < request.state.channels:
        return reply(ILLEGAL, _SNAP)
    if not request.allows(f"Monitor_{channel + 1:02d}"):
        return reply(NO_RIGHT, _SNAP)
    if not request.state.links.shows(channel):
        return reply(_OFFLINE, _SNAP)
    picture = await request.unit.media.still((channel, "Main"), request.unit.monitors.position_s())
    return reply(UNSUPPORTED, _SNAP) if picture is None else picture


BEFORE_LOGIN: Final = frozenset({MessageId.MONITOR_CLAIM.value})
TABLE: Final[dict[int, Handler]] = {
    MessageId.MONITOR_CLAIM: _claim,
    MessageId.MONITOR: _monitor,
    MessageId.SNAPSHOT: _snapshot,
}
