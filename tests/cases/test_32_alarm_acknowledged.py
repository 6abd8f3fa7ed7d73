"""Case 32: one client acknowledges each alarm; none needs to, and a device that waits for it is not known."""

from __future__ import annotations

import asyncio

from dvrip_proto import Device
from dvrip_proto.simulator import Simulator
from dvrip_proto.wire.body import encode_reply
from tests import hostile
from tests.hostile import Link
from tests.simulator.raw import Raw


async def test_the_client_takes_alarms_of_any_number_and_sends_nothing_for_them() -> None:
    sent: list[int] = []
    done = asyncio.Event()

    async def script(link: Link) -> None:
        await link.accept_login()
        await link.reply(await link.receive())
        for sequence in (77, 77, 0xFFFFFFFF):
            alarm = {"Channel": 0, "Event": "VideoMotion", "Status": "Start"}
            await link.push(1504, {"AlarmInfo": alarm, "Name": "AlarmInfo"}, sequence=sequence)
        while not done.is_set():
            request = await link.receive()
            sent.append(request.message_id)
            await link.reply(request, SystemInfo={})

    async with hostile.peer(script) as (host, port), Device(host, port, timeout_s=2) as device:
        events = device.alarms.events()
        assert [(await anext(events)).event for _ in range(3)] == ["VideoMotion"] * 3
        await device.system.info()
        done.set()
        assert sent == [1020]


async def test_a_simulated_device_takes_an_acknowledgement_from_whoever_sends_one() -> None:
    async with Simulator() as sim:
        client = await Raw.login(sim)
        assert (await client.named(1500, "")).ret == 100
        sim.raise_alarm(0, "VideoMotion", True)
        push = await client.receive()
        client.send(1505, encode_reply({"Ret": 100, "SessionID": f"0x{client.session:08X}"}))
        assert push.message_id == 1504
        sim.raise_alarm(0, "VideoMotion", False)
        while (answer := await client.receive()).message_id != 1504:
            assert answer.message_id == 1506
        client.close()
