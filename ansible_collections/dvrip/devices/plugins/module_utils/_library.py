# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""The only file of the collection that imports the protocol library."""

from __future__ import annotations

import sys
import traceback

__all__ = ["MISSING", "NEEDED_PYTHON", "dvrip_proto", "missing_text", "preload"]

NEEDED_PYTHON = (3, 12)
# What this collection uses. The library imports a part when it is first asked for: that must be in the parent of the
# workers, or each of them does it again for its one task (180 ms for all).
USED = (
    "AuthenticationError",
    "CATALOG",
    "Caller",
    "Camera",
    "Change",
    "Danger",
    "Device",
    "Discovered",
    "Disk",
    "DvripError",
    "ERASE",
    "Firmware",
    "Group",
    "Kind",
    "LinkState",
    "Missing",
    "NotAppliedError",
    "Plan",
    "RequestError",
    "Spec",
    "SystemInfo",
    "TransportError",
    "UnsupportedError",
    "UpgradeInfo",
    "UpgradePhase",
    "UpgradeProgress",
    "UsageError",
    "User",
    "control",
    "dangers",
    "destination",
    "discover",
    "readable",
    "redact",
    "remedy",
    "set_address",
    "sofia_hash",
    "spec_for",
    "wishes",
    "zone_wishes",
)

try:
    import dvrip_proto

    _PART = dvrip_proto.Device  # an import of a part shows whether this Python can read the library
except (ImportError, SyntaxError):  # SyntaxError: a Python older than the library accepts
    dvrip_proto = None  # type: ignore[assignment]  # every use comes after a look at MISSING
    MISSING: str | None = traceback.format_exc()
else:
    MISSING = None


def preload() -> None:
    """Import all of it."""
    for name in USED:
        getattr(dvrip_proto, name)
    dvrip_proto.Device.preload()


def missing_text(version: tuple[int, ...] = sys.version_info[:3]) -> str:
    """What to do about a library that could not be imported by this Python."""
    needed, present = (".".join(map(str, numbers)) for numbers in (NEEDED_PYTHON, version))
    if version < NEEDED_PYTHON:
        return (
            f"dvrip.devices needs Python {needed} or later on the controller, where its modules run; this is "
            f"{present} at {sys.executable}. Install ansible-core for a newer Python, or use an execution environment "
            "that has one."
        )
    last = (MISSING or "").strip().rpartition("\n")[2]
    return (
        f"dvrip.devices cannot import its protocol library with {sys.executable} ({last}). A released collection carries "
        "it inside: install that again; from the source tree put `shared` on PYTHONPATH."
    )
