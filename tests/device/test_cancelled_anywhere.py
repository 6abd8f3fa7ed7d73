"""Whatever is cancelled after any number of steps, or loses its device there, leaves nothing open and nothing held."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from dvrip_proto import Device, DvripError
from dvrip_proto.simulator import Simulator
from tests.device.conftest import PASSWORD, login

STEPS = (*range(0, 40, 3), 50, 70, 100)


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def monitor(device: Device) -> None:
    async with device.monitor.open(0, "Main") as stream:
        await anext(stream)


async def talk(device: Device) -> None:
    async with device.talk.open() as talking:
        await talking.send(b"\xd5" * 320)


async def picture(device: Device) -> None:
    await device.snapshot.take()


async def setting(device: Device) -> None:
    now = await device.settings.get("NetWork.NetCommon")
    await device.settings.ensure("NetWork.NetCommon", {"HostName": f"{now['HostName'][:8]}x"})


async def account(device: Device) -> None:
    (admin,) = [user for user in await device.users.list() if user.name == "admin"]
    await device.users.modify("admin", memo=f"{admin.memo[:8]}x")


@pytest.fixture
async def camera() -> AsyncIterator[Simulator]:
    """One camera with a video."""
    async with Simulator(profile="ipc", users={"admin": PASSWORD}) as simulator:
        await simulator.prepare_media()
        yield simulator


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="no /proc: open descriptors cannot be counted")
@pytest.mark.parametrize("closes", [False, True])
@pytest.mark.parametrize("act", [monitor, talk, picture, setting, account])
async def test_nothing_is_left(
    camera: Simulator, act: Callable[[Device], Awaitable[None]], closes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dvrip_proto.features.talk._LAST_WORD_S", 0)
    async with login(camera) as device:
        await act(device)
    await asyncio.sleep(0.05)
    tasks, files = len(asyncio.all_tasks()), descriptors()
    async with login(camera) as kept:
        for steps in STEPS:
            async with login(camera) if closes else asyncio.timeout(10) as lost:
                acting = asyncio.ensure_future(act(lost if isinstance(lost, Device) else kept))
                for _ in range(steps):
                    await asyncio.sleep(0)
                if isinstance(lost, Device):
                    await lost.close()
                else:
                    acting.cancel()
                (ended,) = await asyncio.gather(acting, return_exceptions=True)
            assert isinstance(ended, (DvripError, asyncio.CancelledError, type(None))), ended
        assert not kept.closed
        assert kept.connection.budget.held == ()
        async with asyncio.timeout(10), kept.settings.turn:
            pass
        await act(kept)
    for _ in range(100):
        left = (len(asyncio.all_tasks()) - tasks, descriptors() - files)
        if max(left) <= 0:
            break
        await asyncio.sleep(0.02)
    assert max(left) <= 0, left
