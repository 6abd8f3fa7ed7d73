"""Configuration of a device as an archive: taken out, and put back.

The archive is the device's own ZIP. It holds passwords, keys and hashes: whoever stores it, hides it.
"""

from __future__ import annotations

import asyncio
import io
import zipfile
import zlib
from typing import Final

from ..connection import Connection, Reply
from ..errors import ProtocolError, UsageError
from ..wire.ids import MessageId, label
from ..wire.ret import check
from .settings import Applied

_START: Final = b"PK\x03\x04"
_LARGEST: Final = 16 * 1024 * 1024
_UNPACKED_MAX: Final = 64 * 1024 * 1024
_IMPORT_S: Final = 60.0


class Backup:
    """Exports and imports configuration."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def export(self) -> bytes:
        """ZIP of the present configuration. RequestError with Ret 107 without the right ImExport."""
        return await self._archive(MessageId.CONFIG_EXPORT)

    async def export_defaults(self) -> bytes:
        """ZIP of the configuration that the device has when new. UnsupportedError from most older devices."""
        return await self._archive(MessageId.DEFAULT_CONFIG_EXPORT)

    async def export_languages(self) -> bytes:
        """Texts of the device's own menus, as it packs them. UnsupportedError from most devices."""
        reply = await self._connection.request(MessageId.LANGUAGE_EXPORT)
        texts = _bytes(reply)
        if not texts:
            where = self._connection.where
            raise ProtocolError(f"{where}: the reply to {label(MessageId.LANGUAGE_EXPORT)} has no texts")
        return texts

    async def restore(self, archive: bytes, *, timeout_s: float = _IMPORT_S) -> Applied:
        """Put an exported configuration back; the device may restart at once, and be elsewhere afterwards.

        UsageError for what is no whole ZIP, RequestError with Ret 601 when the device cannot use it. Never
        verified: the archive has the device's own format.
        """
        where = self._connection.where
        if len(archive) > _LARGEST:
            raise UsageError(f"{where}: an archive of {len(archive)} bytes is no configuration")
        flaw = await asyncio.to_thread(_flaw, archive)
        if flaw:
            raise UsageError(f"{where}: no configuration to import: {flaw}")
        reply = await self._connection.request_raw(MessageId.CONFIG_IMPORT, archive, timeout_s=timeout_s)
        check(reply.ret, where=where, message_id=MessageId.CONFIG_IMPORT)
        return Applied(reboot_needed=reply.reboot_needed, verified=False)

    async def _archive(self, message_id: int) -> bytes:
        reply = await self._connection.request(message_id)
        archive = _bytes(reply)
        flaw = await asyncio.to_thread(_flaw, archive)
        if flaw:
            raise ProtocolError(f"{self._connection.where}: the reply to {label(message_id)} is {flaw}")
        return archive


def _bytes(reply: Reply) -> bytes:
    return b"" if reply.body else reply.raw


def _flaw(archive: bytes) -> str:
    """What is wrong with an archive; "" when it is whole."""
    if not archive.startswith(_START):
        return "no ZIP archive"
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as file:
            if sum(member.file_size for member in file.infolist()) > _UNPACKED_MAX:
                return "an archive of too much"
            broken = file.testzip()
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
        return f"a damaged archive: {error}"
    return f"a damaged archive: {broken} has another checksum" if broken else ""
