# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""One process at a time tries passwords on a device: several hosts of an inventory, or several plays, may be one device."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
import typing as t
from pathlib import Path

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]  # a system without such locks, on which no controller runs

_PAUSE_S = 0.05


@contextlib.asynccontextmanager
async def turn(path: Path | None, within_s: float) -> t.AsyncIterator[None]:
    """Wait for the turn at this file, but no longer than that; without a place for it there are no turns."""
    handle = None
    ends_at = time.monotonic() + within_s
    with contextlib.suppress(OSError):
        while path is not None and handle is None and time.monotonic() < ends_at:
            handle = _taken(path)
            if handle is None:
                await asyncio.sleep(_PAUSE_S)
    try:
        yield
    finally:
        if path is not None and handle is not None:
            _leave(path, handle)


def _taken(path: Path) -> int | None:
    """The locked file; None while another has it. It ends with the process, however that ends."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Whoever had it before removes it: what was opened a moment earlier is no longer that file.
        if os.path.samestat(os.fstat(handle), path.stat()):
            return handle
    except (BlockingIOError, FileNotFoundError):
        os.close(handle)
        return None
    except BaseException:
        os.close(handle)
        raise
    os.close(handle)
    return None


def _leave(path: Path, handle: int) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
    os.close(handle)
