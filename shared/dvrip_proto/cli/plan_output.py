"""What would change, and what was changed: for people and for programs. People count channels from 1."""

from __future__ import annotations

from ..config.plan import Plan
from ..features.settings import Applied
from . import output


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
