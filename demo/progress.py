"""The steps of a run: timed, shown to a person while they happen, kept for the report."""

from __future__ import annotations

import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

INTERRUPTED = "interrupted"


class DemoError(Exception):
    """Something the demo needs is not so; the text says what, where and what to do."""


def require(condition: object, message: str) -> None:
    """Raise DemoError with `message` unless `condition` holds."""
    if not condition:
        raise DemoError(message)


@dataclass(slots=True)
class Step:
    """One step: `detail` goes to the report, `note` also to the person."""

    name: str
    title: str
    ok: bool = False
    seconds: float = 0.0
    error: str | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        """Show `text` below the step."""
        self.notes.append(text)

    def as_json(self) -> dict[str, Any]:
        """The step as the report keeps it."""
        kept = {"name": self.name, "title": self.title, "ok": self.ok, "seconds": round(self.seconds, 2)}
        return kept | ({"error": self.error} if self.error else {}) | {"detail": self.detail}


class Progress:
    """Runs steps one after the other, shows them to a person and remembers how each ended."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.transcript: list[str] = []
        self.colour = sys.stdout.isatty()
        self._pending = ""

    @property
    def ok(self) -> bool:
        """Whether every step so far has held."""
        return all(step.ok for step in self.steps)

    def told(self, error: Exception) -> bool:
        """Whether a step has shown `error` already."""
        return any(step.error == str(error) for step in self.steps)

    def say(self, text: str = "") -> None:
        """One line for the person; goes above the step that is running."""
        self.transcript.append(text)
        clear = "\r\x1b[2K" if self._pending else ""
        print(f"{clear}{text}", flush=True)
        if self._pending:
            print(self._pending, end="", flush=True)

    def paint(self, code: str, text: str) -> str:
        """`text` in a terminal colour, plain where the output is no terminal."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text

    @asynccontextmanager
    async def step(self, name: str, title: str, *, go_on: bool = False) -> AsyncIterator[Step]:
        """Time and report what happens inside; with `go_on` a failure is kept but not raised."""
        step = Step(name, title)
        self.steps.append(step)
        self._begin(title)
        begun = time.monotonic()
        try:
            yield step
            step.ok = True
        except Exception as error:
            step.error = str(error) or type(error).__name__
            if not isinstance(error, DemoError):
                step.error = f"{type(error).__name__}: {step.error}"
            if not go_on:
                raise
        except BaseException:
            step.error = INTERRUPTED
            raise
        finally:
            step.seconds = time.monotonic() - begun
            self._end(step)

    def _begin(self, title: str) -> None:
        if self.colour:
            self._pending = f"  … {title}"
            print(self._pending, end="", flush=True)

    def _end(self, step: Step) -> None:
        if self._pending:
            print("\r\x1b[2K", end="")
        self._pending = ""
        interrupted = step.error == INTERRUPTED
        mark = self.paint("32", "✓") if step.ok else "-" if interrupted else self.paint("31", "✗")
        self.say(f"  {mark} {step.title:<66}{self.paint('2', f'{step.seconds:6.1f} s')}")
        for note in step.notes:
            self.say(f"      {self.paint('2', note)}")
        if step.error and not interrupted:
            self.say(f"      {self.paint('31', step.error)}")
