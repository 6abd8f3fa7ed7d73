"""One TCP connection of a client: reading requests within limits, writing whole packets.

A client that sends nonsense, floods, stalls or never reads is dropped; nobody else notices.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, Literal, cast

from ..errors import ProtocolError
from ..wire.framer import Frame, Framer, pack
from ..wire.header import HEADER_SIZE, Header
from ..wire.ids import is_divided
from .encryption import IN_CLEAR

if TYPE_CHECKING:
    from ..wire.cipher import Coding
    from .quirks import Quirks
    from .sessions import Session

_LOGGER = logging.getLogger(__name__)

# A login or claim has below 1 KiB; a firmware block 32 KiB; a configuration archive 64 KiB (vendor's paper).
_STRANGER_BODY: Final = 64 * 1024
_MEMBER_BODY: Final = 16 * 1024 * 1024
UNSENT_MAX: Final = 8 * 1024 * 1024
_DRAIN_S: Final = 30.0
_FED_S: Final = 0.1  # a deadline is moved no oftener
_HELD_MAX: Final = 1024 * 1024


class Link:
    """One connection: its session when it logged in, its claims when it is a media socket.

    `datagrams` says that it is none of TCP, and carries no streams.
    """

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        quirks: Callable[[], Quirks],
        alive_interval_s: Callable[[], int],
        datagrams: bool = False,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._incoming = cast("asyncio.ReadTransport", writer.transport)
        self._framer = Framer()
        self._quirks = quirks
        self._alive_interval_s = alive_interval_s
        self.datagrams = datagrams
        self.unsent_max = UNSENT_MAX
        self.session: Session | None = None
        self.coding: Coding | None = None
        self.coding_then: Coding | None = None
        self.salt: tuple[str, str] | None = None
        self.muffled = False  # everything is answered empty: the firmware wants encryption
        self.claims = 0
        self.media_sequence = 0
        self.stranger_since = time.monotonic()
        self._held: list[bytes | memoryview] | None = None
        self._held_bytes = 0
        self._ended: Literal["", "close", "abort"] = ""
        self._patience: asyncio.Timeout | None = None
        peer = writer.get_extra_info("peername")
        self.peer_host, self.peer_port = (str(peer[0]), int(peer[1])) if peer else ("", 0)

    @property
    def closing(self) -> bool:
        """Whether the connection is going away."""
        return bool(self._ended) or self._writer.transport.is_closing()

    @property
    def unsent(self) -> int:
        """Bytes the client has not taken yet."""
        return self._held_bytes + self._writer.transport.get_write_buffer_size()

    def leave_session(self) -> None:
        """Be a stranger's connection again, with a stranger's time left."""
        self.session = None
        self.stranger_since = time.monotonic()

    def is_fed(self) -> None:
        """Count media that the client takes as a sign that it lives: most devices do."""
        deadline, patience = self._deadline(), self._patience
        if patience is None or patience.expired() or self._quirks().stream_needs_keepalive:
            return
        due = patience.when()
        if deadline is not None and due is not None and deadline - due > _FED_S:
            patience.reschedule(deadline)

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

    def send(self, message_id: int, body: bytes, *, session: int, sequence: int, end: int = 0) -> None:
        """Write one packet, ciphered where that was agreed, unless the connection is gone."""
        if self.muffled and message_id not in IN_CLEAR:
            body = b""
        elif self.coding is not None:
            body = self.coding.encode(message_id, body)
        self.write([pack(message_id, body, session=session, sequence=sequence, end=end, version=1)])

    def write(self, pieces: list[bytes | memoryview]) -> None:
        """Write whole packets; a client that does not read is dropped."""
        transport = self._writer.transport
        if self.closing:
            return
        if self._held is not None:
            self._keep(pieces)
            return
        transport.writelines(pieces)
        if transport.get_write_buffer_size() > self.unsent_max:
            _LOGGER.info("%s:%d: dropped, it does not read", self.peer_host, self.peer_port)
            transport.abort()

    async def drain(self) -> None:
        """Wait until the client has taken most of what is written; one that is gone is no error."""
        await asyncio.sleep(0)
        with contextlib.suppress(ConnectionError):
            await self._writer.drain()

    def close(self) -> None:
        """Send what is written and close."""
        if self._held is None:
            self._writer.close()
        else:
            self._ended = self._ended or "close"

    def abort(self) -> None:
        """Close at once, without sending the rest."""
        if self._held is None:
            self._writer.transport.abort()
        else:
            self._ended = "abort"

    def hold(self) -> None:
        """Neither read nor write until `release`: what is written is kept, within a limit, the end too."""
        if self._held is None and not self.closing:
            self._held = []
            self._incoming.pause_reading()

    def release(self) -> None:
        """Send what was kept and go on, or end as the device did meanwhile."""
        if self._held is None:
            return
        pieces, ended = self._held, self._ended
        self._held, self._held_bytes, self._ended = None, 0, ""
        if self._writer.transport.is_closing():
            return
        self._incoming.resume_reading()
        if ended == "abort":
            self.abort()
            return
        self.write(pieces)
        if ended:
            self.close()

    def _keep(self, pieces: list[bytes | memoryview]) -> None:
        if self._held is None:
            return
        self._held.extend(pieces)
        self._held_bytes += sum(map(len, pieces))
        if self._held_bytes > _HELD_MAX:
            self._held.clear()
            self.abort()

    async def _next(self) -> Frame | None:
        while True:
            async with asyncio.timeout_at(self._deadline()) as self._patience:
                head = await self._reader.readexactly(HEADER_SIZE)
                header = Header.unpack(head)
                limit = _STRANGER_BODY if self.session is None else _MEMBER_BODY
                if self.session is None and is_divided(header.message_id, header.total_or_channel):
                    raise ProtocolError("fragments before login")
                if header.length > limit:
                    raise ProtocolError(
                        f"message {header.message_id} claims {header.length} bytes, the limit is {limit}"
                    )
                body = await self._reader.readexactly(header.length)
            self._patience = None
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
