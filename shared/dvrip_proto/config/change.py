"""One difference between a device's object and a wish."""

from __future__ import annotations

from dataclasses import dataclass

from ..values import Json


@dataclass(frozen=True, slots=True)
class Change:
    """One value that differs, in the spelling of people. A secret one is masked on both sides.

    `channel` counts from 0, its text from 1; `element` is what it is: an alarm input, an output ...
    """

    path: str
    before: Json  # None when the device has no such value
    after: Json  # None when the value is removed
    secret: bool = False
    channel: int | None = None
    element: str = "channel"

    def __str__(self) -> str:
        whose = "" if self.channel is None else f"{self.element} {self.channel + 1}"
        where = ": ".join(part for part in (whose, self.path) if part) or "value"
        return f"{where}: {_text(self.before)} -> {_text(self.after)}"


@dataclass(frozen=True, slots=True)
class Missing:
    """A key of a wish that the device does not have. `hint` ends a sentence: what may have been meant."""

    path: str
    channel: int | None = None  # from 0
    hint: str = ""


def _text(value: Json) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    return '""' if value == "" else str(value)
