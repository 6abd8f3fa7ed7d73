"""What a hub does with one device stream and several viewers."""

from __future__ import annotations

import asyncio

import pytest

from dvrip_proto.errors import (
    AuthenticationError,
    DvripError,
    RequestError,
    RequestTimeoutError,
    TransportError,
    UnsupportedError,
    UsageError,
)
from dvrip_proto.relay import Hub, Track, Unit, Viewer

from .camera import Camera, Clip, clip
from .conftest import rises, until

VIDEO = frozenset({Track.VIDEO})
ALL = frozenset(Track)


async def _take(viewer: Viewer, count: int) -> list[Unit]:
    units = []
    async with asyncio.timeout(10):
        async for unit in viewer:
            units.append(unit)
            if len(units) == count:
                break
    return units


async def _watch(hub: Hub, tracks: frozenset[Track] = VIDEO, *, squeezed: bool = False) -> Viewer:
    viewer = hub.attach()
    await hub.describe(viewer)
    hub.play(viewer, tracks, squeezed=squeezed)
    return viewer


async def test_five_viewers_share_one_stream_and_start_with_a_key_frame() -> None:
    camera = Camera(clip("h264"))
    hub = Hub(camera.open, linger_s=0.1)
    viewers = [await _watch(hub) for _ in range(5)]
    taken = await asyncio.gather(*(_take(viewer, 10) for viewer in viewers))
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
    hub.detach(await _watch(hub))
    await asyncio.sleep(0.1)
    assert camera.now_open == 1
    hub.detach(await _watch(hub))
    assert camera.opened == 1, "a viewer within the linger time finds the stream running"
    await until(lambda: camera.now_open == 0)
    await _take(await _watch(hub), 3)
    assert (camera.opened, camera.peak) == (2, 1)
    await hub.close()


async def test_a_late_viewer_gets_the_whole_gop_with_its_real_times() -> None:
    camera = Camera(clip("h264"), audio="pcma")
    hub = Hub(camera.open)
    early = await _watch(hub)
    await _take(early, 12)
    late = await _watch(hub, frozenset({Track.VIDEO, Track.G711}))
    units = await _take(late, 20)
    pictures = [unit for unit in units if unit.track is Track.VIDEO]
    assert pictures[0].keyframe
    assert pictures[0].time_s < hub.now_s - 0.3
    assert any(unit.track is Track.G711 for unit in units)
    assert rises([unit.stamp for unit in units if unit.track is Track.G711])
    await hub.close()


async def test_a_squeezed_start_ends_in_the_present() -> None:
    camera = Camera(clip("h264"), audio="pcma")
    hub = Hub(camera.open)
    await _take(await _watch(hub), 12)
    before = hub.now_s
    late = await _watch(hub, frozenset({Track.VIDEO, Track.G711}), squeezed=True)
    units = await _take(late, 20)
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
    await _take(await _watch(hub), 60)
    late = hub.attach()
    await hub.describe(late)
    hub.play(late, frozenset({Track.VIDEO, Track.AAC}))
    units = await _take(late, 40)
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
    units = await _take(viewer, 60)
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


async def test_a_lost_stream_is_opened_again_and_viewers_stay() -> None:
    camera = Camera(clip("h264"), audio="pcma")
    hub = Hub(camera.open, outage_s=5)
    viewer = await _watch(hub, frozenset({Track.VIDEO, Track.G711}))
    before = await _take(viewer, 20)
    camera.refusal = TransportError("127.0.0.1:34567: refused")
    camera.lose()
    await asyncio.sleep(0.8)
    camera.refusal = None
    after = await _take(viewer, 40)
    assert (camera.opened, camera.peak, hub.viewers) == (2, 1, 1)
    for track in (Track.VIDEO, Track.G711):
        units = [unit for unit in before + after if unit.track is track]
        assert rises([unit.stamp for unit in units])
        gap = max(b.time_s - a.time_s for a, b in zip(units, units[1:], strict=False))
        assert 0.8 < gap < 3
    await hub.close()


async def test_the_first_picture_after_a_loss_is_a_key_frame() -> None:
    whole = clip("h264")
    camera = Camera(whole)
    hub = Hub(camera.open)
    viewer = await _watch(hub)
    units = await _take(viewer, 30)
    # The stream comes back in the middle of a GOP.
    camera.video = Clip(whole.codec, whole.width, whole.height, whole.units[20:] + whole.units[:20])
    camera.lose()
    async with asyncio.timeout(10):
        while units[-1].time_s - units[-2].time_s < 0.3:
            units += await _take(viewer, 1)
    assert units[-1].keyframe
    await hub.close()


