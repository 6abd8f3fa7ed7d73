# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""Configuration archives of devices as files of the controller: compared, kept for their owner only, known by their device."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import typing as t
import zipfile
from pathlib import Path

from ansible_collections.dvrip.devices.plugins.module_utils import _files
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto


def same_content(one: bytes, other: bytes) -> bool:
    """Whether two archives hold the same files, whenever they were packed."""
    return one == other or _members(one) == _members(other)


def _members(archive: bytes) -> list[tuple[str, int, int]]:
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as file:
            return sorted((item.filename, item.file_size, item.CRC) for item in file.infolist())
    except zipfile.BadZipFile:
        return [(hashlib.sha256(archive).hexdigest(), len(archive), 0)]


def fingerprint(archive: bytes) -> str:
    """Checksum of what an archive holds: a device packs the same files a moment later into other bytes."""
    return hashlib.sha256(repr(_members(archive)).encode()).hexdigest()[:16]


def read(path: Path) -> bytes | None:
    """What a file has, None when it is not there; UsageError when it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise dvrip_proto.UsageError(f"{path}: {error.strerror or error}") from error


def write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, for its owner only."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _files.replace(path, data)
    except OSError as error:
        raise dvrip_proto.UsageError(f"{path}: {error.strerror or error}") from error


def about(path: Path) -> Path:
    """File beside an archive that says whose it is."""
    return path.with_name(f"{path.name}.json")


def owner(path: Path) -> dict[str, t.Any]:
    """What was noted of the device whose archive this is; nothing when nobody noted it."""
    with contextlib.suppress(OSError, ValueError):
        found = json.loads(about(path).read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else {}
    return {}


def checksum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def measured(path: Path) -> dict[str, t.Any]:
    """Size and checksum of a file that may be larger than the memory; nothing of one that is not there."""
    try:
        with path.open("rb") as file:
            return {"size": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise dvrip_proto.UsageError(f"{path}: {error.strerror or error}") from error
