"""Login, logout, keep-alive, and the key that some firmware tells before a login."""

from __future__ import annotations

from typing import Final

from ...errors import ProtocolError
from ...wire.address import decode_ipv4
from ...wire.body import encode_reply, looks_encrypted, parse_session
from ...wire.digest import sofia_hash
from ...wire.ids import MessageId
from .. import encryption
from .request import ILLEGAL, OK, UNSUPPORTED, Answer, Handler, Request, reply

_LEGACY_LOGIN: Final = 999
_WRONG: Final = 203
_UNKNOWN: Final = 205
_BLOCKED: Final = 206
_IN_USE: Final = 104
_BAD_FORMAT: Final = 117
_NOWHERE: Final = "0.0.0.0"


def _login(request: Request) -> Answer:
    if request.message_id == _LEGACY_LOGIN and not request.unit.quirks.legacy_login_id:
        return None
    session, quirks = request.session, request.unit.quirks
    if session is not None and quirks.second_login_ret is not None:
        return reply(quirks.second_login_ret)
    read = encryption.read_login(request.link, request.frame, quirks, request.state.accounts)
    request.body.update(read or {})
    user = request.body.get("UserName")
    ret = (
        None if read is not None else _refusal(quirks.encrypted, ciphered=looks_encrypted(request.frame.body))
    )
    ret = ret or _check(request, user if isinstance(user, str) else None)
    if ret != OK:
        return _refused(request, ret)
    if session is None:
        session = request.unit.sessions.open(str(user), request.link)
        request.link.session = session
    request.link.muffled = read is None and quirks.encrypted in encryption.MUFFLED
    request.link.coding = request.link.coding_then if read is not None else None
    session.user, session.service = str(user), _service(request)
    request.reply_session = session.number
    request.state.journal.add("LogIn", session.told, session.user)
    return _described(request, OK)


def _refusal(encrypted: str, *, ciphered: bool) -> int | None:
    """What a login that was not read as one with keys is refused with."""
    if encrypted == "login":
        return _BAD_FORMAT
    refused = encrypted in ("required", "md5_dh") or (ciphered and encrypted in encryption.MANNERS)
    return encryption.REFUSED if refused else None


def _check(request: Request, user: str | None) -> int:
    if request.unit.quirks.login_ret is not None:
        return request.unit.quirks.login_ret
    if user is None:
        return _UNKNOWN
    if _is_blocked(request):
        return _BLOCKED
    password = request.body.get("PassWord")
    if not isinstance(password, str):
        return _WRONG
    itself = request.body.get("EncryptType") == "NONE"
    digest = sofia_hash(password) if itself else password
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
    # Some recorders name the session that the login would have begun; it does not live.
    named = request.state.profile.flag("failed_session")
    request.reply_session = request.unit.sessions.next_number if named else 0
    if request.state.profile.flag("login_failure") == "short":
        return reply(ret)
    return {**_described(request, ret), "AliveInterval": 0, "ChannelNum": 0, "DeviceType ": ""}


def _described(request: Request, ret: int) -> dict[str, object]:
    described = {**request.state.profile.data["login"], "ChannelNum": request.state.channels, "Ret": ret}
    if request.unit.quirks.encrypted in ("login", "replies"):
        described["DataUseAES"] = True
    if request.unit.quirks.playback_token and ret == OK:
        described["AdminToken"] = request.unit.quirks.playback_token
    if request.unit.quirks.no_alive_interval:
        del described["AliveInterval"]
    else:
        described["AliveInterval"] = request.unit.alive_interval_s()
    return described


def _service(request: Request) -> str:
    return str(request.body.get("LoginType", "DVRIP-Web"))


def _logout(request: Request) -> Answer:
    session = request.session
    try:
        named = parse_session(request.body.get("SessionID", request.frame.header.session))
    except ProtocolError:
        return reply(ILLEGAL)
    if session is None:
        return None
    if named not in (0, session.number):
        return reply(OK)  # and ignored: the other session lives on
    request.link.leave_session()
    request.unit.sessions.end(session)
    request.state.journal.add("LogOut", session.told, session.user)
    return reply(OK)


def _keepalive(request: Request) -> Answer:
    if request.session is not None:
        request.session.keepalives += 1
        if request.session.keepalives % max(request.unit.quirks.keepalive_every, 1):
            return None
    return reply(OK, "KeepAlive")


def _negotiate(request: Request) -> Answer:
    if request.unit.quirks.encrypted:
        return encode_reply(encryption.key_offer())
    return {**reply(UNSUPPORTED), "SessionID": "0x00000000"}


def _thrown_out(request: Request) -> Answer:
    """1005: the client has heard that its session is over, and this ends its connection too."""
    if request.session is None:
        request.link.close()
    return None


BEFORE_LOGIN: Final = frozenset({MessageId.LOGIN.value, MessageId.FORCED_LOGOUT_REPLY.value, _LEGACY_LOGIN})
TABLE: Final[dict[int, Handler]] = {
    _LEGACY_LOGIN: _login,
    MessageId.LOGIN: _login,
    MessageId.LOGOUT: _logout,
    MessageId.FORCED_LOGOUT_REPLY: _thrown_out,
    MessageId.KEEPALIVE: _keepalive,
    MessageId.KEY_NEGOTIATION: _negotiate,
}
