"""Log in to a device by whichever way it wants: `ways.LADDER` decides, this sends and listens.

A connection that led nowhere is closed before the next is opened. The ways that are guesses ask for
SystemInfo after the login, to see that it can be read; of the others `entered` hears what comes first.
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, cast

from ..errors import (
    DvripError,
    ProtocolError,
    RequestError,
    RequestTimeoutError,
    TransportError,
    UnsupportedError,
)
from ..values import Json
from ..wire.cipher import FIXED_KEY, NEGOTIATION_SESSION, Cipher, Coding, negotiation
from ..wire.ids import MARK, MessageId
from ..wire.offer import Offer, claim_body, encrypted_login_body, read_offer
from ..wire.reply import LoginReply, Reply
from ..wire.ret import ALGORITHM_ERROR, SUCCESS, WANTS_ENCRYPTION
from .control import Connection
from .entered import Entered
from .link import place
from .to_its_end import to_its_end
from .ways import TAKEN, Climb, Entry, Seen, Way

_LETTERS: Final = string.ascii_letters + string.digits
_KEY_SIZE: Final = 16
_SALT_SIZE: Final = 4
_FURTHER_S: Final = 5.0  # ways after the first are guesses: a device that knows one answers at once
_QUESTION_S: Final = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Who logs in; a `hashed` password is the device's hash of it, and cannot be salted."""

    username: str
    password: str = field(repr=False)
    encrypt_type: str = "MD5"
    hashed: bool = False


async def enter(
    host: str, port: int, credentials: Credentials, *, timeout_s: float, policy: str = "auto"
) -> Connection:
    """Return a connection that is logged in, its `entry` set.

    AuthenticationError for refused credentials: nothing is tried after it. UnsupportedError when no way that
    the policy allows leads in, or `cryptography` is missing where it is needed.
    """
    return await _Attempt(host, port, credentials, timeout_s, Climb(policy)).climb()


class _DeadEndError(Exception):
    """A way that did not lead in; its cause is what the library says of it alone."""

    def __init__(self, seen: Seen) -> None:
        super().__init__(seen.value)
        self.seen = seen


