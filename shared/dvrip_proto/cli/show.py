"""Results on standard output: tables for people, JSON for programs.

What a device says is shown as text, never obeyed: no terminal escapes, no markup.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

_WIDE = 10_000  # a pipe has no width: nothing is cut


def clean(value: object) -> str:
    """Return text that a terminal only prints."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(value))


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under their headings; None is a dash."""
    grid = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        grid.add_row(*(Text(clean(cell)) for cell in row))
    _console().print(grid)


def fields(pairs: Mapping[str, object]) -> None:
    """Print names and values, one a line."""
    grid = Table(box=None, pad_edge=False, show_header=False)
    for name, value in pairs.items():
        grid.add_row(Text(name, style="bold"), Text(clean(None if value == "" else value)))
    _console().print(grid)


def line(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{clean(text)}\n")
    sys.stdout.flush()


def as_json(value: object, *, compact: bool = False) -> None:
    """Print a value as JSON; `compact` on one line."""
    text = json.dumps(value, default=_plain, ensure_ascii=False, indent=None if compact else 2)
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def flat(tree: Any, path: str = "") -> Iterable[tuple[str, object]]:
    """Yield every leaf of a tree with its path; a list of plain values is one leaf."""
    if isinstance(tree, Mapping) and tree:
        for key, value in tree.items():
            yield from flat(value, f"{path}.{key}" if path else str(key))
    elif isinstance(tree, list) and any(isinstance(item, Mapping | list) for item in tree):
        for index, value in enumerate(tree):
            yield from flat(value, f"{path}[{index}]")
    else:
        yield path, tree if isinstance(tree, str) else json.dumps(tree, ensure_ascii=False)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, frozenset | set | tuple):
        return sorted(value) if isinstance(value, frozenset | set) else list(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def _console() -> Console:
    width = None if sys.stdout.isatty() else _WIDE
    return Console(file=sys.stdout, width=width, highlight=False, emoji=False, markup=False)
