"""Programs run as people run them, against simulated devices."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import dvrip_proto


def own_address(last: int) -> str:
    """A loopback address of this run alone: pages say port 34567, and other runs are on the machine."""
    return f"127.{os.getpid() % 250 + 2}.{os.getpid() // 250 % 250}.{last}"


ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "s3cret pass"


def environment(**more: str) -> dict[str, str]:
    """What a program finds around it: the library, and the password unless another one is given."""
    library = str(Path(dvrip_proto.__file__).parent.parent)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DVRIP_")}
    return clean | {"PYTHONPATH": library, "DVRIP_PASSWORD": PASSWORD, "PYTHONWARNINGS": "error"} | more


@asynccontextmanager
async def started(
    *words: object, cwd: Path, env: dict[str, str] | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A program that runs in the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *(str(word) for word in words),
        cwd=cwd,
        env=env or environment(),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def ran(*words: object, cwd: Path, env: dict[str, str] | None = None, code: int = 0) -> str:
    """What a program says until its end, which comes with an exit code."""
    async with started(*words, cwd=cwd, env=env) as process, asyncio.timeout(60):
        output = (await process.communicate())[0].decode()
    assert process.returncode == code, output
    assert "Traceback" not in output
    assert PASSWORD not in output
    return output


async def line(process: asyncio.subprocess.Process) -> str:
    """The next line that a program says."""
    assert process.stdout is not None
    async with asyncio.timeout(30):
        return (await process.stdout.readline()).decode().rstrip("\n")