async def test_a_device_that_stays_away_ends_the_viewers() -> None:
    camera = Camera(clip("h264"))
    hub = Hub(camera.open, outage_s=1.0, name="gate")
    viewer = await _watch(hub)
    await _take(viewer, 5)
    camera.refusal = TransportError("127.0.0.1:34567: refused")
    camera.lose()
    await until(lambda: viewer.ended)
    assert str(viewer.error) == "gate: no picture for 1 s"
    assert hub.viewers == 0
    camera.refusal = None
    await _take(await _watch(hub), 3)
    assert camera.opened == 2, "the next viewer starts anew"
    await hub.close()


async def test_while_a_device_is_away_a_hub_that_repeats_shows_the_last_picture() -> None:
    camera = Camera(clip("h264"))
    hub = Hub(camera.open, outage_s=30, repeat_s=0.6)
    viewer = await _watch(hub)
    seen = await _take(viewer, 5)
    camera.refusal = TransportError("127.0.0.1:34567: refused")
    camera.lose()
    while not all(unit.keyframe for unit in seen[-3:]):
        seen += await _take(viewer, 1)
    *_, shown = (unit for unit in seen[:-3] if unit.keyframe)
    repeated = seen[-3:]
    assert {(unit.parts, unit.track) for unit in repeated} == {(shown.parts, Track.VIDEO)}
    assert min(b.time_s - a.time_s for a, b in zip(repeated, repeated[1:], strict=False)) >= 0.5
    late = await _watch(hub)
    assert (await _take(late, 1))[0].keyframe, "who comes meanwhile sees it as well"
    camera.refusal = None
    after = await _take(viewer, 40)
    assert rises([unit.stamp for unit in [*seen, *after]])
    assert after[0].keyframe
    assert sum(not unit.keyframe for unit in after) > 20, "the pictures of the device follow"
    await hub.close()


async def test_a_picture_that_is_shown_again_does_not_lengthen_the_outage() -> None:
    camera = Camera(clip("h264"))
    hub = Hub(camera.open, outage_s=1.0, repeat_s=0.1, name="gate")
    viewer = await _watch(hub)
    await _take(viewer, 5)
    camera.refusal = TransportError("127.0.0.1:34567: refused")
    camera.lose()
    await until(lambda: viewer.ended)
    assert str(viewer.error) == "gate: no picture for 1 s"
    await hub.close()


async def test_pictures_that_build_on_the_last_one_are_not_shown_behind_a_repeated_one() -> None:
    camera = Camera(clip("h264"))
    hub = Hub(camera.open, outage_s=10, repeat_s=0.1)
    viewer = await _watch(hub)
    await _take(viewer, 5)
    camera.silent = True  # the stream is open, and nothing comes
    await asyncio.sleep(0.6)
    camera.silent = False
    assert [unit.keyframe for unit in await _take(viewer, 30)].count(True) <= 2, "none was repeated"
    await hub.close()


async def test_a_silent_device_ends_the_viewers_as_well() -> None:
    camera = Camera(clip("h264"))
    hub = Hub(camera.open, outage_s=0.5)
    viewer = await _watch(hub)
    await _take(viewer, 5)
    camera.silent = True
    await until(lambda: viewer.ended)
    assert camera.now_open == 0
    await hub.close()


@pytest.mark.parametrize(
    "error",
    [
        AuthenticationError("127.0.0.1:34567: wrong password", ret=203),
        UnsupportedError("127.0.0.1:34567: no such stream"),
    ],
)
async def test_an_error_that_trying_again_does_not_change_ends_the_viewers_at_once(error: DvripError) -> None:
    camera = Camera(clip("h264"))
    hub = Hub(camera.open)
    viewer = await _watch(hub)
    await _take(viewer, 5)
    camera.refusal = error
    camera.lose()
    await until(lambda: viewer.ended, 1)
    assert viewer.error is error
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
    viewer = await _watch(hub)
    await _take(viewer, 5)
    camera.video = clip(*other)
    await until(lambda: viewer.ended)
    presentation = await hub.describe(again := hub.attach())
    assert (presentation.video.codec, presentation.video.width) == other[:2]
    hub.play(again, VIDEO)
    assert (await _take(again, 3))[0].keyframe
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
    quick = await _watch(hub)
    await _take(quick, 150)
    assert slow.ended
    assert dropped == [True]
    assert "too slowly" in str(slow.error)
    assert not quick.ended
    assert await _take(slow, 1) == []
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
    viewer = await _watch(hub)
    units = await _take(viewer, 100)
    assert units[0].keyframe
    assert rises([unit.stamp for unit in units])
    await hub.close()
