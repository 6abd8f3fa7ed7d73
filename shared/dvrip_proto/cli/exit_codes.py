"""Errors become exit codes and one line on standard error, here and nowhere else."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Coroutine, Iterator
from enum import IntEnum
from typing import Any, Final, TextIO
from weakref import WeakKeyDictionary

import typer

from ..errors import (
    AuthenticationError,
    DvripError,
    ProtocolError,
    RequestError,
    TransportError,
    UsageError,
)
from ..wire.remedies import remedy
from .output import as_json, clean, documents


class ExitCode(IntEnum):
    """What the shell is told."""

    DONE = 0
    REFUSED = 1  # the device said no
    USAGE = 2
    AUTHENTICATION = 3
    NETWORK = 4
    PROTOCOL = 5
    INTERRUPTED = 130
    TERMINATED = 143


_CODES: dict[type[DvripError], ExitCode] = {
    AuthenticationError: ExitCode.AUTHENTICATION,
    TransportError: ExitCode.NETWORK,
    ProtocolError: ExitCode.PROTOCOL,
    UsageError: ExitCode.USAGE,
    RequestError: ExitCode.REFUSED,
}

CODES_HELP = (
    "Exit codes: 0 done, 1 the device said no, 2 wrong use, 3 wrong user or password, "
    "4 device not reachable, 5 not a DVRIP device, 130 interrupted, 143 terminated. "
    "Of several devices the highest counts."
)


def code_of(error: DvripError) -> ExitCode:
    """Return the exit code of an error."""
    return next((code for kind, code in _CODES.items() if isinstance(error, kind)), ExitCode.REFUSED)


def explained(error: DvripError) -> str:
    """Return what went wrong and, where its code tells, what to do."""
    told = remedy(error)
    return f"{error}. {told.text}" if told is not None else str(error)


def complain(text: str) -> None:
    """Write one line to standard error."""
    try:
        sys.stderr.write(f"dvrip: {clean(text)}\n")
        sys.stderr.flush()
    except OSError:  # where complaints have no place, the exit code still tells
        _let_go(sys.stderr)


def told(error: DvripError) -> dict[str, object]:
    """Return an error for programs."""
    written = {"written": list(error.written)} if error.written else {}
    return {"error": str(error), "exit_code": int(code_of(error)), **written}


def fail(failure: DvripError, *, json: bool = False) -> typer.Exit:
    """Tell an error, to a program as JSON, too; return what leaves with its exit code."""
    complain(explained(failure))
    if json:
        with contextlib.suppress(OSError):  # where its own place is what failed
            as_json(told(failure), compact=True)
    return typer.Exit(code_of(failure))


def undone(text: str, *, json: bool) -> ExitCode:
    """Tell that somebody ended a command before it did anything."""
    complain(text)
    if json:
        as_json({"error": text, "exit_code": int(ExitCode.INTERRUPTED)}, compact=True)
    return ExitCode.INTERRUPTED


def run(work: Coroutine[None, None, ExitCode | None], *, json: bool = False) -> None:
    """Run a command to its end and leave with its exit code; a program gets an error as JSON, too."""
    before = documents()
    try:
        code = asyncio.run(_until_terminated(work))
    except (DvripError, OSError) as error:
        if isinstance(error, BrokenPipeError):
            raise
        failure = error if isinstance(error, DvripError) else UsageError(of_system(error))
        raise fail(failure, json=json and documents() == before) from error
    except KeyboardInterrupt:
        raise typer.Exit(ExitCode.INTERRUPTED) from None
    except typer.Abort:  # somebody was asked, and said no
        raise typer.Exit(undone("nothing was done", json=json)) from None
    raise typer.Exit(code or ExitCode.DONE)


def of_system(error: OSError) -> str:
    """What the operating system refused, in words."""
    return f"{error.filename or 'standard output'}: {error.strerror or error}"


async def _until_terminated(work: Coroutine[None, None, ExitCode | None]) -> ExitCode | None:
    """Do work that a kill ends as Ctrl-C does: devices are left in order, and no file half-written."""
    task = asyncio.current_task()
    terminated = False

    def end() -> None:
        nonlocal terminated
        terminated = True
        if task is not None:
            task.cancel()

    with contextlib.suppress(NotImplementedError, RuntimeError):
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, end)
    try:
        return await work
    except asyncio.CancelledError:
        if not terminated:
            raise
        return ExitCode.TERMINATED


@contextlib.contextmanager
def written() -> Iterator[None]:
    """End a command whose output is not taken with one line; a reader that has seen enough is no error."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        _let_go(sys.stdout)
        raise SystemExit(int(ExitCode.DONE)) from None
    except OSError as error:
        _let_go(sys.stdout)
        complain(of_system(error))
        raise SystemExit(int(ExitCode.USAGE)) from error


def _let_go(stream: TextIO) -> None:
    """Give up a standard stream, before Python flushes it at its end and leaves with a code of its own."""
    with contextlib.suppress(OSError):  # what is no file needs none of it
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C end a question at once: a running event loop would only note it until the answer."""
    former = signal.getsignal(signal.SIGINT)
    if former is signal.SIG_IGN or threading.current_thread() is not threading.main_thread():
        yield
        return
    killed = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, former)
        signal.signal(signal.SIGTERM, killed)


_STOPPED: Final = WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Event]()


def stop_signal() -> asyncio.Event:
    """Return an event that Ctrl-C or a kill sets: for commands that run until then and end well.

    It is one for all that a command does at a time: a signal has one handler.
    """
    loop = asyncio.get_running_loop()
    if (known := _STOPPED.get(loop)) is not None:
        return known
    stopped = _STOPPED[loop] = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError, RuntimeError):
            loop.add_signal_handler(number, stopped.set)
    return stopped


async def until_stopped[T](work: Coroutine[Any, Any, T]) -> T | None:
    """Return the result of work, None when Ctrl-C or a kill came first; either way the work has ended."""
    stopped = asyncio.create_task(stop_signal().wait())
    working = asyncio.create_task(work)
    try:
        await asyncio.wait({stopped, working}, return_when=asyncio.FIRST_COMPLETED)
        return await working if working.done() else None
    finally:
        stopped.cancel()
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
