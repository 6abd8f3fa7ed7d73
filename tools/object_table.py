"""Write docs/objects.md: every configuration object of the catalog with its fields, their values and units.

`--check` fails when the page is not what it would be.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "objects.md"
sys.path[:0] = [str(ROOT), str(ROOT / "shared")]

from dvrip_proto.config.catalog import CATALOG  # noqa: E402 - found by the line above
from dvrip_proto.config.catalog.shared_rows import EVENT_HANDLER  # noqa: E402 - found by the line above
from dvrip_proto.config.spec import Access, Field, Spec  # noqa: E402 - found by the line above
from tools.written import write_or_check  # noqa: E402 - found by the line above

_HEAD: Final = """\
<!-- Written by tools/object_table.py: change the catalog, and run it. -->

# Configuration objects

The {count} objects that the catalog knows. Others work as well, by their names on the device: their values
are compared and written as they are. No device has all of these; `dvrip config list HOST` shows what one has.

[configuration-objects.md](configuration-objects.md) says how to read and change them. In a path, `[]` stands
for every element of a list. Values are in the spelling of people; the device's own is taken as well.

"""
_TABLE: Final = "\n| field | what | values | |\n|---|---|---|---|\n"


def page() -> str:
    """Text of docs/objects.md."""
    specs = sorted(CATALOG.values(), key=lambda spec: spec.name.casefold())
    index = "".join(f"- [{spec.name}](#{_anchor(spec.name)}): {spec.title}\n" for spec in specs)
    head = _HEAD.format(count=len(specs))
    sections = "".join("".join(_section(spec)) for spec in specs)
    return f"{head}{index}{sections}{_handler()}"


def shared(path: str, field: Field) -> bool:
    """Tell whether a row is one of those that every event handler has."""
    handler, _, rest = path.partition(".")
    return handler == "EventHandler" and EVENT_HANDLER.get(rest) == field


def _handler() -> str:
    rows = "".join(_row(path, field) for path, field in EVENT_HANDLER.items())
    return f"\n## EventHandler\n\nWhat a device does at an event: a part of many objects.\n{_TABLE}{rows}"


def _anchor(name: str) -> str:
    return name.casefold().replace(".", "")


def _section(spec: Spec) -> Iterator[str]:
    yield f"\n## {spec.name}\n\n"
    said = [f"{spec.title}." if spec.title else ""]
    if spec.per_channel:
        said.append(f"A list, one element for each {spec.element}.")
    if spec.read_only:
        said.append("Read-only.")
    said += [
        f"Elements of {f'`{path}`' if path else 'the list'} are told apart by `{key.name}`."
        for path, key in spec.keyed.items()
    ]
    yield f"{' '.join(filter(None, said))}\n"
    if spec.fields:
        yield _TABLE
        own = {
            path: spec.row(path) or field for path, field in spec.fields.items() if not shared(path, field)
        }
        yield from (_row(path, field) for path, field in own.items())
        if len(own) < len(spec.fields):
            yield "| `EventHandler` | What happens then | see [EventHandler](#eventhandler) | |\n"


def _row(path: str, field: Field) -> str:
    marks = ["secret"] if field.kind.secret else []
    marks += [] if field.access is Access.READ_WRITE else [field.access.value]
    values = field.kind.allowed.replace("|", "\\|")
    return f"| `{path or '(itself)'}` | {field.title} | {values} | {', '.join(marks)} |\n"


if __name__ == "__main__":
    sys.exit(write_or_check({PAGE: page()}))
