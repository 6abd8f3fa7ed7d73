"""One TCP connection to a device: one socket, one reader, one session. Opened once, never reused.

1. The first error wins: it fails every waiter, and is raised by everything called afterwards.
2. Keep-alives and timeouts run on the event loop's clock, whatever the callers are doing.
3. A cancelled request leaves its place to its late reply; a reply that never comes closes the connection.
"""

from __future__ import annotations

import asyncio
import copy
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, Self

from ..errors import DvripError, TransportError, UsageError
from ..session import Ended, Event, Failed, Pushed, Replied, Request, Session, State
from ..values import Json
from ..wire.body import encode, session_text
from ..wire.cipher import Coding
from ..wire.framer import MediaSink
from ..wire.ids import label, spoken
from ..wire.login import login_body
from ..wire.reply import LoginReply, Reply
from ..wire.ret import SUCCESS, error_for, login_refusal
from .address import DEFAULT_PORT
from .budget import Budget
from .callbacks import call, register
from .dialled import Expect
from .hold import Hold
from .link import Link, above_zero, connect, place
from .turn import Turn
from .ways import Entry

_LOGGER: Final = logging.getLogger(__name__)
ABSENT: Final = object()
_LOGOUT_S: Final = 1.0
_UNSENT_MAX: Final = 256 * 1024  # what is told is small, and worth nothing half a minute later


