"""Login, logout, keep-alive."""

from __future__ import annotations

import time
from typing import Final

from ...errors import ProtocolError
from ...wire.address import decode_ipv4
from ...wire.body import parse_session
from ...wire.digest import sofia_hash
from ...wire.ids import MessageId
from ..sessions import Session
from .request import ILLEGAL, OK, Answer, Handler, Request, reply

_LEGACY_LOGIN: Final = 999
_WRONG: Final = 203
_UNKNOWN: Final = 205
_BLOCKED: Final = 206
_IN_USE: Final = 104
_NOWHERE: Final = "0.0.0.0"


def _login(request: Request) -> Answer:
    if request.message_id == _LEGACY_LOGIN and not request.unit.quirks.legacy_login_id:
        return None
    user = request.body.get("UserName")
    ret = _check(request, user) if isinstance(user, str) else _UNKNOWN
    if ret != OK:
        return _refused(request, ret)
    session = request.session
    if session is None:
        session = request.unit.sessions.open(str(user), request.link)
        request.link.session = session
    session.user, session.service = str(user), _service(request)
    request.reply_session = session.number
    request.state.journal.add("LogIn", _who(session), session.user)
    return _described(request, OK)


def _check(request: Request, user: str) -> int:
    if _is_blocked(request):
        return _BLOCKED
    password = request.body.get("PassWord")
    if not isinstance(password, str):
        return _WRONG
    encryption = request.body.get("EncryptType", "MD5")
    digest = sofia_hash(password) if encryption == "NONE" else password
    quirks, accounts = request.unit.quirks, request.state.accounts
    ret = accounts.verify(user, digest, lock_after=quirks.lock_after, lock_s=quirks.lock_s)
    if ret == OK and not accounts.users[user]["Sharable"] and _is_elsewhere(request, user):
        return _IN_USE
    return ret


def _is_elsewhere(request: Request, user: str) -> bool:
    return any(session.user == user and session.link is not request.link for session in request.unit.sessions)


def _is_blocked(request: Request) -> bool:
    filter_ = request.state.config.get("NetWork.NetIPFilter", {})
    if not filter_.get("Enable"):
        return False
    trusted, banned = _addresses(filter_["Trusted"]), _addresses(filter_["Banned"])
    host = request.link.peer_host
    return host in banned or bool(trusted and host not in trusted)


def _addresses(texts: list[str]) -> set[str]:
    found = set()
    for text in texts:
        try:
            found.add(decode_ipv4(text))
        except ProtocolError:
            continue
    return found - {_NOWHERE}


def _refused(request: Request, ret: int) -> Answer:
    user = str(request.body.get("UserName", ""))
    request.state.journal.add("LogIn", f"{user},{_service(request)}:{request.link.peer_host},{ret}", user)
    request.reply_session = 0
    if request.state.profile.flag("login_failure") == "short":
        return reply(ret)
    return {**_described(request, ret), "AliveInterval": 0, "ChannelNum": 0, "DeviceType ": ""}


def _described(request: Request, ret: int) -> dict[str, object]:
    described = {**request.state.profile.data["login"], "ChannelNum": request.state.channels, "Ret": ret}
    if request.unit.quirks.no_alive_interval:
        del described["AliveInterval"]
    else:
        described["AliveInterval"] = request.unit.alive_interval_s()
    return described


def _service(request: Request) -> str:
    return str(request.body.get("LoginType", "DVRIP-Web"))


def _who(session: Session) -> str:
    return f"{session.user},{session.service}:{session.link.peer_host}"


def _logout(request: Request) -> Answer:
    session = request.session
    try:
        named = parse_session(request.body.get("SessionID", request.frame.header.session))
    except ProtocolError:
        return reply(ILLEGAL)
    if session is None or named not in (0, session.number):
        return None
    request.link.session = None
    request.link.stranger_since = time.monotonic()
    request.unit.sessions.end(session)
    request.state.journal.add("LogOut", _who(session), session.user)
    return reply(OK)


def _keepalive(_request: Request) -> Answer:
    return reply(OK, "KeepAlive")


BEFORE_LOGIN: Final = frozenset({MessageId.LOGIN.value, _LEGACY_LOGIN})
TABLE: Final[dict[int, Handler]] = {
    _LEGACY_LOGIN: _login,
    MessageId.LOGIN: _login,
    MessageId.LOGOUT: _logout,
    MessageId.KEEPALIVE: _keepalive,
}
