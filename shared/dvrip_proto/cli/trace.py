"""`-v`, `-vv` and `--trace FILE` of every command: what goes over the wire, for eyes and for tests."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, override

import typer

from ..errors import UsageError
from .exit_codes import complain
from .output import printed

if TYPE_CHECKING:
    from ..connection.wire_log import Spoken

WIRE: Final = "dvrip_proto.wire"
VERSION: Final = 1
_BRIEF: Final = 240
_VALUED: Final = ("--trace", "--password-file", "--user", "-u", "--timeout", "-t", "--port", "-p")


class _Printed(logging.Formatter):
    """Lines that a terminal only prints; `brief` ones are cut."""

    def __init__(self, brief: bool) -> None:
        super().__init__("%(name)s: %(message)s")
        self._brief = brief

    @override
    def format(self, record: logging.LogRecord) -> str:
        text = printed(super().format(record))
        return f"{text[:_BRIEF]}..." if self._brief and len(text) > _BRIEF else text


def speak(verbosity: int) -> None:
    """Say on standard error what happens: 0 nothing, 1 in short lines, 2 all of it."""
    logs = logging.StreamHandler()
    logs.setFormatter(_Printed(brief=verbosity < 2))
    level = logging.DEBUG if verbosity else logging.CRITICAL
    logging.basicConfig(level=level, handlers=[logs], force=verbosity > 0)
    logging.getLogger("asyncio").setLevel(logging.DEBUG if verbosity > 1 else logging.WARNING)


_NOW: dict[str, Trace] = {}  # the one of the command that runs


def on_verbose(verbosity: int) -> None:
    """Speak, where `-v` is among the words."""
    if verbosity:
        speak(verbosity)


def on_trace(file: Path | None) -> None:
    """Begin a trace, where one is asked for."""
    if file is None:
        return
    try:
        _NOW["trace"] = Trace(file)
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}") from error


def finish(words: Sequence[str], code: int) -> None:
    """Complete the trace of a command, if there is one."""
    if (trace := _NOW.pop("trace", None)) is not None:
        trace.end(words, code)


def shared(
    verbose: Annotated[
        int,
        typer.Option(
            "--verbose",
            "-v",
            count=True,
            callback=on_verbose,
            show_default=False,
            help="Say what happens; -vv in full.",
        ),
    ] = 0,
    trace: Annotated[
        Path | None,
        typer.Option(
            "--trace",
            metavar="FILE",
            callback=on_trace,
            help="Write every message to FILE, without secrets.",
        ),
    ] = None,
) -> None:
    """The options that every command has besides its own: what they do, their callbacks do."""


class Trace(logging.Handler):
    """Writes every message to a file, a JSON object a line, without secrets and without whose they are."""

    def __init__(self, file: Path) -> None:
        super().__init__(logging.DEBUG)
        self._file = file.open("w", encoding="utf-8")
        self._full = False
        self._began = time.monotonic()
        self._places: set[str] = set()
        self._write({"trace": VERSION})
        logger = logging.getLogger(WIRE)
        self._level = logger.level
        logger.addHandler(self)
        logger.setLevel(logging.DEBUG)

    @override
    def emit(self, record: logging.LogRecord) -> None:
        from ..features.anonymous import anonymous_body

        spoken: Spoken = record.__dict__["spoken"]
        self._places |= {spoken.where, spoken.where.rpartition(":")[0]}
        line: dict[str, Any] = {
            "s": round(time.monotonic() - self._began, 3),
            "socket": spoken.socket,
            "way": spoken.way,
        }
        if spoken.way == "-":
            line["event"] = spoken.event
        else:
            line["id"] = spoken.message_id
            line |= {"size": spoken.size} if spoken.body is None else {"body": anonymous_body(spoken.body)}
        self._write(line)

    def end(self, words: Sequence[str], code: int) -> None:
        """Write what was asked, and its exit code; the trace is complete then."""
        self._write({"command": _without_whose(words, self._places), "exit": code})
        logger = logging.getLogger(WIRE)
        logger.removeHandler(self)
        logger.setLevel(self._level)
        with suppress(OSError):  # told already
            self._file.close()

    def _write(self, line: object) -> None:
        if self._full:
            return
        try:
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()
        except OSError as error:  # what is traced goes on
            self._full = True
            complain(f"{self._file.name}: {error.strerror or error}: the trace ends here")


def _without_whose(words: Sequence[str], places: set[str]) -> list[str]:
    """Words of a command without accounts, files of passwords and secrets; {at} is the device."""
    from ..config.redact import MASKED, secret_key

    told: list[str] = []
    rest = iter(words)
    for word in rest:
        option, equals, _ = word.partition("=")
        if re.fullmatch(r"-v+|--verbose", word) or (equals and option in _VALUED):
            continue
        if word in _VALUED:
            next(rest, None)
            continue
        at = word.rpartition("@")[2]
        if at.strip("[]") in {place.strip("[]") for place in places} or at in places:
            word = "{at}"
        elif equals and secret_key(option):
            word = f"{option}={MASKED}"
        told.append(word)
    return told
