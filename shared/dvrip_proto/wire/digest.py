"""The password hash of DVRIP devices."""

from __future__ import annotations

import hashlib
from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def sofia_hash(password: str) -> str:
    """The eight characters that devices take for a password; as secret as the password itself."""
    digest = hashlib.md5(password.encode("utf-8", "surrogateescape"), usedforsecurity=False).digest()
    return "".join(_ALPHABET[(digest[i] + digest[i + 1]) % len(_ALPHABET)] for i in range(0, len(digest), 2))
