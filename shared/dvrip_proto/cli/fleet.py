"""One question to many devices: some at a time, and one that fails does not stop the others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from ..device import Device
from ..errors import DvripError, UsageError
from .door import ExitCode, code_of, complain
from .reach import Login, address

HOSTS_FILE = Annotated[
    Path | None,
    typer.Option("--hosts-file", metavar="FILE", help="Ask every device of FILE: one HOST[:PORT] a line."),
]
PARALLEL = Annotated[
    int, typer.Option("--parallel", metavar="N", min=1, max=1000, help="How many devices at a time.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer[T]:
    """What one device answered, or why it did not."""

    host: str
    value: T | None = None
    error: DvripError | None = None


def read_hosts(file: Path) -> list[str]:
    """Return the addresses of a file; empty lines and what follows # are left out."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: {getattr(error, 'strerror', None) or 'is no text'}") from error
    hosts = [host for line in text.splitlines() if (host := line.partition("#")[0].strip())]
    if not hosts:
        raise UsageError(f"{file}: names no device")
    return list(dict.fromkeys(hosts))


async def ask[T](
    login: Login, hosts: list[str], question: Callable[[Device], Awaitable[T]], *, parallel: int
) -> list[Answer[T]]:
    """Ask every device, in the order of `hosts`; addresses are checked before the first is asked."""
    for host in hosts:
        address(host, login.port)
    turns = asyncio.Semaphore(parallel)

    async def one(host: str) -> Answer[T]:
        async with turns:
            try:
                async with login.device(host) as device:
                    return Answer(host=host, value=await question(device))
            except DvripError as error:
                return Answer(host=host, error=error)

    return await asyncio.gather(*(one(host) for host in hosts))


def worst(answers: Sequence[Answer[object]]) -> ExitCode:
    """Say on standard error who failed, and return the highest exit code."""
    errors = [answer.error for answer in answers if answer.error is not None]
    for error in errors:
        complain(str(error))
    return max((code_of(error) for error in errors), default=ExitCode.DONE)
