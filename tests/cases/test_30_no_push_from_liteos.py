"""Case 30: arming is agreed to and nothing is ever pushed; what is on can still be asked for."""

from __future__ import annotations

from dvrip_proto import Device
from dvrip_proto.simulator import Quirks, Simulator


async def test_a_device_that_agrees_and_pushes_nothing_is_told_from_one_that_does() -> None:
    async with Simulator(quirks=Quirks(no_push=True)) as sim, Device(sim.host, sim.port) as device:
        assert await device.alarms.arm()
        sim.raise_alarm(0, "VideoMotion", True)
        assert (await device.system.work_state()).motion == {0}
        assert (device.alarms.armed, device.alarms.heard) == (True, False)
        sim.quirks = Quirks()
        await device.alarms.arm()
        sim.raise_alarm(0, "VideoMotion", False)
        await device.system.info()
        assert device.alarms.heard
