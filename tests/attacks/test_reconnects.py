"""Who is thrown out again and again leaves no buffers behind."""

from __future__ import annotations

import gc

import pytest

from dvrip_proto import Device, DvripError
from dvrip_proto.simulator import Simulator
from dvrip_proto.wire.framer import Framer


@pytest.fixture
def collector_off():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


async def test_fifty_reconnects_keep_no_buffers_until_a_collector_comes(collector_off):
    async with Simulator(users={"admin": "x"}) as sim:
        for number in range(50):
            device = Device(sim.host, sim.port, password="x")
            await device.open()
            await device.system.info()
            if number % 2:
                sim.drop_connections()
                with pytest.raises(DvripError):
                    await device.system.info()
            await device.close()
    held = sum(len(each._buffer) for each in gc.get_objects() if isinstance(each, Framer))
    assert held < 1024 * 1024, held
