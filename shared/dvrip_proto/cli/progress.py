"""How far a transfer is, on a terminal's standard error; nothing where nobody looks."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from .output import keeps


class Bar:
    """A bar with a title, shown inside `with`."""

    def __init__(self, title: str) -> None:
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(binary_units=True),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
            disable=not sys.stderr.isatty() or keeps(),
        )
        self._task = self._progress.add_task(Text(title).plain, total=None)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def move(self, done: int, expected: int) -> None:
        """Show so many bytes, of an expected number that 0 means nobody knows."""
        self._progress.update(self._task, completed=done, total=max(done, expected) if expected else None)
