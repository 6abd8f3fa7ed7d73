"""How commands reach a device: the options that all of them have, and where the password comes from.

A password is never an argument: it would stand in the shell's history and in the list of processes.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from getpass import getpass
from pathlib import Path
from typing import Annotated, Any

import typer

from ..connection import DEFAULT_PORT, Address
from ..connection.ways import POLICIES
from ..device import Device
from ..errors import UsageError
from . import book
from .book import Named
from .complete import complete_device
from .exit_codes import interruptible

_VARIABLE = "DVRIP_PASSWORD"
_USER_VARIABLE = "DVRIP_USER"
_POLICY_VARIABLE = "DVRIP_ENCRYPTION"

HOST = Annotated[
    str,
    typer.Argument(
        metavar="HOST",
        help="The device: NAME, HOST, HOST:PORT or USER@HOST.",
        show_default=False,
        autocompletion=complete_device,
    ),
]
PORT = Annotated[
    int | None,
    typer.Option(
        "--port", "-p", metavar="N", min=1, max=65535, help="TCP port.", show_default=str(DEFAULT_PORT)
    ),
]
USER = Annotated[
    str | None,
    typer.Option(
        "--user", "-u", metavar="NAME", help="Account.", show_default=f"{_USER_VARIABLE}, else admin"
    ),
]
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
    str | None,
    typer.Option(
        "--encryption",
        metavar="|".join(POLICIES),
        help="Encrypt where the device wants it, always, or never; or only as `dvrip info` told.",
        show_default=f"{_POLICY_VARIABLE}, else auto",
    ),
]
JSON = Annotated[bool, typer.Option("--json", help="JSON for programs.")]
CHANNEL = Annotated[
    int, typer.Option("--channel", "-c", metavar="N", min=1, help="Channel as people count: from 1.")
]


@dataclass(slots=True, kw_only=True)
class Login:
    """What opens devices. None is for the device's own, else what stands in the environment, else a default.

    `timeout_s` is for each answer.
    """

    port: int | None = None
    user: str | None = None
    timeout_s: float = 10.0
    encryption: str | None = None
    password: str | None = field(default=None, repr=False)
    password_file: Path | None = None
    channel_chosen: bool = False
    _own: dict[str, str | None] = field(default_factory=dict, repr=False)

    @property
    def username(self) -> str:
        """Account of devices that have none of their own."""
        return self.user or os.environ.get(_USER_VARIABLE) or "admin"

    def secret(self) -> str:
        """Password of the account; whoever sits at the terminal is asked once."""
        if self.password is None:
            self.password = find_password(self.username, self.password_file)
        return self.password

    def where(self, place: str) -> tuple[Address, Named | None]:
        """Return the address of [USER@]NAME or [USER@]HOST[:PORT], and what the file of names says of it."""
        user, at, name = place.rpartition("@")
        named = book.find(name)
        if named is None or (at and not user):
            return Address.parse(place, port=self.port or DEFAULT_PORT), None
        own = named.address
        return Address(host=own.host, port=self.port or own.port, user=user or self.user or own.user), named

    def ready(self, words: Iterable[str]) -> None:
        """Have the password at hand that devices without their own one need; it may be asked for."""
        if any(self._own_password(self.where(word)[1]) is None for word in words):
            self.secret()

    def device(self, place: str, password: str | None = None) -> Device:
        """Return the device at [USER@]NAME or [USER@]HOST[:PORT], not yet open."""
        found, named = self.where(place)
        secret = self._own_password(named) if password is None else password
        policy = self.encryption or (named and named.encryption) or os.environ.get(_POLICY_VARIABLE)
        return Device(
            found.host,
            found.port,
            username=found.user or self.username,
            password=self.secret() if secret is None else secret,
            timeout_s=self.timeout_s,
            encryption=policy or "auto",
        )

    def filled(self, place: str, options: Mapping[str, Any]) -> dict[str, Any]:
        """Options of a command, with the channel that a device's name stands for where none was given."""
        named = self.where(place)[1]
        if self.channel_chosen or named is None or named.channel is None or "channel" not in options:
            return dict(options)
        return {**options, "channel": named.channel}

    def channels(self, place: str) -> tuple[int, ...]:
        """Return the channel that a device's name stands for, if it has one."""
        named = self.where(place)[1]
        return () if named is None or named.channel is None else (named.channel,)

    def _own_password(self, named: Named | None) -> str | None:
        if named is None or self.password_file is not None:
            return None
        if named.name not in self._own:
            self._own[named.name] = named.password()
        return self._own[named.name]


def own_address(text: str) -> str:
    """Read an address of this computer: none at all would be every one of them, unsaid."""
    if not text.strip():
        raise typer.BadParameter("it is empty: 0.0.0.0 is every address of this computer")
    return text


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
        return file.read_text(encoding="utf-8-sig").partition("\n")[0].removesuffix("\r")
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
