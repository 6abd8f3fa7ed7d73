"""Any message, for what nobody has published: sent as it is, answered as it comes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..connection import ABSENT, Connection, Reply
from ..errors import UsageError
from ..values import Json
from ..wire.ids import MEDIA_IDS, NEVER_SENT, MessageId, label

_LARGEST: Final = 0xFFFF
# What a connection says of itself, and what is right on another socket or in an order only.
_MANAGED: Final = MEDIA_IDS | {
    MessageId.LOGIN.value,
    MessageId.LOGOUT.value,
    MessageId.KEEPALIVE.value,
    MessageId.FORCED_LOGOUT.value,
    MessageId.KEY_NEGOTIATION.value,
    MessageId.MONITOR_CLAIM.value,
    MessageId.PLAYBACK_CLAIM.value,
    MessageId.TALK_CLAIM.value,
    MessageId.UPGRADE.value,
    MessageId.UPGRADE_DATA.value,
    MessageId.DISCOVERY.value,
    MessageId.IP_SET.value,
}


class Messages:
    """Sends messages by their number. Where there is a call of its own it knows more: docs/messages.md."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def send(
        self,
        message_id: int,
        name: str = "",
        value: Json = ABSENT,
        *,
        extra: Mapping[str, Json] | None = None,
        timeout_s: float | None = None,
    ) -> Reply:
        """The reply to {"Name": name, name: value, **extra, "SessionID": ...}, whatever its Ret.

        RequestTimeoutError when the device keeps silent, as many do about what they do not know: the
        connection stays, and a reply that comes after all goes to the next request with this number.
        UsageError for what is never sent, and for what belongs to the connection itself.
        """
        self._check(message_id)
        return await self._connection.request(
            message_id, name, value, extra=extra, ok=None, timeout_s=timeout_s, optional=True
        )

    async def send_raw(self, message_id: int, body: bytes, *, timeout_s: float | None = None) -> Reply:
        """The reply to a body as it is, without anything around it; else as `send`."""
        self._check(message_id)
        return await self._connection.request_raw(message_id, body, timeout_s=timeout_s, optional=True)

    def _check(self, message_id: int) -> None:
        where = self._connection.where
        if not 0 <= message_id < _LARGEST:
            raise UsageError(f"{where}: no message has the number {message_id}")
        if message_id in NEVER_SENT:
            raise UsageError(f"{where}: {label(message_id)} is never sent: {NEVER_SENT[message_id]}")
        if message_id in _MANAGED:
            raise UsageError(f"{where}: {label(message_id)} is not sent alone: it has a call of its own")
