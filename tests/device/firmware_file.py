"""Firmware files made for a test."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

NAME = "General_IPC_XM530_50X50-WG_8M.Nat.OnvifS.HIK_V5.00.R02.20260102_all.bin"
FITTING: dict[str, Any] = {
    "UpgradeCommand": [
        {"Command": "Burn", "FileName": "romfs-x.cramfs.img"},
        {"Command": "Burn", "FileName": "user-x.cramfs.img"},
    ],
    "SupportFlashType": [{"FlashID": "0x010d8568"}],
    "Hardware": "XM530_50X50-WG_8M",
    "CompatibleVersion": 2,
    "Vendor": "General",
    "CRC": "1ce6242100007636",
}
IMAGES = {"romfs-x.cramfs.img": bytes(range(256)) * 300, "user-x.cramfs.img": b"\x27\x05\x19\x56" * 9000}


def write(
    folder: Path,
    *,
    name: str = NAME,
    images: dict[str, bytes] | None = None,
    text: bytes | None = None,
    **changes: Any,
) -> Path:
    """A container for the simulated camera; `changes` to InstallDesc, None removes a key."""
    described = {key: value for key, value in (FITTING | changes).items() if value is not None}
    path = folder / name
    with zipfile.ZipFile(path, "w") as archive:
        inside = zipfile.ZipInfo("InstallDesc", date_time=(2026, 1, 2, 3, 4, 6))
        archive.writestr(inside, json.dumps(described).encode() + b"\0\0" if text is None else text)
        for member, data in (IMAGES if images is None else images).items():
            archive.writestr(member, data)
    return path
