"""Case 29: presets are gone after a restart, and going to one is agreed to all the same."""

from __future__ import annotations

from dvrip_proto import Device
from dvrip_proto.simulator import Quirks, Simulator


async def test_a_simulated_camera_forgets_its_presets() -> None:
    async with Simulator(quirks=Quirks(forget_presets=True)) as sim:
        async with Device(sim.host, sim.port) as device:
            await device.ptz.set_preset(7)
            await device.ptz.goto_preset(7)
            assert sim.ptz[0].preset == 7
        await sim.reboot(0.05)
        async with Device(sim.host, sim.port) as device:
            before = sim.ptz[0].position
            await device.ptz.goto_preset(7)
            assert (sim.ptz[0].presets, sim.ptz[0].position) == ({}, before), "agreed to, and nothing moves"
            assert await device.ptz.presets() == ()
            await device.ptz.set_preset(9)
            await device.ptz.goto_preset(9)
            assert sim.ptz[0].preset == 9


async def test_a_usual_camera_keeps_them() -> None:
    async with Simulator() as sim:
        async with Device(sim.host, sim.port) as device:
            await device.ptz.set_preset(7)
        await sim.reboot(0.05)
        async with Device(sim.host, sim.port) as device:
            await device.ptz.goto_preset(7)
            assert sim.ptz[0].preset == 7
