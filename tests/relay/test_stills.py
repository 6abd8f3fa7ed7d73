"""Stills of many channels through few connections, from scripted streams and from a simulated recorder."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import pytest

from dvrip_proto import Device, Hub, NoConnectionError, Stills, StillTimes, TransportError
from dvrip_proto.errors import RequestError, RequestTimeoutError, UnsupportedError
from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.wire.media import FrameKind, MediaFrame
from tests.device.conftest import PASSWORD, login

JPEG = b"\xff\xd8 a picture"
TIMES = StillTimes(snapshot_s=0.2, keyframe_s=2.0, same_s=0.05, meanwhile_s=60.0, patience_s=0.05)


class Channels:
    """Streams of MJPEG, whose frames are pictures already; `gate` holds them back."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.gate.set()
        self.open = self.peak = self.opened = 0
        self.error: Exception | None = None

    @asynccontextmanager
    async def stream(self) -> AsyncIterator[AsyncIterator[MediaFrame]]:
        if self.error is not None:
            raise self.error
        self.open += 1
        self.opened += 1
        self.peak = max(self.peak, self.open)
        try:
            yield self._frames()
        finally:
            await asyncio.sleep(0.01)  # a Stop, and its answer
            self.open -= 1

    async def _frames(self) -> AsyncIterator[MediaFrame]:
        while True:
            await self.gate.wait()
            yield MediaFrame(kind=FrameKind.I, payload=JPEG, codec="jpeg")
            await asyncio.sleep(0.02)


