"""What a hub does with one device stream and several viewers."""

from __future__ import annotations

import asyncio

import pytest

from dvrip_proto.errors import (
    DvripError,
    RequestError,
    RequestTimeoutError,
    TransportError,
    UnsupportedError,
    UsageError,
)
from dvrip_proto.relay import Hub, Track

from .camera import Camera, Clip, clip
from .conftest import rises, until
from .watching import VIDEO, take, watch

ALL = frozenset(Track)


async def test_five_viewers_share_one_stream_and_start_with_a_key_frame() -> None:
    camera = Camera(clip("h264"))
    hub = Hub(camera.open, linger_s=0.1)
    viewers = [await watch(hub) for _ in range(5)]
    taken = await asyncio.gather(*(take(viewer, 10) for viewer in viewers))
    assert (camera.opened, camera.peak, hub.viewers) == (1, 1, 5)
    assert hub.streaming
    for units in taken:
        assert units[0].keyframe
        assert rises([unit.stamp for unit in units])
    await hub.close()
    assert (camera.now_open, hub.viewers, hub.streaming) == (0, 0, False)


async def test_the_stream_outlives_the_last_viewer_by_the_linger_time_only() -> None:
    camera = Camera(clip("h264"))
    hub = Hub(camera.open, linger_s=0.3)
    hub.detach(await watch(hub))
    await asyncio.sleep(0.1)
    assert camera.now_open == 1
    hub.detach(await watch(hub))
    assert camera.opened == 1, "a viewer within the linger time finds the stream running"
    await until(lambda: camera.now_open == 0)
    await take(await watch(hub), 3)
    assert (camera.opened, camera.peak) == (2, 1)
    await hub.close()


async def test_a_late_viewer_gets_the_whole_gop_with_its_real_times() -> None:
    camera = Camera(clip("h264"), audio="pcma")
    hub = Hub(camera.open)
    early = await watch(hub)
    await take(early, 12)
    late = await watch(hub, frozenset({Track.VIDEO, Track.G711}))
    units = await take(late, 20)
    pictures = [unit for unit in units if unit.track is Track.VIDEO]
    assert pictures[0].keyframe
    assert pictures[0].time_s < hub.now_s - 0.3
    assert any(unit.track is Track.G711 for unit in units)
    assert rises([unit.stamp for unit in units if unit.track is Track.G711])
    await hub.close()


async def test_a_squeezed_start_ends_in_the_present() -> None:
    camera = Camera(clip("h264"), audio="pcma")
    hub = Hub(camera.open)
    await take(await watch(hub), 12)
    before = hub.now_s
    late = await watch(hub, frozenset({Track.VIDEO, Track.G711}), squeezed=True)
    units = await take(late, 20)
    pictures = [unit for unit in units if unit.track is Track.VIDEO]
    assert pictures[0].keyframe
    assert pictures[0].time_s > before - 0.1
    assert pictures[5].stamp - pictures[4].stamp == 90
    assert rises([unit.stamp for unit in pictures])
    sounds = [unit for unit in units if unit.track is Track.G711]
    assert sounds[0].time_s > before - 0.1, "no sound of the past"
    await hub.close()


async def test_the_first_who_wants_aac_gets_that_of_the_past_as_well() -> None:
    hub = Hub(Camera(clip("h264"), audio="pcma").open)
    await take(await watch(hub), 60)
    late = hub.attach()
    await hub.describe(late)
    hub.play(late, frozenset({Track.VIDEO, Track.AAC}))
    units = await take(late, 40)
    sounds = [unit for unit in units if unit.track is Track.AAC]
    assert units[0].keyframe
    assert sounds[0].time_s < units[0].time_s + 0.3, "not only from now on"
    assert rises([unit.stamp for unit in sounds])
    await hub.close()


async def test_aac_is_encoded_once_somebody_wants_it() -> None:
    camera = Camera(clip("h264"), audio="pcmu")
    hub = Hub(camera.open)
    viewer = hub.attach()
    presentation = await hub.describe(viewer)
    assert presentation.aac
    assert presentation.audio is not None
    assert (presentation.audio.codec, presentation.audio.rate) == ("pcmu", 8000)
    hub.play(viewer, ALL)
    units = await take(viewer, 60)
    sound = [unit for unit in units if unit.track is Track.AAC]
    assert len(sound) >= 3
    assert rises([unit.stamp for unit in sound])
    assert sound[-1].time_s == pytest.approx(units[-1].time_s, abs=0.5)
    await hub.close()


@pytest.mark.parametrize(("audio", "wanted"), [("pcma", False), (None, True)])
async def test_sound_is_not_announced_when_unwanted_or_absent(audio: str | None, wanted: bool) -> None:
    camera = Camera(clip("h264"), audio=audio)
    hub = Hub(camera.open, audio=wanted)
    presentation = await hub.describe(hub.attach())
    assert presentation.audio is None
    assert not presentation.aac
    await hub.close()


@pytest.mark.parametrize("error", [TransportError("away"), RequestError("no right", ret=107)])
async def test_a_stream_that_does_not_start_says_why_at_once(error: DvripError) -> None:
    camera = Camera(clip("h264"))
    camera.refusal = error
    hub = Hub(camera.open)
    viewer = hub.attach()
    with pytest.raises(type(error)) as caught:
        async with asyncio.timeout(1):
            await hub.describe(viewer)
    assert caught.value is error
    assert viewer.ended
    with pytest.raises(type(error)):
        await hub.keyframe()
    camera.refusal = None
    assert (await hub.keyframe()).codec == "h264"
    await hub.close()


