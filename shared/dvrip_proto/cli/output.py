"""Results on standard output: tables for people, JSON for programs.

What a device says is shown as text, never obeyed: no terminal escapes, no markup.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table

_WIDE = 10_000  # a pipe has no width: nothing is cut
_NARROW = 8
_SAME = 8
_GAP = 2
_PRINTED = Counter[str]()
_WHOLE = frozenset({"ADDRESS", "DEVICE", "KEY", "NAME"})


@dataclass(slots=True)
class Kept:
    """What a command showed of one device among many: for people, and for programs.

    With `at_once`, how the device is called, lines and values are printed as they come, under that name.
    """

    at_once: str = ""
    tables: list[tuple[Sequence[str], list[tuple[object, ...]]]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    values: list[object] = field(default_factory=list)


_KEPT: ContextVar[Kept | None] = ContextVar("kept", default=None)


def keep(at_once: str = "") -> Kept:
    """Keep what the running task shows, instead of printing it."""
    kept = Kept(at_once=at_once)
    _KEPT.set(kept)
    return kept


def keeps() -> bool:
    """Tell whether this is one device among many: nobody can be asked, nothing is printed at once."""
    return _KEPT.get() is not None


def of_many(kept: Mapping[str, Kept]) -> None:
    """Print what was kept of each device: equal tables as one, then the lines."""
    merged: dict[tuple[str, ...], list[tuple[object, ...]]] = {}
    for host, of_one in kept.items():
        for columns, rows in of_one.tables:
            merged.setdefault(("DEVICE", *columns), []).extend((host, *row) for row in rows)
    for columns, rows in merged.items():
        table(columns, rows)
    for host, of_one in kept.items():
        for text in of_one.lines:
            line(f"{host}  {text}")


def clean(value: object) -> str:
    """Return text that a terminal only prints."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | dict):
        plain = isinstance(value, list) and all(isinstance(item, str) for item in value)
        value = ", ".join(value) if plain else json.dumps(value, ensure_ascii=False)
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(value))


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under their headings; None is a dash."""
    if (kept := _KEPT.get()) is not None:
        kept.tables.append((columns, [tuple(row) for row in rows]))
        return
    from rich.table import Table
    from rich.text import Text

    cells = [[clean(cell) for cell in row] for row in rows]
    grid = Table(box=None, pad_edge=False, header_style="bold")
    widths = _widths(columns, cells)
    for name, width in zip(columns, widths, strict=True):
        grid.add_column(name, overflow="fold", width=width)
    for row in cells:
        grid.add_row(*map(Text, row))
    _print(grid, sum(widths) + _GAP * len(widths))


def _widths(columns: Sequence[str], cells: Sequence[Sequence[str]]) -> list[int]:
    """Widths of columns: what is typed next keeps its line, the rest goes on below where it has no place."""
    from rich.cells import cell_len  # of characters that take two places, too

    widths = [max(map(cell_len, (name, *(row[at] for row in cells)))) for at, name in enumerate(columns)]
    spare = _terminal_width() - sum(widths) - _GAP * len(widths)
    while spare < 0:
        wide = [at for at, name in enumerate(columns) if name not in _WHOLE and widths[at] > _NARROW]
        if not wide:
            break
        widths[max(wide, key=lambda at: widths[at])] -= 1
        spare += 1
    return widths


def _terminal_width() -> int:
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else _WIDE


def fields(pairs: Mapping[str, object]) -> None:
    """Print names and values, one a line; of one device among many, as a row."""
    if keeps():
        table([name.upper() for name in pairs], [list(pairs.values())])
        return
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=None, pad_edge=False, show_header=False)
    rows = [(name, clean(None if value == "" else value)) for name, value in pairs.items()]
    for name, text in rows:
        grid.add_row(Text(name, style="bold"), Text(text))
    widths = [max(cell_len(row[at]) for row in rows) for at in range(2)] if rows else []
    _print(grid, sum(widths) + _GAP * len(widths))  # nothing is cut: a terminal goes on below


def line(text: str) -> None:
    """Print a line at once."""
    if (kept := _KEPT.get()) is not None:
        if not kept.at_once:
            kept.lines.append(clean(text))
            return
        text = f"{kept.at_once}  {text}"
    sys.stdout.write(f"{clean(text)}\n")
    sys.stdout.flush()


def result(text: str, fields: Mapping[str, object], *, json: bool) -> None:
    """Print what was done: a line for people, its parts for programs."""
    if json:
        as_json(fields)
    else:
        line(text)


def as_json(value: object, *, compact: bool = False) -> None:
    """Print a value as JSON; `compact` on one line."""
    if (kept := _KEPT.get()) is not None:
        if not kept.at_once or not isinstance(value, Mapping):
            kept.values.append(value)
            return
        value, compact = {"host": kept.at_once, **value}, True
    sys.stdout.write(json_text(value, indent=None if compact else 2) + "\n")
    sys.stdout.flush()
    if not compact:
        _PRINTED["document"] += 1


def documents() -> int:
    """How many whole JSON documents were printed: a second one would make no JSON of both."""
    return _PRINTED["document"]


def json_text(value: object, *, indent: int | None, sort_keys: bool = False) -> str:
    """Return a value as JSON that a terminal only prints: what it might obey is escaped."""
    text = json.dumps(value, default=_plain, ensure_ascii=False, indent=indent, sort_keys=sort_keys)
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text)


def flat(tree: Any, path: str = "") -> Iterable[tuple[str, object]]:
    """Yield every leaf of a tree with its path; a list of plain values is one leaf."""
    if isinstance(tree, Mapping) and tree:
        for key, value in tree.items():
            yield from flat(value, f"{path}.{key}" if path else str(key))
    elif _is_one_many_times(tree):
        yield from flat(tree[0], f"{path}[0-{len(tree) - 1}]")  # 64 presets that are not used, on one line
    elif isinstance(tree, list) and any(isinstance(item, Mapping | list) for item in tree):
        for index, value in enumerate(tree):
            yield from flat(value, f"{path}[{index}]")
    else:
        yield path, tree if isinstance(tree, str) else json.dumps(tree, ensure_ascii=False)


def _is_one_many_times(tree: Any) -> bool:
    if not isinstance(tree, list) or len(tree) <= _SAME or not isinstance(tree[0], Mapping | list):
        return False
    return all(item == tree[0] for item in tree)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, frozenset | set | tuple):
        return sorted(value) if isinstance(value, frozenset | set) else list(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def printed(text: str) -> str:
    """Return lines that a terminal only prints."""
    return "\n".join(clean(each) for each in text.split("\n"))


def _print(grid: Table, least: int = 0) -> None:
    from rich.console import Console

    width = max(_terminal_width(), least)
    console = Console(file=sys.stdout, width=width, highlight=False, emoji=False, markup=False)
    with console.capture() as shown:
        console.print(grid)
    sys.stdout.writelines(f"{each.rstrip()}\n" for each in shown.get().split("\n")[:-1])
