"""Child processes: started in their own session, watched, and stopped whatever happens."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from .progress import DemoError


class ChildExitedError(DemoError):
    """A child ended on its own; the text carries the end of its log."""


def _with_us(argv: Sequence[str]) -> list[str]:
    """The command as a child that gets SIGTERM even after a `kill -9` of the demo, where util-linux is there.

    By a program, not by a function of the child: Python code between fork and exec may collect garbage,
    and what waits for its threads there waits for ever.
    """
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", *argv] if setpriv else list(argv)


class Child:
    """One process with its output in a log file; started again whenever it exits with the code `again`."""

    def __init__(
        self,
        name: str,
        argv: Sequence[object],
        *,
        log: Path,
        cwd: Path,
        env: Mapping[str, str],
        again: int | None = None,
    ) -> None:
        self.name = name
        self.log = log
        self._argv = [str(argument) for argument in argv]
        self._cwd = cwd
        self._env = dict(env)
        self._again = again
        self._stopping = False
        self._process: asyncio.subprocess.Process

    async def start(self) -> Self:
        """Start it, appending what it prints to its log."""
        with self.log.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *_with_us(self._argv),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self._cwd,
                env=self._env,
                start_new_session=True,
            )
        return self

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    async def crashed(self) -> ChildExitedError:
        """Wait until it ends on its own; returns the error that tells how, with the end of its log."""
        while True:
            code = await self._process.wait()
            if self._stopping:
                await asyncio.Event().wait()
            if code != self._again:
                return self.exit_error()
            await self.start()

    def lines(self) -> list[str]:
        """Everything it printed so far."""
        return self.log.read_text(encoding="utf-8", errors="replace").splitlines()

    def exit_error(self) -> ChildExitedError:
        """The error that tells how the child ended, with the end of its log."""
        tail = "\n".join(f"        {line}" for line in self.lines()[-15:])
        return ChildExitedError(f"{self.name} ended with exit code {self._process.returncode}:\n{tail}")

    async def wait_for_line(self, start: str, *, timeout_s: float) -> str:
        """The first line that begins with `start`. Errors: ChildExitedError, DemoError (too late)."""
        deadline = asyncio.get_running_loop().time() + timeout_s
        while not (found := [line for line in self.lines() if line.startswith(start)]):
            if self._process.returncode is not None:
                raise self.exit_error()
            if asyncio.get_running_loop().time() > deadline:
                raise DemoError(
                    f"{self.name} did not print {start!r} within {timeout_s:.0f} s; see {self.log}"
                )
            await asyncio.sleep(0.05)
        return found[0]

    async def stop(self) -> None:
        """End it and everything it started. Safe to call twice."""
        self._stopping = True
        await end(self._process)


async def end(process: asyncio.subprocess.Process, *, grace_s: float = 15.0) -> None:
    """SIGTERM, and after `grace_s` SIGKILL, to a process that leads its own session."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(grace_s):
                await process.wait()
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


def port_is_free(address: str, port: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> bool:
    """Whether `address:port` can be bound now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind is socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def choose_port(address: str, wanted: int) -> int:
    """`wanted` when it is free on `address`, else one the system picks."""
    if port_is_free(address, wanted):
        return wanted
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])


def marked(marker: str) -> list[int]:
    """Ids of the processes that inherited `NAME=VALUE` from this one (none where there is no /proc)."""
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if marker.encode() in environment.read_bytes().split(b"\0"):
                found.append(int(environment.parent.name))
    return found
