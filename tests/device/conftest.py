"""The real client against simulated devices: `sim` is one of each model, `device` the client logged in to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from dvrip_proto import Connection, Device
from dvrip_proto.simulator import Simulator
from dvrip_proto.wire.body import decode
from tests import hostile

PASSWORD = "correct horse"
VIEWER_PASSWORD = "only looking"
PROFILES = ("ipc", "hi3516", "nvr", "hvr")


@pytest.fixture(params=PROFILES)
def profile(request: pytest.FixtureRequest) -> str:
    """Model of the device."""
    return str(request.param)


@pytest.fixture
async def sim(profile: str) -> AsyncIterator[Simulator]:
    """A device with an administrator and a viewer."""
    async with Simulator(profile=profile, users={"admin": PASSWORD, "viewer": VIEWER_PASSWORD}) as simulator:
        yield simulator


@pytest.fixture
async def recorder() -> AsyncIterator[Simulator]:
    """A recorder with nothing on its disk yet."""
    users = {"admin": PASSWORD, "viewer": VIEWER_PASSWORD}
    async with Simulator(profile="nvr", users=users) as simulator:
        await simulator.prepare_media()
        simulator.archive.days = 0
        yield simulator


@pytest.fixture
async def device(sim: Simulator) -> AsyncIterator[Device]:
    """The device, logged in as its administrator."""
    async with Device(sim.host, sim.port, password=PASSWORD, timeout_s=5) as opened:
        yield opened


def login(
    sim: Simulator, username: str = "admin", password: str = PASSWORD, *, timeout_s: float = 15
) -> Device:
    """Another client of the same device."""
    return Device(sim.host, sim.port, username=username, password=password, timeout_s=timeout_s)


type Answer = Callable[[hostile.Link, int, dict[str, Any]], Awaitable[dict[str, Any] | None]]
"""Takes the link, a request's id and body; gives the members of the reply, None for silence."""


@asynccontextmanager
async def scripted(answer: Answer, *, timeout_s: float = 2) -> AsyncIterator[Device]:
    """A client of a device that answers requests as `answer` says."""

    async def script(link: hostile.Link) -> None:
        await link.accept_login()
        while True:
            frame = await link.receive()
            body = decode(frame.body) if frame.body.startswith(b"{") else {}  # or a block of a file
            members = await answer(link, frame.message_id, body)
            if members is not None:
                await link.reply(frame, **members)

    async with hostile.peer(script) as (host, port), Device(host, port, timeout_s=timeout_s) as opened:
        yield opened


@asynccontextmanager
async def connected(script: hostile.Script, **options: Any) -> AsyncIterator[Connection]:
    """A logged-in connection to a peer that runs `script` after the login."""

    async def whole(link: hostile.Link) -> None:
        await link.accept_login(**options)
        await script(link)

    async with hostile.peer(whole) as (host, port):
        connection = await Connection.open(host, port, timeout_s=2)
        try:
            await connection.login("admin", "")
            yield connection
        finally:
            await connection.close()
