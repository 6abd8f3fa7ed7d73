"""Names of devices: `dvrip info gate`, out of a file that says where `gate` is and how to log in.

1. The file holds no password: it names a file, a variable or a command that has it.
2. Nobody else may write it, for it names commands; nobody else may read a password's file.
3. A word that is an address is never looked up, so a mistake in the file keeps nobody from a device.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from ..connection import DEFAULT_PORT, Address
from ..connection.address import is_numeric
from ..connection.ways import POLICIES
from ..errors import UsageError

VARIABLE: Final = "DVRIP_DEVICES"
SECRETS: Final = ("password_file", "password_env", "password_command")
_NAME: Final = re.compile(r"[A-Za-z][\w-]*")
_KEYS: Final = frozenset({"host", "port", "user", "encryption", "channel", *SECRETS})
_COMMAND_S: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A device of the file; `secret` is which of SECRETS it has, and its value. The channel counts from 1."""

    name: str
    address: Address
    encryption: str | None = None
    channel: int | None = None
    secret: tuple[str, Any] | None = None
    file: Path

    def password(self) -> str | None:
        """Its password, None where the file names none. UsageError when it cannot be had."""
        if self.secret is None:
            return None
        kind, value = self.secret
        if kind == "password_env":
            found = os.environ.get(value)
            if found is None:
                raise UsageError(f"{self.name}: {value} is not set: {self.file} says the password is there")
            return found
        return self._said_by(value) if kind == "password_command" else self._in_file(Path(value))

    def _in_file(self, file: Path) -> str:
        whole = self.file.parent / file.expanduser()
        _check_mode(whole, 0o077, "others may read it")
        try:
            return _first(whole.read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{self.name}: {whole}: {_why(error)}") from error

    def _said_by(self, words: list[str]) -> str:
        try:
            done = subprocess.run(
                words, stdout=subprocess.PIPE, encoding="utf-8", check=True, timeout=_COMMAND_S
            )
        except (OSError, UnicodeDecodeError, subprocess.SubprocessError) as error:
            raise UsageError(f"{self.name}: {words[0]} gave no password: {_why(error)}") from error
        if not (password := _first(done.stdout)):
            raise UsageError(f"{self.name}: {words[0]} gave no password")
        return password


def path() -> Path:
    """Where the file is: DVRIP_DEVICES, else dvrip/devices.toml among the configuration of the account."""
    if own := os.environ.get(VARIABLE):
        return Path(own)
    if sys.platform == "win32":
        folder = Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
    else:
        folder = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return folder / "dvrip" / "devices.toml"


def devices() -> dict[str, Named]:
    """Every device of the file by its name, in their order; none without a file. UsageError for mistakes."""
    return _read(path())


def find(word: str) -> Named | None:
    """Return the device of this name; None for an address, and for a name that is not in the file."""
    return None if not _NAME.fullmatch(word) or is_numeric(word) else devices().get(word)


@cache
def _read(file: Path) -> dict[str, Named]:
    import tomllib

    try:
        _check_mode(file, 0o022, "others may write it, and it names commands")
        whole = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise UsageError(f"{file}: {_why(error)}") from error
    return {name: _named(name, told, file) for name, told in whole.items()}


def _named(name: str, told: Any, file: Path) -> Named:
    where = f"{file}: {name}"
    if not _NAME.fullmatch(name):
        raise UsageError(f"{where}: a name has letters, digits, - and _, and begins with a letter")
    if not isinstance(told, dict) or not isinstance(told.get("host"), str):
        raise UsageError(f'{where}: a device has at least its host: [{name}] and host = "192.168.1.10"')
    if "password" in told:
        raise UsageError(f"{where}: passwords do not stand here: {', '.join(SECRETS)} say where one is")
    if unknown := sorted(told.keys() - _KEYS):
        raise UsageError(f"{where}: {', '.join(unknown)}: a device has {', '.join(sorted(_KEYS))}")
    secrets = [(key, told[key]) for key in SECRETS if key in told]
    if len(secrets) > 1:
        raise UsageError(f"{where}: {' and '.join(key for key, _ in secrets)}: one of them")
    for key, value in secrets:
        _check_secret(where, key, value)
    user, policy = told.get("user", ""), told.get("encryption")
    if not isinstance(user, str) or policy not in (None, *POLICIES):
        raise UsageError(f"{where}: user is a text, encryption one of {', '.join(POLICIES)}")
    try:
        address = Address.parse(told["host"], port=_number(where, told, "port", 65535) or DEFAULT_PORT)
    except UsageError as error:
        raise UsageError(f"{where}: {error}") from error
    return Named(
        name=name,
        address=Address(host=address.host, port=address.port, user=address.user or user),
        encryption=policy,
        channel=_number(where, told, "channel", 256),
        secret=secrets[0] if secrets else None,
        file=file,
    )


def _check_secret(where: str, key: str, value: Any) -> None:
    if key != "password_command":
        fits = isinstance(value, str) and bool(value)
    else:
        fits = isinstance(value, list) and bool(value) and all(isinstance(word, str) for word in value)
    if not fits:
        wanted = '["pass", "show", "gate"], a list of words' if key == "password_command" else "a text"
        raise UsageError(f"{where}: {key} is {wanted}")


def _number(where: str, told: dict[str, Any], key: str, most: int) -> int | None:
    value = told.get(key)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= most):
        raise UsageError(f"{where}: {key} is a number from 1 to {most}")
    return value


def _check_mode(file: Path, forbidden: int, why: str) -> None:
    """Raise UsageError where others have rights that they should not have; Windows has no such bits."""
    if os.name != "posix" or not file.exists():
        return
    if file.stat().st_mode & forbidden:
        raise UsageError(f"{file}: {why}: chmod {'600' if forbidden == 0o077 else 'go-w'} {file}")


def _first(text: str) -> str:
    return text.partition("\n")[0].removesuffix("\r")


def _why(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        return f"it ended with exit code {error.returncode}"
    if isinstance(error, subprocess.TimeoutExpired):
        return "it took too long"
    return getattr(error, "strerror", None) or str(error) or "is no text"
