"""What encryption a device offers: the key for the login, and what stays in the clear afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ..errors import ProtocolError
from ..values import Json, count
from .body import encode
from .cipher import rsa_hex
from .digest import sofia_hash
from .login import LOGIN_TYPE, check_encrypt_type

_LARGEST_ID: Final = 0xFFFF
_BITS: Final = range(1024, 4097)
_SALT_MAX: Final = 64
_AES: Final = frozenset({"AES"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One offer. `modulus` is 0 where no key is offered; `salt` is the device's half of one."""

    algorithm: str = ""
    key_bits: int = 0
    modulus: int = 0
    exponent: int = 0
    plain_ids: frozenset[int] = frozenset()
    login_kinds: frozenset[str] = frozenset()
    data_kinds: frozenset[str] = frozenset()
    salt: str = field(default="", repr=False)
    raw: Mapping[str, Json] = field(default_factory=dict, repr=False)

    @property
    def takes_keys(self) -> bool:
        """Whether a login with keys of this kind can be tried."""
        return (
            self.modulus > 0
            and self.algorithm.upper().startswith("RSA")
            and (not self.login_kinds or "RSA" in self.login_kinds)
            and (not self.data_kinds or bool(_AES & self.data_kinds))
        )

    @property
    def takes_salt(self) -> bool:
        """Whether the password can be sent as a hash that is good for this login only."""
        return self.takes_keys and bool(self.salt) and "MD5_DH" in self.login_kinds


def read_offer(body: Mapping[str, Json]) -> Offer:
    """The offer in a reply to 1413 or 1010; ProtocolError for a key out of bounds."""
    modulus, exponent = _key(body.get("PublicKey"))
    random = body.get("DHParameter")
    salt = random.get("RandomStrB") if isinstance(random, Mapping) else None
    return Offer(
        algorithm=str(body.get("EncryptAlgo", "")),
        key_bits=count(body.get("Bits")),
        modulus=modulus,
        exponent=exponent,
        plain_ids=_ids(body.get("NotEncryptMsgID")),
        login_kinds=_kinds(body.get("LoginEncryptionType")),
        data_kinds=_kinds(body.get("DataEncryptionType")),
        salt=salt if isinstance(salt, str) and len(salt) <= _SALT_MAX else "",
        raw=body,
    )


def claim_body(random_a: str = "") -> bytes:
    """The body of the 1413 that asks for an offer, before a login; `random_a` is our half of a salt."""
    parameter = {"Channel": 0, "CombinMode": "CONNECT_ALL", "StreamType": "Main", "TransMode": "TCP"}
    body: dict[str, Json] = {
        "Name": "OPMonitor",
        "OPMonitor": {"Action": "Claim", "Parameter": parameter},
        "SessionID": "0x000001869f",
    }
    if random_a:
        body["DHParameter"] = {"RandomStrA": random_a}
    return encode(body)


def encrypted_login_body(
    offer: Offer,
    username: str,
    password: str,
    *,
    key: str,
    random_a: str = "",
    encrypt_type: str = "MD5",
    hashed: bool = False,
) -> bytes:
    """The body of a login with keys; `key` is what the session is ciphered with from then on.

    With `random_a` the password is salted; else it is its hash, or itself where `encrypt_type` is NONE.
    """
    check_encrypt_type(encrypt_type, hashed=hashed)
    if random_a:
        secret = sofia_hash(f"{random_a}{password}{offer.salt}")
    else:
        secret = password if hashed or encrypt_type == "NONE" else sofia_hash(password)
    members = {"UserName": username, "PassWord": secret, "CommunicateKey": key}
    ciphered = {
        name: rsa_hex(text.encode("utf-8", "surrogateescape"), offer.modulus, offer.exponent)
        for name, text in members.items()
    }
    return encode({"EncryptType": encrypt_type, "LoginType": LOGIN_TYPE, **ciphered})


def _key(told: Json) -> tuple[int, int]:
    if not isinstance(told, str) or not told:
        return 0, 0
    first, _, second = told.partition(",")
    try:
        modulus, exponent = int(first, 16), int(second, 16)
    except ValueError:
        raise ProtocolError("the offer of encryption has no key") from None
    if modulus.bit_length() not in _BITS or not modulus % 2:
        raise ProtocolError(f"the offered key has {modulus.bit_length()} bits and is refused")
    if not 2 < exponent < modulus or not exponent % 2:
        raise ProtocolError("the offered key has an exponent that is refused")
    return modulus, exponent


def _ids(told: Json) -> frozenset[int]:
    listed = told if isinstance(told, list) else []
    return frozenset(
        each
        for each in listed
        if isinstance(each, int) and not isinstance(each, bool) and 0 <= each <= _LARGEST_ID
    )


def _kinds(told: Json) -> frozenset[str]:
    if isinstance(told, Mapping):
        return frozenset(str(name) for name, offered in told.items() if offered)
    return frozenset(str(name) for name in told) if isinstance(told, list) else frozenset()
