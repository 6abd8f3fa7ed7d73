"""JSON bodies: strict when written, lenient when read.

Text that is not UTF-8 (old firmware sends latin-1 or GBK) reads as latin-1 and is a `DeviceText`: writing it
back gives the device the bytes it sent, so that a whole object survives a change of one member.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from math import isfinite
from typing import Final

from ..errors import ProtocolError, UsageError
from ..values import Json

TRAILER: Final = b"\n\0"
MAX_DEPTH: Final = 64  # the deepest object of a real device has 9 levels

# Possessive, and with the closing quote optional: a text without end is passed over once.
_TRAILING_COMMA: Final = re.compile(r'("(?:\\.|[^"\\])*+"?)|,(?=\s*[}\]])')
_LONE_BACKSLASH: Final = re.compile(r'\\(?:(["\\/bfnrt]|u[0-9A-Fa-f]{4})|)')
# What stands outside of texts: a value, or nothing where one belongs.
_BARE: Final = re.compile(r'("(?:\\.|[^"\\])*+"?)|([^\s",:\[\]{}]++)|:(?=\s*,)')
_BARE_MAX: Final = 64
# An empty list of two bytes takes fifty: the largest object of a recorder with 128 channels has below 1 MiB.
_LARGEST: Final = 8 * 1024 * 1024
_VALUES_MAX: Final = 400_000
_BEFORE_VALUES: Final = (b"[", b"{", b",")
_HEX: Final = re.compile(r"[-+]?0x[0-9a-f]+")
_LOOSE_NUMBER: Final = re.compile(r"([-+]?)0*(\d+)\.?|([-+]?)0*(\d*\.\d+)")
_WORDS: Final = {"true": "true", "false": "false", "null": "null", "none": "null"}
_NO_NUMBER: Final = re.compile(r"[-+]?(?:nan|inf)(?:\(.*\))?")
_LETTER_OF_TWO: Final = re.compile("([\x81-\xfe])(\\\\|[\x40-\xfe])")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_ESCAPED_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")
_CHINESE: Final = re.compile(rb"(?:[\x20-\x7e]|[\xa1-\xf7][\xa1-\xfe])*")
_CONTROLS: Final = bytes(range(0x21))
_quote: Final = json.JSONEncoder(ensure_ascii=False).encode
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/]{16,}={0,2}")


class DeviceText(str):
    """Text of a device whose bytes were not UTF-8, read as latin-1."""

    __slots__ = ()

    @property
    def raw(self) -> bytes:
        """The bytes that the device sent."""
        return self.encode("latin-1")

    @property
    def readable(self) -> str:
        """The text for people: Chinese where every byte beyond ASCII is half of a letter of GB 2312."""
        raw = self.raw
        if _CHINESE.fullmatch(raw) is None:
            return str(self)
        try:
            return raw.decode("gb2312")
        except UnicodeDecodeError:
            return str(self)


def encode(value: Json) -> bytes:
    """The body of a client's message. UsageError for what JSON cannot say."""
    try:
        return _compact(value).encode("utf-8", "surrogateescape") + TRAILER
    except (TypeError, ValueError, RecursionError) as error:
        raise _unsayable(error) from error


def encode_wish(name: str, wish: Json, session: int) -> bytes:
    """The body of an ordinary request: its name, what it wishes under that name, the session. As `encode`."""
    return encode({"Name": name, name: wish, "SessionID": session_text(session)})


def _unsayable(error: TypeError | ValueError | RecursionError) -> UsageError:
    if isinstance(error, RecursionError):
        why = "it is nested too deeply"
    elif isinstance(error, TypeError):
        why = "it holds what is neither text, number, true, false, null, list nor object"
    else:
        why = "it holds a number without end, or itself"
    return UsageError(f"cannot be a message: {why}")


def encode_reply(value: Json) -> bytes:
    """The body of a device's message, in a device's spelling: sorted keys, spaces inside and around."""
    try:
        return _spell(value).encode("utf-8", "surrogateescape") + TRAILER
    except (TypeError, ValueError, RecursionError) as error:
        raise _unsayable(error) from error


def decode(body: bytes | bytearray | memoryview) -> Json:
    """The value of a body, leniently: trailers, control characters, stray commas, key spaces ... pass.

    Of an object what stands behind it, too, and backslashes that escape nothing.
    An empty body is an empty object. ProtocolError when it is not JSON.
    """
    raw = bytes(body).replace(b"\0", b"").lstrip(_CONTROLS).rstrip()
    if not raw:
        return {}
    if len(raw) > _LARGEST or sum(map(raw.count, _BEFORE_VALUES)) > _VALUES_MAX:
        raise ProtocolError(f"not JSON: {len(raw)} bytes: no device says as much")
    try:
        try:
            value = _parse(raw.decode("utf-8-sig"))
        except UnicodeDecodeError:
            value = _restore(_parse_old(raw.decode("latin-1")))
        _check_depth(raw, value)
        if _ESCAPED_SURROGATE.search(raw):
            value = _whole(value)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"not JSON: {_show(raw, error)}") from error
    return value


def looks_encrypted(body: bytes) -> bool:
    """Whether a body is what firmware with encrypted transport sends instead of JSON: bare base64 text."""
    return _BASE64.fullmatch(body.rstrip(b"\0\r\n#")) is not None