async def test_no_key_frame_in_time_is_a_timeout_that_names_the_stream() -> None:
    hub = Hub(Camera(None).open, name="gate")
    with pytest.raises(RequestTimeoutError, match="gate: no key frame"):
        await hub.describe(hub.attach(), timeout_s=0.2)
    with pytest.raises(RequestTimeoutError, match="gate: no key frame"):
        await hub.keyframe(timeout_s=0.2)
    await hub.close()


async def test_video_that_rtsp_has_no_form_for_is_named() -> None:
    units = clip("h264")
    camera = Camera(Clip("mpeg4", 320, 192, units.units))
    hub = Hub(camera.open, name="gate")
    with pytest.raises(UnsupportedError, match="gate: video of codec mpeg4"):
        await hub.describe(hub.attach())
    assert (await hub.keyframe()).codec == "mpeg4", "a still may work all the same"
    await hub.close()


@pytest.mark.parametrize("other", [("h264", 640, 384), ("h265", 320, 192)])
async def test_another_resolution_or_codec_ends_the_viewers(other: tuple[str, int, int]) -> None:
    camera = Camera(clip("h264"))
    hub = Hub(camera.open, linger_s=1)
    viewer = await watch(hub)
    await take(viewer, 5)
    camera.video = clip(*other)
    await until(lambda: viewer.ended)
    presentation = await hub.describe(again := hub.attach())
    assert (presentation.video.codec, presentation.video.width) == other[:2]
    hub.play(again, VIDEO)
    assert (await take(again, 3))[0].keyframe
    assert camera.opened == 1
    await hub.close()


async def test_a_viewer_described_before_a_change_is_ended_before_it_plays() -> None:
    camera = Camera(clip("h264"))
    hub = Hub(camera.open)
    viewer = hub.attach()
    await hub.describe(viewer)
    camera.video = clip("h265")
    await until(lambda: viewer.ended)
    await hub.close()


async def test_a_slow_viewer_is_dropped_and_the_others_go_on() -> None:
    camera = Camera(clip("h264", 640, 384, 25, 4_000_000), fps=100)
    hub = Hub(camera.open, buffer_bytes=200_000)
    dropped = []
    slow = hub.attach(lambda: dropped.append(True))
    await hub.describe(slow)
    hub.play(slow, VIDEO)
    quick = await watch(hub)
    await take(quick, 150)
    assert slow.ended
    assert dropped == [True]
    assert "too slowly" in str(slow.error)
    assert not quick.ended
    assert await take(slow, 1) == []
    await hub.close()


async def test_viewers_are_limited() -> None:
    hub = Hub(Camera(clip("h264")).open, max_viewers=2, name="gate")
    first, _ = hub.attach(), hub.attach()
    with pytest.raises(UsageError, match="gate: 2 viewers are the limit"):
        hub.attach()
    hub.detach(first)
    hub.attach()
    await hub.close()
    with pytest.raises(UsageError, match="closed"):
        hub.attach()


async def test_a_still_takes_the_cached_key_frame_or_waits_for_a_new_one() -> None:
    camera = Camera(clip("h265"))
    hub = Hub(camera.open, linger_s=5)
    first = await hub.keyframe()
    assert (first.codec, first.width, first.height) == ("h265", 320, 192)
    assert first.payload == camera.video.units[0][1]
    assert first.time is not None
    assert await hub.keyframe() is first
    newer = await hub.keyframe(max_age_s=0)
    assert newer.arrived_s > first.arrived_s
    assert (camera.opened, hub.viewers) == (2, 0), "a still leaves the device's connection to others"
    await hub.close()


async def test_closing_tells_who_waits() -> None:
    hub = Hub(Camera(None).open)
    waiting = asyncio.ensure_future(hub.keyframe())
    await asyncio.sleep(0.05)
    await hub.close()
    with pytest.raises(TransportError, match="closed"):
        await waiting
    await hub.close()


async def test_at_most_one_stream_although_closing_it_takes_time() -> None:
    camera = Camera(clip("h264"))
    closing = asyncio.Event()

    def slow_to_close() -> object:
        class Stream:
            async def __aenter__(self) -> object:
                self._inner = camera.open()
                return await self._inner.__aenter__()

            async def __aexit__(self, *error: object) -> None:
                closing.set()
                await asyncio.sleep(0.3)
                await self._inner.__aexit__(*error)

        return Stream()

    hub = Hub(slow_to_close, linger_s=0.0)
    await hub.keyframe()
    await closing.wait()
    await hub.keyframe(max_age_s=0)
    assert (camera.opened, camera.peak) == (2, 1)
    await hub.close()


async def test_frames_that_are_nonsense_do_no_harm() -> None:
    whole = clip("h264")
    broken = (
        (False, b""),
        (False, b"\0\0\1"),
        (True, b"\0\0\0\1"),
        (True, b"\xff" * 50),
        (False, b"\0\0\1\x09\x10"),
    )
    camera = Camera(Clip("h264", 320, 192, broken + whole.units), fps=100)
    hub = Hub(camera.open)
    viewer = await watch(hub)
    units = await take(viewer, 100)
    assert units[0].keyframe
    assert rises([unit.stamp for unit in units])
    await hub.close()
