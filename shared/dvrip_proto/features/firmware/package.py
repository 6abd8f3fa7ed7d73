"""Firmware files: what a container holds, whether it is whole, and which devices it is for.

A container is a ZIP with images and `InstallDesc`, which says what the device does with them. A file that
asks for more than burning and removing images, or claims to fit every device, is refused whoever insists.
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from ...errors import UsageError
from ...values import number
from ..archive import PACKINGS

BLOCK: Final = 0x8000
_SIZE_MAX: Final = 256 * 1024 * 1024
_UNPACKED_MAX: Final = 1024 * 1024 * 1024
_DESCRIPTION: Final = "InstallDesc"
_DESCRIPTION_MAX: Final = 1024 * 1024
_START: Final = b"PK\x03\x04"
_WILDCARDS: Final = frozenset({"skipcheck", "skip", "all", "any"})
_FILE_COMMANDS: Final = frozenset({"Burn", "RemoveFile"})
_COMMANDS: Final = _FILE_COMMANDS | {"BurnHWID"}
_RELEASE: Final = re.compile(r"V(\d+\.\d+)\.R(\d+)", re.IGNORECASE)
_DATE: Final = re.compile(r"(?<!\d)(20\d{6})(?!\d)")
_DEVICE_ID: Final = 8  # digits of DevID that name the product; the fourth field of the version
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeInfo:
    """What firmware a device takes."""

    hardware: str
    vendor: str
    serial: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Firmware:
    """A firmware file that was found whole, `size` bytes, which stay in the file."""

    path: Path
    size: int
    crc: int = field(repr=False)  # of the file as it was checked
    hardware: str
    vendor: str
    device_id: str
    compatible_version: int | None
    commands: tuple[tuple[str, str], ...] = field(repr=False)  # command, file

    @classmethod
    def read(cls, path: str | Path) -> Firmware:
        """Check a file. Reads all of it in small pieces: call it in a thread.

        UsageError that names the file and what is wrong with it.
        """
        path = Path(path)
        try:
            size = path.stat().st_size
            if not path.is_file() or not 0 < size <= _SIZE_MAX:
                raise UsageError(f"{path}: {size} bytes are no firmware file")
            with path.open("rb") as file:
                if file.read(len(_START)) != _START:
                    raise UsageError(f"{path}: not a firmware file: no ZIP archive")
            described, names = _contents(path)
        except OSError as error:
            raise UsageError(f"{path}: {error.strerror or error}") from error
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
            raise UsageError(f"{path}: the archive is damaged: {error}") from error
        _refuse_wildcards(path, described)
        return cls(
            path=path,
            size=size,
            crc=_crc(path),
            hardware=_text(described.get("Hardware")),
            vendor=_text(described.get("Vendor")),
            device_id=_text(described.get("DevID")),
            compatible_version=number(described.get("CompatibleVersion")),
            commands=_commands(path, described.get("UpgradeCommand"), names),
        )

    @property
    def release(self) -> str:
        """Release that the file's name tells, such as "V5.00.R02"; "" when it tells none."""
        match = _RELEASE.search(self.path.name)
        return f"V{match[1]}.R{match[2]}" if match else ""

    @property
    def date(self) -> date | None:
        """Date that the file's name tells."""
        for text in _DATE.findall(self.path.name):
            try:
                return datetime.strptime(text, "%Y%m%d").date()
            except ValueError:
                continue
        return None

    def misfits(self, device: UpgradeInfo, version: str) -> tuple[str, ...]:
        """Reasons why this file is not for a device with this firmware version; none when it fits."""
        reasons = [
            f"{what} is {mine or 'not told'} in the file, {theirs or 'not told'} on the device"
            for what, mine, theirs in (
                ("hardware", self.hardware, device.hardware),
                ("vendor", self.vendor, device.vendor),
            )
            if not mine or mine != theirs
        ]
        fields = version.split(".")
        product = fields[3] if len(fields) > 3 else ""
        wanted = self.device_id[:_DEVICE_ID]
        if wanted and wanted.casefold() != product.casefold():
            reasons.append(f"product is {wanted} in the file, {product or 'not told'} on the device")
        return tuple(reasons)

    def is_installed(self, version: str, build_time: datetime | None) -> bool | None:
        """Whether a device with this version and build time has it already; None when that cannot be told.

        The container itself holds no version: the file's name has release and date, a day more or less.
        """
        if not self.release or self.date is None or build_time is None:
            return None
        same = version.casefold().startswith(self.release.casefold())
        return same and abs(build_time.date() - self.date) <= _ONE_DAY

    def blocks(self) -> Iterator[bytes]:
        """Bytes of the file in blocks. UsageError when it is not the file that was checked."""
        crc = 0
        try:
            with self.path.open("rb") as file:
                while block := file.read(BLOCK):
                    crc = zlib.crc32(block, crc)
                    yield block
        except OSError as error:
            raise UsageError(f"{self.path}: {error.strerror or error}") from error
        if crc != self.crc:
            raise UsageError(f"{self.path}: the file has changed since it was checked")


