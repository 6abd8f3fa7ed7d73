"""A clip that is chosen starts soon: what has come is shown, and what nobody waits for is not in its way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any
from unittest.mock import patch

import pytest

from custom_components.dvrip.clips import in_batches
from custom_components.dvrip.recordings import DvripRecordings
from dvrip_proto import FrameKind, MediaFrame, Recording, TransportError
from tests.homeassistant.test_recording_races import kept, listed
from tests.homeassistant.world import until

__all__ = ["kept"]
FRAMES = [MediaFrame(kind=FrameKind.P, payload=bytes([at])) for at in range(200)]


async def test_a_frame_of_a_slow_device_is_passed_on_before_the_next_has_come() -> None:
    goes_on = asyncio.Event()

    async def slow() -> AsyncIterator[MediaFrame]:
        yield FRAMES[0]
        await goes_on.wait()
        yield FRAMES[1]

    async with aclosing(in_batches(slow())) as batches:
        assert await asyncio.wait_for(anext(batches), 5) == FRAMES[:1]
        goes_on.set()
        assert [each async for each in batches] == [FRAMES[1:2]]


async def test_what_came_meanwhile_is_one_batch_and_nothing_is_lost_or_held_without_end() -> None:
    taken = 0

    async def fast() -> AsyncIterator[MediaFrame]:
        nonlocal taken
        for frame in FRAMES:
            taken += 1
            yield frame

    got: list[MediaFrame] = []
    async with aclosing(in_batches(fast())) as batches:
        async for batch in batches:
            got += batch
            await asyncio.sleep(0)
            assert taken - len(got) <= 2 * 64
    assert got == FRAMES


async def test_the_end_of_the_connection_is_told_after_what_came_before_it() -> None:
    async def breaks() -> AsyncIterator[MediaFrame]:
        yield FRAMES[0]
        raise TransportError("gone")

    async with aclosing(in_batches(breaks())) as batches:
        assert await anext(batches) == FRAMES[:1]
        with pytest.raises(TransportError, match="gone"):
            await anext(batches)


class _Device:
    """Takes down what is asked of it, and answers when told to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.goes_on = asyncio.Event()

    async def still(self, recording: Recording, *, begin: Any = None) -> bytes:
        self.asked.append("picture")
        await self.goes_on.wait()
        return b"jpeg"

    @asynccontextmanager
    async def download(self, recording: Recording) -> AsyncIterator[AsyncIterator[MediaFrame]]:
        self.asked.append(f"{recording.begin:%H:%M:%S}")
        await asyncio.Event().wait()
        yield aiter(())  # type: ignore[arg-type]  # never reached


async def test_a_clip_comes_before_the_pictures_that_the_browser_still_wants(kept: DvripRecordings) -> None:
    device, recordings = _Device(), await listed(kept)
    real = kept._session.device.recordings
    with patch.multiple(real, still=device.still, download=device.download):
        pictures = [asyncio.ensure_future(kept.async_picture(each)) for each in recordings[:5]]
        await until(lambda: device.asked == ["picture"])
        kept.clips.async_clip(recordings[5])
        await asyncio.sleep(0)
        device.goes_on.set()
        await until(lambda: len(device.asked) >= 2)
        assert device.asked[1] == f"{recordings[5].begin:%H:%M:%S}"
        for picture in pictures:
            picture.cancel()
        await asyncio.gather(*pictures, return_exceptions=True)
        await kept.clips.async_stop()


@pytest.mark.parametrize("left_first", [True, False])
async def test_who_leaves_a_clip_for_another_does_not_wait_for_the_first(
    kept: DvripRecordings, left_first: bool
) -> None:
    device, recordings = _Device(), await listed(kept)
    first, second = recordings[:2]
    with patch.object(kept._session.device.recordings, "download", device.download):
        watching = asyncio.ensure_future(anext(kept.clips.async_chunks(first)))
        await until(lambda: len(device.asked) == 1)
        if left_first:
            watching.cancel()
            await asyncio.wait([watching])
        kept.clips.async_clip(second)
        watching.cancel()
        await until(lambda: device.asked == [f"{each.begin:%H:%M:%S}" for each in (first, second)], 5)
        await kept.clips.async_stop()
