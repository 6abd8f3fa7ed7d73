"""Write the tables of docs/simulator.md: its models, and every quirk with where it was seen.

`--check` fails when the page is not what it would be.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "simulator.md"
sys.path[:0] = [str(ROOT), str(ROOT / "shared")]

from dvrip_proto.simulator.profile import load_profile, profile_names  # noqa: E402 - found by the line above
from dvrip_proto.simulator.quirk_options import switches  # noqa: E402 - found by the line above
from tools.written import between, write_or_check  # noqa: E402 - found by the line above


def page() -> str:
    """Text of docs/simulator.md: what a person wrote, with the tables as the simulator is."""
    quirks = ((f"`{each.name}`", each.takes.replace(" or ", ", "), each.what, each.by) for each in switches())
    models = (
        (f"`{each.name}`", str(each.data["channels"]), each.data["title"], each.data["source"])
        for each in map(load_profile, profile_names())
    )
    text = between(
        PAGE.read_text("utf-8"), "models", _table(("Profile", "Channels", "What", "Known from"), models)
    )
    return between(text, "quirks", _table(("Quirk", "Value", "What", "Seen by"), quirks))


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |\n" for line in lines)


if __name__ == "__main__":
    sys.exit(write_or_check({PAGE: page()}))
