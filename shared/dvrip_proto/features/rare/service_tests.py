"""Trials of the services that a device uses: does its mail arrive, does its FTP server answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ...connection import Connection
from ...errors import RequestError, UnsupportedError
from ...values import Json
from ...wire.ids import MessageId
from ..settings import Settings

_TRIAL_S: Final = 60.0  # devices give up after half of it
_FAILED: Final = 101


class Services:
    """Has the device try its services. A trial that fails is a RequestError with Ret 101."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def try_mail(self, settings: Mapping[str, Json] | None = None) -> None:
        """Send a mail with the device's NetWork.NetEmail, or with these settings, which are not stored."""
        await self._try(
            MessageId.MAIL_TEST, "OPMailTest", "NetWork.NetEmail", settings, "the mail was not sent"
        )

    async def try_ftp(self, settings: Mapping[str, Json] | None = None) -> None:
        """Reach the FTP server of the device's NetWork.NetFTP, or of these settings, which are not stored."""
        await self._try(
            MessageId.FTP_TEST, "OPFTPTest", "NetWork.NetFTP", settings, "the FTP server was not reached"
        )

    async def _try(
        self, message_id: int, name: str, stored: str, settings: Mapping[str, Json] | None, failure: str
    ) -> None:
        value = await Settings(self._connection).get(stored) if settings is None else dict(settings)
        if isinstance(value, list):  # one server, in a list on some firmware
            value = value[0] if value else {}
        try:
            await self._connection.request(message_id, name, value, timeout_s=_TRIAL_S)
        except UnsupportedError:
            raise
        except RequestError as error:
            if error.ret != _FAILED:
                raise
            where = self._connection.where
            raise RequestError(
                f"{where}: {name}: {failure} (Ret {_FAILED})", ret=_FAILED, message_id=message_id, name=name
            ) from error
