"""Recordings as media: OPPlayBack on one or two sockets."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from ...wire.ids import MessageId
from ..playback import Wish
from ..state.clock import FORMAT
from .request import ILLEGAL, NO_RIGHT, OK, Answer, Handler, Request, number_of, reply

_NAME: Final = "OPPlayBack"
_CLAIMS: Final = ("Claim", "Start", "DownloadStart")  # some clients claim with the action they mean
_PREFIX: Final = "Download"
_AGREED: Final = ("Request", "OpenSound", "CloseSound")


def _claim(request: Request) -> Answer:
    operation, session = request.member(_NAME), request.named_session()
    parameter = _parameter(operation)
    claims = operation.get("Action") in _CLAIMS and _has_token(request)
    if session is None or not parameter or not claims:
        return reply(ILLEGAL, _NAME)
    request.reply_session = session.number
    claimed = request.unit.playbacks.claim(session, request.link, _key(parameter))
    return reply(OK if claimed else ILLEGAL, _NAME)


def _play(request: Request) -> Answer:
    operation, session = request.member(_NAME), request.session
    action, parameter = str(operation.get("Action", "")), _parameter(operation)
    if session is None or (action and not parameter) or not _has_token(request):
        return reply(ILLEGAL, _NAME)
    playbacks = request.unit.playbacks
    verb = action.removeprefix(_PREFIX)
    if verb == "Start" and playbacks.is_dropped(session):
        return None
    if verb == "Start":
        wish = _wish(request, operation, parameter)
        if wish.files and not request.allows(f"Replay_{wish.files[0].channel + 1:02d}"):
            return reply(NO_RIGHT, _NAME)
        ret = playbacks.start(session, request.link, wish, download=action != verb)
        return None if ret is None else reply(ret, _NAME)
    if not action or action in _AGREED:
        return reply(OK, _NAME)
    begin, value = _time(operation.get("StartTime")), number_of(parameter.get("Value", 0), 0)
    return reply(playbacks.control(session, _key(parameter), verb, value=value, begin=begin), _NAME)


def _has_token(request: Request) -> bool:
    token = request.unit.quirks.playback_token
    return not token or request.body.get("AdminToken") == token


def _wish(request: Request, operation: dict[str, Any], parameter: dict[str, Any]) -> Wish:
    archive, name = request.state.archive, str(parameter.get("FileName") or "")
    begin = _time(operation.get("StartTime")) or datetime.min
    end = _time(operation.get("EndTime")) or datetime.max
    if parameter.get("PlayMode") == "ByTime" or not name:
        channel = number_of(parameter.get("Channel", 0), 0)
        channel = 0 if request.unit.quirks.playback_of_channel_0 else channel
        stream = number_of(parameter.get("StreamType", 0), 0)
        files = archive.files(channel, begin, end, stream=stream)
    else:
        file = archive.find(name)
        if request.unit.quirks.other_recording and file is not None:
            file = next(
                iter(archive.files(file.channel, datetime.min, datetime.max, stream=file.stream)), file
            )
            begin, end = datetime.min, datetime.max
        files = [] if file is None else [file]
    return Wish(key=_key(parameter), files=tuple(files), begin=begin, end=end)


def _key(parameter: dict[str, Any]) -> object:
    """What tells the recordings of one client apart."""
    return str(parameter.get("FileName") or ""), number_of(parameter.get("Channel", 0), 0)


def _parameter(operation: dict[str, Any]) -> dict[str, Any]:
    parameter = operation.get("Parameter")
    return parameter if isinstance(parameter, dict) else {}


def _time(text: object) -> datetime | None:
    try:
        return datetime.strptime(str(text), FORMAT)
    except ValueError:
        return None


BEFORE_LOGIN: Final = frozenset({MessageId.PLAYBACK_CLAIM.value})
TABLE: Final[dict[int, Handler]] = {
    MessageId.PLAYBACK_CLAIM: _claim,
    MessageId.PLAYBACK: _play,
}
