"""Messages of a device as values: any reply or push, and what a login brings."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite
from struct import Struct
from typing import Final

from ..errors import ProtocolError
from ..values import Json, flag, loose_number, shape
from .body import decode, parse_session
from .framer import Frame
from .ids import BINARY_REPLIES, MEDIA_IDS, PUSH_IDS, MessageId
from .ret import LOGIN_REFUSED, REBOOT_NEEDED
from .shapes import member

DEFAULT_ALIVE_S: Final = 20.0  # some XM530 firmware names no interval; the specification's example is 20
_ALIVE_RANGE_S: Final = (0.1, 300.0)
_CHANNELS_MAX: Final = 1024  # the largest recorders have 128
_OK, _FAILED = 100, -1
_LOGINS: Final = frozenset({MessageId.LOGIN, MessageId.LOGIN_REPLY})
_NUMBERS: Final = Struct("<8I")
_SAID: Final = {
    **dict.fromkeys(("ok", "success", "succeed", "true", "yes"), _OK),
    **dict.fromkeys(("fail", "failed", "failure", "error", "false", "no"), _FAILED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A message of a device: `body` is empty when `raw` is no JSON, `ret` None when there is none."""

    message_id: int
    ret: int | None
    name: str
    body: dict[str, Json] = field(repr=False)
    raw: bytes = field(repr=False)

    @property
    def reboot_needed(self) -> bool:
        """Whether the device took the request and wants a restart for it."""
        return self.ret in REBOOT_NEEDED


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginReply:
    """What a device says of itself when it accepts a login."""

    session: int
    alive_interval_s: float = DEFAULT_ALIVE_S
    channel_count: int = 0
    extra_channels: int = 0
    device_type: str = ""
    encrypted: bool = False
    token: str = field(default="", repr=False)  # goes back in every message about recordings


def read(frame: Frame) -> Reply:
    """The message in a frame; ProtocolError for a body that is no JSON object, or a Ret that is no number."""
    raw, message_id = frame.body, frame.message_id
    body: Json = {}
    binary = message_id in MEDIA_IDS or (message_id in BINARY_REPLIES and not raw.lstrip().startswith(b"{"))
    if not binary:
        body = _decoded(raw, message_id)
        if isinstance(body, list) and len(body) == 1:
            body = body[0]
        if not isinstance(body, dict):
            raise ProtocolError(f"not a JSON object but {shape(body)}")
    name, told = member(body, "Name"), member(body, "Ret")
    ret = return_code(told)
    if ret is None and told is not None and message_id not in PUSH_IDS:
        if message_id == MessageId.LOGIN_REPLY:
            ret = _FAILED  # in words: a refusal, and trying it again and again would lock the account
        else:
            raise ProtocolError(f"an answer with {shape(told)} as its Ret")
    return Reply(
        message_id=message_id,
        ret=ret,
        name=name.strip() if isinstance(name, str) else "",
        body=body,
        raw=raw,
    )


def _decoded(raw: bytes, message_id: int) -> Json:
    """The value of a body. Old firmware refuses a login in numbers, not in JSON: one of them is the code."""
    try:
        return decode(raw)
    except ProtocolError:
        if message_id not in _LOGINS or len(raw) > _NUMBERS.size:
            raise
        numbers = _NUMBERS.unpack(raw.ljust(_NUMBERS.size, b"\0"))
        code = next((number for number in numbers if number in LOGIN_REFUSED), None)
        if code is None:
            raise
        return {"Ret": code}


def read_login(frame: Frame, reply: Reply) -> LoginReply:
    """What an accepted login says; missing and odd members get their usual value."""
    body = reply.body
    kind, token = member(body, "DeviceType"), member(body, "AdminToken")
    return LoginReply(
        session=named_session(reply, frame.header.session) or frame.header.session,
        alive_interval_s=_interval(member(body, "AliveInterval")),
        channel_count=_count(member(body, "ChannelNum")),
        extra_channels=_count(member(body, "ExtraChannel")),
        device_type=kind if isinstance(kind, str) else "",
        encrypted=flag(member(body, "DataUseAES")),
        token=token if isinstance(token, str) else "",
    )


def named_session(reply: Reply, header: int = 0) -> int:
    """The session that a message names, 0 when it names none.

    Digits alone are hexadecimal, unless the number of the `header` says that they are not.
    """
    told = member(reply.body, "SessionID")
    if header and loose_number(told) == header:
        return header
    try:
        return parse_session(told)
    except ProtocolError:
        return 0


def _interval(value: Json) -> float:
    whole = loose_number(value)
    try:
        seconds = float(value if whole is None else whole)
    except (TypeError, ValueError, OverflowError):
        return DEFAULT_ALIVE_S
    shortest, longest = _ALIVE_RANGE_S
    return min(max(seconds, shortest), longest) if seconds > 0 else DEFAULT_ALIVE_S


def _count(value: Json) -> int:
    count = loose_number(value) or 0
    return count if 0 < count <= _CHANNELS_MAX else 0


def return_code(value: Json) -> int | None:
    """The return code that a value means: numbers in any spelling, and words that say yes or no."""
    if isinstance(value, str) and (word := value.strip().casefold()) in _SAID:
        return _SAID[word]
    if isinstance(value, bool):
        return _SAID[str(value).casefold()]
    return int(value) if isinstance(value, float) and isfinite(value) else loose_number(value)
