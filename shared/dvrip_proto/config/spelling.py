"""Names that somebody may have meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def near(name: str, known: Iterable[str]) -> str:
    """End of a sentence that names the known spelling nearest to `name`; "" when none is near."""
    names = {item.casefold(): item for item in known}
    found = get_close_matches(name.casefold(), names, 1)
    return f" (did you mean {names[found[0]]!r}?)" if found else ""
