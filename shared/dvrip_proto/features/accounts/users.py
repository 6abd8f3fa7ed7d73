"""Accounts of a device: compared and changed like configuration, without locking anybody out.

1. The account in use and the last administrator are never removed, nor robbed of managing accounts.
2. A changed password counts only when a fresh login with it succeeds: some firmware agrees and does nothing.
3. Authorities are sets, within those of the group, which are within those of the device.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from contextlib import nullcontext, suppress
from typing import Final

from ...config.catalog import GROUP, USER
from ...config.plan import Plan
from ...connection import Connection
from ...errors import DvripError, NotAppliedError, UsageError
from ...values import Json
from ...wire.digest import sofia_hash
from ...wire.ids import MessageId
from ...wire.shapes import member, things
from ..objects import mistakes_at
from ..settings import Applied
from .passwords import Passwords, unanswered
from .values import (
    PASSWORD,
    Group,
    User,
    check_known,
    check_lock_out,
    check_members,
    check_removal,
    check_within,
    compare,
    names,
    read_group,
    read_user,
    removal,
    still_missing,
    usual_letters,
)

_ACCOUNTS: Final = "accounts"

type _Users = list[User]
type _Groups = list[Group]
type _Names = list[str]
type _Entries = list[dict[str, Json]]


class Users:
    """Reads and changes the users and groups of a device."""

    def __init__(self, connection: Connection, passwords: Passwords) -> None:
        self._connection = connection
        self._turn = connection.turn
        self._username = passwords.username
        self._passwords = passwords

    async def list(self) -> _Users:
        """Every account that this one may see."""
        entries = await self._entries(MessageId.USERS_GET, "Users")
        return [read_user(usual_letters(raw, USER)) for raw in entries]

    async def groups(self) -> _Groups:
        """Every group."""
        entries = await self._entries(MessageId.GROUPS_GET, "Groups")
        return [read_group(usual_letters(raw, GROUP)) for raw in entries]

    async def authorities(self) -> _Names:
        """Every authority that this device knows, in its own order."""
        reply = await self._connection.request(MessageId.AUTHORITIES_GET)
        return names(member(reply.body, "AuthorityList"))

    async def get(self, name: str) -> User | None:
        """One account, None when there is none of this name."""
        return next((user for user in await self.list() if user.name == name), None)

    async def get_group(self, name: str) -> Group | None:
        """One group, None when there is none of this name."""
        return await self._group(name, None)

    async def _group(self, name: str, present: Iterable[Group] | None) -> Group | None:
        known = await self.groups() if present is None else present
        return next((group for group in known if group.name == name), None)

    async def plan_user(
        self,
        name: str,
        *,
        group: str | None = None,
        memo: str | None = None,
        sharable: bool | None = None,
        authorities: Iterable[str] | None = None,
        password: str | None = None,
        groups: Iterable[Group] | None = None,
        present: Iterable[User] | None = None,
    ) -> Plan:
        """What makes an account as wanted; one that is not there is made, and needs group and password.

        What is not given stays, but another group without authorities brings those of that group. An
        unchanged password is known by its hash; it is in `unverifiable` on devices that hide hashes.
        `groups` are those that will be there when the plan is applied, where these are others than now.
        `present` are the accounts, for who has just read them.
        """
        seen = self._seen(present)
        users = await self.list() if present is None else [*present]
        old = next((user for user in users if user.name == name), None)
        wish = _given(Group=group, Memo=memo, Sharable=sharable)
        if password is not None:
            wish[PASSWORD] = sofia_hash(password)
        with mistakes_at(self._connection.where):
            if old is None and (group is None or password is None):
                raise UsageError(f"user {name} is not there: a new one needs a group and a password")
            wish |= await self._rights(name, old, group, authorities, groups)
            if old is not None:
                check_lock_out(users, old, wish.get("AuthorityList", old.authorities), self._username)
            found = compare(USER, name, old.raw if old else None, wish)
        return dataclasses.replace(found, seen=seen)

    async def plan_group(
        self,
        name: str,
        *,
        memo: str | None = None,
        authorities: Iterable[str] | None = None,
        users: Iterable[User] | None = None,
        present: Iterable[Group] | None = None,
    ) -> Plan:
        """What makes a group as wanted; one that is not there is made.

        `users` are those that will be there when the plan is applied, where these are others than now.
        `present` are the groups, for who has just read them.
        """
        seen = self._seen(present)
        old = await self._group(name, present)
        wish = _given(Memo=memo)
        with mistakes_at(self._connection.where):
            if authorities is not None:
                wish["AuthorityList"] = list(dict.fromkeys(authorities))
                check_known(wish["AuthorityList"], await self.authorities())
                check_members(name, await self.list() if users is None else users, wish["AuthorityList"])
            found = compare(GROUP, name, old.raw if old else None, wish)
        return dataclasses.replace(found, seen=seen)

    async def plan_removal(self, name: str, *, present: Iterable[User] | None = None) -> Plan:
        """What removes an account; nothing when it is not there. `present` as for `plan_user`."""
        seen = self._seen(present)
        users = await self.list() if present is None else [*present]
        with mistakes_at(self._connection.where):
            check_removal(users, name, self._username)
        found = removal(USER, name, next((user.raw for user in users if user.name == name), None))
        return dataclasses.replace(found, seen=seen)

    async def plan_group_removal(
        self, name: str, *, users: Iterable[User] | None = None, present: Iterable[Group] | None = None
    ) -> Plan:
        """What removes a group; nothing when it is not there. `users` and `present` as for `plan_group`."""
        seen = self._seen(present)
        old = await self._group(name, present)
        if old is not None:
            with mistakes_at(self._connection.where):
                check_members(name, await self.list() if users is None else users, None)
        return dataclasses.replace(removal(GROUP, name, old.raw if old else None), seen=seen)

    def _seen(self, present: Iterable[User] | Iterable[Group] | None) -> int:
        """How much was written before the accounts were read; of accounts that are given nobody knows."""
        return self._turn.count if present is None else 0

    async def apply(self, wanted: Plan) -> Applied:
        """Do what a plan of this class says, and read it back.

        NotAppliedError for what the device did not take, be it a password. What was changed here since the
        plan was made stays: then the accounts are read again.
        """
        if not wanted.changed:
            return Applied()
        async with self._turn:
            if self._turn.stale(_ACCOUNTS, wanted.seen):
                wanted = await self._anew(wanted)
            if wanted.changed:
                await self._write(wanted)
        return Applied()

    async def _anew(self, wanted: Plan) -> Plan:
        """A plan made again, from the accounts that there are now."""
        name = _named(wanted)
        if wanted.payload is None:
            return await (self.plan_removal(name) if wanted.spec is USER else self.plan_group_removal(name))
        users = await self.list()
        present: User | Group | None = next((each for each in users if each.name == name), None)
        if wanted.spec is not USER:
            present = await self.get_group(name)
        with mistakes_at(self._connection.where):
            if present is None and wanted.current:
                raise UsageError(f"{wanted.spec.name.lower()} {name} was removed since this was planned")
            wish = wanted.desired.get("AuthorityList", ())
            if isinstance(present, User) and "AuthorityList" in wanted.desired:
                check_lock_out(users, present, wish, self._username)
            elif isinstance(present, Group) and "AuthorityList" in wanted.desired:
                check_members(name, users, wish)
            return compare(wanted.spec, name, present.raw if present else None, wanted.desired)

    async def _write(self, wanted: Plan) -> None:
        name, is_user = _named(wanted), wanted.spec is USER
        try:
            await (self._write_user(name, wanted) if is_user else self._write_group(name, wanted))
        finally:
            self._turn.wrote(_ACCOUNTS)
        entry = await (self.get(name) if is_user else self.get_group(name))
        left = still_missing(wanted, None if entry is None else entry.raw)
        if left:
            raise NotAppliedError(
                f"{self._connection.where}: {wanted.spec.name} {name}: the device accepted the change but "
                f"does not have it: {'; '.join(map(str, left))}",
                changes=left,
                name=name,
            )

    async def add(
        self,
        name: str,
        *,
        group: str,
        password: str,
        memo: str = "",
        sharable: bool = True,
        authorities: Iterable[str] | None = None,
    ) -> None:
        """Make an account; without authorities it has all of its group's. UsageError when it is there."""
        async with self._turn:
            if await self.get(name) is not None:
                raise UsageError(f"{self._connection.where}: user {name} is there already")
            wanted = await self.plan_user(
                name, group=group, password=password, memo=memo, sharable=sharable, authorities=authorities
            )
            await self.apply(wanted)

    async def modify(
        self,
        name: str,
        *,
        group: str | None = None,
        memo: str | None = None,
        sharable: bool | None = None,
        authorities: Iterable[str] | None = None,
    ) -> bool:
        """Change an account; what is not given stays. Whether anything was to change."""
        async with self._turn:
            if await self.get(name) is None:
                raise UsageError(f"{self._connection.where}: there is no user {name}")
            wanted = await self.plan_user(
                name, group=group, memo=memo, sharable=sharable, authorities=authorities
            )
            return await self._carry_out(wanted)

    async def remove(self, name: str) -> bool:
        """Remove an account. Whether it was there."""
        async with self._turn:
            return await self._carry_out(await self.plan_removal(name))

    async def set_password(self, name: str, password: str) -> bool:
        """Change a password and prove it by a fresh login. Whether it was another one.

        NotAppliedError when the device said yes but refuses the password: the old one still counts. What
        cannot be proved is a RequestError or a TransportError: either may count.
        """
        async with self._turn:
            if name == self._username:
                self._passwords.check_provable()
                return await self._passwords.change_own(sofia_hash(password))
            if await self.get(name) is None:
                raise UsageError(f"{self._connection.where}: there is no user {name}")
            return await self._carry_out(await self.plan_user(name, password=password))

    async def add_group(self, name: str, *, authorities: Iterable[str], memo: str = "") -> None:
        """Make a group. UsageError when it is there."""
        async with self._turn:
            if await self.get_group(name) is not None:
                raise UsageError(f"{self._connection.where}: group {name} is there already")
            await self.apply(await self.plan_group(name, memo=memo, authorities=authorities))

    async def modify_group(
        self, name: str, *, memo: str | None = None, authorities: Iterable[str] | None = None
    ) -> bool:
        """Change a group; what is not given stays. Whether anything was to change."""
        async with self._turn:
            if await self.get_group(name) is None:
                raise UsageError(f"{self._connection.where}: there is no group {name}")
            return await self._carry_out(await self.plan_group(name, memo=memo, authorities=authorities))

    async def remove_group(self, name: str) -> bool:
        """Remove a group without users. Whether it was there."""
        async with self._turn:
            return await self._carry_out(await self.plan_group_removal(name))

    async def _carry_out(self, plan: Plan) -> bool:
        await self.apply(plan)
        return plan.changed

    async def _entries(self, message_id: int, key: str) -> _Entries:
        entries = things(member((await self._connection.request(message_id)).body, key), "Name")
        return [entry for entry in entries if isinstance(entry, dict)]

    async def _rights(
        self,
        name: str,
        old: User | None,
        group: str | None,
        authorities: Iterable[str] | None,
        expected: Iterable[Group] | None,
    ) -> dict[str, Json]:
        """Authorities to ask for: those given, or those of a group that is new to the user."""
        wanted = None if authorities is None else list(dict.fromkeys(authorities))
        moves = group is not None and (old is None or old.group != group)
        if wanted is None and not moves:
            return {}
        groups = {entry.name: entry for entry in (await self.groups() if expected is None else expected)}
        limit = groups.get(group or (old.group if old else ""))
        if limit is None:
            raise UsageError(f"there is no group {group}, there are: {', '.join(sorted(groups))}")
        if wanted is None:
            return {"AuthorityList": names(limit.raw.get("AuthorityList"))}
        check_known(wanted, await self.authorities())
        check_within(name, wanted, limit)
        return {"AuthorityList": wanted}

    async def _write_user(self, name: str, wanted: Plan) -> None:
        """Write an account, and prove its password when that is new. An empty hash leaves the old one."""
        if wanted.payload is None:
            await self._connection.request(MessageId.USER_DELETE, name)
            return
        paths = {change.path for change in wanted.changes}
        user, new_hash = dict(wanted.payload), wanted.payload.get(PASSWORD) if PASSWORD in paths else None
        own = name == self._username
        if new_hash is not None:
            self._passwords.check_provable()
        if not wanted.current:
            await self._connection.request(MessageId.USER_ADD, "User", user)
        elif not own or paths != {PASSWORD}:
            user[PASSWORD] = "" if own or new_hash is None else new_hash
            if new_hash is not None:
                user.pop("PasswordV2", None)
            with nullcontext() if own or new_hash is None else unanswered():
                await self._connection.request(MessageId.USER_MODIFY, "User", user, extra={"UserName": name})
        if new_hash is not None:
            await self._change_password(name, new_hash, wanted, alone=paths == {PASSWORD})

    async def _change_password(self, name: str, new_hash: str, wanted: Plan, *, alone: bool) -> None:
        """Change the own password, or prove another one: an error says what else is written of it."""
        added = not wanted.current
        try:
            if name == self._username:
                await self._passwords.change_own(new_hash)
            else:
                await self._passwords.prove(name, new_hash, added=added)
        except DvripError as error:
            with suppress(DvripError):  # what cannot be read is not told
                if not alone and not (added and await self.get(name) is None):
                    error.written = (f"the rest of {wanted.spec.name.lower()} {name}",)
            raise

    async def _write_group(self, name: str, wanted: Plan) -> None:
        if wanted.payload is None:
            await self._connection.request(MessageId.GROUP_DELETE, name)
        elif not wanted.current:
            await self._connection.request(MessageId.GROUP_ADD, "Group", wanted.payload)
        else:
            extra = {"GroupName": name}
            await self._connection.request(MessageId.GROUP_MODIFY, "Group", wanted.payload, extra=extra)


def _named(wanted: Plan) -> str:
    return str((wanted.payload or wanted.current)["Name"])


def _given(**values: Json) -> dict[str, Json]:
    return {key: value for key, value in values.items() if value is not None}
