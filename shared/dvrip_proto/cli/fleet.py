"""One question to many devices: some at a time, and one that fails does not stop the others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from ..device import Device
from ..errors import DvripError, UsageError
from .exit_codes import ExitCode, code_of, complain, explained
from .login import Login, address, first_line, split_user

HOSTS_HELP = (
    "The device: HOST, HOST:PORT or USER@HOST. @FILE is every device of FILE: one a line, "
    "followed by the file of its own password if it has one."
)
PARALLEL = Annotated[
    int, typer.Option("--parallel", metavar="N", min=1, max=1000, help="How many devices at a time.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a device is, as [USER@]HOST[:PORT], and its own password if it has one."""

    host: str
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer[T]:
    """What one device answered, or why it did not."""

    host: str
    value: T | None = None
    error: DvripError | None = None


def places(words: Sequence[str]) -> list[Place]:
    """Return the devices of HOST and @FILE words, each once."""
    found = (read_hosts(Path(w[1:])) if w.startswith("@") else [Place(host=w)] for w in words)
    return list({place.host: place for place in chain.from_iterable(found)}.values())


def read_hosts(file: Path) -> list[Place]:
    """Return the devices of a file, each once; empty lines and what follows # are left out."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: {getattr(error, 'strerror', None) or 'is no text'}") from error
    places: dict[str, Place] = {}
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].split(maxsplit=1)
        if not words:
            continue
        try:
            address(split_user(words[0])[1], 1)
            own = first_line(file.parent / words[1].strip()) if len(words) > 1 else None
        except UsageError as error:
            raise UsageError(f"{file}: line {number}: {error}") from error
        places.setdefault(words[0], Place(host=words[0], password=own))
    if not places:
        raise UsageError(f"{file}: names no device")
    return list(places.values())


async def ask[T](
    login: Login, places: Sequence[Place], question: Callable[[Device], Awaitable[T]], *, parallel: int
) -> list[Answer[T]]:
    """Ask every device, in the order of `places`; addresses are checked before the first is asked."""
    for place in places:
        address(split_user(place.host)[1], login.port)
    if any(place.password is None for place in places):
        login.secret()
    turns = asyncio.Semaphore(parallel)

    async def one(place: Place) -> Answer[T]:
        async with turns:
            try:
                async with login.device(place.host, place.password) as device:
                    return Answer(host=place.host, value=await question(device))
            except DvripError as error:
                return Answer(host=place.host, error=error)

    return await asyncio.gather(*(one(place) for place in places))


def worst(answers: Sequence[Answer[object]]) -> ExitCode:
    """Say on standard error who failed, and return the highest exit code."""
    errors = [answer.error for answer in answers if answer.error is not None]
    for error in errors:
        complain(explained(error))
    return max((code_of(error) for error in errors), default=ExitCode.DONE)
