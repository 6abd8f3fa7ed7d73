"""How long a simulated device takes, on a clock that no machine slows down."""

from __future__ import annotations

import asyncio

import pytest

from dvrip_proto.simulator import Simulator
from tests.clock import now, run_at_once
from tests.simulator.raw import Raw, watch
from tests.simulator.test_monitor import DELTA, KEY, frames_of


def test_a_reboot_takes_its_downtime_and_no_longer() -> None:
    async def main() -> float:
        async with Simulator() as device:
            device.downtime_s = 0.6
            client = await Raw.login(device)
            assert (await client.named(1450, "OPMachine", {"Action": "Reboot"})).ret == 100
            assert await client.is_closed()
            began = now()
            while not device.up:  # noqa: ASYNC110 - what is waited for happens elsewhere
                await asyncio.sleep(0.01)
            return now() - began

    assert run_at_once(main()) == pytest.approx(0.6, abs=0.02)


def test_a_stream_is_paced_in_real_time() -> None:
    async def main() -> tuple[float, int]:
        async with Simulator() as device:
            await device.prepare_media()
            client = await Raw.login(device)
            media = await watch(device, client)
            began = now()
            frames = await frames_of(media, 150)
            return now() - began, sum(frame.kind in (KEY, DELTA) for frame in frames)

    elapsed, pictures = run_at_once(main())
    assert 2.7 < pictures / 25 < 3.3
    assert elapsed == pytest.approx(pictures / 25, abs=0.1)
