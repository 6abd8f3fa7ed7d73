"""What a client sends to log in."""

from __future__ import annotations

from typing import Final

from ..errors import UsageError
from .body import encode
from .digest import sofia_hash

ENCRYPT_TYPES: Final = ("MD5", "NONE")
"""What a device is told that the password is: its hash, or itself."""
LOGIN_TYPE: Final = "DVRIP-Web"


def login_body(
    username: str,
    password: str,
    *,
    login_type: str = LOGIN_TYPE,
    encrypt_type: str = "MD5",
    hashed: bool = False,
) -> bytes:
    """The body of a login; with `hashed`, `password` is the device's hash of it."""
    check_encrypt_type(encrypt_type, hashed=hashed)
    secret = password if hashed or encrypt_type == "NONE" else sofia_hash(password)
    return encode(
        {"EncryptType": encrypt_type, "LoginType": login_type, "PassWord": secret, "UserName": username}
    )


def check_encrypt_type(encrypt_type: str, *, hashed: bool) -> None:
    """UsageError for what no device knows, and for the hash of a password where itself is wanted."""
    if encrypt_type not in ENCRYPT_TYPES:
        raise UsageError(f"encrypt_type is one of {', '.join(ENCRYPT_TYPES)}, not {encrypt_type!r}")
    if hashed and encrypt_type == "NONE":
        raise UsageError("encrypt_type NONE sends the password itself: its hash will not do")
