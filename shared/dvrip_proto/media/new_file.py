"""Files on their way, whose names anybody can guess: never through a link that somebody laid there."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

try:
    import fcntl
except ImportError:  # Windows opens no file twice for writing
    fcntl = None  # type: ignore[assignment] # its absence is checked for

_NO_FOLLOW: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def fresh(path: Path) -> BinaryIO:
    """A new file of this name, to write and to read; what had the name is gone. OSError as of `open`.

    It is one program's: where another one still writes it, that is an OSError, too.
    """
    with suppress(FileNotFoundError):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as former:
                lock(former)
        path.unlink()
    file = path.open("x+b")
    lock(file)
    return file


def lock(file: BinaryIO) -> None:
    """Take a file for this program. OSError where another one has it; Windows has no such locks."""
    if fcntl is None:
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise OSError(errno.EBUSY, "another program writes it", str(file.name)) from error


def kept(path: Path) -> BinaryIO:
    """The file of this name with what is in it, or a new one. OSError, also for what is no plain file."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | _NO_FOLLOW, 0o666)
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
            raise OSError(None, "is no plain file", str(path))
        return os.fdopen(handle, "r+b")
    except BaseException:
        os.close(handle)
        raise
