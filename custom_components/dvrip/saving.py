"""Files that an action writes or reads: only where the owner of Home Assistant allows it."""

import os
from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError

from dvrip_proto import UsageError, shown_text

from .const import DOMAIN


async def async_allowed(hass: HomeAssistant, name: str) -> Path:
    """Path that a person gave. ServiceValidationError outside of the folders that are allowed."""
    if not await hass.async_add_executor_job(_is_allowed, hass, name):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="path_not_allowed",
            translation_placeholders={"path": shown_text(name, 256)},
        )
    return Path(name)


def _is_allowed(hass: HomeAssistant, name: str) -> bool:
    try:
        return b"\0" not in os.fsencode(name) and hass.config.is_allowed_path(name)
    except OSError, ValueError:  # no name that a file can have
        return False


def write(path: Path, content: bytes) -> None:
    """Write a file, with the folders above it. UsageError where the system does not let us. Blocks."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error


def read(path: Path, most_bytes: int) -> bytes:
    """Read a file. UsageError when it cannot be, or when it is too large. Blocks."""
    try:
        if path.stat().st_size > most_bytes:
            raise UsageError(f"{path}: it has more than {most_bytes} bytes")
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error
