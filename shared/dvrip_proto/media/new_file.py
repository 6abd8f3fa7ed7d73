"""Files on their way, whose names anybody can guess: never through a link that somebody laid there."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO, Final

_NO_FOLLOW: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def fresh(path: Path) -> BinaryIO:
    """A new file of this name, to write and to read; what had the name is gone. OSError as of `open`."""
    path.unlink(missing_ok=True)
    return path.open("x+b")


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