def _contents(path: Path) -> tuple[dict[str, Any], set[str]]:
    """What InstallDesc says, and the names of the members, all of which are whole."""
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        names = [member.filename for member in members]
        if names.count(_DESCRIPTION) != 1:
            raise UsageError(
                f"{path}: not a firmware file: it has {names.count(_DESCRIPTION)} {_DESCRIPTION}"
            )
        if len(set(names)) != len(names):
            raise UsageError(f"{path}: not a firmware file: it has members of the same name")
        if sum(member.file_size for member in members) > _UNPACKED_MAX:
            raise UsageError(f"{path}: not a firmware file: its members are too big")
        if any(member.compress_type not in PACKINGS for member in members):
            raise UsageError(f"{path}: not a firmware file: it is packed as no device unpacks it")
        if archive.getinfo(_DESCRIPTION).file_size > _DESCRIPTION_MAX:
            raise UsageError(f"{path}: not a firmware file: its {_DESCRIPTION} is too big")
        broken = archive.testzip()
        if broken is not None:
            raise UsageError(f"{path}: the archive is damaged: {broken} has another checksum")
        text = archive.read(_DESCRIPTION).rstrip(b"\0 \r\n\t")
    try:
        described = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}: not a firmware file: {_DESCRIPTION} is no JSON") from error
    if not isinstance(described, dict):
        raise UsageError(f"{path}: not a firmware file: {_DESCRIPTION} is no JSON object")
    return described, set(names)


def _commands(path: Path, listed: Any, names: set[str]) -> tuple[tuple[str, str], ...]:
    """Commands of InstallDesc, each of which may be sent to a device."""
    if not isinstance(listed, list) or not listed:
        raise UsageError(f"{path}: not a firmware file: {_DESCRIPTION} has no UpgradeCommand")
    commands: list[tuple[str, str]] = []
    for entry in listed:
        command = entry.get("Command") if isinstance(entry, dict) else None
        if not isinstance(command, str) or command not in _COMMANDS:
            raise UsageError(f"{path}: refused: it has the command {command!r}")
        name = _text(entry.get("FileName"))
        if command in _FILE_COMMANDS and (not name or "*" in name or "?" in name):
            raise UsageError(f"{path}: refused: it has the command {command} for the file {name!r}")
        if command == "Burn" and name not in names:
            raise UsageError(f"{path}: not a whole firmware file: {name} is missing")
        commands.append((command, name))
    return tuple(commands)


def _refuse_wildcards(path: Path, described: dict[str, Any]) -> None:
    """A file for every device is a file for none."""
    flash = described.get("SupportFlashType")
    chips = (
        [entry.get("FlashID") for entry in flash if isinstance(entry, dict)]
        if isinstance(flash, list)
        else []
    )
    claims = [(key, described.get(key)) for key in ("Hardware", "Vendor", "DevID")]
    for key, value in claims + [("FlashID", chip) for chip in chips]:
        text = _text(value)
        if "*" in text or "?" in text or text.casefold() in _WILDCARDS:
            raise UsageError(f"{path}: refused: its {key} is {text!r}, which fits every device")
    for chip in chips:
        if number(chip) is None:
            raise UsageError(f"{path}: refused: its FlashID {chip!r} is no number")


def _crc(path: Path) -> int:
    crc = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            crc = zlib.crc32(block, crc)
    return crc


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
