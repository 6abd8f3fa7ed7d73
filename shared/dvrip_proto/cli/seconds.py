"""How long something goes on already, on a terminal's standard error; nothing where nobody looks."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self

from .output import clean, keeps


class Seconds:
    """How many seconds there are so far, shown inside `with`."""

    def __init__(self, title: str) -> None:
        self._title = clean(title)
        self._shown = -1
        self._visible = sys.stderr.isatty() and not keeps()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._visible and self._shown >= 0:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def show(self, seconds: float) -> None:
        """Show so many seconds."""
        if self._visible and int(seconds) != self._shown:
            self._shown = int(seconds)
            sys.stderr.write(f"\r{self._title}: {self._shown} s, Ctrl-C ends it")
            sys.stderr.flush()
