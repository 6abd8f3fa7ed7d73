"""Firmware that encrypts: what it tells before a login, and which messages stay in the clear.

Recorded from a V5.11 camera. The cipher's mode and the names in its login are not publicly known, so that
nobody can log in this way: such firmware is here for clients to see, and to say so.
"""

from __future__ import annotations

import secrets
from typing import Final

from ..wire.body import Json

_BITS: Final = 1024
_EXPONENT: Final = "010001"
IN_CLEAR: Final = (
    *(1000, 1001, 1008, 1009, 1010, 1011, 1050, 1054, 1412, 1413, 1414, 1422, 1424, 1425, 1426, 1432),
    *(1433, 1434, 1435, 1449, 1522, 1572, 1576, 1580, 1582, 1645, 2062, 2063, 2123, 2140, 3016, 3502),
)


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
