"""How soon a device that is there again is connected: delays are long only for a device that says no."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from dvrip_proto import (
    AuthenticationError,
    Device,
    DvripError,
    Keeper,
    RequestError,
    TransportError,
    UnsupportedError,
)
from dvrip_proto.keeper import BACKOFF_S
from dvrip_proto.simulator import Quirks, Simulator


class Here:
    """A device made of nothing but its fate: `open` raises the errors of `fate`, one after the other, and times
    are written down instead of waited for."""

    host, port = "cam", 34567

    def __init__(self, fate: list[DvripError | None]) -> None:
        self.fate = fate
        self.lost: asyncio.Future[DvripError | None] = asyncio.get_running_loop().create_future()

    @property
    def closed(self) -> bool:
        return self.lost.done()

    async def open(self) -> None:
        error = self.fate.pop(0) if self.fate else None
        if error is not None:
            raise error

    async def wait_closed(self) -> DvripError | None:
        return await self.lost

    async def close(self) -> None:
        if not self.lost.done():
            self.lost.set_result(None)


@asynccontextmanager
async def keeping(fate: list[DvripError | None], **more: Any) -> AsyncIterator[tuple[Keeper, list[Here]]]:
    devices: list[Here] = []
    downs: list[DvripError | None] = []

    def make() -> Device:
        devices.append(Here(fate))
        return devices[-1]  # type: ignore[return-value] # it has what a keeper uses of a device

    async def up(_device: Device) -> None:
        return

    keeper = Keeper(make, on_up=up, on_down=downs.append, **more)
    try:
        yield keeper, devices
    finally:
        await keeper.stop()


def lose(device: Here, error: DvripError | None = None) -> None:
    device.lost.set_result(error or TransportError("cam: lost"))


async def delays(
    devices: list[Here],
    monkeypatch: pytest.MonkeyPatch,
    count: int,
    *,
    again: bool = False,
    error: DvripError | None = None,
) -> list[float]:
    """The delays that a keeper would have waited, without waiting; with `again` each device is lost, too."""
    waited: list[float] = []
    enough = asyncio.Event()
    real_sleep = asyncio.sleep

    async def wait_for(awaitable: object, timeout: float) -> None:
        awaitable.close()  # type: ignore[attr-defined] # asyncio.wait_for closes coroutines
        waited[-1] += timeout
        if len(waited) >= count:
            enough.set()
            await asyncio.Event().wait()
        raise TimeoutError

    async def sleep(delay: float) -> None:
        waited.append(delay)

    with monkeypatch.context() as patched:
        patched.setattr(asyncio, "sleep", sleep)
        patched.setattr(asyncio, "wait_for", wait_for)
        lose(devices[-1], error)
        async with asyncio.timeout(20):
            while not enough.is_set():
                await real_sleep(0)
                if again and not devices[-1].closed:
                    lose(devices[-1], error)
    return waited


async def test_a_device_without_a_way_to_it_is_tried_every_few_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fate: list[DvripError | None] = [None, *(TransportError("cam: no route") for _ in range(40))]
    async with keeping(fate) as (keeper, devices):
        await keeper.start()
        waited = await delays(devices, monkeypatch, 30)
    assert max(waited) <= 4 * 1.2


async def test_a_device_that_says_no_has_the_long_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    fate: list[DvripError | None] = [None, *(RequestError("cam: in use", ret=104) for _ in range(40))]
    async with keeping(fate) as (keeper, devices):
        await keeper.start()
        waited = await delays(devices, monkeypatch, 12)
    assert [BACKOFF_S[min(index, 5)] * 0.79 <= delay for index, delay in enumerate(waited)] == [True] * 12
    assert max(waited) > 45


async def test_losses_right_after_a_good_login_do_not_add_up_beyond_ten_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with keeping([]) as (keeper, devices):
        await keeper.start()
        waited = await delays(devices, monkeypatch, 15, again=True)
    assert len(devices) >= 15
    assert 6 < max(waited) <= 10 * 1.2


async def test_a_device_that_lets_in_and_then_wants_unknown_encryption_is_not_hammered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    error = UnsupportedError("cam: takes the login but wants encryption", encryption=True)
    async with keeping([]) as (keeper, devices):
        await keeper.start()
        waited = await delays(devices, monkeypatch, 12, again=True, error=error)
    assert [BACKOFF_S[min(index, 5)] * 0.79 <= delay for index, delay in enumerate(waited)] == [True] * 12
    assert max(waited) > 45


async def test_viewers_do_not_hammer_a_device_that_lets_in_and_answers_what_nobody_can_read() -> None:
    downs: list[DvripError | None] = []
    async with Simulator(profile="ipc", quirks=Quirks(encrypted="replies")) as simulator:

        def make() -> Device:
            return Device(simulator.host, simulator.port, timeout_s=10)

        async def up(_device: Device) -> None:
            return

        keeper = Keeper(make, on_up=up, on_down=downs.append, backoff_s=(4.0, 60.0))
        await keeper.start()
        try:
            loop = asyncio.get_running_loop()
            until = loop.time() + 5
            while loop.time() < until:
                with suppress(DvripError):
                    async with keeper.monitor():
                        pass
                await asyncio.sleep(0.05)
        finally:
            await keeper.stop()
        assert all(isinstance(error, UnsupportedError) for error in downs)
        assert 1 <= len(downs) <= 2
        logins = [name for message_id, name, _ in simulator.requests if message_id == 1000]
        assert len(logins) <= 2 * len(downs) + 1, simulator.requests


async def test_a_nudge_cuts_a_wait() -> None:
    loop = asyncio.get_running_loop()
    fate = [None, TransportError("cam: no route")]
    async with keeping(fate, away_s=60, lost_s=60, backoff_s=(0.0, 60.0)) as (keeper, devices):
        await keeper.start()
        lose(devices[0])
        while len(devices) < 2:  # noqa: ASYNC110 - the keeper makes them
            await asyncio.sleep(0.01)
        began = loop.time()
        await asyncio.sleep(0.05)
        keeper.nudge()
        async with asyncio.timeout(10):
            while keeper.device is None:  # noqa: ASYNC110 - the keeper makes them
                await asyncio.sleep(0.01)
        assert loop.time() - began >= 0.9, "a nudge is no reason to hammer"


async def test_whoever_wants_a_stream_nudges_and_waits_a_moment() -> None:
    fate = [None, TransportError("cam: no route")]
    async with keeping(fate, away_s=60, lost_s=60, backoff_s=(0.0, 60.0)) as (keeper, devices):
        await keeper.start()
        lose(devices[0])
        while len(devices) < 2:  # noqa: ASYNC110 - the keeper makes them
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        with pytest.raises(AttributeError, match="monitor"):  # it is connected again: this device has no more
            async with keeper.monitor():
                pass


async def test_no_nudge_tries_a_refused_password_again() -> None:
    fate = [None, AuthenticationError("cam: wrong password", ret=203)]
    async with keeping(fate, backoff_s=(0.0,)) as (keeper, devices):
        await keeper.start()
        lose(devices[0])
        while len(devices) < 2:  # noqa: ASYNC110 - the keeper makes them
            await asyncio.sleep(0.01)
        for _ in range(20):
            keeper.nudge()
            await asyncio.sleep(0.01)
        with pytest.raises(TransportError, match="not connected"):
            async with keeper.monitor():
                pass
        assert len(devices) == 2
