"""How commands reach a device: the options that all of them have, and where the password comes from.

A password is never an argument: it would stand in the shell's history and in the list of processes.
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from getpass import getpass
from pathlib import Path
from typing import Annotated, Any

import typer

from ..connection import DEFAULT_PORT
from ..device import Device
from ..errors import UsageError
from .door import ExitCode, run

_VARIABLE = "DVRIP_PASSWORD"

type Work = Callable[..., Coroutine[None, None, ExitCode | None]]

HOST = Annotated[str, typer.Argument(metavar="HOST", help="The device: HOST or HOST:PORT.")]
PORT = Annotated[int, typer.Option("--port", "-p", metavar="N", min=1, max=65535, help="TCP port.")]
USER = Annotated[str, typer.Option("--user", "-u", metavar="NAME", envvar="DVRIP_USER", help="Account.")]
PASSWORD_FILE = Annotated[
    Path | None,
    typer.Option(
        "--password-file",
        metavar="FILE",
        help=f"Password is the first line of FILE; without it {_VARIABLE}, else you are asked.",
    ),
]
TIMEOUT = Annotated[
    float, typer.Option("--timeout", "-t", metavar="S", min=0.1, help="Seconds to wait for an answer.")
]
JSON = Annotated[bool, typer.Option("--json", help="JSON for programs.")]
CHANNEL = Annotated[
    int, typer.Option("--channel", "-c", metavar="N", min=1, help="Channel as people count: from 1.")
]

_HOST = inspect.Parameter("host", inspect.Parameter.KEYWORD_ONLY, annotation=HOST)
_LOGIN = [
    inspect.Parameter("port", inspect.Parameter.KEYWORD_ONLY, annotation=PORT, default=DEFAULT_PORT),
    inspect.Parameter("user", inspect.Parameter.KEYWORD_ONLY, annotation=USER, default="admin"),
    inspect.Parameter(
        "password_file", inspect.Parameter.KEYWORD_ONLY, annotation=PASSWORD_FILE, default=None
    ),
    inspect.Parameter("timeout", inspect.Parameter.KEYWORD_ONLY, annotation=TIMEOUT, default=10.0),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """What opens devices: one account for all of them. `timeout_s` is for each answer."""

    port: int
    user: str
    password: str = field(repr=False)
    timeout_s: float

    def device(self, host: str) -> Device:
        """Return the device at HOST or HOST:PORT, not yet open."""
        name, port = address(host, self.port)
        return Device(name, port, username=self.user, password=self.password, timeout_s=self.timeout_s)


def address(text: str, port: int) -> tuple[str, int]:
    """Return host and port of "HOST", "HOST:PORT", "[IPV6]" or "[IPV6]:PORT"."""
    host, colon, number = text.rpartition(":")
    if not colon or (":" in host and not host.startswith("[")) or text.endswith("]"):
        host, number = text, str(port)
    host = host.removeprefix("[").removesuffix("]")
    if not host or not number.isdecimal() or not 0 < int(number) < 65536:
        raise UsageError(f"{text!r} is no address of a device: HOST or HOST:PORT")
    return host, int(number)


def find_password(user: str, file: Path | None) -> str:
    """Return the password from a file, the environment, or whoever sits at the terminal."""
    if file is not None:
        try:
            return file.read_text(encoding="utf-8").partition("\n")[0].removesuffix("\r")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{file}: {getattr(error, 'strerror', None) or 'is no text'}") from error
    if (password := os.environ.get(_VARIABLE)) is not None:
        return password
    if sys.stdin.isatty():
        return getpass(f"Password of {user}: ")
    raise UsageError(f"no password: set {_VARIABLE} or give --password-file")


def with_login(work: Work) -> Callable[..., None]:
    """Return a command with the options of a login, besides those of `work(login, ...)`."""
    return _command(work, work, [])


def on_device(work: Work) -> Callable[..., None]:
    """Return a command that opens HOST for `work(device, ...)`, with the options for that besides its own."""

    async def open_first(login: Login, *, host: str, **options: Any) -> ExitCode | None:
        async with login.device(host) as device:
            return await work(device, **options)

    return _command(open_first, work, [_HOST])


def _command(go: Work, described: Work, first: list[inspect.Parameter]) -> Callable[..., None]:
    """Make what typer reads: name and help of `described`, and a signature out of three parts."""
    own = list(inspect.signature(described, eval_str=True).parameters.values())[1:]

    def command(**options: Any) -> None:
        run(_log_in(go, **options))

    command.__name__ = described.__name__
    command.__doc__ = described.__doc__
    parameters = [*first, *(p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own), *_LOGIN]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined] # typer reads it
    return command


async def _log_in(
    go: Work, *, port: int, user: str, password_file: Path | None, timeout: float, **options: Any
) -> ExitCode | None:
    password = find_password(user, password_file)
    return await go(Login(port=port, user=user, password=password, timeout_s=timeout), **options)
