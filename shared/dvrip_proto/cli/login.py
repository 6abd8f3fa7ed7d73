"""How commands reach a device: the options that all of them have, and where the password comes from.

A password is never an argument: it would stand in the shell's history and in the list of processes.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from getpass import getpass
from pathlib import Path
from typing import Annotated

import typer

from ..device import Device
from ..errors import UsageError
from .exit_codes import interruptible

_VARIABLE = "DVRIP_PASSWORD"

HOST = Annotated[
    str, typer.Argument(metavar="HOST", help="The device: HOST, HOST:PORT or USER@HOST.", show_default=False)
]
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
ENCRYPTION = Annotated[
    str,
    typer.Option(
        "--encryption",
        metavar="auto|always|never",
        envvar="DVRIP_ENCRYPTION",
        help="Encrypt where the device wants it, always, or never.",
    ),
]
JSON = Annotated[bool, typer.Option("--json", help="JSON for programs.")]
CHANNEL = Annotated[
    int, typer.Option("--channel", "-c", metavar="N", min=1, help="Channel as people count: from 1.")
]


@dataclass(slots=True, kw_only=True)
class Login:
    """What opens devices: the account, where a device names none. `timeout_s` is for each answer."""

    port: int
    user: str
    timeout_s: float
    encryption: str = "auto"
    password: str | None = field(default=None, repr=False)
    password_file: Path | None = None

    def secret(self) -> str:
        """Password of the account; whoever sits at the terminal is asked once."""
        if self.password is None:
            self.password = find_password(self.user, self.password_file)
        return self.password

    def device(self, place: str, password: str | None = None) -> Device:
        """Return the device at [USER@]HOST[:PORT], not yet open."""
        user, host = split_user(place)
        name, port = address(host, self.port)
        secret = self.secret() if password is None else password
        return Device(
            name,
            port,
            username=user or self.user,
            password=secret,
            timeout_s=self.timeout_s,
            encryption=self.encryption,
        )


def split_user(place: str) -> tuple[str, str]:
    """Return user and address of "USER@HOST"; the user is empty when none is named."""
    user, at, host = place.rpartition("@")
    if at and (not user or not host):
        raise UsageError(f"{place!r} is no address of a device: USER@HOST")
    return user, host


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
        return first_line(file)
    if (password := os.environ.get(_VARIABLE)) is not None:
        return password
    if sys.stdin.isatty():
        with interruptible():
            return getpass(f"Password of {user}: ")
    raise UsageError(f"no password: set {_VARIABLE} or give --password-file")


def first_line(file: Path) -> str:
    """Return the first line of a file: a password."""
    try:
        return file.read_text(encoding="utf-8").partition("\n")[0].removesuffix("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: {getattr(error, 'strerror', None) or 'is no text'}") from error


async def wire_channel(device: Device, channel: int) -> int:
    """Return the channel as the device counts, from 0. UsageError when the device has fewer."""
    count = device.login_reply.channel_count
    if channel > count:
        count = max(count, (await device.system.info()).channel_count)
    if channel > count > 0:
        where = device.connection.where
        raise UsageError(f"{where}: there is no channel {channel}, the device has {count}")
    return channel - 1
