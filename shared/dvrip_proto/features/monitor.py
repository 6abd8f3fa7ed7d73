"""Live video of a device."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from ..connection import Connection
from ..stream import MediaStream, open_monitor
from ..wire.body import encode, session_text
from ..wire.ids import MessageId


class Monitor:
    """Opens live streams; each takes a connection of the few that a device has."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self, channel: int = 0, stream: str = "Main") -> AbstractAsyncContextManager[MediaStream]:
        """Stream of a channel (from 0): "Main" or "Extra1"; it is stopped at the end of the block."""
        return open_monitor(self._connection, channel, stream, timeout_s=self._connection.timeout_s)

    def request_key_frame(self) -> None:
        """Ask the device for key frames now. Many ignore it, and hardly one answers: nothing is awaited."""
        body = encode({"Name": "", "SessionID": session_text(self._connection.session_id)})
        self._connection.tell(MessageId.FORCE_KEY_FRAME, body)
