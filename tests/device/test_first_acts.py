"""Whatever is done first with a device that wants encryption, or that answers a few questions only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest

from dvrip_proto import Device
from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.wire.framer import pack
from tests import hostile
from tests.device.conftest import PASSWORD
from tests.hostile import Link

DAY = datetime(2026, 1, 5)


async def _talk(device: Device) -> None:
    async with device.talk.open() as talk:
        await talk.send(b"\xd5" * 320)


async def _watch(device: Device) -> None:
    async with device.monitor.open(0, "Extra1") as stream:
        assert (await anext(stream)).payload


async def _say_raw(device: Device) -> None:
    assert (await device.messages.send_raw(1042, b'{"Name":"General.General"}')).ret == 100


async def _search(device: Device) -> None:
    assert [found async for found in device.recordings.search(DAY, DAY)] == []


ACTS: dict[str, Callable[[Device], Awaitable[Any]]] = {
    "talk": _talk,
    "watch": _watch,
    "arm": lambda device: device.alarms.arm(),
    "raw": _say_raw,
    "search": _search,
    "snapshot": lambda device: device.snapshot.take(),
    "move": lambda device: device.ptz.stop(),
    "read": lambda device: device.settings.get("General.General"),
    "clock": lambda device: device.system.time(),
}


@pytest.mark.parametrize("act", list(ACTS))
async def test_the_first_act_finds_the_way_in(act: str) -> None:
    quirks = Quirks(encrypted="empty")
    simulator = Simulator(profile="ipc", users={"admin": PASSWORD}, quirks=quirks, videos=["scene:h264"])
    async with simulator as sim, Device(sim.host, sim.port, password=PASSWORD, timeout_s=5) as device:
        await ACTS[act](device)
        assert device.entry.encrypted
        assert not device.closed


@pytest.mark.parametrize("told", ["SystemInfo", "SystemFunction"])
@pytest.mark.parametrize("first", ["Detect.MotionDetect", "Camera.Param"])
async def test_firmware_that_answers_few_questions_is_left_in_clear(told: str, first: str) -> None:
    """dbuezas/icsee-ptz issue 66: login, video and abilities come in clear, objects and orders empty."""
    logins = 0

    async def script(link: Link) -> None:
        nonlocal logins
        logins += 1
        await link.accept_login()
        while True:
            request = await link.receive()
            if told.encode() in request.body:
                value = (
                    {"EncodeFunction": {"DoubleStream": True}}
                    if told == "SystemFunction"
                    else {"SerialNo": "a1"}
                )
                await link.reply(request, **{told: value})
            else:
                await link.send(pack(request.message_id + 1, b"", session=hostile.SESSION, version=1))

    async with hostile.peer(script) as (host, port), Device(host, port, timeout_s=2) as device:
        assert await device.settings.get_or_none(first) is None
        assert await device.alarms.arm()
        await device.ptz.stop()
        if told == "SystemFunction":
            assert list(await device.system.functions()) == ["EncodeFunction"]
        assert not device.entry.encrypted
    assert logins == 1
