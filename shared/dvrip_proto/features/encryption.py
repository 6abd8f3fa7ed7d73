"""What encryption a device offers to whoever asks with 1010, without a login: seen on firmware V5.11.

A login asks with 1413 (`connection.entry`); how the login of the vendor's app goes on from here is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..connection import DEFAULT_PORT, Connection
from ..connection.to_its_end import to_its_end
from ..errors import ProtocolError, UnsupportedError
from ..values import Json, count
from ..wire.body import encode
from ..wire.ids import MessageId, label
from ..wire.offer import read_offer
from ..wire.ret import SUCCESS, text


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
    question = label(MessageId.KEY_NEGOTIATION)
    try:
        offer = read_offer(body)
    except ProtocolError as error:
        raise ProtocolError(f"{where}: the reply to {question}: {error}") from error
    if not offer.modulus:
        raise ProtocolError(f"{where}: the reply to {question} has no key")
    return Encryption(
        algorithm=offer.algorithm,
        key_bits=offer.key_bits,
        session_algorithm=str(body.get("CommunicateEncryptAlgo", "")),
        session_bits=count(body.get("CommunicateBits", body.get("CommunicateEncryptBits"))),
        plain_ids=offer.plain_ids,
        modulus=offer.modulus,
        exponent=offer.exponent,
        raw=body,
    )
