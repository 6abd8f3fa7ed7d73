"""Files that a command reads and writes: looked at first, and written whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from pathlib import Path
from typing import Final

from ..errors import UsageError

_OWNER_ONLY: Final = 0o600
_AS_ALL: Final = 0o666


def writable(file: Path | None) -> Path | None:
    """Return the file of an argument; UsageError, before anything is asked, where it cannot be written.

    - is standard output, and folders of {host} are not known before the devices are.
    """
    if file is None or str(file) == "-" or "{host}" in str(file.parent):
        return file
    try:
        if file.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if file.exists() and not file.is_file():
            if not os.access(file, os.W_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            return file
        part = _part_of(file)
        part.touch(_OWNER_ONLY, exist_ok=False)
        part.unlink()
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}") from error
    return file


def readable(file: Path) -> Path:
    """Return the file of an argument; UsageError, before anything is asked, where it cannot be read."""
    try:
        if file.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not file.is_fifo():  # a pipe is read once
            file.open("rb").close()
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}") from error
    return file


def folder(path: Path) -> Path:
    """Return the folder of an argument; UsageError where there can be none."""
    there = next((each for each in (path, *path.parents) if each.exists()), path)
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise UsageError(f"{path}: {there} is no folder that can be written into")
    return path


def write_whole(file: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file at once, `private` for one that only its owner reads. UsageError where that fails.

    What is there and is no plain file, as a pipe with a name, is written into: another would take its place.
    """
    part = _part_of(file)
    try:
        if file.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if file.exists() and not file.is_file():
            file.write_bytes(data)
            return
        mode = _OWNER_ONLY if private else _AS_ALL
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as target:
            target.write(data)
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UsageError(f"{file}: {error.strerror or error}") from error


def _part_of(file: Path) -> Path:
    return file.parent / f".dvrip-{secrets.token_hex(4)}.part"  # no two write the same one
