"""Firmware files that a person has put into Home Assistant's folder for them. Everything here blocks.

A container holds no version: release and date stand in the name of its file.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from homeassistant.core import HomeAssistant

from dvrip_proto import Firmware, SystemInfo, UpgradeInfo, UsageError

from .const import DOMAIN, LOGGER

SUFFIXES = (".bin", ".img", ".zip")


@dataclass(frozen=True, slots=True)
class Fitting:
    """A file that is for a device, and what it is called to a person."""

    firmware: Firmware
    version: str
    date: date


def firmware_folder(hass: HomeAssistant) -> Path:
    """Where a person puts firmware: dvrip/firmware in the folder of the configuration."""
    return Path(hass.config.path(DOMAIN, "firmware"))


def version_text(release: str, built: date | None) -> str:
    """V5.00.R02 (2026-01-02): what a device and the name of a file both tell."""
    return f"{release} ({built})" if built else release


def installed_text(info: SystemInfo) -> str:
    """What a device runs, in the same words."""
    release = ".".join(info.firmware.split(".")[:3])
    return version_text(release, info.build_time.date() if info.build_time else None)


def newest_fitting(folder: Path, device: UpgradeInfo, info: SystemInfo) -> Fitting | None:
    """The newest file of the folder that is for this device and not older than what it runs."""
    found: list[Fitting] = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.suffix.lower() not in SUFFIXES:
            continue
        try:
            firmware = Firmware.read(path)
        except UsageError as error:
            LOGGER.debug("No firmware: %s", error)
            continue
        built = firmware.date
        if built is None or not firmware.release or firmware.misfits(device, info.firmware):
            continue
        if firmware.is_installed(info.firmware, info.build_time) or _is_older(built, info):
            continue
        found.append(Fitting(firmware, version_text(firmware.release, built), built))
    return max(found, key=lambda each: each.date, default=None)


def _is_older(built: date, info: SystemInfo) -> bool:
    return info.build_time is not None and built < info.build_time.date()
