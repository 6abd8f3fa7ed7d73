"""Two-way audio: claim, start, stop, and an echo of what the client says."""

from __future__ import annotations

from typing import Final

from ...wire.ids import MessageId
from .request import ILLEGAL, NO_RIGHT, OK, Answer, Handler, Request, number_of, reply

_NAME: Final = "OPTalk"
_OPEN: Final = 503
_CLOSED: Final = 504
_OFFLINE: Final = 121


def _claim(request: Request) -> Answer:
    session = request.named_session()
    if session is None or request.member(_NAME).get("Action") != "Claim":
        return reply(ILLEGAL, _NAME)
    request.reply_session = session.number
    if not request.state.accounts.may(session.user, "Talk_01"):
        return reply(NO_RIGHT, _NAME)
    channel, refusal = _channel(request)
    if refusal != OK:
        return reply(refusal, _NAME)
    claimed = request.unit.talk.claim(session, request.link, channel)
    return reply(OK if claimed else ILLEGAL, _NAME)


def _channel(request: Request) -> tuple[int | None, int]:
    """Whose camera is spoken to, None for the device itself, and the return code."""
    told = request.member(_NAME).get("Channel")
    if told is None:
        return None, OK
    channel = number_of(told)
    if request.unit.quirks.no_channel_talk or not 0 <= channel < request.state.channels:
        return channel, ILLEGAL
    return channel, OK if request.state.links.shows(channel) else _OFFLINE


def _talk(request: Request) -> Answer:
    action, talk = request.member(_NAME).get("Action"), request.unit.talk
    if request.session is None:
        return reply(ILLEGAL, _NAME)
    if action == "Start":
        if talk.speaker is not None:
            return reply(_OPEN, _NAME)
        channel, refusal = _channel(request)
        started = refusal == OK and talk.start(request.session, channel)
        return reply(OK if started else refusal if refusal != OK else ILLEGAL, _NAME)
    if action in ("Stop", None, ""):
        return reply(OK if talk.stop(request.session) else _CLOSED, _NAME)
    return reply(OK if action in ("Pause", "Continue", "Request") else ILLEGAL, _NAME)


def _sound(request: Request) -> Answer:
    if request.unit.talk.hear(request.link, request.frame.body):
        request.link.send(
            MessageId.TALK_DEVICE_DATA,
            request.frame.body,
            session=request.frame.header.session,
            sequence=request.frame.header.sequence,
        )
    return None


BEFORE_LOGIN: Final = frozenset({MessageId.TALK_CLAIM.value, MessageId.TALK_CLIENT_DATA.value})
TABLE: Final[dict[int, Handler]] = {
    MessageId.TALK_CLAIM: _claim,
    MessageId.TALK: _talk,
    MessageId.TALK_CLIENT_DATA: _sound,
    MessageId.TALK_CLAIM_REPLY: lambda _request: reply(ILLEGAL, _NAME),
}
