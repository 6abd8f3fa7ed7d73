"""How an answer leaves: the spelling, the numbers and the packets of this device's replies."""

from __future__ import annotations

import base64
import itertools
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from ..values import Json
from ..wire.body import encode_reply
from ..wire.framer import pack
from ..wire.ids import MessageId, reply_of
from ..wire.ret import EMPTY, SUCCESS
from .encryption import IN_CLEAR

if TYPE_CHECKING:
    from .handlers.request import Request
    from .quirks import Quirks

_ENVELOPE: Final = {"Name", "Ret"}
_AES_BLOCK: Final = 16
_FIRST_NUMBER: Final = 1016  # of the one recorded login reply that did not echo


class Replies:
    """Sends answers in one device's manner.

    `short_session` writes 0x7 for 0x00000007 beside data, `escaped_slashes` puts a backslash before slashes.
    """

    def __init__(self, *, quirks: Callable[[], Quirks], short_session: bool, escaped_slashes: bool) -> None:
        self._quirks = quirks
        self._short_session = short_session
        self._escaped_slashes = escaped_slashes
        self._numbers = itertools.count(_FIRST_NUMBER)

    def send(self, request: Request, answer: dict[str, Json] | bytes) -> None:
        """Send an answer as often as this device does, unless it falls silent instead."""
        quirks, message_id = self._quirks(), request.message_id
        if message_id in quirks.mute or (quirks.silent_errors and _is_error(request, answer)):
            return
        for _ in range(2 if message_id in quirks.duplicate else 1):
            self._send(request, answer, quirks)

    def body(self, message_id: int, value: Json) -> bytes:
        """A JSON body as this device writes it; firmware that encrypts sends what nobody can read."""
        quirks = self._quirks()
        body = encode_reply(value)
        if self._escaped_slashes:
            body = body.replace(b"/", b"\\/")  # slashes stand in texts only
        if quirks.encrypted == "replies" and message_id not in IN_CLEAR:
            # Which cipher mode real firmware uses is not known: bytes of the right length stand for it.
            padded = len(body) // _AES_BLOCK * _AES_BLOCK + _AES_BLOCK
            return base64.b64encode(os.urandom(padded)) + b"\0"
        if quirks.latin1_text:
            body = body.decode("utf-8").encode("latin-1", "replace")
        return body + bytes(quirks.trailing_nuls)

    def _send(self, request: Request, answer: dict[str, Json] | bytes, quirks: Quirks) -> None:
        number = request.reply_session
        if quirks.zero_session and request.message_id != MessageId.LOGIN:
            number = 0
        message_id = reply_of(request.message_id)
        body = answer
        if not isinstance(body, bytes):
            body = self.body(message_id, {"SessionID": self._session_text(body, number), **body})
        echoed = next(self._numbers) if quirks.own_sequence else request.frame.header.sequence
        sequence = (echoed + quirks.sequence_offset) & 0xFFFFFFFF
        if not quirks.fragment or len(body) <= quirks.fragment or isinstance(answer, bytes):
            request.link.send(message_id, body, session=number, sequence=sequence)
            return
        pieces = [body[start : start + quirks.fragment] for start in range(0, len(body), quirks.fragment)]
        for index, piece in enumerate(pieces):
            packet = pack(
                message_id,
                piece,
                session=number,
                sequence=sequence,
                channel=len(pieces),
                end=index,
                version=1,
            )
            request.link.write([packet])

    def _session_text(self, answer: dict[str, Json], number: int) -> str:
        has_data = not answer.keys() <= _ENVELOPE and "AliveInterval" not in answer
        return f"0x{number:x}" if self._short_session and has_data else f"0x{number:08x}"


def _is_error(request: Request, answer: dict[str, Json] | bytes) -> bool:
    if isinstance(answer, bytes) or request.message_id == MessageId.LOGIN:
        return False
    return answer.get("Ret", 100) not in SUCCESS | EMPTY | {0}
