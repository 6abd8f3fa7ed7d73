# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""One user or group of a plan: what the result says of it, and the step that writes it."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, replace

from ansible_collections.dvrip.devices.plugins.module_utils._endpoint import WRONG_PASSWORD
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Result, Step, row
from ansible_collections.dvrip.devices.plugins.module_utils._session import Session

# Key on the device -> option of the modules.
_KEYS = {
    "Group": "group",
    "Memo": "memo",
    "Sharable": "sharable",
    "AuthorityList": "authorities",
}
_PASSWORD = "Password"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is to become of one account or group: `early` is what has to come before the users."""

    name: str
    plan: dvrip_proto.Plan
    step: Step | None
    early: Step | None = None
    goes: bool = False

    @property
    def sets_password(self) -> bool:
        return self.plan.payload is not None and any(change.path == _PASSWORD for change in self.plan.changes)

    def result(self, *, full: bool) -> Result:
        result: Result = {"name": self.name, "changed": self.plan.changed}
        if full:
            result |= {"before": _view(self.plan.current), "after": _view(self.plan.payload)}
        return result


def _view(tree: t.Any) -> Result | None:
    """The account with the names of the options; None for one that is not there."""
    return {option: tree[key] for key, option in _KEYS.items() if key in tree} if tree else None


def _rows(label: str, plan: dvrip_proto.Plan) -> list[Result]:
    before, after = _view(plan.current) or {}, _view(plan.payload) or {}
    paths = {change.path for change in plan.changes}
    whole = plan.current is None or not plan.current or plan.payload is None
    found = [
        row(label, option, before.get(option), after.get(option))
        for key, option in _KEYS.items()
        if option in {**before, **after} and (whole or key in paths)
    ]
    if _PASSWORD in paths and plan.payload is not None:
        found.append(
            row(label, "password", plan.current.get(_PASSWORD) if plan.current else None, "x", secret=True)
        )
    return found or [row(label, "", *(None if not tree else label for tree in (plan.current, plan.payload)))]


def user(name: str, plan: dvrip_proto.Plan, wish: Result, password: str | None) -> Entry:
    """A user that is to be as wished."""
    sets_password = any(change.path == _PASSWORD for change in plan.changes)

    async def write(session: Session) -> bool:
        device = await session.device()
        own = sets_password and password is not None and name == session.endpoint.username
        if own:
            session.new_password = password
        fresh = await device.users.plan_user(name, **wish, password=password if sets_password else None)
        await device.users.apply(fresh)
        if own and password is not None:
            # The items that follow in a loop may have to log in again.
            session.endpoint = replace(session.endpoint, password=password)
        return False

    async def left(session: Session) -> list[Result] | None:
        again = await (await session.device()).users.plan_user(
            name, **wish, password=password if sets_password else None
        )
        if password is not None and _PASSWORD in again.unverifiable:
            return await _left_by_login(session, name, password, _rows(label, again))
        return _rows(label, again) if again.changed else []

    label = f"user {name}"
    step = Step(label=label, write=write, left=left, rows=_rows(label, plan)) if plan.changed else None
    return Entry(name=name, plan=plan, step=step)


async def _left_by_login(session: Session, name: str, password: str, rows: list[Result]) -> list[Result]:
    """What is left of a password that the device does not tell: a login is the proof, one and no more.

    Errors: those of the login, of which only a wrong password proves something.
    """
    others = [change for change in rows if change["path"] != "password"]
    if name == session.endpoint.username:
        return others if session.endpoint.password == password else rows
    await session.close()
    device = replace(session.endpoint, username=name, password=password, candidates=()).device()
    try:
        await device.open()
    except dvrip_proto.AuthenticationError as error:
        if error.ret not in WRONG_PASSWORD:
            raise
        return rows
    finally:
        await device.close()
    return others


def removed_user(name: str, plan: dvrip_proto.Plan) -> Entry:
    """A user that goes."""

    async def write(session: Session) -> bool:
        await (await session.device()).users.remove(name)
        return False

    async def left(session: Session) -> list[Result]:
        again = await (await session.device()).users.plan_removal(name)
        return _rows(label, again) if again.changed else []

    label = f"user {name}"
    step = Step(label=label, write=write, left=left, rows=_rows(label, plan)) if plan.changed else None
    return Entry(name=name, plan=plan, step=step, goes=True)


def group(name: str, plan: dvrip_proto.Plan, wish: Result, before: frozenset[str]) -> Entry:
    """A group that is to be as wished; new rights come early, and rights that go late."""
    wanted = before if wish["authorities"] is None else frozenset(wish["authorities"])
    label = f"group {name}"
    rows = _rows(label, plan)
    is_new = not plan.current
    shrinks = not is_new and bool(before - wanted)
    grows = is_new or bool(wanted - before)
    first = {**wish, "authorities": sorted(before | wanted)} if shrinks else wish
    early = _group_step(label, name, first, () if shrinks else rows) if plan.changed and grows else None
    late = _group_step(label, name, wish, rows) if plan.changed and (shrinks or not grows) else None
    return Entry(name=name, plan=plan, step=late, early=early)


def _group_step(label: str, name: str, wish: Result, rows: t.Sequence[Result]) -> Step:
    async def write(session: Session) -> bool:
        device = await session.device()
        await device.users.apply(await device.users.plan_group(name, **wish))
        return False

    async def left(session: Session) -> list[Result]:
        again = await (await session.device()).users.plan_group(name, **wish)
        return _rows(label, again) if again.changed else []

    return Step(label=label, write=write, left=left, rows=rows)


def removed_group(name: str, plan: dvrip_proto.Plan) -> Entry:
    """A group that goes, after its users."""

    async def write(session: Session) -> bool:
        await (await session.device()).users.remove_group(name)
        return False

    async def left(session: Session) -> list[Result]:
        again = await (await session.device()).users.plan_group_removal(name)
        return _rows(label, again) if again.changed else []

    label = f"group {name}"
    step = Step(label=label, write=write, left=left, rows=_rows(label, plan)) if plan.changed else None
    return Entry(name=name, plan=plan, step=step, goes=True)