class Refuses:
    """A device whose snapshots fail with `error`."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.asked = 0
        self.snapshot = self

    async def take(self, _channel: int) -> bytes:
        self.asked += 1
        raise self.error


@asynccontextmanager
async def stills(channels: Channels, device: Refuses, times: StillTimes = TIMES) -> AsyncIterator[Stills]:
    hubs: dict[tuple[int, str], Hub] = {}

    def hub(channel: int, stream: str) -> Hub:
        key = (channel, stream)
        if key not in hubs:
            hubs[key] = Hub(channels.stream, name=f"{channel}")
        return hubs[key]

    taker = Stills(lambda: device, hub, times=times)  # type: ignore[arg-type,return-value] # it has what is used
    try:
        yield taker
    finally:
        await taker.close()
        for one in hubs.values():
            await one.close()


@pytest.fixture
def refuses() -> Refuses:
    return Refuses(UnsupportedError("no", ret=103))


async def test_key_frames_come_one_channel_at_a_time(refuses: Refuses) -> None:
    channels = Channels()
    async with stills(channels, refuses) as taker:
        assert await asyncio.gather(*(taker.take(number) for number in range(32))) == [JPEG] * 32
    assert (channels.peak, channels.opened, channels.open) == (1, 32, 0)


async def test_the_last_picture_is_served_while_the_next_one_is_on_its_way(refuses: Refuses) -> None:
    channels = Channels()
    async with stills(channels, refuses) as taker:
        assert await taker.take(0) == JPEG
        await asyncio.sleep(0.1)
        channels.gate.clear()
        async with asyncio.timeout(1):
            assert await taker.take(0) == JPEG
        waits = asyncio.create_task(taker.take(1))  # has none yet
        await asyncio.sleep(0.1)
        assert not waits.done()
        channels.gate.set()
        assert await waits == JPEG


async def test_an_error_gives_the_last_picture_only_while_it_is_young(refuses: Refuses) -> None:
    channels = Channels()
    async with stills(channels, refuses) as taker:
        await taker.take(0)
        await asyncio.sleep(0.2)
        channels.error = TransportError("no free connection")
        taker.times = StillTimes(same_s=0.0, meanwhile_s=60.0, keyframe_age_s=0.0)
        assert await taker.take(0) == JPEG
        taker.times = StillTimes(same_s=0.0, meanwhile_s=0.1, keyframe_age_s=0.0)
        with pytest.raises(TransportError, match="no free connection"):
            await taker.take(0)


async def test_who_leaves_does_not_stop_the_picture_for_the_next(refuses: Refuses) -> None:
    channels = Channels()
    channels.gate.clear()
    async with stills(channels, refuses) as taker:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await taker.take(0)
        channels.gate.set()
        assert await taker.take(0) == JPEG
    assert channels.opened == 1


@pytest.mark.parametrize(
    ("error", "asked"),
    [
        (RequestError("busy", ret=108), 2),
        (RequestTimeoutError("silent"), 1),
        (UnsupportedError("no"), 2),
    ],
)
async def test_a_silent_device_is_asked_once_a_refusing_one_once_a_channel(
    error: Exception, asked: int
) -> None:
    device = Refuses(error)
    async with stills(Channels(), device) as taker:
        for number in (0, 1, 0, 1):
            await taker.take(number)
            await asyncio.sleep(0.06)
    assert device.asked == asked


@pytest.fixture
async def recorder() -> AsyncIterator[Simulator]:
    """A recorder with more channels than connections."""
    quirks = Quirks(max_connections=10)
    async with Simulator(
        profile="nvr", channels=16, users={"admin": PASSWORD}, quirks=quirks, videos=["scene:h264"]
    ) as simulator:
        yield simulator


async def test_live_streams_take_all_but_two_connections_and_the_next_is_told_who_has_them(
    recorder: Simulator,
) -> None:
    async with login(recorder) as device, AsyncExitStack() as stack:
        device.connection.budget.wait_s = 0.1
        for number in range(7):
            await anext(await stack.enter_async_context(device.monitor.open(number)))
        heard: list[NoConnectionError] = []
        forget = device.connection.budget.on_refused(heard.append)
        with pytest.raises(NoConnectionError, match="no free connection: the device takes 10, 2 of") as full:
            await stack.enter_async_context(device.monitor.open(7))
        assert heard == [full.value]
        assert full.value.holders == tuple(f"channel {number} Main" for number in range(1, 8))
        forget()
        with pytest.raises(NoConnectionError):
            await stack.enter_async_context(device.monitor.open(7))
        assert heard == [full.value]
        assert "channel 8 Main" in str(full.value)
        assert "held here beside the session: channel 1 Main, channel 2 Main, " in str(full.value)
        assert recorder.connections == 8
        async with login(recorder) as other:
            assert await other.system.info()


async def test_a_stream_that_only_lingers_is_given_up_for_one_that_is_wanted(recorder: Simulator) -> None:
    async with login(recorder) as device:
        device.connection.budget.wait_s = 5.0
        hubs = [
            Hub(partial(device.monitor.open, number), linger_s=60, name=str(number)) for number in range(9)
        ]
        try:
            for hub in hubs:  # one after the other, as somebody who looks at each
                viewer = hub.attach()
                await hub.describe(viewer)
                hub.detach(viewer)
            assert recorder.connections == 8
            assert [hub.streaming for hub in hubs] == [False] * 2 + [True] * 7
        finally:
            for hub in hubs:
                await hub.close()
        assert device.connection.budget.held == ()


@pytest.mark.parametrize("most", [3, 5, 20])
async def test_the_number_of_connections_is_the_device_s_own(recorder: Simulator, most: int) -> None:
    recorder.quirks = Quirks()
    async with login(recorder) as device:
        await device.settings.ensure("NetWork.NetCommon", {"TCPMaxConn": most})
    async with login(recorder) as device, AsyncExitStack() as stack:
        device.connection.budget.wait_s = 0.1
        room = max(1, most - 3)
        for number in range(room):
            stream = "Main" if number < 16 else "Extra1"
            await stack.enter_async_context(device.monitor.open(number % 16, stream))
        with pytest.raises(TransportError, match=f"the device takes {most}, "):
            await stack.enter_async_context(device.monitor.open(15, "Extra1"))


async def test_a_device_that_takes_no_more_itself_is_told_from_one_that_went_away(
    recorder: Simulator,
) -> None:
    recorder.quirks = Quirks(max_connections=3)
    async with login(recorder) as device, AsyncExitStack() as stack:
        for number in range(2):
            await stack.enter_async_context(device.monitor.open(number))
        with pytest.raises(
            TransportError, match="it has no free connection: .*held here .*channel 1 Main, ch"
        ):
            await stack.enter_async_context(device.monitor.open(2))
        assert device.connection.budget.held == ("channel 1 Main", "channel 2 Main")
        assert not device.closed


async def test_what_failed_to_open_holds_nothing(recorder: Simulator) -> None:
    recorder.quirks = Quirks(offline_channels=frozenset({3}))
    device: Device
    async with login(recorder) as device:
        for _ in range(20):
            with pytest.raises(RequestError):
                async with device.monitor.open(3):
                    pass
        assert device.connection.budget.held == ()
