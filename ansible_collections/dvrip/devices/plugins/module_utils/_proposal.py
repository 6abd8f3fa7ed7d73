# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""What a module would do, before it does it: one value for check mode, diff and apply. Pure."""

from __future__ import annotations

import json
import typing as t
from dataclasses import dataclass, field

if t.TYPE_CHECKING:
    from ansible_collections.dvrip.devices.plugins.module_utils._session import Session

Result = dict[str, t.Any]
Rows = t.Sequence[Result]

OLD_SECRET, NEW_SECRET = "(old secret)", "(new secret)"


def row(
    label: str, path: str, before: t.Any, after: t.Any, *, channel: int | None = None, secret: bool = False
) -> Result:
    """One change as results tell it; `channel` counts from 1, a secret shows neither side."""
    if secret:
        before, after = (None if before is None else OLD_SECRET), (None if after is None else NEW_SECRET)
    numbered: Result = {} if channel is None else {"channel": channel}
    return {"object": label, **numbered, "path": path, "before": before, "after": after}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One write: how the device is told, and how to see afterwards what of it is still missing.

    `write` returns whether the device wants a restart for it. `left` reads the device: the changes that it lacks,
    or None when it does not tell. `moves_to` is what of host and port it changes.
    """

    label: str
    write: t.Callable[[Session], t.Awaitable[bool]]
    left: t.Callable[[Session], t.Awaitable[Rows | None]]
    rows: Rows = ()
    warnings: t.Sequence[str] = ()
    moves_to: t.Mapping[str, t.Any] = field(default_factory=dict)


async def _steps_only(_session: Session) -> Result:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The writes a module found necessary, in order, and what it says of them.

    `finish` comes after the steps, with results of its own; `acts` says that it changes something.
    """

    result: Result = field(default_factory=dict)
    steps: t.Sequence[Step] = ()
    rows: Rows = ()  # changes that no step has, those of `finish`
    warnings: t.Sequence[str] = ()
    acts: bool = False
    looks: bool = False  # whether `finish` looks at the device also where nothing changes
    finish: t.Callable[[Session], t.Awaitable[Result]] = field(default=_steps_only)

    @property
    def changed(self) -> bool:
        return bool(self.steps) or self.acts

    @property
    def changes(self) -> list[Result]:
        """Every change, for the result."""
        return [change for step in self.steps for change in step.rows] + list(self.rows)

    @property
    def told(self) -> list[str]:
        """What a person is warned of, each thing once."""
        return list(dict.fromkeys([*self.warnings, *(text for step in self.steps for text in step.warnings)]))


def diffs(changes: Rows, name: str) -> list[Result]:
    """What the callback plugins print: one part for each object, one line for each value that changes."""
    parts: dict[str, list[Result]] = {}
    for change in changes:
        parts.setdefault(change["object"], []).append(change)
    return [
        {
            "before_header": f"{name} {label}",
            "after_header": f"{name} {label}",
            "before": "".join(_line(change, "before") for change in found),
            "after": "".join(_line(change, "after") for change in found),
        }
        for label, found in parts.items()
    ]


def _line(change: Result, side: str) -> str:
    value = change[side]
    if value is None:
        return ""
    channel = f"channel {change['channel']} " if "channel" in change else ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"{channel}{change['path'] or 'value'}: {text}\n"
