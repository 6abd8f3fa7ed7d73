"""What would change, and what was changed: for people and for programs. People count channels from 1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches

from ..config.catalog import CATALOG, spec_for, split_name
from ..config.plan import Plan
from ..errors import DvripError, UnsupportedError
from ..features.settings import Applied
from . import output

_INDEX = re.compile(r"^\[(\d+)\]\.?")


def print_plan(plan: Plan, applied: Applied | None, *, json: bool) -> None:
    """Print the changes of a plan; `applied` is None when nothing was to be written."""
    if json:
        output.as_json(_for_programs(plan, applied))
        return
    if not plan.changed:
        output.line("nothing differs")
        return
    if plan.spec.per_channel and plan.channel is None:
        rows = ((*_split(c.path), c.before, c.after) for c in plan.changes)
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
        "channel": None if plan.channel is None else plan.channel + 1,
        "changed": plan.changed,
        "written": plan.changed and applied is not None,
    }
    if applied is not None:
        told |= {"reboot_needed": applied.reboot_needed, "verified": applied.verified}
    told["changes"] = [
        {"path": c.path, "before": c.before, "after": c.after, "secret": c.secret} for c in plan.changes
    ]
    return told


def _split(path: str) -> tuple[int | None, str]:
    """Return the channel, from 1, and the path in it of the path in a list of channels."""
    match = _INDEX.match(path)
    return (int(match[1]) + 1, path[match.end() :]) if match else (None, path)


@contextmanager
def counting_from_one(name: str) -> Iterator[None]:
    """Let errors about the channels of an object count as people do; a name with an index is the wire's."""
    spec, (_, asked) = spec_for(name), split_name(name)
    try:
        yield
    except DvripError as error:
        text = str(error)
        if spec.per_channel and asked is None:
            text = _of_people(text, name, spec.element)
        if isinstance(error, UnsupportedError) and name not in CATALOG:
            text += "".join(f"; did you mean {known}?" for known in get_close_matches(name, CATALOG, 1))
        error.args = (text,)
        raise


def _of_people(text: str, name: str, element: str) -> str:
    text = re.sub(
        rf"{re.escape(name)}\.\[(\d+)\]", lambda m: f"{name}: {element} {int(m[1]) + 1}", text, count=1
    )
    # A list of changes: "[0].Level: 3 -> 5; [1].Level: 3 -> 5".
    text = re.sub(r"(?<=[:;] )\[(\d+)\]\.?", lambda m: f"{element} {int(m[1]) + 1}: ", text)
    text = re.sub(
        rf"\b(no|the) {re.escape(element)} (\d+)(?:(, the device has \d+), counted from 0)?",
        lambda m: f"{m[1]} {element} {int(m[2]) + 1}{m[3] or ''}",
        text,
    )
    # What was said twice: of which channel, and that it is not there.
    return re.sub(rf": {re.escape(element)} \d+: (?=(?:there is no|the) {re.escape(element)})", ": ", text)
