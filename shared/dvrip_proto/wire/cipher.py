"""Bodies of encrypted sessions: AES-128-CBC under zeros as base64 text, and RSA for what a login says.

The cipher itself is the `cryptography` package's, which is asked for when a device wants it. This keeps
listeners out and proves nothing of who the device is: the fixed key is public.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..errors import ProtocolError, UnsupportedError, UsageError
from .body import TRAILER, looks_encrypted
from .framer import Frame
from .ids import MEDIA_IDS, MessageId

if TYPE_CHECKING:
    from cryptography.hazmat.primitives import ciphers

FIXED_KEY: Final = b"dashoiahfarqdasr"  # every app has it; recorded traffic of a recorder opens with it
NEGOTIATION_SESSION: Final = 0x1869F
BLOCK: Final = 16
_NO_IV: Final = bytes(BLOCK)
_ENDS: Final = b"\0\r\n #"  # "\0" by most, "#" by one program, "\n\0" or nothing by others
_RSA_PADDING: Final = 11


class Cipher:
    """AES-128-CBC with a key of 16 bytes. UnsupportedError where `cryptography` is not installed."""

    def __init__(self, key: bytes) -> None:
        if len(key) != BLOCK:
            raise UsageError(f"a key of an encrypted session has {BLOCK} bytes, not {len(key)}")
        self._cipher = _aes(key)

    def encode(self, body: bytes) -> bytes:
        """A body as the wire has it: ended by a NUL, filled up with NULs, ciphered, in base64, and a NUL."""
        plain = body.removesuffix(TRAILER)
        plain += bytes(BLOCK - len(plain) % BLOCK)
        encryptor = self._cipher.encryptor()
        return base64.b64encode(encryptor.update(plain) + encryptor.finalize()) + b"\0"

    def decode(self, body: bytes) -> bytes:
        """What a ciphered body says, without its filling; ProtocolError when it is none."""
        text = body.rstrip(_ENDS).translate(None, b"\r\n")
        try:
            ciphered = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
        except binascii.Error:
            raise ProtocolError(f"not base64: {len(body)} bytes") from None
        if not ciphered or len(ciphered) % BLOCK:
            raise ProtocolError(f"not ciphered: {len(ciphered)} bytes are no whole blocks")
        decryptor = self._cipher.decryptor()
        return _unfilled(decryptor.update(ciphered) + decryptor.finalize())


@dataclass(frozen=True, slots=True)
class Coding:
    """How the bodies of one connection are written: ciphered, but for the messages in `clear`."""

    cipher: Cipher
    clear: frozenset[int]

    def encode(self, message_id: int, body: bytes) -> bytes:
        """A body to send."""
        return body if message_id in self.clear or message_id in MEDIA_IDS else self.cipher.encode(body)

    def decode(self, frame: Frame) -> Frame:
        """A message that came; one that is not ciphered stays as it is, whatever was agreed."""
        if frame.message_id in self.clear or not looks_encrypted(frame.body):
            return frame
        try:
            return Frame(frame.header, self.cipher.decode(frame.body))
        except ProtocolError:
            return frame


def negotiation() -> Coding:
    """The coding until a login is accepted: the login itself is ciphered, with the key that everybody has."""
    return Coding(Cipher(FIXED_KEY), frozenset({MessageId.MONITOR_CLAIM.value}))


def rsa_hex(text: bytes, modulus: int, exponent: int) -> str:
    """`text` under a public key, PKCS#1 v1.5, in upper-case hexadecimal. UsageError when it is too long."""
    try:
        from cryptography.hazmat.primitives.asymmetric import padding, rsa
    except ImportError:
        raise _not_installed() from None
    size = (modulus.bit_length() + 7) // 8
    if len(text) > size - _RSA_PADDING:
        raise UsageError(f"too long for an encrypted login: {len(text)} bytes, {size - _RSA_PADDING} fit")
    try:
        key = rsa.RSAPublicNumbers(exponent, modulus).public_key()
        return key.encrypt(text, padding.PKCS1v15()).hex().upper()
    except ValueError as error:
        raise ProtocolError(f"the device offers a key that is none: {error}") from error


def _aes(key: bytes) -> ciphers.Cipher[ciphers.modes.CBC]:
    try:
        from cryptography.hazmat.primitives import ciphers
    except ImportError:
        raise _not_installed() from None
    return ciphers.Cipher(ciphers.algorithms.AES(key), ciphers.modes.CBC(_NO_IV))


def _not_installed() -> UnsupportedError:
    return UnsupportedError(
        "the device wants an encrypted session, for which the package cryptography is missing: "
        "install dvrip-proto[crypto]",
        encryption=True,
    )


def _unfilled(plain: bytes) -> bytes:
    """Text without its filling: PKCS#7 or NULs. NULs behind other bytes stay, they may belong to them."""
    count = plain[-1]
    if 0 < count <= BLOCK and plain.endswith(bytes((count,)) * count):
        plain = plain[:-count]
    return plain.rstrip(b"\0") if plain[:1] in (b"{", b"[") else plain
