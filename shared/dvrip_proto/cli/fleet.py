"""One question to many devices: some at a time, and one that fails does not stop the others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from ..connection import Address
from ..device import Device
from ..errors import DvripError, UsageError
from ..fleet import ask_all
from .exit_codes import ExitCode, code_of, complain, explained
from .login import Login, first_line

HOSTS_HELP = (
    "The device: NAME, HOST, HOST:PORT or USER@HOST. @FILE is every device of FILE: one a line, "
    "followed by the file of its own password if it has one."
)
PARALLEL = Annotated[
    int, typer.Option("--parallel", metavar="N", min=1, max=1000, help="How many devices at a time.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a device is: [USER@]NAME or [USER@]HOST[:PORT], and its password if one stands beside it."""

    host: str
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer[T]:
    """What one device answered, or why it did not."""

    host: str
    address: str = ""
    value: T | None = None
    error: DvripError | None = None


def places(words: Sequence[str]) -> list[Place]:
    """Return the devices of HOST and @FILE words, each once."""
    found = (read_hosts(Path(w[1:])) if w.startswith("@") else [Place(host=w)] for w in words)
    return list({place.host: place for place in chain.from_iterable(found)}.values())


def read_hosts(file: Path) -> list[Place]:
    """Return the devices of a file, each once; empty lines and what follows # are left out."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: {getattr(error, 'strerror', None) or 'is no text'}") from error
    places: dict[str, Place] = {}
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].split(maxsplit=1)
        if not words:
            continue
        try:
            address = Address.parse(words[0])
            own = first_line(file.parent / words[1].strip()) if len(words) > 1 else None
        except UsageError as error:
            raise UsageError(f"{file}: line {number}: {error}") from error
        places.setdefault(str(address), Place(host=words[0], password=own))
    if not places:
        raise UsageError(f"{file}: names no device")
    return list(places.values())


async def ask[T](
    login: Login, places: Sequence[Place], question: Callable[[Device, str], Awaitable[T]], *, parallel: int
) -> list[Answer[T]]:
    """Ask every device, in the order of `places`: the question gets how it is called, too.

    Addresses and passwords are there before the first is asked.
    """
    login.ready(place.host for place in places if place.password is None)
    asked = {login.device(place.host, place.password): place.host for place in places}
    answers = await ask_all(asked, lambda device: question(device, asked[device]), at_once=parallel)
    return [
        Answer(
            host=asked[each.device],
            address=f"{each.device.host}:{each.device.port}",
            value=each.value,
            error=each.error,
        )
        for each in answers
    ]


def worst(answers: Sequence[Answer[object]]) -> ExitCode:
    """Say on standard error who failed, and return the highest exit code."""
    errors = [answer.error for answer in answers if answer.error is not None]
    for error in errors:
        complain(explained(error))
    return max((code_of(error) for error in errors), default=ExitCode.DONE)
