"""What the tests of several independent clients share."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path


async def until(condition: Callable[[], bool], limit_s: float = 10.0) -> None:
    async with asyncio.timeout(limit_s):
        while not condition():  # noqa: ASYNC110 - what is waited for happens elsewhere
            await asyncio.sleep(0.01)


async def run(peer: Path, *arguments: str, **environment: str) -> str:
    """What this Python prints with `arguments` and with one client, in the folder `peer`, on its path."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        env={"PYTHONPATH": str(peer), "PATH": "/usr/bin:/bin", **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, err.decode()
    return out.decode()


def own_address() -> str:
    """A loopback address of this process, for clients that know port 34567 alone."""
    return f"127.88.{os.getpid() >> 8 & 255}.{os.getpid() & 255}"
