"""Case 7: arming is not answered, or refused, and the alarms come all the same."""

from __future__ import annotations

import asyncio
import json

import pytest

from dvrip_proto import Device, TransportError
from dvrip_proto.features import alarms
from dvrip_proto.simulator import Quirks, Simulator
from tests import hostile
from tests.hostile import Link
from tests.simulator.raw import until

PUSH = {"AlarmInfo": {"Channel": 0, "Event": "VideoMotion", "Status": "Start"}, "Name": "AlarmInfo"}


@pytest.mark.parametrize("ret", [None, 102, 103, 107, 502, 605, 607])
async def test_neither_silence_nor_a_refusal_ends_anything(ret: int | None) -> None:
    pushes = asyncio.Event()

    async def script(link: Link) -> None:
        await link.accept_login()
        guard = await link.receive()
        assert guard.message_id == 1500
        if ret is not None:
            await link.reply(guard, ret)
        await pushes.wait()
        await link.push(1504, PUSH)
        while True:  # a silence is followed by a question more: whose answer is whose
            await link.reply(await link.receive(), SystemInfo={"SerialNo": "abc"})

    async with hostile.peer(script) as (host, port), Device(host, port, timeout_s=2) as device:
        device.alarms.patience_s = 0.3
        assert await device.alarms.arm() is (ret is None)
        found: list[alarms.AlarmEvent] = []
        device.alarms.subscribe(found.append)
        pushes.set()
        assert (await device.system.info()).serial == "abc", "the session goes on"
        assert [event.event for event in found] == ["VideoMotion"]
        assert device.alarms.armed, "a push proves it"


async def test_a_session_that_is_gone_cannot_be_armed() -> None:
    async def script(link: Link) -> None:
        await link.accept_login()
        await link.reply(await link.receive(), 203)

    async with hostile.peer(script) as (host, port), Device(host, port, timeout_s=2) as device:
        device.alarms.patience_s = 0.3
        with pytest.raises(TransportError, match="session has ended"):
            await device.alarms.arm()


@pytest.mark.parametrize("quirks", [Quirks(mute=frozenset({1500})), Quirks(guard_ret=103)])
async def test_events_arm_by_themselves_and_take_what_comes(quirks: Quirks) -> None:
    async with Simulator(quirks=quirks) as sim, Device(sim.host, sim.port) as device:
        device.alarms.patience_s = 0.3
        reading = asyncio.create_task(anext(device.alarms.events()))
        await until(lambda: any(message_id == 1500 for message_id, _, _ in sim.requests))
        sim.raise_alarm(0, "VideoMotion", True)
        event = await asyncio.wait_for(reading, 5)
        assert (event.event, event.active) == ("VideoMotion", True)


BARE = {**PUSH["AlarmInfo"], "SerialID": "12", "Type": "Alarm"}


@pytest.mark.parametrize(
    "answer", [b"", b"\n\0", b"\xff\xfe\0", b"[]", b'{"Ret":[1]}', b'{"Ret":"no"}', b'[{"Ret":100}]']
)
@pytest.mark.parametrize(
    ("message_id", "body"), [(1504, PUSH), (1505, PUSH), (1506, PUSH), (1508, BARE), (1504, [PUSH])]
)
async def test_nonsense_for_an_answer_and_a_push_under_another_number(
    answer: bytes, message_id: int, body: object
) -> None:
    async def script(link: Link) -> None:
        await link.accept_login()
        while True:
            request = await link.receive()
            if request.message_id == 1500:
                await link.send(hostile.pack(1501, answer))
                await link.send(hostile.pack(message_id, json.dumps(body).encode()))
            else:
                await link.reply(request, SystemInfo={"SerialNo": "abc"})

    async with hostile.peer(script) as (host, port), Device(host, port, timeout_s=2) as device:
        found: list[alarms.AlarmEvent] = []
        device.alarms.subscribe(found.append)
        await device.alarms.arm()
        assert (await device.system.info()).serial == "abc"
        assert [(event.event, event.active) for event in found] == [("VideoMotion", True)]
        assert device.alarms.armed
