"""Streams and pictures whose users leave, or that are closed, in the middle of something."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from dvrip_proto import Hub, Stills, StillTimes, TransportError
from dvrip_proto.relay import Relay
from dvrip_proto.relay.talkback import Talkback, Voice
from dvrip_proto.stream import MediaStream
from dvrip_proto.wire.media import MediaFrame

pytestmark = pytest.mark.usefixtures("no_leaks")


class Held:
    """Streams that come when `comes` is set, bring nothing, and are closed when `goes` is set."""

    def __init__(self) -> None:
        self.comes, self.goes = asyncio.Event(), asyncio.Event()
        self.comes.set()
        self.open = self.peak = self.opened = 0

    @asynccontextmanager
    async def stream(self) -> AsyncIterator[AsyncIterator[MediaFrame]]:
        self.opened += 1
        self.open += 1
        self.peak = max(self.peak, self.open)
        try:
            await self.comes.wait()
            yield self._frames()
        finally:
            await self.goes.wait()  # a Stop that is not answered yet
            self.open -= 1

    async def _frames(self) -> AsyncIterator[MediaFrame]:
        await asyncio.Event().wait()
        yield MediaFrame(kind=None, payload=b"")  # type: ignore[arg-type] # never reached


async def turns(number: int = 5) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


async def test_viewers_who_come_and_go_while_a_stream_is_closed_open_no_second_one() -> None:
    held = Held()
    hub = Hub(held.stream, linger_s=0.0)
    for _ in range(3):
        viewer = hub.attach()
        await turns()
        hub.detach(viewer)
        await turns()
    last = hub.attach()
    await turns()
    assert (held.opened, held.open) == (1, 1), "the first is not closed yet"
    held.goes.set()
    await turns()
    assert (held.opened, held.peak) == (2, 1)
    hub.detach(last)
    await hub.close()
    assert held.open == 0


async def test_a_hub_is_closed_when_every_stream_of_it_is() -> None:
    held = Held()
    hub = Hub(held.stream, linger_s=0.0)
    for _ in range(2):
        viewer = hub.attach()
        await turns()
        hub.detach(viewer)
    closing = asyncio.create_task(hub.close())
    await turns()
    assert not closing.done()
    assert held.open == 1
    held.goes.set()
    await closing
    assert held.open == 0


async def test_a_stream_that_opens_when_its_viewer_has_left_can_be_spared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spared: list[Any] = []

    class Frames(MediaStream):
        def __init__(self) -> None:
            """It has no device."""

        def spare(self, give_up: Any) -> None:
            spared.append(give_up)

        async def batch(self) -> list[MediaFrame]:
            await asyncio.Event().wait()
            return []

    comes = asyncio.Event()

    @asynccontextmanager
    async def stream() -> AsyncIterator[MediaStream]:
        await comes.wait()
        yield Frames()

    hub = Hub(stream, linger_s=60.0)
    viewer = hub.attach()
    await turns()
    hub.detach(viewer)
    comes.set()
    await turns()
    assert hub.streaming
    assert spared[-1] is not None
    spared[-1]()
    await hub.closed()
    assert not hub.streaming
    await hub.close()


async def test_who_is_cancelled_as_a_stream_ends_leaves_no_error_to_the_loop() -> None:
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: complaints.append(context))
    held = Held()
    held.goes.set()
    hub = Hub(held.stream, linger_s=0.0)
    asked = asyncio.create_task(hub.keyframe())
    await turns()
    closing = asyncio.create_task(hub.close())
    await asyncio.sleep(0)
    asked.cancel()
    await asyncio.wait([asked, closing])
    assert asked.cancelled()
    del asked
    gc.collect()
    assert complaints == []


async def test_a_removal_that_is_cancelled_closes_the_stream_all_the_same() -> None:
    held = Held()
    talk_goes = asyncio.Event()

    @asynccontextmanager
    async def talk() -> AsyncIterator[Voice]:
        try:
            await asyncio.Event().wait()
            yield None  # type: ignore[misc] # never reached
        finally:
            await talk_goes.wait()

    relay = Relay()
    hub = relay.add("a", held.stream, open_talk=talk)
    hub.attach()
    talkback: Talkback = relay._talkbacks["a"]
    talker = asyncio.create_task(talkback.begin(object(), 60))
    await turns()
    removing = asyncio.create_task(relay.remove("a"))
    await turns()
    removing.cancel()
    await turns()
    talk_goes.set()
    held.goes.set()
    await asyncio.wait([removing, talker])
    assert removing.cancelled()
    assert held.open == 0
    assert hub.viewers == 0
    assert isinstance(talker.exception(), TransportError)


class Camera:
    """A device that takes a picture when `ready` is set."""

    def __init__(self) -> None:
        self.ready = asyncio.Event()
        self.snapshot = self

    async def take(self, _channel: int) -> bytes:
        await self.ready.wait()
        return b"picture"


def stills_of(camera: Camera) -> Stills:
    times = StillTimes(snapshot_s=60, same_s=0)
    return Stills(lambda: camera, lambda *_where: pytest.fail("no stream is wanted"), times=times)  # type: ignore[arg-type,return-value] # it has what is used


async def test_who_waits_for_a_picture_as_no_more_are_taken_is_told_and_not_cancelled() -> None:
    stills = stills_of(Camera())
    waiting = [asyncio.create_task(stills.take(channel)) for channel in (0, 0, 1)]
    await turns()
    await stills.close()
    for each in await asyncio.gather(*waiting, return_exceptions=True):
        assert isinstance(each, TransportError)
    await stills.close()
    with pytest.raises(TransportError):
        await stills.take(0)


async def test_pictures_are_closed_while_others_are_asked_for() -> None:
    stills = stills_of(Camera())
    asked = [asyncio.create_task(stills.take(channel)) for channel in range(3)]
    await turns()
    closing = asyncio.create_task(stills.close())
    asked += [asyncio.create_task(stills.take(channel)) for channel in range(3, 6)]
    await closing
    for each in await asyncio.gather(*asked, return_exceptions=True):
        assert isinstance(each, TransportError)
