# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""From the library's plans of configuration objects to steps, rows of changes and whole trees."""

from __future__ import annotations

import typing as t
from dataclasses import replace

from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Result, Step, row
from ansible_collections.dvrip.devices.plugins.module_utils._session import Session


def rows(plan: dvrip_proto.Plan, changes: t.Iterable[dvrip_proto.Change] | None = None) -> list[Result]:
    """The changes of a plan as results tell them: channels count from 1."""
    return [_row(plan, change) for change in (plan.changes if changes is None else changes)]


def _row(plan: dvrip_proto.Plan, change: dvrip_proto.Change) -> Result:
    return row(
        plan.name,
        change.path,
        change.before,
        change.after,
        channel=None if change.channel is None else change.channel + 1,
        secret=change.secret,
    )


def step(plan: dvrip_proto.Plan, *, allow_disconnect: bool = False) -> Step:
    """The write of a plan that changes something."""

    async def write(session: Session) -> bool:
        applied = await (await session.device()).settings.apply(plan, allow_disconnect=allow_disconnect)
        return applied.reboot_needed

    async def left(session: Session) -> list[Result] | None:
        device = await session.device()
        again = await device.settings.plan(
            plan.name,
            plan.desired,
            channel=plan.channel,
            exact_lists=plan.exact_lists,
            allow_new=not plan.skip_missing,
            skip_missing=plan.skip_missing,
        )
        return None if hidden(plan, again) else rows(plan, again.changes)

    doubts = [f"{plan.label}: {doubt}" for doubt in plan.doubts]
    return Step(
        label=plan.label,
        write=write,
        left=left,
        rows=rows(plan),
        warnings=doubts,
        moves_to=moves_to(plan.dangers),
    )


def moves_to(dangers: t.Iterable[dvrip_proto.Danger]) -> Result:
    """What of host and port of the device these change."""
    host, port = dvrip_proto.destination(dangers)
    return {name: value for name, value in (("host", host), ("port", port)) if value}


def allowed(where: str, plans: t.Iterable[dvrip_proto.Plan]) -> list[str]:
    """One warning for each danger of plans that are written all the same."""
    return [f"{where}: {plan.label}: allowed: {danger}" for plan in plans for danger in plan.dangers]


def lacks(where: str, plan: dvrip_proto.Plan) -> list[Result]:
    """The keys of a wish that the device does not have and that were left out, each once with its channels."""
    found: dict[str, list[dvrip_proto.Missing]] = {}
    for one in plan.missing:
        found.setdefault(one.path, []).append(one)
    told = []
    for path, ones in found.items():
        channels = [one.channel + 1 for one in ones if one.channel is not None]
        numbered: Result = {"channels": channels} if channels else {}
        named = f" of channel {' and '.join(map(str, channels))}" if channels else ""
        reason = f"{where}: {plan.name}: this device has no {path}{named}{ones[0].hint}"
        told.append({"name": plan.name, "options": [path], **numbered, "reason": reason})
    return told


def numbered(one: Step, number: int) -> Step:
    """A step whose rows tell the channel that a person means: an object may count other ones."""
    return replace(one, rows=[{**change, "channel": number} for change in one.rows])


def hidden(plan: dvrip_proto.Plan, again: dvrip_proto.Plan) -> bool:
    """Whether all that a second plan still wants to change are values which the device does not tell."""
    secrets = set(plan.unverifiable)
    return bool(again.changes) and all(change.path in secrets for change in again.changes)


def steps(plans: t.Iterable[dvrip_proto.Plan | None], *, allow_disconnect: bool = False) -> list[Step]:
    """The writes of those plans that change something, in order."""
    return [
        step(plan, allow_disconnect=allow_disconnect) for plan in plans if plan is not None and plan.changed
    ]


def entry(plan: dvrip_proto.Plan, *, full: bool) -> Result:
    """What a module returns for one object."""
    result: Result = {"name": plan.name}
    if plan.channel is not None:
        result["channel"] = plan.channel + 1
    result["changed"] = plan.changed
    return result | ({"before": plan.before, "after": plan.after} if full else {})
