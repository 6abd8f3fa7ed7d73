"""One TCP connection of a client: reading requests within limits, writing whole packets.

A client that sends nonsense, floods, stalls or never reads is dropped; nobody else notices.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from ..errors import ProtocolError
from ..wire.framer import Frame, Framer, pack
from ..wire.header import HEADER_SIZE, Header

if TYPE_CHECKING:
    from .quirks import Quirks
    from .sessions import Session

_LOGGER = logging.getLogger(__name__)

# A login or claim has below 1 KiB; a firmware block 32 KiB; a configuration archive 64 KiB (vendor's paper).
_STRANGER_BODY: Final = 64 * 1024
_MEMBER_BODY: Final = 16 * 1024 * 1024
_UNSENT_MAX: Final = 8 * 1024 * 1024
_DRAIN_S: Final = 30.0


class Link:
    """One connection: its session when it logged in, its claims when it is a media socket."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        quirks: Callable[[], Quirks],
        alive_interval_s: Callable[[], int],
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._framer = Framer()
        self._quirks = quirks
        self._alive_interval_s = alive_interval_s
        self.session: Session | None = None
        self.claims = 0
        self.media_sequence = 0
        self.stranger_since = time.monotonic()
        peer = writer.get_extra_info("peername")
        self.peer_host, self.peer_port = (str(peer[0]), int(peer[1])) if peer else ("", 0)

    @property
    def closing(self) -> bool:
        """Whether the connection is going away."""
        return self._writer.transport.is_closing()

    @property
    def unsent(self) -> int:
        """Bytes the client has not taken yet."""
        return self._writer.transport.get_write_buffer_size()

    async def serve(self, answer: Callable[[Frame], Awaitable[None]]) -> None:
        """Answer requests until the client leaves, breaks the protocol or falls silent for too long."""
        try:
            while (frame := await self._next()) is not None:
                await answer(frame)
                async with asyncio.timeout(_DRAIN_S):
                    await self._writer.drain()
        except TimeoutError:
            _LOGGER.info("%s:%d: closed after silence", self.peer_host, self.peer_port)
        except ProtocolError as error:
            _LOGGER.info("%s:%d: %s", self.peer_host, self.peer_port, error)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self.close()

    def send(
        self, message_id: int, body: bytes, *, session: int, sequence: int, channel: int = 0, end: int = 0
    ) -> None:
        """Write one packet, unless the connection is gone."""
        self.write(
            [pack(message_id, body, session=session, sequence=sequence, channel=channel, end=end, version=1)]
        )

    def write(self, pieces: list[bytes | memoryview]) -> None:
        """Write whole packets; a client that does not read is dropped."""
        transport = self._writer.transport
        if transport.is_closing():
            return
        transport.writelines(pieces)
        if transport.get_write_buffer_size() > _UNSENT_MAX:
            _LOGGER.info("%s:%d: dropped, it does not read", self.peer_host, self.peer_port)
            transport.abort()

    def close(self) -> None:
        """Send what is written and close."""
        self._writer.close()

    def abort(self) -> None:
        """Close at once, without sending the rest."""
        self._writer.transport.abort()

    async def _next(self) -> Frame | None:
        while True:
            async with asyncio.timeout_at(self._deadline()):
                head = await self._reader.readexactly(HEADER_SIZE)
                header = Header.unpack(head)
                limit = _STRANGER_BODY if self.session is None else _MEMBER_BODY
                if self.session is None and header.total_or_channel > 1:
                    raise ProtocolError("fragments before login")
                if header.length > limit:
                    raise ProtocolError(
                        f"message {header.message_id} claims {header.length} bytes, the limit is {limit}"
                    )
                body = await self._reader.readexactly(header.length)
            for frame in self._framer.feed(head + body):
                return frame

    def _deadline(self) -> float | None:
        now = asyncio.get_running_loop().time()
        if self.session is not None:
            return now + 2 * self._alive_interval_s()
        if self.claims:
            return None
        left = self._quirks().unauthenticated_close_s - (time.monotonic() - self.stranger_since)
        return now + max(left, 0.0)
