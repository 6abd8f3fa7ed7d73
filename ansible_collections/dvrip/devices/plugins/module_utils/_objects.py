# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""From the library's plans of configuration objects to what a module returns and does."""

from __future__ import annotations

import typing as t

from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Diff, Proposal, Result
from ansible_collections.dvrip.devices.plugins.module_utils._session import Session


def where(device: dvrip_proto.Device) -> str:
    """How messages begin: the device they speak of."""
    return f"{device.host}:{device.port}"


def channel_index(device: dvrip_proto.Device, name: str, number: int | None) -> int | None:
    """The library's channel, from 0, for a person's, from 1."""
    if number is not None and number < 1:
        raise dvrip_proto.UsageError(
            f"{where(device)}: {name}: channel {number} is not possible, channels count from 1"
        )
    return None if number is None else number - 1


def entry(plan: dvrip_proto.Plan) -> Result:
    """What a module returns for one object."""
    result: Result = {"name": plan.name}
    if plan.channel is not None:
        result["channel"] = plan.channel + 1
    return result | {
        "changed": plan.changed,
        "before": plan.before,
        "after": plan.after,
        "changes": list(plan.summary()),
    }


def diffs(device: dvrip_proto.Device, plans: t.Iterable[dvrip_proto.Plan]) -> list[Diff]:
    """What diff mode shows: the objects that differ, and which of their secrets do."""
    return [
        Diff(
            header=f"{where(device)} {plan.label}",
            before=plan.before,
            after=_with_secrets(plan.after, [change.path for change in plan.changes if change.secret]),
        )
        for plan in plans
        if plan.changed
    ]


def _with_secrets(tree: t.Any, changed: list[str]) -> t.Any:
    """Masked secrets look alike before and after, so a diff names those that change."""
    return {**tree, "(changed secrets)": changed} if changed and isinstance(tree, dict) else tree


async def write(session: Session, plans: t.Iterable[dvrip_proto.Plan]) -> Result:
    """Write the objects that differ, in order."""
    reboot_required = False
    for plan in plans:
        if plan.changed:
            applied = await (await session.device()).settings.apply(plan)
            session.written.append(plan.label)
            reboot_required = reboot_required or applied.reboot_needed
    return {"reboot_required": reboot_required}


def propose(device: dvrip_proto.Device, plans: t.Sequence[dvrip_proto.Plan], result: Result) -> Proposal:
    """The proposal to write these objects."""
    return Proposal(
        changed=any(plan.changed for plan in plans),
        result=result,
        diffs=diffs(device, plans),
        apply=lambda session: write(session, plans),
    )
