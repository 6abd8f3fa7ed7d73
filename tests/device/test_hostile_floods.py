"""Devices that never stop talking: nothing that waits for a reader grows without bounds, nothing goes on for ever."""

from __future__ import annotations

import asyncio
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dvrip_proto import SerialPort
from dvrip_proto.errors import RequestError, RequestTimeoutError
from dvrip_proto.features.alarms import AlarmEvent
from dvrip_proto.features.firmware.package import Firmware
from dvrip_proto.wire.body import encode_reply
from dvrip_proto.wire.framer import Frame, pack
from dvrip_proto.wire.ids import MessageId
from tests.device import firmware_file
from tests.hostile import Link
from tests.rogue import Rogue, answer, rogue

pytestmark = pytest.mark.usefixtures("no_leaks")

MIB = 1024 * 1024


@contextmanager
def at_most(limit: int) -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[0] < limit
    finally:
        tracemalloc.stop()


def answers_and(data: bytes, times: int) -> Any:
    async def twist(link: Link, request: Frame) -> None:
        await link.send(answer(request))
        for _ in range(times):
            await link.send(data)

    return twist


async def test_a_serial_port_that_nobody_reads() -> None:
    flood = pack(MessageId.RS485_DATA, bytes(100_000))
    device = Rogue(MessageId.TRANSPARENT_OPEN, "Start", answers_and(flood, 400))
    async with rogue(device, timeout_s=5) as client:
        await client.open()
        with at_most(6 * MIB):
            async with client.serial.open(SerialPort.RS485) as port:
                await client.system.info()  # behind the flood
                assert len(await anext(port)) == 100_000


async def test_a_serial_port_that_refuses_for_ever_says_so_once() -> None:
    refusal = pack(MessageId.RS485_DATA, b'{ "Ret" : 103 }')
    device = Rogue(MessageId.TRANSPARENT_OPEN, "Start", answers_and(refusal * 100, 200))
    async with rogue(device, timeout_s=30) as client:
        await client.open()
        with at_most(2 * MIB):
            async with client.serial.open(SerialPort.RS485) as port:
                await client.system.info()
                with pytest.raises(RequestError):
                    await anext(port)


async def test_alarms_that_are_none_do_not_wait_for_a_reader() -> None:
    big = pack(MessageId.ALARM, encode_reply({"AlarmInfo": {"Event": "VideoMotion", "Pad": "x" * 100_000}}))
    real = pack(MessageId.ALARM, encode_reply({"AlarmInfo": {"Event": "VideoMotion", "Status": "Start"}}))
    device = Rogue(MessageId.GUARD, "", answers_and(big * 10 + real, 30))
    async with rogue(device, timeout_s=30) as client:
        await client.open()
        events: AsyncIterator[AlarmEvent] = client.alarms.events()
        first = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0)
        with at_most(4 * MIB):
            await client.alarms.arm()
            await client.system.info()
            assert (await first).active is True
        await events.aclose()  # type: ignore[attr-defined] # an iterator that is a generator


async def test_an_upgrade_that_never_ends(tmp_path: Path) -> None:
    progress = pack(MessageId.UPGRADE_PROGRESS, b'{ "Ret" : 50 }')

    async def burns_for_ever(link: Link, request: Frame) -> None:
        await link.send(answer(request))
        while not request.body:
            await link.send(progress * 5000)
            await asyncio.sleep(0.01)

    firmware = Firmware.read(firmware_file.write(tmp_path))
    async with rogue(Rogue(MessageId.UPGRADE_DATA, "", burns_for_ever), timeout_s=2) as client:
        await client.open()
        client.upgrade.burn_s = 0.5
        async with asyncio.timeout(5):
            with pytest.raises(RequestTimeoutError, match="no end of it after 50 %"):
                await client.upgrade.install(firmware, silence_s=2, back_s=0.1)
