"""What devices send unasked: each is a value with a type, whatever its form, or harms nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from dvrip_proto import AlarmEvent, AlarmKind, Device, TransportError
from dvrip_proto.connection import Reply
from dvrip_proto.wire.framer import pack
from dvrip_proto.wire.ids import MessageId
from tests import hostile

EVENT = {"Channel": 2, "Event": "VideoMotion", "StartTime": "2023-03-03 12:48:20", "Status": "Start"}


async def pushed(
    push: Callable[[hostile.Link], Awaitable[None]], use: Callable[[Device], Awaitable[Any]]
) -> Any:
    """What `use` makes of a device that pushes once it is armed."""

    async def script(link: hostile.Link) -> None:
        await link.accept_login()
        await link.reply(await link.receive())
        await push(link)
        await link.serve()

    async with hostile.peer(script) as (host, port), Device(host, port, timeout_s=2) as device:
        return await use(device)


async def next_alarm(device: Device) -> AlarmEvent:
    events = device.alarms.events()
    waiting = asyncio.create_task(anext(events))
    await asyncio.sleep(0)
    await device.alarms.arm()
    async with asyncio.timeout(2):
        event = await waiting
    assert not device.closed
    return event


@pytest.mark.parametrize(
    ("changes", "kind", "active"),
    [
        ({}, AlarmKind.MOTION, True),
        ({"Event": "LikeNothingBefore", "Status": "Pulse"}, AlarmKind.OTHER, None),
        ({"Event": "StorageNotExist", "Status": "None"}, AlarmKind.STORAGE, None),
        (
            {"Event": "appEventHumanDetectAlarm", "Status": "Stop", "ExtInfo": {"a": [1]}},
            AlarmKind.PERSON,
            False,
        ),
        ({"Event": ""}, AlarmKind.OTHER, True),
    ],
)
async def test_alarms_of_every_name(changes: dict[str, Any], kind: AlarmKind, active: bool | None) -> None:
    alarm = {**EVENT, **changes}

    async def push(link: hostile.Link) -> None:
        await link.push(
            MessageId.ALARM, {"AlarmInfo": alarm, "Name": "AlarmInfo", "SessionID": "0x1c"}, sequence=9
        )

    event = await pushed(push, next_alarm)
    assert isinstance(event, AlarmEvent)
    assert (event.kind, event.active, event.event, event.channel) == (kind, active, alarm["Event"], 2)
    assert event.raw == alarm


async def test_pushes_without_sense_harm_no_others() -> None:
    async def push(link: hostile.Link) -> None:
        for body in (
            b"",
            b"\n\0",
            b"no JSON",
            b"[1]",
            b'{"AlarmInfo":7}',
            b'{"AlarmInfo":{"Event":"VideoTour"}}',
        ):
            await link.send(pack(MessageId.ALARM, body))
        await link.send(pack(MessageId.ALARM_REPLY, b'{"Ret":100,"SessionID":"1"}'))
        await link.send(pack(MessageId.PLAYBACK_EOF, b""))
        await link.send(pack(MessageId.UPGRADE_PROGRESS, b'{"Ret":55}'))
        await link.send(pack(9999, b"\0\1\2"))
        await link.send(pack(MessageId.ALARM_CENTRE, b'{"Type":"Alarm"}'))
        await link.push(MessageId.ALARM, {"AlarmInfo": EVENT})

    assert (await pushed(push, next_alarm)).kind is AlarmKind.MOTION


@pytest.mark.parametrize(
    ("message_id", "body", "ret", "value"),
    [
        (MessageId.UPGRADE_PROGRESS, b'{ "Name" : "", "Ret" : 42, "SessionID" : "0x3" }\n\0', 42, {}),
        (MessageId.PLAYBACK_EOF, b"", None, {}),
        (MessageId.PLAYBACK_EOF, b'{"OPPlayBack":{"Action":"EOF"}}', None, {"Action": "EOF"}),
        (2222, b'{"OPPlayBack":[1]}', None, [1]),
    ],
)
async def test_any_push_is_a_reply(message_id: int, body: bytes, ret: int | None, value: object) -> None:
    async def push(link: hostile.Link) -> None:
        await link.send(pack(message_id, body))

    async def use(device: Device) -> Reply:
        heard: asyncio.Queue[Reply] = asyncio.Queue()
        forget = device.connection.on_push(message_id, heard.put_nowait)
        await device.alarms.arm()
        async with asyncio.timeout(2):
            reply = await heard.get()
        forget()
        return reply

    reply = await pushed(push, use)
    assert isinstance(reply, Reply)
    assert (reply.message_id, reply.ret, reply.raw) == (message_id, ret, body)
    assert reply.body.get("OPPlayBack", {}) == value


async def test_a_forced_logout_is_answered_and_ends_the_session() -> None:
    answers: list[int] = []

    async def push(link: hostile.Link) -> None:
        await link.push(MessageId.FORCED_LOGOUT, {"SessionID": "0x0000000b"})
        answers.append((await link.receive()).message_id)

    async def use(device: Device) -> object:
        await device.alarms.arm()
        async with asyncio.timeout(2):
            return await device.wait_closed()

    error = await pushed(push, use)
    assert isinstance(error, TransportError)
    assert "logged this session out" in str(error)
    assert answers == [MessageId.FORCED_LOGOUT_REPLY]
