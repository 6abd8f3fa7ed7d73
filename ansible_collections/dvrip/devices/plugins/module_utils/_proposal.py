# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""What a module would do, before it does it: one value for check mode, diff and apply."""

from __future__ import annotations

import json
import typing as t
from dataclasses import dataclass, field

from ansible_collections.dvrip.devices.plugins.module_utils._session import Result, Session

__all__ = ["Diff", "Proposal", "Result"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """One object before and after, secrets redacted."""

    header: str
    before: t.Any
    after: t.Any

    def as_result(self) -> Result:
        """The form the callback plugins print."""
        return {
            "before_header": self.header,
            "after_header": self.header,
            "before": _printable(self.before),
            "after": _printable(self.after),
        }


def _printable(value: t.Any) -> t.Any:
    # The callback plugins print mappings and text only, and some objects are lists.
    return json.dumps(value, indent=4, ensure_ascii=False) + "\n" if isinstance(value, list) else value


async def _nothing(_session: Session) -> Result:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The changes a module found necessary, and how to make them."""

    result: Result
    changed: bool = False
    diffs: t.Sequence[Diff] = ()
    warnings: t.Sequence[str] = ()
    apply: t.Callable[[Session], t.Awaitable[Result]] = field(default=_nothing)
