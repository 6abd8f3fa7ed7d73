"""Case 27: a request between Claim and DownloadStart makes a recorder forget the claim; nothing comes between."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta

import pytest

from dvrip_proto import Device, DvripError, Recording, RequestTimeoutError
from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.wire.framer import Frame
from tests import hostile
from tests.hostile import Link
from tests.rogue import FILE, STREAM, answer, body_of, media

RECORDING = Recording(name=FILE, begin=datetime(2021, 3, 4, 10), end=datetime(2021, 3, 4, 11))
CLAIMS, STARTS = {1413, 1424, 1434}, {1410, 1420, 1430}


class Recorder:
    """Notes the order of everything on both sockets, takes its time for claims, and drops as the report says."""

    def __init__(self, *, claim_s: float = 0.1) -> None:
        self.order: list[int] = []
        self.claimed = False
        self.claim_s = claim_s
        self.started = asyncio.Event()

    async def script(self, link: Link) -> None:
        while True:
            request = await link.receive()
            self.order.append(request.message_id)
            await self._take(link, request)

    async def _take(self, link: Link, request: Frame) -> None:
        if request.message_id in CLAIMS:
            self.claimed = True
            await asyncio.sleep(self.claim_s)
            await link.send(answer(request))
            await self.started.wait()
            await link.send(media(1412 if request.message_id == 1413 else 1426, STREAM))
        elif request.message_id in STARTS and str(_action(request)).endswith("Start"):
            if self.claimed:
                self.started.set()
                await link.send(answer(request))
        else:
            self.claimed = False
            await link.send(answer(request))

    def between(self) -> list[int]:
        """What came between the first claim and the start that follows it."""
        first = next(at for at, message_id in enumerate(self.order) if message_id in CLAIMS)
        rest = self.order[first + 1 :]
        return rest[: next(at for at, message_id in enumerate(rest) if message_id in STARTS)]


def _action(request: Frame) -> object:
    body = body_of(request)
    operation = body.get(str(body.get("Name")))
    return operation.get("Action") if isinstance(operation, dict) else None


async def busy(device: Device, every_s: float = 0.01) -> None:
    with suppress(DvripError):
        while True:
            await device.system.info()
            await asyncio.sleep(every_s)


async def download(device: Device) -> None:
    async with device.recordings.download(RECORDING) as frames:
        assert [frame async for frame in frames]


async def play(device: Device) -> None:
    async with device.recordings.play(RECORDING) as frames:
        await anext(frames)


async def watch(device: Device) -> None:
    async with device.monitor.open(0) as frames:
        await anext(frames)


async def talk(device: Device) -> None:
    async with device.talk.open():
        pass


@pytest.mark.parametrize("use", [download, play, watch, talk])
async def test_nothing_comes_between_a_claim_and_its_start(use: Callable[[Device], Awaitable[None]]) -> None:
    recorder = Recorder()
    async with hostile.peer(recorder.script) as (host, port), Device(host, port, timeout_s=3) as device:
        others = [asyncio.create_task(busy(device, 0.003 * number)) for number in range(1, 4)]
        await asyncio.sleep(0.05)
        await use(device)
        for other in others:
            other.cancel()
        await asyncio.gather(*others, return_exceptions=True)
    assert recorder.between() == []
    assert recorder.order.count(1020) > 3, "the others were busy"


async def test_no_keep_alive_comes_between_either() -> None:
    recorder = Recorder(claim_s=0.5)

    async def either(link: Link) -> None:
        first = await link.receive()
        if first.message_id == 1000:
            await link.reply(first, AliveInterval=0.2)
        else:
            recorder.order.append(first.message_id)
            await recorder._take(link, first)
        await recorder.script(link)

    async with hostile.peer(either) as (host, port), Device(host, port, timeout_s=3) as device:
        await asyncio.sleep(0.25)
        await download(device)
        await asyncio.sleep(0.25)
    assert 1006 in recorder.order, "the device wants keep-alives often"
    assert recorder.between() == []


async def test_others_wait_no_longer_than_bearable_for_a_claim_without_an_answer() -> None:
    recorder = Recorder(claim_s=1.5)
    async with hostile.peer(recorder.script) as (host, port), Device(host, port, timeout_s=1) as device:
        device.connection.hold.longest_s = 0.2
        opening = asyncio.create_task(watch(device))
        await asyncio.sleep(0.1)
        async with asyncio.timeout(0.7):
            await device.ptz.stop("left")
        with pytest.raises(RequestTimeoutError):
            await opening


async def test_a_simulated_recorder_that_drops_claims_gives_its_recording() -> None:
    async with Simulator(profile="nvr", quirks=Quirks(claim_is_dropped=True)) as sim:
        await sim.prepare_media()
        async with Device(sim.host, sim.port) as device:
            now = await device.system.time()
            recordings = device.recordings.search(now - timedelta(days=2), now)
            recording = await anext(aiter(recordings))
            other = asyncio.create_task(busy(device))
            async with device.recordings.download(recording) as frames:
                assert (await anext(frames)).payload
            other.cancel()
