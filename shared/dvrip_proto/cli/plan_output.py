"""What would change, and what was changed: for people and for programs. People count channels from 1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from ..config.plan import Plan
from ..device import Device
from ..errors import DvripError
from ..features.settings import Applied
from . import output

DRY_RUN = Annotated[bool, typer.Option("--dry-run", help="Show what would change, write nothing.")]
DISCONNECT = Annotated[
    bool,
    typer.Option(
        "--allow-disconnect", help="Write also what may end this connection or lock this computer out."
    ),
]


async def carry_out(
    device: Device,
    plans: Sequence[Plan],
    *,
    dry_run: bool,
    allow_disconnect: bool,
    json: bool,
    several: bool = False,
) -> None:
    """Write plans in their order and print what came of it, as a JSON list when there may be `several`.

    Nothing is written while one is too dangerous: then all are shown, before that is said. An error says what
    was written before it.
    """
    refused = not dry_run and not allow_disconnect and any(plan.dangers for plan in plans)
    if refused:
        for plan in () if json else plans:
            print_plan(plan, None, json=False)
        for plan in plans:
            device.settings.check(plan)
    done: list[tuple[Plan, Applied | None]] = []
    for plan in plans:
        try:
            applied = (
                None if dry_run else await device.settings.apply(plan, allow_disconnect=allow_disconnect)
            )
        except DvripError as error:
            error.written = (*(earlier.label for earlier, _ in done if earlier.changed), *error.written)
            raise
        done.append((plan, applied))
        if not (json and several):
            print_plan(plan, applied, json=json, named=several)
    if json and several:
        output.as_json([_for_programs(plan, applied) for plan, applied in done])


def print_plan(plan: Plan, applied: Applied | None, *, json: bool, named: bool = False) -> None:
    """Print the changes of a plan; `applied` is None when nothing was to be written."""
    if json:
        output.as_json(_for_programs(plan, applied))
        return
    if not plan.changed:
        output.line(f"{plan.label}: nothing differs" if named else "nothing differs")
        return
    if named:
        output.line(plan.label)
    if plan.spec.per_channel and plan.channel is None:
        rows = ((_from_one(c.channel), c.path, c.before, c.after) for c in plan.changes)
        output.table((plan.spec.element.upper(), "KEY", "BEFORE", "AFTER"), rows)
    else:
        output.table(("KEY", "BEFORE", "AFTER"), ((c.path, c.before, c.after) for c in plan.changes))
    for doubt in plan.doubts:
        output.line(f"warning: {doubt}")
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
    told["doubts"] = list(plan.doubts)
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
