"""The firmware upgrade of one device: blocks, the check of the container, progress, the new version.

A container is a ZIP with `InstallDesc`; it fits when `Hardware` and `Vendor` are this device's and every
file it names is inside. Nothing in it is executed. The new version is `SoftWareVersion` of InstallDesc when
it has one (real ones do not: then the fourth field becomes the start of `DevID`), its build time the date
of InstallDesc in the archive.
"""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from ..wire.body import encode_reply
from ..wire.ids import MessageId
from .state.clock import FORMAT

if TYPE_CHECKING:
    from .link import Link
    from .quirks import Quirks
    from .state.device import DeviceState

OK: Final = 100
_ILLEGAL: Final = 103
_RUNNING: Final = 511
_NOT_STARTED: Final = 512
_DATA_ERROR: Final = 513
_FAILED: Final = 514
_DONE: Final = 515
_SIZE_MAX: Final = 64 * 1024 * 1024
_STEPS: Final = (0, 10, 25, 40, 55, 70, 85, 100)
_DEAD: Final = -1
_COMMANDS: Final = {"Burn", "RemoveFile", "BurnHWID"}


class Upgrade:
    """Collects one container from one connection, then burns it."""

    def __init__(
        self,
        state: DeviceState,
        *,
        burn_s: float,
        restart: Callable[[], None],
        quirks: Callable[[], Quirks],
    ) -> None:
        self.burn_s = burn_s
        self._quirks = quirks
        self._state = state
        self._restart = restart
        self._link: Link | None = None
        self._data = bytearray()
        self._burning: asyncio.Task[None] | None = None

    def start(self, link: Link) -> int:
        """Begin to collect; 511 while an upgrade runs."""
        if self._link is not None or self._burning is not None:
            return _RUNNING
        self._link, self._data = link, bytearray()
        return OK

    def abort(self, link: Link) -> int:
        """Give up before the last block."""
        if self._link is not link or self._burning is not None:
            return _NOT_STARTED
        self.drop_link(link)
        return OK

    def block(self, link: Link, data: bytes, *, last: bool) -> int:
        """Take one block; the last one (its end flag is set) starts the burning."""
        if self._link is not link or self._burning is not None:
            return _NOT_STARTED
        if len(self._data) + len(data) > _SIZE_MAX:
            self.drop_link(link)
            return _DATA_ERROR
        self._data += data
        if last:
            self._burning = asyncio.create_task(self._burn(link))
        return OK

    def drop_link(self, link: Link) -> None:
        """Forget what a connection sent so far; burning goes on."""
        if self._link is link and self._burning is None:
            self._link, self._data = None, bytearray()

    def cancel(self) -> None:
        """End the burning with the device."""
        if self._burning is not None:
            self._burning.cancel()

    async def _burn(self, link: Link) -> None:
        quirks, result, firmware = self._quirks(), _DATA_ERROR, dict[str, str]()
        try:
            result, firmware = _check(bytes(self._data), self._state)
            if result == OK:
                result = await self._write(link, quirks)
            if result == _DONE:
                self._state.firmware.update(firmware)
            if result != _DEAD and quirks.upgrade_leaves_at is None:
                self._tell(link, result)
        finally:
            self._link, self._burning, self._data = None, None, bytearray()
        if result == _DONE:
            self._state.journal.add("Upgrade", "")
        if result in (_DONE, _DEAD):
            self._restart()

    async def _write(self, link: Link, quirks: Quirks) -> int:
        """Tell the progress, as far as it comes: the result."""
        step_s = self.burn_s / len(_STEPS)
        await asyncio.sleep(step_s)  # some clients lose a progress that comes with the last acknowledgement
        for percent in _STEPS:
            if quirks.upgrade_stalls_at is not None and percent >= quirks.upgrade_stalls_at:
                await asyncio.Event().wait()
            self._tell(link, percent)
            await asyncio.sleep(step_s)
            if quirks.upgrade_dies_at is not None and percent >= quirks.upgrade_dies_at:
                return _DEAD
            if quirks.upgrade_leaves_at is not None and percent >= quirks.upgrade_leaves_at:
                return _DONE
        return quirks.upgrade_result

    def _tell(self, link: Link, ret: int) -> None:
        session = link.session.number if link.session else 0
        body = encode_reply({"Name": "", "Ret": ret, "SessionID": f"0x{session:08x}"})
        link.send(MessageId.UPGRADE_PROGRESS, body, session=session, sequence=0)


def _check(data: bytes, state: DeviceState) -> tuple[int, dict[str, str]]:
    """513 for what is no container, 514 for another device's, 100 with the new version."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entry = archive.getinfo("InstallDesc")
            description = (
                json.loads(archive.read(entry).rstrip(b"\0")) if entry.file_size < _SIZE_MAX else None
            )
            names = set(archive.namelist())
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, NotImplementedError, RuntimeError):
        return _DATA_ERROR, {}
    if not isinstance(description, dict) or not _commands_fit(description.get("UpgradeCommand"), names):
        return _DATA_ERROR, {}
    mine = state.profile.data["upgrade"]
    if (description.get("Hardware"), description.get("Vendor")) != (mine["Hardware"], mine["Vendor"]):
        return _FAILED, {}
    return OK, {
        "SoftWareVersion": _version(description, state.firmware["SoftWareVersion"]),
        "BuildTime": datetime(*entry.date_time).strftime(FORMAT),
    }


def _commands_fit(commands: Any, names: set[str]) -> bool:
    if not isinstance(commands, list) or not commands:
        return False
    return all(
        isinstance(command, dict)
        and command.get("Command") in _COMMANDS
        and (command["Command"] != "Burn" or command.get("FileName") in names)
        for command in commands
    )


def _version(description: dict[str, Any], installed: str) -> str:
    given, device = description.get("SoftWareVersion"), description.get("DevID")
    if isinstance(given, str) and given:
        return given
    fields = installed.split(".")
    if isinstance(device, str) and len(device) >= 8 and len(fields) > 3:
        fields[3] = device[:8]
    return ".".join(fields)
