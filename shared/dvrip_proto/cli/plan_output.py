"""What would change, and what was changed: for people and for programs. People count channels from 1."""

from __future__ import annotations

from collections.abc import Sequence

from ..config.plan import Plan
from ..device import Device
from ..features.settings import Applied
from . import output


async def carry_out(
    device: Device, plans: Sequence[Plan], *, dry_run: bool, allow_disconnect: bool, json: bool
) -> None:
    """Write plans in their order and print what came of it. Nothing is written while one is too dangerous.

    Before a danger is refused, its plan is shown.
    """
    dangerous = next((plan for plan in plans if plan.dangers), None)
    if dangerous is not None and not dry_run and not allow_disconnect:
        for plan in () if json else plans:
            print_plan(plan, None, json=False)
        await device.settings.apply(dangerous)
    for plan in plans:
        applied = None if dry_run else await device.settings.apply(plan, allow_disconnect=allow_disconnect)
        print_plan(plan, applied, json=json)


def print_plan(plan: Plan, applied: Applied | None, *, json: bool) -> None:
    """Print the changes of a plan; `applied` is None when nothing was to be written."""
    if json:
        output.as_json(_for_programs(plan, applied))
        return
    if not plan.changed:
        output.line("nothing differs")
        return
    if plan.spec.per_channel and plan.channel is None:
        rows = ((_from_one(c.channel), c.path, c.before, c.after) for c in plan.changes)
        output.table((plan.spec.element.upper(), "KEY", "BEFORE", "AFTER"), rows)
    else:
        output.table(("KEY", "BEFORE", "AFTER"), ((c.path, c.before, c.after) for c in plan.changes))
    for danger in plan.dangers:
        output.line(f"danger: {danger}")
    if applied is None:
        output.line("not written")
        return
    reboot = ", takes effect after a reboot" if applied.reboot_needed else ""
    output.line(f"written{reboot}{'' if applied.verified else ', cannot be read back'}")


def _for_programs(plan: Plan, applied: Applied | None) -> dict[str, object]:
    told: dict[str, object] = {
        "name": plan.name,
        "channel": _from_one(plan.channel),
        "changed": plan.changed,
        "written": plan.changed and applied is not None,
    }
    if applied is not None:
        told |= {"reboot_needed": applied.reboot_needed, "verified": applied.verified}
    told["dangers"] = [str(danger) for danger in plan.dangers]
    told["changes"] = [
        {
            "channel": _from_one(c.channel),
            "path": c.path,
            "before": c.before,
            "after": c.after,
            "secret": c.secret,
        }
        for c in plan.changes
    ]
    return told


def _from_one(channel: int | None) -> int | None:
    return None if channel is None else channel + 1
