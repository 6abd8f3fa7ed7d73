"""A device whose answer to a Stop comes after the next Start: monitor and talk, in order and out of it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from dvrip_proto import Connection, Device, RequestError, RequestTimeoutError
from dvrip_proto.features import talk
from dvrip_proto.features.monitor import open_monitor
from dvrip_proto.wire.body import decode
from dvrip_proto.wire.framer import Frame, pack
from tests import hostile
from tests.hostile import Link


class Slow:
    """A peer that answers its first Stop late, and refuses the Start after it."""

    def __init__(self, name: str, refusal: int, *, overtaken: bool) -> None:
        self.name = name
        self.refusal = refusal
        self.overtaken = overtaken
        self.starts = 0
        self.stopped: Frame | None = None

    async def script(self, link: Link) -> None:
        first = await link.receive()
        await link.reply(first, AliveInterval=20)
        while True:
            frame = await link.receive()
            action = decode(frame.body).get(self.name, {}).get("Action") if frame.body else None
            if action == "Stop" and self.stopped is None:
                self.stopped = frame
                if not self.overtaken:
                    await asyncio.sleep(0.3)
                    await link.reply(frame)
            elif action == "Start":
                await self.start(link, frame)
            else:
                await link.reply(frame)

    async def start(self, link: Link, frame: Frame) -> None:
        self.starts += 1
        if self.starts == 1:
            await link.reply(frame)
            return
        if self.overtaken and self.stopped is not None:
            await link.reply(self.stopped)
            await asyncio.sleep(0.05)
        await link.reply(frame, ret=self.refusal)


@pytest.mark.parametrize("overtaken", [False, True])
async def test_a_refused_stream_is_refused_although_the_answer_to_a_stop_says_yes(overtaken: bool) -> None:
    device = Slow("OPMonitor", 121, overtaken=overtaken)
    async with hostile.peer(device.script) as (host, port):
        connection = await Connection.open(host, port, timeout_s=2)
        await connection.login("admin", "")
        async with open_monitor(connection, 0, stop_s=0.1):
            pass
        with pytest.raises(RequestError) as caught:
            async with open_monitor(connection, 1, stop_s=0.1):
                pass
        await connection.close()
    assert caught.value.ret == 121
    assert device.starts == 2


@pytest.mark.parametrize("overtaken", [False, True])
async def test_a_refused_talk_is_refused_although_the_answer_to_a_stop_says_yes(
    overtaken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk, "_STOP_S", 0.1)
    monkeypatch.setattr(talk, "_LAST_WORD_S", 0)
    peer: Any = Slow("OPTalk", 503, overtaken=overtaken)
    async with hostile.peer(peer.script) as (host, port), Device(host, port, timeout_s=2) as device:
        async with device.talk.open():
            pass
        with pytest.raises(RequestError) as caught:
            async with device.talk.open():
                pass
    assert caught.value.ret == 503


async def test_the_late_rest_of_a_picture_is_not_the_begin_of_the_next() -> None:
    """As a recorder that is busy for a while, and then answers everything in its order."""
    first, second = (b"\xff\xd8\xff\xe0" + bytes([at]) * 4000 + b"\xff\xd9" for at in (1, 2))
    owed: list[bytes] = []

    async def script(link: Link) -> None:
        await link.reply(await link.receive(), AliveInterval=20)
        while True:
            frame = await link.receive()
            for late in owed:
                await link.send(pack(1561, late, session=hostile.SESSION, version=1))
            owed.clear()
            if frame.message_id != 1560:
                await link.reply(frame)
            elif decode(frame.body)["OPSNAP"]["Channel"] == 0:
                await link.send(pack(1561, first[:2000], session=hostile.SESSION, version=1))
                owed.append(first[2000:])
            else:
                await link.send(pack(1561, second, session=hostile.SESSION, version=1))

    async with hostile.peer(script) as (host, port), Device(host, port, timeout_s=0.3) as device:
        with pytest.raises(RequestTimeoutError, match="broke off"):
            await device.snapshot.take(0)
        assert await device.snapshot.take(1) == second