class _Attempt:
    """The connection of the way that is tried now."""

    def __init__(
        self, host: str, port: int, credentials: Credentials, timeout_s: float, climb: Climb
    ) -> None:
        self._host = host
        self._port = port
        self._where = place(host, port)
        self._credentials = credentials
        self._timeout_s = timeout_s
        self._climb = climb
        self._connection: Entered | None = None
        self._offer: Offer | None = None
        self._salt = ""
        self._logins = 0
        self._first: DvripError | None = None

    async def climb(self) -> Entered:
        """The connection of the first way that leads in."""
        while True:
            try:
                await self._go(self._climb.way)
                return self._arrived()
            except _DeadEndError as error:
                if self._first is None and isinstance(error.__cause__, DvripError):
                    self._first = error.__cause__
                if not self._climb.step(error.seen):
                    await to_its_end(self._close())
                    raise self._gave_up() from error.__cause__
            except BaseException:
                await to_its_end(self._close())
                raise

    async def further(self, seen: Seen) -> Entered:
        """The connection of a further way, after the last one did not lead in after all."""
        self._connection = None  # whoever has it has closed it
        if not self._climb.step(seen):
            raise self._gave_up()
        return await self.climb()

    async def _go(self, way: Way) -> None:
        if way.exchanges_keys:
            await self._exchange(way)
        elif way is Way.LIGHT:
            await self._lighten()
        else:
            await self._log_in_plainly(way)
        if not self._is_doubted(way):
            await self._ask(way)

    def _is_doubted(self, way: Way) -> bool:
        """Whether the first answer shall show that the way was right: nothing is asked for that then."""
        return way is Way.PLAIN or (way.exchanges_keys and self._climb.policy != "auto")

    async def _close(self) -> None:
        connection, self._connection, self._offer = self._connection, None, None
        if connection is not None:
            await connection.logout()

    def _arrived(self) -> Entered:
        """Hand over the connection that is in."""
        way, connection = self._climb.way, cast("Entered", self._connection)
        connection.entry = Entry(
            way=way.value,
            policy=way.policy,
            logins=self._logins,
            steps=tuple(f"{way.value}: {seen.value}" for way, seen in self._climb.steps),
            offered={} if self._offer is None else _described(self._offer),
        )
        connection.further = self.further if self._is_doubted(way) else None
        return connection

    def _gave_up(self) -> DvripError:
        """Say in one sentence what the device wants and what was tried."""
        policy, steps = self._climb.policy, self._climb.steps
        if {seen for _, seen in steps} & TAKEN:
            what = "this firmware takes the login but wants encryption"
        elif policy in ("auto", "never"):
            what = "this firmware wants an encrypted login, or is not compatible"
        else:
            what = f"no agreement with the device on encryption ({policy})"
        said = "" if self._first is None else f": {str(self._first).removeprefix(f'{self._where}: ')}"
        tried = "; ".join(f"{way.value}: {seen.value}" for way, seen in steps)
        hint = "; encryption is not allowed here" if policy == "never" else ""
        return UnsupportedError(
            f"{self._where}: {what}{said} (tried {tried}{hint})",
            ret=getattr(self._first, "ret", None),
            message_id=MessageId.LOGIN,
            encryption=True,
        )

    async def _open(self, *, session_id: int = 0) -> Entered:
        further = self._connection is not None or self._logins > 0
        await self._close()
        timeout_s = min(self._timeout_s, _FURTHER_S) if further else self._timeout_s
        self._connection = await Entered.open(
            self._host, self._port, timeout_s=timeout_s, session_id=session_id
        )
        return self._connection

    async def _log_in_plainly(self, way: Way) -> None:
        first = way is Way.CLAIM_FIRST
        connection = await self._open(session_id=NEGOTIATION_SESSION if first else 0)
        connection.speak(None, version=0 if way is Way.PLAIN else 1)
        if first:
            await self._negotiate(connection, mark=0)
        await self._log_in(connection, self._plain_login(connection))

    async def _exchange(self, way: Way) -> None:
        """Log in with keys; the weaker way uses the offer that the salted one got."""
        connection, offer = self._connection, self._offer
        if connection is None or connection.closed or offer is None:
            connection, offer = await self._ask_for_keys()
        if way is Way.SALTED and not (offer.takes_salt and not self._credentials.hashed):
            raise _DeadEndError(Seen.NO_SALT)
        key = "".join(secrets.choice(_LETTERS) for _ in range(_KEY_SIZE))
        body = encrypted_login_body(
            offer,
            self._credentials.username,
            self._credentials.password,
            key=key,
            random_a=self._salt if way is Way.SALTED else "",
            encrypt_type=self._credentials.encrypt_type,
            hashed=self._credentials.hashed,
        )
        then = Coding(Cipher(key.encode()), offer.plain_ids)
        await self._log_in(connection, connection.login_with(body, mark=MARK, then=then))

    async def _ask_for_keys(self) -> tuple[Entered, Offer]:
        coding = self._available(negotiation)
        connection = await self._open(session_id=NEGOTIATION_SESSION)
        connection.speak(coding, version=0)
        self._salt = "".join(secrets.choice(_LETTERS) for _ in range(_SALT_SIZE))
        reply = await self._negotiate(connection, mark=MARK, random_a=self._salt)
        offer = self._offer = _read(reply)
        if not offer.takes_keys:
            raise _DeadEndError(Seen.NO_OFFER)
        return connection, offer

    async def _lighten(self) -> None:
        listening = self._available(negotiation)
        connection = await self._open()
        await self._log_in(connection, self._plain_login(connection))
        connection.speak(listening, version=1)
        try:
            offer = self._offer = _read(await self._negotiate(connection, mark=MARK))
            if not offer.plain_ids:
                raise _DeadEndError(Seen.NO_OFFER)
        except _DeadEndError:
            connection.speak(None, version=0)  # the farewell
            raise
        connection.speak(Coding(Cipher(FIXED_KEY), offer.plain_ids), version=1)

    async def _negotiate(self, connection: Connection, *, mark: int, random_a: str = "") -> Reply:
        try:
            return await connection.request_raw(
                MessageId.MONITOR_CLAIM,
                claim_body(random_a),
                channel=mark,
                timeout_s=min(self._timeout_s, _FURTHER_S),
            )
        except (TransportError, ProtocolError, UnsupportedError) as error:
            if isinstance(error, TransportError) and self._logins == 0:
                raise  # nothing was heard of this device yet: it is away
            raise _DeadEndError(Seen.NO_OFFER) from error

    async def _log_in(self, connection: Entered, login: Awaitable[LoginReply]) -> None:
        self._logins += 1
        try:
            await login
        except RequestError as error:
            if error.ret in WANTS_ENCRYPTION:
                raise _DeadEndError(Seen.REFUSED) from error
            if error.ret is None:
                raise _DeadEndError(Seen.CIPHERED_LOGIN) from error
            raise
        except ProtocolError as error:
            if connection.login_answer is None or connection.login_answer.body:
                raise
            raise _DeadEndError(Seen.NO_JSON) from error
        except TransportError as error:
            if self._logins == 1:
                raise
            raise _DeadEndError(Seen.NO_JSON) from error  # it has just answered another way

    async def _ask(self, way: Way) -> None:
        """Ask the first question; in clear, silence and nonsense are left to the questions that follow."""
        connection = cast("Entered", self._connection)
        in_clear = not (way.exchanges_keys or way is Way.LIGHT)
        timeout_s = min(self._timeout_s, _QUESTION_S)
        try:
            reply = await connection.request(
                MessageId.SYSINFO, "SystemInfo", ok=None, timeout_s=timeout_s, optional=True
            )
        except UnsupportedError as error:
            raise _DeadEndError(Seen.CIPHERED) from error
        except (RequestTimeoutError, ProtocolError) as error:
            if connection.closed:
                raise
            if in_clear:
                return
            raise _DeadEndError(Seen.CIPHERED) from error
        if reply.ret == ALGORITHM_ERROR:
            raise _DeadEndError(Seen.CIPHERED)
        if not reply.body:
            raise _DeadEndError(Seen.EMPTY)

    def _plain_login(self, connection: Entered) -> Awaitable[LoginReply]:
        given = self._credentials
        return connection.login(
            given.username, given.password, encrypt_type=given.encrypt_type, hashed=given.hashed
        )

    def _available(self, make: Callable[[], Coding]) -> Coding:
        """Have the cipher made before anything is sent; UnsupportedError where its package is missing."""
        try:
            return make()
        except UnsupportedError as error:
            raise UnsupportedError(f"{self._where}: {error}", encryption=True) from error


def _read(reply: Reply) -> Offer:
    if reply.ret is not None and reply.ret not in SUCCESS:
        raise _DeadEndError(Seen.NO_OFFER)
    try:
        return read_offer(reply.body)
    except ProtocolError as error:
        raise _DeadEndError(Seen.NO_OFFER) from error


def _described(offer: Offer) -> dict[str, Json]:
    """Names, numbers and lengths of an offer; the salt and the key are not among them."""
    return {
        "algorithm": offer.algorithm[:32],
        "key_bits": offer.modulus.bit_length(),
        "login_kinds": sorted(offer.login_kinds)[:16],
        "data_kinds": sorted(offer.data_kinds)[:16],
        "plain_ids": len(offer.plain_ids),
        "salt_length": len(offer.salt),
        "members": sorted(offer.raw)[:32],
    }
