"""The account in use, known by its hash: changing its password, proving any, logging in once more."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from ...connection import Connection
from ...connection.entry import Credentials, enter
from ...errors import (
    AuthenticationError,
    DvripError,
    NotAppliedError,
    ProtocolError,
    RequestError,
    TransportError,
    UnsupportedError,
)
from ...wire.digest import sofia_hash
from ...wire.ids import MessageId

_IN_USE = frozenset({104, 207, 212})
# Refusals that only a wrong password gets, or a new user who was not made. A right one may get all others:
# account locked, address blocked, no right to log in, and whatever nobody knows.
_OF_THE_PASSWORD = frozenset({106, 113, 203, 204, 430})


@contextmanager
def unanswered() -> Iterator[None]:
    """Say what a change of a password without an answer means."""
    try:
        yield
    except TransportError as error:
        error.args = (f"{error}; the old password or the new one may count",)
        raise


class Passwords:
    """Keeps the hash of the account in use, and makes sure of changed ones."""

    def __init__(self, connection: Connection, *, username: str, password: str) -> None:
        self.username = username
        self._connection = connection
        self._own_hash = sofia_hash(password)

    def check_provable(self) -> None:
        """UnsupportedError where no fresh login can be made: to be called before anything is written."""
        if self._connection.dialled:
            raise UnsupportedError(
                f"{self._connection.where}: the device has dialled in: it cannot be logged in to once more, "
                "which a new password or firmware has to be proved by"
            )

    @asynccontextmanager
    async def login_anew(self) -> AsyncIterator[Connection]:
        """Another connection, logged in as the account in use is now."""
        async with self._connection.turn:  # a change of it is half done or none
            own_hash = self._own_hash
        async with self._login(self.username, own_hash) as fresh:
            yield fresh

    async def change_own(self, new_hash: str) -> bool:
        """Change the password of the account in use. Whether it was another one."""
        if new_hash == self._own_hash:
            return False
        with unanswered():
            await self._connection.request(
                MessageId.PASSWORD_MODIFY,
                "ModifyPassword",
                extra={
                    "EncryptType": "MD5",
                    "NewPassWord": new_hash,
                    "PassWord": self._own_hash,
                    "UserName": self.username,
                },
            )
        old_hash, self._own_hash = self._own_hash, new_hash  # also when the proof is cut short
        try:
            await self.prove(self.username, new_hash)
        except NotAppliedError:
            self._own_hash = old_hash
            raise
        return True

    async def prove(self, name: str, new_hash: str, *, added: bool = False) -> None:
        """Log in on a connection of its own. NotAppliedError when the device refuses the password.

        An account that was `added` for it has no old one.

        RequestError when it refuses the login for another reason, such as a lock, and TransportError when
        nobody was heard: then which of the two passwords counts is not known.
        """
        try:
            async with self._login(name, new_hash):
                pass
        except AuthenticationError as error:
            if error.ret not in _OF_THE_PASSWORD:
                raise self._unproved(name, error, error.ret) from error
            raise NotAppliedError(
                f"{self._connection.where}: user {name}: the device accepted the new password, but refuses "
                f"the login with it{'' if added else ': the old one still counts'} ({self._reason(error)})",
                ret=error.ret,
                message_id=MessageId.PASSWORD_MODIFY,
                name=name,
            ) from error
        except RequestError as error:
            # An account that cannot be shared is in use: the device looks at the password before it says so.
            if error.ret not in _IN_USE:
                raise self._unproved(name, error, error.ret) from error
        except (TransportError, ProtocolError) as error:
            raise TransportError(self._not_proved(name, error)) from error

    def _unproved(self, name: str, error: DvripError, ret: int | None) -> RequestError:
        text = self._not_proved(name, error)
        return RequestError(text, ret=ret, message_id=MessageId.PASSWORD_MODIFY, name=name)

    def _not_proved(self, name: str, error: DvripError) -> str:
        return (
            f"{self._connection.where}: user {name}: the new password is written, but not proved by a login: "
            f"{self._reason(error)}"
        )

    def _reason(self, error: DvripError) -> str:
        return str(error).removeprefix(f"{self._connection.where}: ")

    @asynccontextmanager
    async def _login(self, name: str, password_hash: str) -> AsyncIterator[Connection]:
        old, entry = self._connection, self._connection.entry
        # A salt wants the password, and here is its hash: the device's key hides that as well.
        policy = "auto" if entry is None else "always" if entry.policy == "salted" else entry.policy
        credentials = Credentials(username=name, password=password_hash, hashed=True)
        fresh = await enter(old.host, old.port, credentials, timeout_s=old.timeout_s, policy=policy)
        try:
            yield fresh
        finally:
            await fresh.logout()
