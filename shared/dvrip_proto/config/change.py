"""One difference between a device's object and a wish."""

from __future__ import annotations

from dataclasses import dataclass

from ..values import Json


@dataclass(frozen=True, slots=True)
class Change:
    """One value that differs, in the spelling of people. A secret one is masked on both sides."""

    path: str
    before: Json  # None when the device has no such value
    after: Json  # None when the value is removed
    secret: bool = False

    def __str__(self) -> str:
        return f"{self.path or 'value'}: {_text(self.before)} -> {_text(self.after)}"


def _text(value: Json) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    return '""' if value == "" else str(value)
