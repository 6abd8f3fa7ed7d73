"""The socket under a connection: how it opens and closes, who hears its bytes, and what waits to be sent."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import Callable
from typing import Final, cast, override

from ..errors import DvripError, RequestTimeoutError, TransportError, UsageError
from ..session import Event, Session
from .address import is_numeric
from .wire_log import WireLog

# RFC 8305: when the first address of a name does not answer, try the next one beside it.
_SECOND_ADDRESS_S: Final = 0.25
_FLUSH_S: Final = 1.0
_ENDS = ("sockname", "peername")


class Link(asyncio.BufferedProtocol):
    """Reads into a session's buffer and hands on what that means; `lost` is done when the socket is."""

    def __init__(
        self, session: Session, handle: Callable[[list[Event]], None], loop: asyncio.AbstractEventLoop
    ) -> None:
        self.transport: asyncio.Transport | None = None
        self.lost: asyncio.Future[None] = loop.create_future()
        self.where = session.where
        self._session = session
        self._handle = handle
        self._now = loop.time
        self._get_buffer = session.framer.get_buffer
        self._log = WireLog(session.where)
        session.tap = self._log.message

    def tell(self, handle: Callable[[list[Event]], None]) -> None:
        """Hand on to somebody else from now on."""
        self._handle = handle

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._log.socket("opened")

    @override
    def get_buffer(self, sizehint: int) -> memoryview:
        return self._get_buffer()

    @override
    def buffer_updated(self, nbytes: int) -> None:
        self._handle(self._session.received(nbytes, now=self._now()))

    @override
    def eof_received(self) -> None:
        self._handle(self._session.end_of_file())

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        reason = f": {_reason(exc)}" if exc is not None else ""
        self._handle(self._session.end(TransportError(f"{self.where}: connection lost{reason}")))
        self._session.framer.release()
        self._log.socket(f"closed{reason}")
        if not self.lost.done():
            self.lost.set_result(None)

    @property
    def ends(self) -> tuple[str, str]:
        """Addresses of this computer and of the peer, "" where they are not known."""
        names = [self.transport.get_extra_info(key) if self.transport else None for key in _ENDS]
        own, peer = (str(name[0]) if name else "" for name in names)
        return own, peer

    @property
    def unsent(self) -> int:
        """Bytes that the peer's and the system's buffers have not taken yet."""
        return 0 if self.transport is None else self.transport.get_write_buffer_size()

    def write(self, data: bytes) -> None:
        """Send, as far as there is anything to send, and anybody to send it to."""
        if data and self.transport is not None and not self.transport.is_closing():
            self.transport.write(data)

    def pause_reading(self) -> None:
        """Take no more bytes."""
        if self.transport is not None:
            self.transport.pause_reading()

    def resume_reading(self) -> None:
        """Take bytes again."""
        if self.transport is not None:
            self.transport.resume_reading()

    def hang_up(self, *, broken: bool) -> None:
        """Begin to close. A broken peer that takes no more bytes would hold the socket open: it gets none."""
        if self.transport is None:
            return
        if broken and self.unsent:
            self.transport.abort()
        else:
            self.transport.close()

    async def closed(self) -> None:
        """Wait until the socket is closed: after a second whatever the peer does, at once when cancelled."""
        if self.transport is None or self.lost.done():
            return
        try:
            await asyncio.wait([self.lost], timeout=_FLUSH_S)
        finally:
            self.transport.abort()
        await asyncio.wait([self.lost])


def place(host: str, port: int) -> str:
    """HOST:PORT as messages begin with it."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


async def connect(link: Link, host: str, port: int, timeout_s: float) -> None:
    """Open the socket. TransportError when there is no way, RequestTimeoutError when there is no answer."""
    where = link.where
    delay = None if is_numeric(host) else _SECOND_ADDRESS_S
    try:
        async with asyncio.timeout(timeout_s):
            await asyncio.get_running_loop().create_connection(
                lambda: link, host, port, happy_eyeballs_delay=delay
            )
    except TimeoutError as error:
        message = f"{where}: no connection within {timeout_s:g} s: the host does not answer"
        raise RequestTimeoutError(message) from error
    except (OSError, ValueError) as error:
        raise _connect_error(where, error) from error


def cannot_listen(host: str, port: int, error: OSError | OverflowError) -> TransportError:
    """What an error of listening on an own address means."""
    return TransportError(f"{host}:{port}: cannot listen: {_reason(error)}")


def above_zero(timeout_s: float) -> float:
    """A timeout as it is; UsageError when it is none."""
    if not timeout_s > 0:
        raise UsageError(f"a timeout is a number of seconds above 0, not {timeout_s!r}")
    return timeout_s


def _reason(error: Exception) -> str:
    """The operating system's own words: asyncio's name the address, which every message has already."""
    if isinstance(error, OSError) and (error.errno or 0) > 0 and not isinstance(error, socket.gaierror):
        return os.strerror(cast(int, error.errno))
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _connect_error(where: str, error: OSError | ValueError) -> DvripError:
    """What an error of the connect call means."""
    # One OSError stands for all addresses of a name; its text quotes the error of each.
    if isinstance(error, ConnectionRefusedError) or f"[Errno {errno.ECONNREFUSED}]" in str(error):
        return TransportError(f"{where}: connection refused: nothing listens on this port")
    if isinstance(error, socket.gaierror):
        return TransportError(f"{where}: the host name cannot be resolved: {_reason(error)}")
    if isinstance(error, OSError) and error.errno == errno.EINVAL and where.lower().startswith("[fe80:"):
        return UsageError(f"{where}: an address of this kind needs the interface behind it: fe80::1%eth0")
    if isinstance(error, OSError):
        return TransportError(f"{where}: cannot connect: {_reason(error)}")
    if isinstance(error, UnicodeError):
        return UsageError(f"{where}: not a host name: between its dots stand 1 to 63 letters")
    return UsageError(f"{where}: not a host name: {_reason(error)}")
