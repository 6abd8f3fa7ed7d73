"""The command line, run in a thread beside the devices it talks to."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import dvrip_proto
from dvrip_proto.cli.app import app
from dvrip_proto.simulator import Simulator

PASSWORD = "s3cret pass"


@dataclass
class Ran:
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


type Dvrip = Callable[..., Awaitable[Ran]]


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """A command says what is logged in its process, and here that is the process of all tests."""
    root = logging.getLogger()
    loggers = [root, *(logging.getLogger(name) for name in ("asyncio", "dvrip_proto"))]
    loggers += [
        logging.getLogger(name) for name in logging.root.manager.loggerDict if name.startswith("dvrip_proto.")
    ]
    levels, handlers = [each.level for each in loggers], root.handlers[:]
    yield
    for each in logging.root.manager.loggerDict.values():
        if isinstance(each, logging.Logger) and each.name.startswith("dvrip_proto."):
            each.setLevel(logging.NOTSET)
    for each, level in zip(loggers, levels, strict=True):
        each.setLevel(level)
    root.handlers[:] = handlers


@pytest.fixture
def dvrip(monkeypatch: pytest.MonkeyPatch) -> Dvrip:
    """Run `dvrip` with some words; the password is in the environment unless `password` is None."""
    monkeypatch.setenv("COLUMNS", "200")

    async def run(*words: object, password: str | None = PASSWORD, stdin: str = "") -> Ran:
        result = await asyncio.to_thread(
            CliRunner().invoke,
            app,
            [str(word) for word in words],
            input=stdin,
            env={"DVRIP_PASSWORD": password, "DVRIP_USER": None},
            prog_name="dvrip",
        )
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert PASSWORD not in result.output
        assert "Traceback" not in result.output
        return Ran(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
async def device() -> AsyncIterator[Simulator]:
    async with Simulator(
        profile="nvr", users={"admin": PASSWORD}, videos=["scene:h264", "scene:h265"]
    ) as simulator:
        await simulator.prepare_media()
        yield simulator


@pytest.fixture
def at(device: Simulator) -> str:
    return f"{device.host}:{device.port}"


async def start(
    *words: object, password: str | None = PASSWORD, terminal: int | None = None
) -> asyncio.subprocess.Process:
    """Start `dvrip` as a process of its own, at a terminal if one is given."""
    library = str(Path(dvrip_proto.__file__).parent.parent)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DVRIP_")}
    environment |= {"PYTHONPATH": library, "COLUMNS": "200"}
    if password is not None:
        environment["DVRIP_PASSWORD"] = password
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "dvrip_proto",
        *(str(word) for word in words),
        stdin=asyncio.subprocess.DEVNULL if terminal is None else terminal,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE if terminal is None else terminal,
        env=environment,
        start_new_session=True,
    )


async def finish(process: asyncio.subprocess.Process, limit_s: float = 20.0) -> Ran:
    async with asyncio.timeout(limit_s):
        out, err = await process.communicate()
    assert process.returncode is not None
    assert b"Traceback" not in err
    return Ran(process.returncode, out.decode(), err.decode())
