"""A file that one process uses at a time: a lock beside it, which ends with the process however it ends."""

from __future__ import annotations

import os
from pathlib import Path

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]  # a system without such locks


class FileLock:
    """The lock of one file, in `.NAME.lock` beside it: the file itself is replaced while it is locked."""

    def __init__(self, path: Path) -> None:
        self._path = path.parent / f".{path.name}.lock"
        self._handle: int | None = None

    def take(self) -> bool:
        """Lock; False when another process has it. OSError when there is no place for it."""
        while self._handle is None and fcntl is not None:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
                return False
            except BaseException:
                os.close(handle)
                raise
            if self._is_still_there(handle):
                self._handle = handle
            else:  # the process before removed it between opening and locking
                os.close(handle)
        return True

    def release(self) -> None:
        """Unlock; nothing happens when it is not locked."""
        if self._handle is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._handle)
            self._handle = None

    def _is_still_there(self, handle: int) -> bool:
        try:
            return os.path.samestat(os.fstat(handle), self._path.stat())
        except FileNotFoundError:
            return False
