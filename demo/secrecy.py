"""Looks for passwords and their hashes in everything the run has written."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from dvrip_proto import sofia_hash

from .progress import DemoError, Step, require
from .stage import Secrets

_OPEN_URL = re.compile(rb"\w+://[^\s/@:*]*:[^\s/@*]+@")


def _spellings(password: str) -> dict[str, bytes]:
    raw = password.encode()
    return {
        "plain": raw,
        "quoted": quote(password).encode(),
        "device hash": sofia_hash(password).encode(),
        "MD5": hashlib.md5(raw, usedforsecurity=False).hexdigest().encode(),
        "base64": base64.b64encode(raw).rstrip(b"="),
    }


def require_no_secret(step: Step, logs: Iterable[Path], secrets: Secrets) -> None:
    """Raise DemoError naming the log and the kind of secret, never the secret itself."""
    sizes: dict[str, int] = {}
    step.detail["bytes_searched"] = sizes
    owners = {
        "the devices": secrets.device,
        "the operator": secrets.operator,
        "the user": secrets.home_assistant,
    }
    for log in logs:
        content = log.read_bytes()
        require(not _OPEN_URL.search(content), f"{log.name} contains a URL with its credentials")
        sizes[log.name] = len(content)
        for owner, password in owners.items():
            for kind, spelling in _spellings(password).items():
                if spelling in content:
                    raise DemoError(f"{log.name} contains the password of {owner} ({kind})")
    require(sizes and min(sizes.values()) > 0, f"an empty log proves nothing: {sizes}")
    step.note(f"{len(sizes)} logs, {sum(sizes.values()) // 1024} KiB")