def session_text(session: int) -> str:
    """A session id as messages spell it: 11 is "0x0000000B"."""
    return f"0x{session:08X}"


def parse_session(text: object) -> int:
    """The session id in any spelling of a device ("0xb", "00000001"); ProtocolError when it is none."""
    try:
        value = text if isinstance(text, int) else int(str(text).strip(), 16)
    except ValueError as error:
        raise ProtocolError(f"not a session id: {text!r}") from error
    if not 0 <= value <= 0xFFFFFFFF:
        raise ProtocolError(f"not a session id: {text!r}")
    return value


def _escape(value: Json) -> Json:
    """The tree with device texts in the form that `surrogateescape` turns back into their bytes."""
    if isinstance(value, str):
        return value.raw.decode("utf-8", "surrogateescape") if isinstance(value, DeviceText) else value
    if isinstance(value, (dict, Mapping)):  # dict first: asking an abstract class is slow
        return {_escape(key): _escape(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_escape(member) for member in value]
    return value


def _restore(value: Json) -> Json:
    """The tree of a latin-1 body: strings that are UTF-8 after all read so, the others are device texts."""
    if isinstance(value, str):
        return _restore_text(value)
    if isinstance(value, dict):
        return {_restore_text(key): _restore(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_restore(member) for member in value]
    return value


def _restore_text(text: str) -> str:
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return DeviceText(text)
    except UnicodeEncodeError:  # a \u escape beyond latin-1: the text was plain ASCII on the wire
        return text


def _parse_old(text: str) -> Json:
    """The value of a text in an old alphabet: the second half of a Chinese letter may be a backslash."""
    try:
        return _parse(text)
    except ValueError:
        return _parse(_LETTER_OF_TWO.sub(lambda match: match[1] + match[2].replace("\\", "\\\\"), text))


def _whole(value: Json) -> Json:
    """The tree with a sign in place of each half of a letter, which nothing can write."""
    if isinstance(value, str):
        return value if isinstance(value, DeviceText) else _SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_whole(key): _whole(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_whole(member) for member in value]
    return value


def _parse(text: str) -> Json:
    try:
        return _load(text)
    except ValueError:
        repaired = _TRAILING_COMMA.sub(lambda match: match[1] or "", text)
        repaired = _BARE.sub(lambda match: match[1] or _literal(match[2]), repaired)
        repaired = _LONE_BACKSLASH.sub(lambda match: match[0] if match[1] else r"\\", repaired)
        if repaired == text:
            raise
        return _load(repaired)


def _load(text: str) -> Json:
    """The value of a text; of an object the first: some devices leave a backslash or more behind it."""
    value, end = _DECODER.raw_decode(text)
    if end < len(text) and not isinstance(value, dict):
        raise json.JSONDecodeError("more than one value", text, end)
    return value


def _literal(bare: str | None) -> str:
    """JSON for a value as C and Python print it: 0x0A, 007, +5, 5., True, nan; null where there is none."""
    if bare is None:
        return ": null"
    word = bare.casefold()
    if len(bare) > _BARE_MAX:
        return bare
    if word in _WORDS:
        return _WORDS[word]
    if _NO_NUMBER.fullmatch(word):
        return "null"
    if _HEX.fullmatch(word):
        return str(int(word, 16))
    if found := _LOOSE_NUMBER.fullmatch(word):
        sign, whole, point_sign, broken = found.groups()
        number = whole or f"{'0' if broken.startswith('.') else ''}{broken}"
        return ("-" if "-" in (sign, point_sign) else "") + number
    return bare


def _strip_keys(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    # Not every space of Unicode: in old firmware's bytes these are halves of letters.
    return {key.strip(" \t\r\n"): value for key, value in pairs}


def _no_constant(_name: str) -> None:
    """NaN and Infinity are no JSON: a device that prints them has no value."""


def _finite(text: str) -> float | str:
    """The number that a text means; one beyond all stays text, for nothing could write it back."""
    number = float(text)
    return number if isfinite(number) else text


_DECODER: Final = json.JSONDecoder(
    strict=False, object_pairs_hook=_strip_keys, parse_constant=_no_constant, parse_float=_finite
)


def _check_depth(raw: bytes, value: Json) -> None:
    if raw.count(b"{") + raw.count(b"[") <= MAX_DEPTH:
        return
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            member
            for node in level
            for member in (node.values() if isinstance(node, dict) else node)
            if isinstance(member, dict | list)
        ]
        if not level:
            return
    raise ValueError(f"nested deeper than {MAX_DEPTH}")


def _spell(value: Json) -> str:
    if type(value) is str:  # most of what a device says, and no text of its own bytes
        return _quote(value)
    if isinstance(value, (dict, Mapping)):
        members = [f"{_spell(str(key))} : {_spell(value[key])}" for key in sorted(value)]
        return f"{{ {', '.join(members)} }}" if members else "{}"
    if isinstance(value, list | tuple):
        return f"[ {', '.join(map(_spell, value))} ]" if value else "[]"
    return _compact(value)


def _compact(value: Json) -> str:
    return json.dumps(_escape(value), ensure_ascii=False, allow_nan=False)


def _show(raw: bytes, error: Exception) -> str:
    """What is wrong with a body, without quoting JSON: it may hold secrets."""
    if raw[:1] in (b"{", b"["):
        return f"{len(raw)} bytes: {error}"
    text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in raw[:16])
    return f'{len(raw)} bytes starting "{text}"'
