"""Firmware that encrypts: what it tells before a login, the login with keys, and what stays in the clear.

Lists and members are those of recordings: 1010 from a V5.11 camera, 1413 from a V4.03.R11 recorder. The key
pair is a real one and the same for all devices of a process; a real device makes one each time.
"""

from __future__ import annotations

import secrets
from functools import cache
from typing import TYPE_CHECKING, Final

from ..errors import DvripError, ProtocolError, UnsupportedError
from ..values import Json
from ..wire.body import decode, encode_reply, looks_encrypted
from ..wire.cipher import FIXED_KEY, NEGOTIATION_SESSION, Cipher, Coding
from ..wire.digest import sofia_hash
from ..wire.ids import MARK, MEDIA_IDS

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import rsa

    from ..wire.framer import Frame
    from .link import Link
    from .quirks import Quirks
    from .state.accounts import Accounts

_BITS: Final = 1024
_EXPONENT: Final = "010001"
IN_CLEAR: Final = (
    *(1000, 1001, 1008, 1009, 1010, 1011, 1050, 1054, 1412, 1413, 1414, 1422, 1424, 1425, 1426, 1432),
    *(1433, 1434, 1435, 1449, 1522, 1572, 1576, 1580, 1582, 1645, 2062, 2063, 2123, 2140, 3016, 3502),
)
_CLEAR: Final = frozenset(IN_CLEAR) | MEDIA_IDS
MANNERS: Final = ("offered", "required", "empty", "light", "md5_dh")
"""What the quirk `encrypted` says of firmware that exchanges keys; "login" and "replies" only refuse."""
MUFFLED: Final = ("empty", "light")
"""Firmware that takes a plain login and answers empty afterwards."""
REFUSED: Final = 124


def key_offer() -> dict[str, Json]:
    """The body of a 1011: a new key each time, as on the real camera; nothing can be decrypted with it."""
    modulus = secrets.randbits(_BITS) | 1 << _BITS - 1 | 1
    return {
        "Bits": _BITS,
        "CommunicateBits": 128,
        "CommunicateEncryptAlgo": "AES",
        "EncryptAlgo": "RSA_V1.5",
        "NotEncryptMsgID": list(IN_CLEAR),
        "PublicKey": f"{modulus:0256X},{_EXPONENT}",
        "Ret": 100,
    }


def negotiates(frame: Frame, quirks: Quirks) -> bool:
    """Whether a 1413 asks for an offer of encryption, and is no claim of a stream."""
    header = frame.header
    return quirks.encrypted in MANNERS and (
        header.total_or_channel == MARK or header.session == NEGOTIATION_SESSION
    )


def offer(link: Link, frame: Frame, quirks: Quirks) -> bytes:
    """The body of a 1414, ciphered where that is marked; firmware of the light kind ciphers from then on."""
    kinds = {"MD5": True, "NONE": True, "RSA": True, "TOKEN": True}
    numbers = _private_key().public_key().public_numbers()
    told: dict[str, Json] = {
        "Bits": _BITS,
        "DataEncryptionType": {"AES": True, "AESV2": True, "VEKEY1": True},
        "EncryptAlgo": "RSA_V1.5",
        "LoginEncryptionType": kinds,
        "NotEncryptMsgID": list(IN_CLEAR),
        "PublicKey": f"{numbers.n:0256X},{numbers.e:06X}",
        "Ret": 100,
    }
    if quirks.encrypted == "md5_dh":
        first = _object(frame.body).get("DHParameter")
        random_a = str(first.get("RandomStrA", "")) if isinstance(first, dict) else ""
        link.salt = (random_a, secrets.token_hex(2))
        told |= {
            "LoginEncryptionType": {**kinds, "MD5_DH": True},
            "DHParameter": {"RandomStrB": link.salt[1]},
        }
    if quirks.encrypted == "light" and link.session is not None:
        link.coding, link.muffled = Coding(Cipher(FIXED_KEY), _CLEAR), False
    body = encode_reply(told)
    return Cipher(FIXED_KEY).encode(body) if frame.header.total_or_channel == MARK else body


def read_login(link: Link, frame: Frame, quirks: Quirks, accounts: Accounts) -> dict[str, Json] | None:
    """The login in a ciphered body, as a plain one would say it; None when it is none, or not wanted."""
    if quirks.encrypted not in MANNERS or quirks.encrypted == "light" or not looks_encrypted(frame.body):
        return None
    try:
        told = _object(Cipher(FIXED_KEY).decode(frame.body))
        opened = {name: _opened(told.get(name)) for name in ("UserName", "PassWord", "CommunicateKey")}
        link.coding_then = Coding(Cipher(opened["CommunicateKey"].encode()), _CLEAR)
    except (DvripError, ValueError):
        return None
    user, known = opened["UserName"], accounts.password(opened["UserName"])
    if link.salt and known is not None and opened["PassWord"] == sofia_hash(known.join(link.salt)):
        opened["PassWord"] = accounts.users[user]["Password"]
    return {**told, "UserName": user, "PassWord": opened["PassWord"]}


def _opened(text: Json) -> str:
    from cryptography.hazmat.primitives.asymmetric import padding

    return _private_key().decrypt(bytes.fromhex(str(text)), padding.PKCS1v15()).decode()


def _object(body: bytes) -> dict[str, Json]:
    try:
        told = decode(body)
    except ProtocolError:
        return {}
    return told if isinstance(told, dict) else {}


@cache
def _private_key() -> rsa.RSAPrivateKey:
    try:
        from cryptography.hazmat.primitives.asymmetric import rsa
    except ImportError:
        raise UnsupportedError(
            "a device that encrypts needs the package cryptography: dvrip-proto[sim]"
        ) from None
    return rsa.generate_private_key(int(_EXPONENT, 16), _BITS)
