"""Claims and starts that are left without an answer, or answered late, and the media come all the same.

Sources: a public bridge for NVRs ("some NVRs respond with JSON, others immediately start pushing video data";
index id 56168976044), a viewer of Provision recorders that starts although the claim is not answered
(70327695901), and the GrowCam client, which reads the answer to the claim behind that to the start (61534344081).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from dvrip_proto import Device, Recording, RequestTimeoutError
from dvrip_proto.features.monitor import open_monitor
from dvrip_proto.wire.framer import Frame
from tests import hostile
from tests.hostile import Link
from tests.rogue import BEGIN, FILE, FRAMES, STREAM, answer, body_of, media

pytestmark = pytest.mark.usefixtures("no_leaks")

RECORDING = Recording(name=FILE, begin=BEGIN)


@dataclass
class Recorder:
    """Answers what it is asked, but `mute` ids; claims in `after` are answered behind their start."""

    mute: frozenset[int] = frozenset()
    after: frozenset[int] = frozenset()
    asked: list[tuple[int, str]] = field(default_factory=list)
    claims: list[tuple[Link, Frame]] = field(default_factory=list)

    async def script(self, link: Link) -> None:
        while True:
            request = await link.receive()
            operation = body_of(request).get(str(body_of(request).get("Name")))
            action = operation.get("Action") if isinstance(operation, dict) else ""
            self.asked.append((request.message_id, str(action)))
            if action == "Claim":
                self.claims.append((link, request))
            if str(action).endswith("Stop") or request.message_id not in self.mute | self.after:
                await link.send(answer(request))
            if str(action).endswith("Start"):
                claimed, claim = self.claims[-1]
                if claim.message_id in self.after:
                    await claimed.send(answer(claim))
                number = {"Start": 1422, "DownloadStart": 1426}[str(action)]
                await claimed.send(
                    media(1412 if claim.message_id == 1413 else number, STREAM, end=number == 1426)
                )


async def watch(device: Device) -> None:
    async with device.monitor.open(0) as frames:
        assert [await anext(frames) for _ in FRAMES] == FRAMES


async def play(device: Device) -> None:
    async with device.recordings.play(RECORDING) as frames:
        assert [await anext(frames) for _ in FRAMES] == FRAMES


async def download(device: Device) -> None:
    async with device.recordings.download(RECORDING) as frames:
        assert [frame async for frame in frames] == FRAMES


@pytest.mark.parametrize("use", [watch, play, download])
@pytest.mark.parametrize(
    "recorder",
    [
        {"mute": {1410, 1420}},
        {"mute": {1413, 1424}},
        {"mute": {1410, 1413, 1420, 1424}},
        {"after": {1413, 1424}},
        {"after": {1413, 1424}, "mute": {1410, 1420}},
    ],
    ids=["no start", "no claim", "neither", "claim behind the start", "claim alone behind"],
)
async def test_media_are_answer_enough(
    recorder: dict[str, set[int]], use: Callable[[Device], Awaitable[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dvrip_proto.connection.media.CLAIM_S", 0.2)
    monkeypatch.setattr("dvrip_proto.session.conversation.HURRY_S", 0.1)
    device_ = Recorder(**{key: frozenset(ids) for key, ids in recorder.items()})
    async with (
        hostile.peer(device_.script) as (host, port),
        Device(host, port, timeout_s=20) as device,
        asyncio.timeout(8),
    ):
        device.recordings.pace.rest_s = 0.0
        for _ in range(2):  # what was never answered does not stand in the way of the next
            await use(device)
        assert (await device.system.info()).serial == "abc"


async def test_who_answers_no_start_is_not_waited_for_at_the_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dvrip_proto.session.conversation.HURRY_S", 0.1)

    async def script(link: Link) -> None:
        while True:
            request = await link.receive()
            if request.message_id == 1413:
                claims.append(link)
            if request.message_id != 1410:
                await link.send(answer(request))
            elif body_of(request)["OPMonitor"]["Action"] == "Start":
                await claims[-1].send(media(1412, STREAM, end=False))
            else:
                stopped.set()

    claims: list[Link] = []
    stopped = asyncio.Event()
    async with hostile.peer(script) as (host, port), Device(host, port, timeout_s=60) as device:
        async with asyncio.timeout(20):  # not the minute that it might have
            async with open_monitor(device.connection, 0, timeout_s=60, stop_s=60) as frames:
                assert await anext(frames) == FRAMES[0]
            await stopped.wait()
        assert (await device.system.info()).serial == "abc"


async def test_a_start_without_answer_and_media_ends_nothing_but_itself() -> None:
    """As recorders do that have forgotten the claim (TheJenos/xmeye-control)."""

    async def script(link: Link) -> None:
        while True:
            request = await link.receive()
            if request.message_id != 1420:
                await link.send(answer(request))

    async with hostile.peer(script) as (host, port), Device(host, port, timeout_s=0.4) as device:
        with pytest.raises(RequestTimeoutError, match="no reply to 1420 PLAYBACK OPPlayBack within 0.4 s"):
            await download(device)
        assert (await device.system.info()).serial == "abc"


async def test_a_start_that_is_refused_behind_a_claim_without_an_answer() -> None:
    async def script(link: Link) -> None:
        while True:
            request = await link.receive()
            if request.message_id == 1410:
                await link.reply(request, 103)
            elif request.message_id != 1413:
                await link.send(answer(request))

    async with hostile.peer(script) as (host, port), Device(host, port, timeout_s=0.4) as device:
        words = r"channel 1 Main: OPMonitor: illegal request \(Ret 103.*, and no reply to 1413 MONITOR_CLAIM"
        with pytest.raises(RequestTimeoutError, match=words):
            await watch(device)
        assert (await device.system.info()).serial == "abc"


async def test_the_second_stream_under_the_name_that_the_device_knows() -> None:
    """Notes of three cameras, two of them XM210: "StreamType is Main or Extra" (index id 71240263139)."""
    asked: list[tuple[int, str]] = []
    claims: list[Link] = []

    async def script(link: Link) -> None:
        while True:
            request = await link.receive()
            name = body_of(request).get("OPMonitor", {}).get("Parameter", {}).get("StreamType", "")
            if name:
                asked.append((request.message_id, name))
            if name == "Extra1":
                await link.reply(request, 103)
                continue
            await link.send(answer(request))
            if request.message_id == 1413:
                claims.append(link)
            elif request.message_id == 1410:
                await claims[-1].send(media(1412, STREAM, end=False))

    async with hostile.peer(script) as (host, port), Device(host, port, timeout_s=5) as device:
        for _ in range(2):
            async with device.monitor.open(0, "Extra1") as frames:
                assert (frames.stream, await anext(frames)) == ("Extra1", FRAMES[0])
    claimed = [name for message_id, name in asked if message_id == 1413]
    assert claimed == ["Extra1", "Extra", "Extra"]
