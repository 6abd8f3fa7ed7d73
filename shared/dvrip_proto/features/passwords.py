"""Passwords, known by their hash: changing the own one, and proving any by a fresh login."""

from __future__ import annotations

from ..connection import Connection
from ..errors import AuthenticationError, NotAppliedError, RequestError, TransportError
from ..wire.ids import MessageId

_IN_USE = frozenset({104, 207})


class Passwords:
    """Keeps the hash of the account in use, and makes sure of changed ones."""

    def __init__(self, connection: Connection, username: str, own_hash: str) -> None:
        self._connection = connection
        self._username = username
        self._own_hash = own_hash

    async def change_own(self, new_hash: str) -> bool:
        """Change the password of the account in use. Whether it was another one."""
        if new_hash == self._own_hash:
            return False
        await self._connection.request(
            MessageId.PASSWORD_MODIFY,
            "ModifyPassword",
            extra={
                "EncryptType": "MD5",
                "NewPassWord": new_hash,
                "PassWord": self._own_hash,
                "UserName": self._username,
            },
        )
        await self.prove(self._username, new_hash)
        self._own_hash = new_hash
        return True

    async def prove(self, name: str, new_hash: str) -> None:
        """Log in on a connection of its own. NotAppliedError when the device refuses the password."""
        where = self._connection.where
        try:
            await self._login(name, new_hash)
        except AuthenticationError as error:
            raise NotAppliedError(
                f"{where}: user {name}: the device accepted the new password, but refuses the login with it: "
                f"the old one still counts ({error})",
                ret=error.ret,
                message_id=MessageId.PASSWORD_MODIFY,
                name=name,
            ) from error
        except RequestError as error:
            # An account that cannot be shared is in use: the device looks at the password before it says so.
            if error.ret not in _IN_USE:
                raise
        except TransportError as error:
            raise TransportError(
                f"{where}: user {name}: the new password is written, but not proved by a login: {error}"
            ) from error

    async def _login(self, name: str, password_hash: str) -> None:
        old = self._connection
        fresh = await Connection.open(old.host, old.port, timeout_s=old.timeout_s)
        try:
            await fresh.login(name, password_hash, hashed=True)
        finally:
            await fresh.logout()
