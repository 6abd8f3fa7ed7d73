# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""Users and groups together: what a task wants of them, planned as one, written in the order that works.

Groups grow before the users that need it, and shrink or go after the users that stood in the way. The account in
use comes last: should it fail, everything else is done.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.dvrip.devices.plugins.module_utils import _account_steps
from ansible_collections.dvrip.devices.plugins.module_utils._account_steps import Entry
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._module import Task
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal, Result, Step

# Every device comes with them, and none removes them.
RESERVED_GROUPS = frozenset({"admin", "user"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a task wants: options of users and groups, None where it says nothing of them."""

    users: t.Sequence[Result] = ()
    groups: t.Sequence[Result] = ()
    purge_users: bool = False
    purge_groups: bool = False
    keep: t.Collection[str] = ()
    allow_empty_password: bool = False


@dataclass(slots=True)
class _Planning:
    """A plan while it grows: what the device has, and what it will have."""

    device: dvrip_proto.Device
    own_password: str
    check_mode: bool
    users: dict[str, dvrip_proto.User]
    groups: dict[str, dvrip_proto.Group]
    group_entries: list[Entry] = field(default_factory=list)
    user_entries: list[Entry] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


async def plan(task: Task, wanted: Wanted) -> tuple[list[Entry], list[Entry], list[str]]:
    """Entries for every user and for every group that the task names or purges; and warnings."""
    device = await task.device()
    _refuse_twins(task, "users", wanted.users)
    _refuse_twins(task, "groups", wanted.groups)
    users = {user.name: user for user in await device.users.list()}
    groups = await device.users.groups() if _asks_for_groups(wanted, users) else []
    planning = _Planning(
        device=device,
        own_password=task.session.endpoint.password,
        check_mode=task.check_mode,
        users=users,
        groups={group.name: group for group in groups},
    )
    present_users, present_groups = dict(planning.users), dict(planning.groups)
    _expect_groups(planning, wanted)
    await _plan_users(planning, wanted, present_users)
    await _plan_groups(planning, wanted, present_groups)
    return planning.user_entries, planning.group_entries, planning.warnings


def _asks_for_groups(wanted: Wanted, present: t.Mapping[str, dvrip_proto.User]) -> bool:
    """Whether this can be planned only by who knows the groups: not that a user is where it should be."""
    if wanted.groups or wanted.purge_groups:
        return True
    for item in wanted.users:
        if item["state"] == "absent":
            continue
        user = present.get(item["name"])
        if user is None or item["authorities"] is not None or item["group"] not in {None, user.group}:
            return True
    return False


def _refuse_twins(task: Task, key: str, items: t.Sequence[Result]) -> None:
    names = [item["name"] for item in items]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise dvrip_proto.UsageError(f"{task.where}: {key}: {', '.join(twice)} is there twice")


def _expect_groups(planning: _Planning, wanted: Wanted) -> None:
    """The groups that users will find: those of the device, as this task leaves them."""
    for item in wanted.groups:
        if item["state"] == "absent":
            continue
        old = planning.groups.get(item["name"])
        rights = item["authorities"]
        if rights is None:
            rights = [] if old is None else list(old.raw.get("AuthorityList") or [])
        planning.groups[item["name"]] = _group(item["name"], rights)


def _group(name: str, rights: t.Sequence[str], within: t.Iterable[str] | None = None) -> dvrip_proto.Group:
    return dvrip_proto.Group(
        name=name,
        memo="",
        authorities=frozenset(rights if within is None else within),
        raw={"Name": name, "AuthorityList": list(rights)},
    )


async def _plan_users(planning: _Planning, wanted: Wanted, present: dict[str, dvrip_proto.User]) -> None:
    users, known = planning.device.users, list(present.values())
    for item in wanted.users:
        name = item["name"]
        if item["state"] == "absent":
            planning.user_entries.append(
                _account_steps.removed_user(name, await users.plan_removal(name, present=known))
            )
            planning.users.pop(name, None)
            continue
        await _assume_group(planning, name, item)
        password = _password(planning, item, present.get(name))
        wish = {key: item[key] for key in ("group", "memo", "sharable", "authorities")}
        found = await users.plan_user(
            name, **wish, password=password, groups=planning.groups.values(), present=known
        )
        entry = _account_steps.user(name, found, wish, password)
        if item["password"] == "":
            _judge_empty(planning, entry, allowed=wanted.allow_empty_password)
        planning.user_entries.append(entry)
        if found.payload:
            rights = frozenset(found.payload.get("AuthorityList") or [])
            planning.users[name] = _user(name, str(found.payload.get("Group", "")), rights)
    if wanted.purge_users:
        kept = {item["name"] for item in wanted.users} | {planning.device.username, *wanted.keep}
        for name, user in present.items():
            if name not in kept and not user.reserved:
                planning.user_entries.append(
                    _account_steps.removed_user(name, await users.plan_removal(name, present=known))
                )
                planning.users.pop(name, None)


def _judge_empty(planning: _Planning, entry: Entry, *, allowed: bool) -> None:
    """Warn of a wish for an empty password; refuse (UsageError) to give one to an account unless that was asked for."""
    whose = f"{planning.device.host}:{planning.device.port}: user {entry.name}"
    if entry.sets_password and not allowed:
        raise dvrip_proto.UsageError(
            f"{whose}: an empty password would let in everybody who reaches the device: nothing is done, it needs "
            "allow_empty_password"
        )
    planning.warnings.append(f"{whose}: its password is empty: whoever reaches the device logs in with it")


def _user(name: str, group: str, rights: frozenset[str]) -> dvrip_proto.User:
    return dvrip_proto.User(
        name=name,
        group=group,
        memo="",
        sharable=True,
        authorities=rights,
        reserved=False,
        password_hash="",
        raw={},
    )


async def _assume_group(planning: _Planning, user: str, item: Result) -> None:
    """In check mode a group that an earlier task would have made is not there: say so and go on."""
    name = item["group"]
    if not planning.check_mode or name is None or name in planning.groups:
        return
    planning.warnings.append(
        f"{planning.device.host}:{planning.device.port}: user {user}: there is no group {name} yet; a task before this one "
        "has to make it"
    )
    rights = item["authorities"] or []
    planning.groups[name] = _group(name, rights, await planning.device.users.authorities())


def _password(planning: _Planning, item: Result, user: dvrip_proto.User | None) -> str | None:
    """The password to compare and set, with a warning where nothing can be compared.

    That of the account in use is known: this task has just logged in with it.
    """
    if user is None or item["password"] is None:
        password: str | None = item["password"]
        return password
    if item["update_password"] == "on_create":
        return None
    if user.name == planning.device.username:
        return None if item["password"] == planning.own_password else str(item["password"])
    if not user.password_hash:
        planning.warnings.append(
            f"{planning.device.host}:{planning.device.port}: user {user.name}: the device hides its password, so it is left "
            "as it is"
        )
        return None
    return str(item["password"])


async def _plan_groups(planning: _Planning, wanted: Wanted, present: dict[str, dvrip_proto.Group]) -> None:
    users, members, known = planning.device.users, list(planning.users.values()), list(present.values())
    for item in wanted.groups:
        name = item["name"]
        if item["state"] == "absent":
            found = await users.plan_group_removal(name, users=members, present=known)
            planning.group_entries.append(_account_steps.removed_group(name, found))
            continue
        wish = {"memo": item["memo"], "authorities": item["authorities"]}
        found = await users.plan_group(name, **wish, users=members, present=known)
        old = present.get(name)
        before = frozenset() if old is None else old.authorities
        planning.group_entries.append(_account_steps.group(name, found, wish, before))
    if wanted.purge_groups:
        kept = {item["name"] for item in wanted.groups} | {user.group for user in members}
        for name in sorted(present.keys() - kept - RESERVED_GROUPS - set(wanted.keep)):
            found = await users.plan_group_removal(name, users=members, present=known)
            planning.group_entries.append(_account_steps.removed_group(name, found))


def in_order(task: Task, users: t.Sequence[Entry], groups: t.Sequence[Entry]) -> list[Step]:
    """The steps of these entries, in the order that a device takes."""
    own = task.session.endpoint.username
    mine = [entry for entry in users if entry.name == own]
    others = [entry for entry in users if entry.name != own]
    steps = [
        *(entry.early for entry in groups),
        *(entry.step for entry in others if not entry.goes),
        *(entry.step for entry in others if entry.goes),
        *(entry.step for entry in groups),
        *(entry.step for entry in mine),
    ]
    return [step for step in steps if step is not None]


def propose(
    task: Task, users: list[Entry], groups: list[Entry], warnings: list[str], *, result: Result
) -> Proposal:
    """The proposal to bring these accounts about."""
    return Proposal(result=result, steps=in_order(task, users, groups), warnings=warnings)