class Connection:
    """A connection to a device; made by `open`, ended by `close`."""

    def __init__(
        self, host: str, port: int, *, timeout_s: float, session_id: int, media_sink: MediaSink | None
    ) -> None:
        self.host = host
        self.port = port
        self.where = place(host, port)
        self.timeout_s = timeout_s
        self._loop = asyncio.get_running_loop()
        self._session = Session(self.where, session_id=session_id, media_sink=media_sink)
        self._link = Link(self._session, self._handle, self._loop)
        self._waiters: dict[Request, asyncio.Future[Reply]] = {}
        self.hold = Hold(self._session, self._waiters.values, lambda: self._handle([]))
        self.entry: Entry | None = None
        self._callbacks: dict[int, list[Callable[[Reply], None]]] = {}
        self._close_callbacks: list[Callable[[DvripError | None], None]] = []
        self._error: DvripError | None = None
        self._over = False  # and everybody was told
        self._timer: asyncio.TimerHandle | None = None
        self._took_s = 0.0
        self._reached = ""  # an address of the host that is known to be the one
        self.expect: Expect | None = None  # a device that dialled in opens the connections for media, too
        self.budget = Budget(self)
        self.turn = Turn()

    @classmethod
    async def open(
        cls,
        host: str,
        port: int = DEFAULT_PORT,
        *,
        timeout_s: float = 10.0,
        session_id: int = 0,
        media_sink: MediaSink | None = None,
    ) -> Self:
        """Connect, without logging in.

        A connection with the `session_id` of another carries that one's media, to `media_sink`.
        TransportError when there is no way to the device, RequestTimeoutError when it does not answer.
        """
        if not host or not 0 < port < 65536:
            raise UsageError(f"not an address of a device: host {host!r}, port {port}")
        connection = cls(
            host, port, timeout_s=above_zero(timeout_s), session_id=session_id, media_sink=media_sink
        )
        await connection._connect()
        return connection

    @classmethod
    def over(
        cls, transport: asyncio.Transport, login: LoginReply, *, timeout_s: float, expect: Expect
    ) -> Connection:
        """Connection that a device has opened, and said who it is on; requests may follow at once."""
        host, port = transport.get_extra_info("peername")[:2]
        timeout_s = above_zero(timeout_s)
        connection = cls(host, port, timeout_s=timeout_s, session_id=login.session, media_sink=None)
        connection.expect = expect
        connection._session.adopt(login, now=connection._loop.time())
        connection.adopt(transport)
        return connection

    @property
    def ends(self) -> tuple[str, str]:
        """Addresses of this computer and of the device, "" where they are not known."""
        return self._link.ends

    @property
    def peer(self) -> str:
        """Where the other connections of this session go: a name may mean another address by now."""
        return self.ends[1] or self.host

    def adopt(self, transport: asyncio.Transport) -> None:
        """Talk over a socket that a device has opened."""
        transport.set_protocol(self._link)
        self._link.connection_made(transport)
        self._handle([])

    @property
    def speech(self) -> tuple[Coding | None, int]:
        """How bodies are written, and the version in the headers."""
        return self._session.coding, self._session.version

    def speak(self, coding: Coding | None, *, version: int) -> None:
        """Write bodies as `coding` says from now on, None is in clear, under headers of this version."""
        self._session.coding, self._session.version = coding, version

    @property
    def dialled(self) -> bool:
        """Whether the device opened this connection: no other can be opened to it."""
        return self.expect is not None

    @property
    def session_id(self) -> int:
        """The session's id; 0 before the login."""
        return self._session.session_id

    @property
    def login_reply(self) -> LoginReply | None:
        """What the device said at the login; None before it."""
        return self._session.login_reply

    @property
    def closed(self) -> bool:
        """Whether the connection is over, by whomever."""
        return self._session.state is State.CLOSED

    async def login(
        self,
        username: str,
        password: str,
        *,
        login_type: str = "DVRIP-Web",
        encrypt_type: str = "MD5",
        hashed: bool = False,
    ) -> LoginReply:
        """Log in; with `hashed`, `password` is the device's hash of it. NONE sends the password as it is.

        AuthenticationError for refused credentials, RequestError for an account in use, UnsupportedError for
        firmware that wants an encrypted login. Connecting and logging in share `timeout_s`.
        """
        credentials = login_body(
            username, password, login_type=login_type, encrypt_type=encrypt_type, hashed=hashed
        )
        return await self.login_with(credentials)

    async def login_with(self, body: bytes, *, mark: int = 0, then: Coding | None = None) -> LoginReply:
        """Log in with a body that is made; `mark` and `then` are those of an encrypted session."""
        self._check_open()
        now, timeout_s, took_s = self._loop.time(), self.timeout_s, self._took_s
        request = self._session.login(body, now=now, timeout_s=timeout_s, took_s=took_s, mark=mark, then=then)
        reply = await self._answer(request)
        accepted = self._session.login_reply
        if accepted is None:
            raise login_refusal(reply.ret, where=self.where)
        return accepted

    async def request(
        self,
        message_id: int,
        name: str = "",
        value: Json = ABSENT,
        *,
        extra: Mapping[str, Json] | None = None,
        ok: Iterable[int] | None = SUCCESS,
        timeout_s: float | None = None,
        optional: bool = False,
    ) -> Reply:
        """The reply to {"Name": name, name: value, **extra, "SessionID": ...}.

        A Ret outside `ok` is the error it stands for; with None it never is, nor is a reply without Ret. No
        reply in time is a RequestTimeoutError and closes the connection, unless the request is `optional`.
        """
        body: dict[str, Json] = {"Name": name}
        if value is not ABSENT:
            body[name] = value
        body.update(extra or {})
        body["SessionID"] = session_text(self.session_id)
        try:
            encoded = encode(body)
        except UsageError as error:
            raise UsageError(
                f"{self.where}: {f'{label(message_id)} {spoken(name)}'.rstrip()}: {error}"
            ) from error
        reply = await self._send(
            Request(
                message_id=message_id,
                body=encoded,
                name=name,
                timeout_s=self._seconds(timeout_s),
                optional=optional,
            )
        )
        if ok is not None and reply.ret and reply.ret not in ok:  # 0 says nothing, as none at all
            raise error_for(reply.ret, where=self.where, message_id=message_id, name=name)
        return reply

    async def request_raw(
        self,
        message_id: int,
        body: bytes,
        *,
        timeout_s: float | None = None,
        sequence: int | None = None,
        channel: int = 0,
        end: int = 0,
        optional: bool = False,
    ) -> Reply:
        """The reply to a body that is not JSON, whatever its Ret; the numbers go into the header."""
        return await self._send(
            Request(
                message_id=message_id,
                body=body,
                timeout_s=self._seconds(timeout_s),
                sequence=sequence,
                channel=channel,
                end=end,
                optional=optional,
            )
        )

    def tell(self, message_id: int, body: bytes, *, answered: bool = False) -> None:
        """Send what has no reply, such as sound, or one that nobody waits for: it is `answered`.

        TransportError while the device takes nothing more.
        """
        self._check_open()
        if self._link.unsent > _UNSENT_MAX:
            unsent = self._link.unsent
            raise TransportError(f"{self.where}: the device takes no more: {unsent} bytes wait to be sent")
        self._session.tell(message_id, body, now=self._loop.time(), answered=answered)
        self._handle([])

    def hurry(self, message_id: int) -> None:
        """Wait a second more at most for the answer to an `optional` request: what it asked for has begun."""
        self._session.hurry(message_id, now=self._loop.time())
        self._handle([])

    @contextmanager
    def without_keepalive(self) -> Iterator[None]:
        """Send no keep-alives in the block: a device that burns firmware answers none."""
        self._session.quiet += 1
        try:
            yield
        finally:
            self._session.quiet -= 1
            self._handle([])

    def doubt(self) -> None:
        """Have the device show that it lives, for a stream of it has fallen silent: else this ends."""
        self._session.doubt(self._loop.time())
        self._handle([])

    def on_push(self, message_id: int, callback: Callable[[Reply], None]) -> Callable[[], None]:
        """Call back for every message with this id that answers no request; returns what ends that."""
        callbacks = self._callbacks.setdefault(message_id, [])
        return register(callbacks, callback)

    def on_close(self, callback: Callable[[DvripError | None], None]) -> Callable[[], None]:
        """Call back when the connection ends, with its error, None when closed; returns what ends that."""
        return register(self._close_callbacks, callback)

    async def be_sure(self) -> None:
        """Have the way in proved before something that no answer shows to be in vain; here it is."""

    async def logout(self) -> None:
        """Log out if logged in, give the device a second to agree, and close. Raises no DvripError."""
        try:
            if self._session.state is State.READY:
                await self._answer(self._session.logout(now=self._loop.time(), timeout_s=_LOGOUT_S))
        except DvripError as error:
            _LOGGER.debug("%s: logout: %s", self.where, error)
        finally:
            await self.close()

    async def close(self) -> None:
        """Close now, without logging out; any number of times. Waiters get a TransportError."""
        self._handle(self._session.end(None))
        await self._link.closed()

    async def wait_closed(self) -> DvripError | None:
        """Wait until the connection is over; its error, or None when it was closed on purpose."""
        await asyncio.shield(self._link.lost)
        return self._error

    async def _connect(self) -> None:
        began = self._loop.time()
        await connect(self._link, self._reached or self.host, self.port, self.timeout_s)
        if (took := self._loop.time() - began) > self.timeout_s / 20:
            self._took_s = min(took, self.timeout_s * 3 / 4)

    def _seconds(self, timeout_s: float | None) -> float:
        return self.timeout_s if timeout_s is None else above_zero(timeout_s)

    async def _send(self, request: Request) -> Reply:
        await self.hold.turn()
        self._check_open()
        return await self._answer(self._session.request(request, now=self._loop.time()))

    async def _answer(self, request: Request) -> Reply:
        future: asyncio.Future[Reply] = self._loop.create_future()
        self._waiters[request] = future
        self._handle([])
        try:
            return await future
        finally:
            self._waiters.pop(request, None)
            self._session.withdraw(request)
            if not future.cancelled():
                future.exception()  # seen, even when a cancellation came first

    def _check_open(self) -> None:
        if self.closed:
            raise self._gone()

    def _gone(self) -> DvripError:
        """The error of a closed connection, anew for everybody who asks."""
        if self._error is None:
            return TransportError(f"{self.where}: the connection is closed")
        return copy.copy(self._error)

    def _handle(self, events: list[Event]) -> None:
        """Send what the session has to say, tell the waiters, and set the clock."""
        self._link.write(self._session.outgoing())
        for event in events:
            match event:
                case Replied(request, reply):
                    self._resolve(request, reply)
                case Failed(request, error):
                    self._resolve(request, error)
                case Pushed(reply):
                    self._push(reply)
                case Ended(error):
                    self._end(error)
        self._set_timer()

    def _resolve(self, request: Request, result: Reply | DvripError) -> None:
        future = self._waiters.pop(request, None)
        if future is None or future.done():
            return
        if isinstance(result, DvripError):
            future.set_exception(result)
        else:
            future.set_result(result)

    def _push(self, reply: Reply) -> None:
        for callback in tuple(self._callbacks.get(reply.message_id, ())):
            call(callback, reply, self.where)

    def _end(self, error: DvripError | None) -> None:
        self._error, self._over = error, True
        self._link.hang_up(broken=error is not None)
        for request in tuple(self._waiters):
            self._resolve(request, self._gone())
        for callback in tuple(self._close_callbacks):
            call(callback, error, self.where)

    def _set_timer(self) -> None:
        deadline = self._session.deadline()
        if self._timer is not None:
            if deadline is not None and self._timer.when() <= deadline:
                return  # it looks again when it fires: cheaper than a new timer for every request
            self._timer.cancel()
        self._timer = None if deadline is None else self._loop.call_at(deadline, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self._handle(self._session.tick(self._loop.time()))
