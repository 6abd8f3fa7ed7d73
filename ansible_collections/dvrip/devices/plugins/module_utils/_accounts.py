# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""Users and groups: one or a whole list, from a task's options to plans and back to results."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, replace

from ansible_collections.dvrip.devices.plugins.module_utils import _objects
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Diff, Proposal, Result
from ansible_collections.dvrip.devices.plugins.module_utils._session import Session

# Key on the device -> option of the module.
_KEYS = {
    "Name": "name",
    "Group": "group",
    "Memo": "memo",
    "Sharable": "sharable",
    "AuthorityList": "authorities",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is to become of one account or group; `password` is a new one in clear."""

    name: str
    plan: dvrip_proto.Plan
    password: str | None = None

    @property
    def sets_password(self) -> bool:
        return any(change.path == "Password" for change in self.plan.changes)

    def view(self, tree: t.Any, note: str) -> Result | None:
        """The account with the names of the options; None for one that is not there."""
        if not tree:
            return None
        shown = dvrip_proto.readable(tree, self.plan.spec)
        view: Result = {option: shown[key] for key, option in _KEYS.items() if key in shown}
        return view | {"password": note} if self.sets_password else view

    def result(self) -> Result:
        before, after = self.view(self.plan.current, "(old)"), self.view(self.plan.payload, "(new)")
        return {"name": self.name, "changed": self.plan.changed, "before": before, "after": after}


async def plan_users(device: dvrip_proto.Device, options: Result) -> tuple[list[Entry], list[str]]:
    """Entries for every account that the task names, and for those that a purge removes; and warnings."""
    present = {user.name: user for user in await device.users.list()}
    wanted = _wanted(device, options, "users")
    entries, warnings = [], []
    for item in wanted:
        if item["state"] == "absent":
            entries.append(Entry(name=item["name"], plan=await device.users.plan_removal(item["name"])))
            continue
        password, warning = _password(device, item, present.get(item["name"]))
        warnings += warning
        plan = await device.users.plan_user(
            item["name"],
            group=item["group"],
            memo=item["memo"],
            sharable=item["sharable"],
            authorities=item["authorities"],
            password=password,
        )
        entries.append(Entry(name=item["name"], plan=plan, password=password))
    if options["purge"]:
        kept = {item["name"] for item in wanted} | {device.username}
        gone = [name for name, user in present.items() if name not in kept and not user.reserved]
        entries += [Entry(name=name, plan=await device.users.plan_removal(name)) for name in gone]
    return entries, warnings


async def plan_groups(device: dvrip_proto.Device, options: Result) -> tuple[list[Entry], list[str]]:
    """Entries for every group that the task names, and for the empty ones that a purge removes."""
    wanted = _wanted(device, options, "groups")
    entries = []
    for item in wanted:
        if item["state"] == "absent":
            plan = await device.users.plan_group_removal(item["name"])
        else:
            plan = await device.users.plan_group(
                item["name"], memo=item["memo"], authorities=item["authorities"]
            )
        entries.append(Entry(name=item["name"], plan=plan))
    if options["purge"]:
        kept = (
            {item["name"] for item in wanted}
            | {user.group for user in await device.users.list()}
            | RESERVED_GROUPS
        )
        gone = [group.name for group in await device.users.groups() if group.name not in kept]
        entries += [Entry(name=name, plan=await device.users.plan_group_removal(name)) for name in gone]
    return entries, []


# Every device comes with them, and none removes them.
RESERVED_GROUPS = {"admin", "user"}


def propose(
    device: dvrip_proto.Device, entries: list[Entry], warnings: list[str], listed: str | None
) -> Proposal:
    """The proposal to bring these accounts or groups about; `listed` is the result's key in the list form."""
    results = [entry.result() for entry in entries]
    return Proposal(
        changed=any(entry.plan.changed for entry in entries),
        result={listed: results} if listed else results[0],
        diffs=[
            Diff(
                header=f"{_objects.where(device)} {entry.plan.name.lower()} {entry.name}",
                before=result["before"] or {},
                after=result["after"] or {},
            )
            for entry, result in zip(entries, results, strict=True)
            if entry.plan.changed
        ],
        warnings=warnings,
        apply=lambda session: _apply(session, entries),
    )


async def _apply(session: Session, entries: list[Entry]) -> Result:
    for entry in entries:
        if entry.plan.changed:
            await (await session.device()).users.apply(entry.plan)
            session.written.append(entry.name)
            if entry.sets_password and entry.password is not None and entry.name == session.endpoint.username:
                # The items that follow in a loop may have to log in again.
                session.endpoint = replace(session.endpoint, password=entry.password)
    return {}


def _wanted(device: dvrip_proto.Device, options: Result, key: str) -> list[Result]:
    """The accounts that the task names, once each."""
    wanted = options[key] if options[key] is not None else [options]
    names = [item["name"] for item in wanted]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise dvrip_proto.UsageError(f"{_objects.where(device)}: {key}: {', '.join(twice)} is there twice")
    return wanted


def _password(
    device: dvrip_proto.Device, item: Result, user: dvrip_proto.User | None
) -> tuple[str | None, list[str]]:
    """The password to compare and set, and a warning where nothing can be compared."""
    if user is None or item["password"] is None:
        return item["password"], []
    if item["update_password"] == "on_create":
        return None, []
    if not user.password_hash:
        where = _objects.where(device)
        return None, [f"{where}: user {user.name}: the device hides its password, so it is left as it is"]
    return item["password"], []
