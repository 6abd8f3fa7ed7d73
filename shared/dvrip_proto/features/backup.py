"""Configuration of a device as an archive: taken out, and put back.

The archive is the device's own ZIP. It holds passwords, keys and hashes: whoever stores it, hides it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

from ..config.guards import Danger, dangers, refusal
from ..connection import Connection, Reply
from ..errors import ProtocolError, RequestTimeoutError, UnsupportedError, UsageError
from ..values import Json
from ..wire.ids import MessageId, label
from ..wire.ret import check
from .archive import difference, doubts, flaw
from .settings import Applied, Settings

_LARGEST: Final = 16 * 1024 * 1024
_IMPORT_S: Final = 60.0


class Backup:
    """Exports and imports configuration."""

    def __init__(self, connection: Connection, settings: Settings) -> None:
        self._connection = connection
        self._settings = settings

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

    async def dangers(self, archive: bytes) -> tuple[Danger, ...]:
        """What putting an archive back would do to this connection, as far as its members can be read.

        Members that the device has already are no danger; others that cannot be read are one. UsageError for
        what is no whole ZIP.
        """
        await self._whole(archive)
        found = await asyncio.to_thread(difference, archive, await self._present())
        told = [Danger(text) for text in doubts(found)]
        for name, tree in found.objects.items():
            present = await self._settings.get_or_none(name)
            told += dangers(name, present, _over(present, tree), self._settings.caller)
        return tuple(told)

    async def check(self, archive: bytes) -> None:
        """DangerError when an archive has dangers."""
        if told := await self.dangers(archive):
            raise refusal(f"{self._connection.where}: the archive", tuple(map(str, told)))

    async def restore(
        self, archive: bytes, *, allow_disconnect: bool = False, timeout_s: float = _IMPORT_S
    ) -> Applied:
        """Put an exported configuration back; the device may restart at once.

        UsageError for what is no whole ZIP, DangerError before anything is sent, when the archive has dangers
        and they are not allowed, RequestError with Ret 601 when the device cannot use it. Never verified: the
        archive has the device's own format.
        """
        where = self._connection.where
        async with self._connection.turn as turn:
            if allow_disconnect:
                await self._whole(archive)
            else:
                await self.check(archive)
            try:
                reply = await self._connection.request_raw(
                    MessageId.CONFIG_IMPORT, archive, timeout_s=timeout_s
                )
            finally:
                turn.wrote()
        check(reply.ret, where=where, message_id=MessageId.CONFIG_IMPORT)
        return Applied(reboot_needed=reply.reboot_needed, verified=False)

    async def _whole(self, archive: bytes) -> None:
        where = self._connection.where
        if len(archive) > _LARGEST:
            raise UsageError(f"{where}: an archive of {len(archive)} bytes is no configuration")
        if found := await asyncio.to_thread(flaw, archive):
            raise UsageError(f"{where}: no configuration to import: {found}")

    async def _present(self) -> bytes:
        """Archive of the present configuration, b"" when the device does not tell it."""
        try:
            return await self._archive(MessageId.CONFIG_EXPORT, optional=True)
        except (UnsupportedError, RequestTimeoutError, ProtocolError):
            if self._connection.closed:
                raise
            return b""

    async def _archive(self, message_id: int, *, optional: bool = False) -> bytes:
        reply = await self._connection.request(message_id, optional=optional)
        archive = _bytes(reply)
        if found := await asyncio.to_thread(flaw, archive):
            raise ProtocolError(f"{self._connection.where}: the reply to {label(message_id)} is {found}")
        return archive


def _bytes(reply: Reply) -> bytes:
    return b"" if reply.body else reply.raw


def _over(present: Json, tree: Json) -> Json:
    """An object as it is after an import that need not have all of it."""
    whole = isinstance(present, Mapping) and isinstance(tree, Mapping)
    return {**present, **tree} if whole else tree
