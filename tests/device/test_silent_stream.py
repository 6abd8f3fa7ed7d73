"""A live stream that falls silent has the device show that it lives, at once and once."""

from __future__ import annotations

import asyncio

import pytest

from dvrip_proto import Device, RequestTimeoutError, TransportError
from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.stream_state import Life, Patience

pytestmark = pytest.mark.usefixtures("no_leaks")
KEEPALIVE = 1006


def _keepalives(sim: Simulator) -> int:
    return sum(message_id == KEEPALIVE for message_id, _, _ in sim.requests)


async def _watch(device: Device, sim: Simulator, *, deaf: bool) -> None:
    async with asyncio.timeout(20), device.monitor.open(0, "Main") as stream:
        await anext(stream)
        for link in tuple(sim._listening.links) if deaf else ():
            link.hold()
        async for _frame in stream:
            pass


async def test_a_stream_without_pictures_costs_one_keep_alive_and_no_session() -> None:
    simulator = Simulator(quirks=Quirks(freeze_after_s=0.1), videos=["scene:h264"])
    async with simulator as sim, Device(sim.host, sim.port, timeout_s=3) as device:
        with pytest.raises(RequestTimeoutError, match="no media for 3 s"):
            await _watch(device, sim, deaf=False)
        assert _keepalives(sim) == 1
        assert (await device.system.info()).serial


async def test_a_device_that_hears_nothing_any_more_is_gone_before_the_patience_ends() -> None:
    async with Simulator(videos=["scene:h264"]) as sim, Device(sim.host, sim.port, timeout_s=30) as device:
        with pytest.raises(TransportError, match="the device is gone: no media"):
            await _watch(device, sim, deaf=True)
        for link in tuple(sim._listening.links):
            link.release()


def test_recordings_are_never_doubted() -> None:
    assert Life(Patience(silence_s=120)).doubtful_at() == float("inf")
