"""A pet feeder: what it gives by hand, the plan, and the history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

_HOLDS: Final = 20
_KEPT: Final = 200
_PLAN_MAX: Final = 50
_BY_HAND: Final = 2
_IDENTITY: Final = {"FeedBook": ("Time",), "FeedHistory": ("Date", "Time", "Type")}


class Feeder:
    """Gives servings while there is food; `plan` and `history` hold items as they are on the wire."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.left = _HOLDS
        self.plan: list[dict[str, Any]] = []
        self.history: list[dict[str, Any]] = []
        self._now = now

    def feed(self, servings: int) -> dict[str, int]:
        """Give servings by hand: how many came out, and how many did not."""
        given = min(max(servings, 0), self.left)
        self.left -= given
        if given:
            day, _, clock = self._now().strftime("%Y-%m-%d %H:%M:%S").partition(" ")
            self.history.insert(0, {"Date": day, "Servings": given, "Time": clock, "Type": _BY_HAND})
            del self.history[_KEPT:]
        return {"Feeded": given, "NotFeeding": servings - given}

    def add(self, meals: list[dict[str, Any]]) -> bool:
        """Put meals into the plan, each in place of one at the same time. False when there are too many."""
        kept = [meal for meal in self.plan if not any(_same(meal, new, "FeedBook") for new in meals)]
        if len(kept) + len(meals) > _PLAN_MAX:
            return False
        self.plan = [*kept, *meals]
        return True

    def remove(self, member: str, items: list[dict[str, Any]]) -> bool:
        """Take meals ("FeedBook") or entries ("FeedHistory") out; False when one is not there."""
        present = self.plan if member == "FeedBook" else self.history
        found = [item for item in present if any(_same(item, gone, member) for gone in items)]
        for item in found:
            present.remove(item)
        return bool(found)


def _same(one: dict[str, Any], other: dict[str, Any], member: str) -> bool:
    return all(one.get(key) == other.get(key) for key in _IDENTITY[member])
