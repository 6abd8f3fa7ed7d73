"""What encryption a device offers before a login. New firmware answers; the login itself stays plain.

Seen on firmware V5.11. How it encrypts afterwards is not published: this is to know such a device, no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ..connection import DEFAULT_PORT, Connection
from ..connection.to_its_end import to_its_end
from ..errors import ProtocolError, UnsupportedError
from ..values import Json, count
from ..wire.body import encode
from ..wire.ids import MessageId, label
from ..wire.ret import SUCCESS, text

_LARGEST_ID: Final = 0xFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Encryption:
    """What a device offers: the key for the login, the cipher for the rest, and what it never encrypts."""

    algorithm: str
    key_bits: int
    session_algorithm: str
    session_bits: int
    plain_ids: frozenset[int]
    modulus: int
    exponent: int
    raw: Mapping[str, Json] = field(repr=False)


async def read_encryption(host: str, port: int = DEFAULT_PORT, *, timeout_s: float = 10.0) -> Encryption:
    """What encryption a device offers, without a login.

    UnsupportedError when it does not know the question; RequestTimeoutError from old firmware, which does not
    answer anything before a login.
    """
    connection = await Connection.open(host, port, timeout_s=timeout_s)
    try:
        reply = await connection.request_raw(MessageId.KEY_NEGOTIATION, encode({}))
    finally:
        await to_its_end(connection.close())
    where = connection.where
    if reply.ret is not None and reply.ret not in SUCCESS:
        raise UnsupportedError(
            f"{where}: {label(MessageId.KEY_NEGOTIATION)}: {text(reply.ret)} (Ret {reply.ret})",
            ret=reply.ret,
            message_id=MessageId.KEY_NEGOTIATION,
        )
    return _read(reply.body, where)


def _read(body: Mapping[str, Json], where: str) -> Encryption:
    modulus, _, exponent = str(body.get("PublicKey", "")).partition(",")
    plain = body.get("NotEncryptMsgID")
    try:
        return Encryption(
            algorithm=str(body.get("EncryptAlgo", "")),
            key_bits=count(body.get("Bits")),
            session_algorithm=str(body.get("CommunicateEncryptAlgo", "")),
            session_bits=count(body.get("CommunicateBits")),
            plain_ids=frozenset(each for each in plain if isinstance(each, int) and 0 <= each <= _LARGEST_ID)
            if isinstance(plain, list)
            else frozenset(),
            modulus=int(modulus, 16),
            exponent=int(exponent, 16),
            raw=body,
        )
    except ValueError:
        raise ProtocolError(f"{where}: the reply to {label(MessageId.KEY_NEGOTIATION)} has no key") from None
