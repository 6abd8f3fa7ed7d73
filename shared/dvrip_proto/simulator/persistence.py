"""What devices keep over a restart: changed configuration, accounts and the clock's error, in one JSON file.

The file holds password hashes: only its owner may read it. It is replaced as a whole, soon after a change.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import tempfile
from pathlib import Path
from typing import Any, Final

from ..errors import UsageError
from .filelock import FileLock
from .fleet import Fleet

_LOGGER = logging.getLogger(__name__)
_FORMAT: Final = 1
SETTLE_S: Final = 1.0


class Keeping:
    """Keeps the state of a fleet in a file: `load` before it starts, `stop` after the last change.

    It is written at most every `settle_s`.
    """

    def __init__(self, fleet: Fleet, path: Path, *, settle_s: float = SETTLE_S) -> None:
        self._settle_s = settle_s
        self._devices = fleet.devices
        self._path = path
        self._others: dict[str, Any] = {}
        self._text = ""
        self._saved: list[tuple[int, float]] = []
        self._task: asyncio.Task[None] | None = None
        self._lock = FileLock(path)

    def load(self) -> None:
        """Give every device what the file says, and keep others from it until `stop`.

        UsageError for a file that is broken, of another model, or in use.
        """
        self._take()
        try:
            self._load()
        except BaseException:
            self._lock.release()
            raise

    def _load(self) -> None:
        try:
            text = self._path.read_text("utf-8")
        except FileNotFoundError:
            return
        except (OSError, UnicodeDecodeError) as error:
            raise self._error(str(getattr(error, "strerror", None) or error)) from error
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise self._error(f"broken: {error}") from error
        devices = self._checked(found)
        for device in self._devices:
            kept = devices.pop(device.serial, None)
            if kept is not None:
                try:
                    device.state.load_kept(kept)
                except (LookupError, TypeError, ValueError, AttributeError) as error:
                    raise self._error(f"broken: device {device.serial}: {error}") from error
        self._others = devices

    async def start(self) -> None:
        """Write the file, and again after every change; UsageError when it cannot be written or is in use."""
        self._take()
        await self._save()
        self._task = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """Write what has changed since; UsageError when it cannot be written."""
        try:
            if self._task is not None:
                self._task.cancel()
                await asyncio.gather(self._task, return_exceptions=True)
                self._task = None
                await self._save()
        finally:
            self._lock.release()

    def _take(self) -> None:
        try:
            taken = self._lock.take()
        except OSError as error:
            raise self._error(error.strerror or str(error)) from error
        if not taken:
            raise self._error("is in use by another running simulator")

    def _checked(self, found: object) -> dict[str, Any]:
        if not isinstance(found, dict) or found.get("format") != _FORMAT:
            raise self._error("broken: not the state of simulated devices")
        device = self._devices[0]
        for key, wanted in (("profile", device.profile), ("channels", device.channels)):
            if found.get(key) != wanted:
                raise self._error(f"{key} is {found.get(key)!r} there and {wanted!r} here")
        devices = found.get("devices")
        if not isinstance(devices, dict):
            raise self._error("broken: no devices inside")
        return devices

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._settle_s)
            if self._marks() == self._saved:
                continue
            try:
                await self._save()
            except UsageError as error:
                _LOGGER.warning("%s", error)

    def _marks(self) -> list[tuple[int, float]]:
        """Changes whenever something that is kept may have: every change is logged, except the clock's."""
        states = [device.state for device in self._devices]
        return [(state.journal.position, state.clock.error_s) for state in states]

    async def _save(self) -> None:
        self._saved = self._marks()
        text = json.dumps(
            {
                "format": _FORMAT,
                "profile": self._devices[0].profile,
                "channels": self._devices[0].channels,
                "devices": {
                    **self._others,
                    **{device.serial: device.state.kept() for device in self._devices},
                },
            },
            indent=1,
        )
        if text == self._text:
            return
        writing = asyncio.create_task(asyncio.to_thread(_replace, self._path, text))
        try:
            # A stop must not leave the old text to a writer that is still at work.
            await asyncio.shield(writing)
        except asyncio.CancelledError:
            await asyncio.gather(writing, return_exceptions=True)
            raise
        except OSError as error:
            raise self._error(error.strerror or str(error)) from error
        self._text = text

    def _error(self, text: str) -> UsageError:
        return UsageError(f"state {self._path}: {text}")


def _replace(path: Path, text: str) -> None:
    """Exchange the file as a whole; OSError leaves the old one."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
