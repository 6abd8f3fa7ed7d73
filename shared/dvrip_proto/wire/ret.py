"""Return codes of devices: what they mean, and which error each one is.

During an upgrade's progress pushes (1524) the numbers 0 to 100 are per cent, not codes of this table.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple

from ..errors import (
    AuthenticationError,
    DvripError,
    ProtocolError,
    RequestError,
    TransportError,
    UnsupportedError,
)
from .ids import MessageId, label, spoken


class Category(Enum):
    """What kind of answer a code is."""

    OK = "ok"
    AUTH = "auth"
    PERMISSION = "permission"
    FORMAT = "format"
    NOT_FOUND = "not found"
    BUSY = "busy"
    UPGRADE = "upgrade"
    REBOOT = "reboot"
    ERROR = "error"


class Ret(NamedTuple):
    """One return code."""

    code: int
    name: str
    category: Category
    text: str


_C = Category
_TABLE: Final[tuple[Ret, ...]] = (
    Ret(-1, "FAILED", _C.ERROR, "failed"),
    Ret(0, "NONE", _C.OK, "done"),
    Ret(100, "OK", _C.OK, "OK"),
    Ret(101, "UNKNOWN_ERROR", _C.ERROR, "unknown error"),
    Ret(102, "UNSUPPORTED_VERSION", _C.FORMAT, "command or version not supported"),
    Ret(103, "ILLEGAL_REQUEST", _C.FORMAT, "illegal request"),
    Ret(104, "ALREADY_LOGGED_IN", _C.AUTH, "this user is already logged in"),
    Ret(105, "NOT_LOGGED_IN", _C.AUTH, "not logged in"),
    Ret(106, "WRONG_CREDENTIALS", _C.AUTH, "wrong user name or password"),
    Ret(107, "NO_PERMISSION", _C.PERMISSION, "no permission"),
    Ret(108, "TIMEOUT", _C.ERROR, "the device ran into a timeout"),
    Ret(109, "SEARCH_FAILED", _C.NOT_FOUND, "nothing found"),
    Ret(110, "ALL_FOUND", _C.OK, "all results returned"),
    Ret(111, "PART_FOUND", _C.OK, "part of the results returned"),
    Ret(112, "USER_EXISTS", _C.BUSY, "the user exists already"),
    Ret(113, "NO_SUCH_USER", _C.NOT_FOUND, "the user does not exist"),
    Ret(114, "GROUP_EXISTS", _C.BUSY, "the group exists already"),
    Ret(115, "NO_SUCH_GROUP", _C.NOT_FOUND, "the group does not exist"),
    Ret(117, "BAD_FORMAT", _C.FORMAT, "message format error"),
    Ret(118, "NO_PTZ_PROTOCOL", _C.BUSY, "no PTZ protocol is set for the channel"),
    Ret(119, "NO_FILE", _C.NOT_FOUND, "no file found"),
    Ret(120, "NOT_ENABLED", _C.BUSY, "the function is not enabled"),
    Ret(121, "NOT_CONNECTED", _C.NOT_FOUND, "the digital channel is not connected"),
    Ret(122, "NAT_STREAMS_FULL", _C.BUSY, "the device sends no further stream through the maker's cloud"),
    Ret(123, "STREAMS_FULL", _C.BUSY, "the device sends no further stream"),
    Ret(124, "ALGORITHM_ERROR", _C.ERROR, "the firmware wants encryption, or another than this"),
    Ret(150, "OK_REBOOT", _C.REBOOT, "OK, the device must be restarted"),
    Ret(202, "USER_NOT_LOGGED_IN", _C.AUTH, "the user is not logged in"),
    Ret(203, "WRONG_PASSWORD", _C.AUTH, "wrong password"),
    Ret(204, "ILLEGAL_USER", _C.AUTH, "illegal user"),
    Ret(205, "USER_LOCKED", _C.AUTH, "unknown user, or account locked"),
    Ret(206, "BLACKLISTED", _C.AUTH, "user or address is on the block list"),
    Ret(207, "USER_IN_USE", _C.AUTH, "the user is already logged in"),
    Ret(208, "BAD_INPUT", _C.FORMAT, "input not valid"),
    Ret(209, "DUPLICATE", _C.BUSY, "exists already"),
    Ret(210, "NO_SUCH_OBJECT", _C.NOT_FOUND, "does not exist"),
    Ret(211, "OBJECT_MISSING", _C.NOT_FOUND, "does not exist"),
    Ret(212, "ACCOUNT_IN_USE", _C.BUSY, "the account is in use"),
    Ret(213, "RIGHTS_EXCEEDED", _C.PERMISSION, "rights beyond those of the group"),
    Ret(214, "BAD_PASSWORD", _C.AUTH, "the password breaks the device's rules"),
    Ret(215, "PASSWORD_MISMATCH", _C.AUTH, "the passwords do not match"),
    Ret(216, "RESERVED_ACCOUNT", _C.BUSY, "the account is reserved"),
    Ret(430, "USER_NOT_FOUND", _C.NOT_FOUND, "user not found"),
    Ret(502, "BAD_COMMAND", _C.FORMAT, "command not valid"),
    Ret(503, "TALK_OPEN", _C.BUSY, "talk is already open"),
    Ret(504, "TALK_CLOSED", _C.BUSY, "talk is not open"),
    Ret(511, "UPGRADE_RUNNING", _C.BUSY, "an upgrade is already running"),
    Ret(512, "UPGRADE_NOT_STARTED", _C.UPGRADE, "no upgrade was started"),
    Ret(513, "UPGRADE_DATA_ERROR", _C.UPGRADE, "upgrade data error"),
    Ret(514, "UPGRADE_FAILED", _C.UPGRADE, "the upgrade failed"),
    Ret(515, "UPGRADE_OK", _C.OK, "the upgrade succeeded"),
    Ret(517, "NO_NEWER_VERSION", _C.UPGRADE, "no newer version"),
    Ret(521, "DEFAULTS_FAILED", _C.ERROR, "restoring the defaults failed"),
    Ret(522, "REBOOT_NEEDED", _C.REBOOT, "the device must be restarted"),
    Ret(523, "BAD_DEFAULTS", _C.ERROR, "the default configuration is not valid"),
    Ret(601, "IMPORT_FAILED", _C.ERROR, "the import failed"),
    Ret(602, "RESTART_APPLICATION", _C.REBOOT, "OK, the application must be restarted"),
    Ret(603, "RESTART_SYSTEM", _C.REBOOT, "OK, the system must be restarted"),
    Ret(604, "WRITE_FAILED", _C.ERROR, "writing failed"),
    Ret(605, "FEATURE_UNSUPPORTED", _C.FORMAT, "feature not supported"),
    Ret(606, "VALIDATION_FAILED", _C.FORMAT, "the device finds the values not valid"),
    Ret(607, "NO_SUCH_CONFIG", _C.NOT_FOUND, "the configuration does not exist"),
    Ret(608, "CONFIG_PARSE_ERROR", _C.FORMAT, "the device cannot parse the configuration"),
)

CODES: Final = {row.code: row for row in _TABLE}
SUCCESS: Final = frozenset({100, 110, 111, 150, 515, 522, 602, 603})
STREAMS_FULL: Final = frozenset({122, 123})
REBOOT_NEEDED: Final = frozenset({150, 522, 602, 603})
EMPTY: Final = frozenset({109, 119})
_NO_SESSION: Final = frozenset({105, 202})
LOGIN_REFUSED: Final = frozenset({106, 203, 204, 205, 206})

_UNSUPPORTED: Final = frozenset({102, 502, 605, 607})
ALGORITHM_ERROR: Final = 124
WANTS_ENCRYPTION: Final = frozenset({102, 103, 117, ALGORITHM_ERROR})
_LOGIN_UNSUPPORTED: Final = WANTS_ENCRYPTION | {502, 605}
_BAD_LOGIN: Final = {
    0: "the device did not agree",
    107: "the user has no right to log in",
    113: "the user does not exist",
    202: "the device did not log the user in",
    205: "unknown user, or account locked: wait before trying again",
    206: "this user or address is blocked",
}
# Whoever comes later may be let in. All other refusals, unknown ones too, are of the user and the password:
# trying them again and again would lock the account.
_LOGIN_LATER: Final = {
    104: "the account is in use and cannot be shared: try again later",
    108: "the device ran into a timeout: try again later",
    207: "the account is in use and cannot be shared: try again later",
    212: "the account is in use: try again later",
    511: "the device is being upgraded: try again later",
}
# In answer to these a refused user or password is the one that the request names.
_WITH_ACCOUNTS: Final = frozenset(
    {
        *(MessageId.LOGIN, MessageId.MAIL_TEST, MessageId.FTP_TEST),
        *range(MessageId.AUTHORITIES_GET, MessageId.PASSWORD_MODIFY_REPLY),
    }
)
# What a device says about a name it does not know: V4 firmware 101 or 102, V5 firmware 103.
_UNKNOWN_NAME: Final = frozenset({101, 103})
_READS: Final = frozenset({MessageId.SYSINFO, MessageId.ABILITY_GET, MessageId.CHANNEL_ABILITY_GET})


def text(code: int) -> str:
    """What a code means, for a person; also for unknown codes."""
    row = CODES.get(code)
    return row.text if row else f"unknown return code {code}"


def session_lost(code: int | None, message_id: int) -> bool:
    """Whether a code, in answer to a request, says that the device knows the session no more.

    Newer firmware answers 203 or 205 to whoever has none, to requests that carry no password.
    """
    return code in _NO_SESSION or (code in LOGIN_REFUSED and message_id not in _WITH_ACCOUNTS)


def error_for(code: int, *, where: str, message_id: int, name: str = "", whose: str = "") -> DvripError:
    """The error that a refused request is; `where` is HOST:PORT, `message_id` the request's.

    `whose` is what people call the object `name`, where that is more than its name with the channel from 1.
    """
    if message_id == MessageId.LOGIN:
        return _login_error(code, where, message_id)
    subject = whose or spoken(name) or label(message_id)
    message = f"{where}: {subject}: {text(code)} (Ret {code}, request {label(message_id)})"
    if session_lost(code, message_id):
        return TransportError(f"{message}: the session has ended")
    unsupported = code in _UNSUPPORTED or (code in _UNKNOWN_NAME and message_id in _READS)
    kind = UnsupportedError if unsupported else RequestError
    return kind(message, ret=code, message_id=message_id, name=name)


def login_refusal(code: int | None, *, where: str) -> DvripError:
    """The error that an answer to a login is which does not let in."""
    if code is None or code in SUCCESS:
        missing = "no Ret" if code is None else "no session"
        return ProtocolError(f"{where}: the reply to the login gives {missing}: it is no login")
    return _login_error(code, where, MessageId.LOGIN)


def check(code: int | None, *, where: str, message_id: int) -> None:
    """Raise the error that an answer's code is, unless it is success; ProtocolError for an answer without."""
    if code is None:
        raise ProtocolError(f"{where}: the reply to {label(message_id)} has no Ret")
    if code not in SUCCESS:
        raise error_for(code, where=where, message_id=message_id)


def _login_error(code: int, where: str, message_id: int) -> DvripError:
    if code in _LOGIN_LATER:
        message = f"{where}: login refused: {_LOGIN_LATER[code]} (Ret {code})"
        return RequestError(message, ret=code, message_id=message_id)
    if code in _LOGIN_UNSUPPORTED:
        wants = "the device wants an encrypted login"
        why = wants if code == ALGORITHM_ERROR else f"{text(code)}: {wants}, or is not compatible"
        return UnsupportedError(
            f"{where}: login refused: {why} (Ret {code})",
            ret=code,
            message_id=message_id,
            encryption=code in WANTS_ENCRYPTION,
        )
    reason = _BAD_LOGIN.get(code, text(code))
    return AuthenticationError(f"{where}: login refused: {reason} (Ret {code})", ret=code)
