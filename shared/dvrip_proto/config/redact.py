"""Masking of secrets, and on request of what identifies a device, in any tree: logs, diffs, diagnostics."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..values import Json
from .spec import Spec, join

MASKED = "********"

# Keys that hold a password, its hash or its reversible copy, whatever the object (protocol section 19).
_SECRET_KEYS = frozenset(
    {
        "password",
        "passwordv2",
        "newpassword",
        "oldpassword",
        "admintoken",
        "keys",
        "questionanswer",
        "securityemail",
        "acme",
    }
)
# Keys of objects that nobody has described, by their words: not those that are only about a secret.
_SECRET_WORDS = re.compile(
    r"(?!support|enable|need|is_?|has_?|on_?vif)"
    r"(?!.*(?:check\w*|enabled?|index|len(?:gth)?|level|mode|policy|reset|safety|type)$)"
    r".*(?:passw|passphrase|pwd|token|secret|(?:access|api|auth|private)_?(?:key|code))",
    re.IGNORECASE,
)
_IDENTITY_KEYS = frozenset(
    {
        "serialno",
        "serialnumber",
        "serialid",
        "sn",
        "mac",
        "dvrmac",
        "pid",
        "ssid",
        "uuid",
        "boxid",
        "phonenum",
        "wlanmac",
        "pcmac",
        "macaddr",
        "nainfocode",
        "deviceid",
        "securityphone",
        "servname",
        "serveraddr",
    }
)
_USERINFO = re.compile(r"(?<=://)[^/@\s]+@")


def redact(tree: Json, spec: Spec | None = None, *, identity: bool = False) -> Json:
    """Copy of a tree with every secret masked; with `identity` also serial numbers, MAC addresses ..."""
    if spec is not None and secret_key(spec.name):
        return MASKED
    hidden = _SECRET_KEYS | (_IDENTITY_KEYS if identity else frozenset())
    secret = {path for path, row in spec.fields.items() if row.kind.secret} if spec else set()
    return _masked(tree, "", secret, hidden)


def secret_key(path: str) -> bool:
    """Tell whether the key that a path ends with holds a secret in every object."""
    key = path.rpartition(".")[2].partition("[")[0].strip()
    return key.casefold() in _SECRET_KEYS or _SECRET_WORDS.match(key) is not None


def _masked(tree: Json, path: str, secret: set[str], hidden: frozenset[str]) -> Json:
    # The tree may be one channel's element or the list of all of them.
    if path in secret or path.removeprefix("[]").removeprefix(".") in secret:
        return MASKED
    if isinstance(tree, Mapping):
        return {key: _entry(key, value, path, secret, hidden) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [_masked(item, f"{path}[]", secret, hidden) for item in tree]
    return _USERINFO.sub(f"{MASKED}@", tree) if isinstance(tree, str) else tree


def _entry(key: str, value: Json, path: str, secret: set[str], hidden: frozenset[str]) -> Json:
    name = str(key).strip()
    if value is not None and name.casefold() in hidden:
        return MASKED
    if isinstance(value, str) and _SECRET_WORDS.match(name):
        return MASKED
    return _masked(value, join(path, str(key)), secret, hidden)
