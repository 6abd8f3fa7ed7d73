"""Write docs/settings.md: every setting that has a name of its own, with its values and where it is kept.

`--check` fails when the page is not what it would be.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "settings.md"
sys.path[:0] = [str(ROOT), str(ROOT / "shared")]

from dvrip_proto import CATALOG, CONTROLS, Control  # noqa: E402 - found by the line above
from tools.written import write_or_check  # noqa: E402 - found by the line above

_HEAD: Final = """\
<!-- Written by tools/settings_table.py: change the rows in shared/dvrip_proto/config/controls/, run it. -->

# Settings

The {count} settings that have a name of their own. No device has all of these; `dvrip show HOST` shows what
one has. The names are the same on the command line (`dvrip set HOST motion_sensitivity=4 --channel 2`), in
the Ansible module `settings` and in the library. In Home Assistant each marked **entity** is one: those in
bold are shown at once, the others after you enable them.

Everything else that a device keeps is reached by the device's own names: see
[configuration-objects.md](configuration-objects.md).
"""
_TABLE: Final = "\n| setting | what | values | entity | key |\n|---|---|---|---|---|\n"


def page() -> str:
    """Text of docs/settings.md."""
    rows = sorted(CONTROLS, key=lambda row: list(CATALOG).index(row.object))
    sections = (_section(name, list(group)) for name, group in groupby(rows, lambda row: row.object))
    return _HEAD.format(count=len(CONTROLS)) + "".join("".join(section) for section in sections)


def _section(name: str, rows: list[Control]) -> Iterator[str]:
    spec = CATALOG[name]
    of_each = f", for each {spec.element}" if spec.per_channel else ""
    yield f"\n## {spec.title}\n\nObject `{name}`{of_each}.\n{_TABLE}"
    yield from map(_row, rows)


def _row(row: Control) -> str:
    key = f"**`{row.key}`**" if row.basic else f"`{row.key}`"
    path = " and ".join(f"`{path}`" for path in (row.path, row.minute) if path) or "(itself)"
    values = row.kind.allowed.replace("|", "\\|") + (" (secret)" if row.kind.secret else "")
    entity = "entity" if row.entity and not row.kind.secret else ""
    return f"| {key} | {row.title} | {values} | {entity} | {path} |\n"


if __name__ == "__main__":
    sys.exit(write_or_check({PAGE: page()}))
