"""What viewers of a hub see while its device is away, and when it is back."""

from __future__ import annotations

import asyncio

import pytest

from dvrip_proto.errors import AuthenticationError, DvripError, TransportError, UnsupportedError
from dvrip_proto.relay import Hub, Track

from .camera import Camera, Clip, clip
from .conftest import rises, until
from .watching import take, watch


async def test_a_lost_stream_is_opened_again_and_viewers_stay() -> None:
    camera = Camera(clip("h264"), audio="pcma")
    hub = Hub(camera.open, outage_s=5)
    viewer = await watch(hub, frozenset({Track.VIDEO, Track.G711}))
    before = await take(viewer, 20)
    camera.refusal = TransportError("127.0.0.1:34567: refused")
    camera.lose()
    await asyncio.sleep(0.8)
    camera.refusal = None
    after = await take(viewer, 40)
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
    viewer = await watch(hub)
    units = await take(viewer, 30)
    # The stream comes back in the middle of a GOP.
    camera.video = Clip(whole.codec, whole.width, whole.height, whole.units[20:] + whole.units[:20])
    camera.lose()
    async with asyncio.timeout(10):
        while units[-1].time_s - units[-2].time_s < 0.3:
            units += await take(viewer, 1)
    assert units[-1].keyframe
    await hub.close()


async def test_a_device_that_stays_away_ends_the_viewers() -> None:
    camera = Camera(clip("h264"))
    hub = Hub(camera.open, outage_s=1.0, name="gate")
    viewer = await watch(hub)
    await take(viewer, 5)
    camera.refusal = TransportError("127.0.0.1:34567: refused")
    camera.lose()
    await until(lambda: viewer.ended)
    assert str(viewer.error) == "gate: no picture for 1 s"
    assert hub.viewers == 0
    camera.refusal = None
    await take(await watch(hub), 3)
    assert camera.opened == 2, "the next viewer starts anew"
    await hub.close()


async def test_while_a_device_is_away_a_hub_that_repeats_shows_the_last_picture() -> None:
    camera = Camera(clip("h264"))
    hub = Hub(camera.open, outage_s=30, repeat_s=0.6)
    viewer = await watch(hub)
    seen = await take(viewer, 5)
    camera.refusal = TransportError("127.0.0.1:34567: refused")
    camera.lose()
    while not all(unit.keyframe for unit in seen[-3:]):
        seen += await take(viewer, 1)
    *_, shown = (unit for unit in seen[:-3] if unit.keyframe)
    repeated = seen[-3:]
    assert {(unit.parts, unit.track) for unit in repeated} == {(shown.parts, Track.VIDEO)}
    assert min(b.time_s - a.time_s for a, b in zip(repeated, repeated[1:], strict=False)) >= 0.5
    late = await watch(hub)
    assert (await take(late, 1))[0].keyframe, "who comes meanwhile sees it as well"
    camera.refusal = None
    after = await take(viewer, 40)
    assert rises([unit.stamp for unit in [*seen, *after]])
    assert after[0].keyframe
    assert sum(not unit.keyframe for unit in after) > 20, "the pictures of the device follow"
    await hub.close()


async def test_a_picture_that_is_shown_again_does_not_lengthen_the_outage() -> None:
    camera = Camera(clip("h264"))
    hub = Hub(camera.open, outage_s=1.0, repeat_s=0.1, name="gate")
    viewer = await watch(hub)
    await take(viewer, 5)
    camera.refusal = TransportError("127.0.0.1:34567: refused")
    camera.lose()
    await until(lambda: viewer.ended)
    assert str(viewer.error) == "gate: no picture for 1 s"
    await hub.close()


async def test_pictures_that_build_on_the_last_one_are_not_shown_behind_a_repeated_one() -> None:
    camera = Camera(clip("h264"))
    hub = Hub(camera.open, outage_s=10, repeat_s=0.1)
    viewer = await watch(hub)
    await take(viewer, 5)
    camera.silent = True  # the stream is open, and nothing comes
    await asyncio.sleep(0.6)
    camera.silent = False
    assert [unit.keyframe for unit in await take(viewer, 30)].count(True) <= 2, "none was repeated"
    await hub.close()


async def test_a_silent_device_ends_the_viewers_as_well() -> None:
    camera = Camera(clip("h264"))
    hub = Hub(camera.open, outage_s=0.5)
    viewer = await watch(hub)
    await take(viewer, 5)
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
    viewer = await watch(hub)
    await take(viewer, 5)
    camera.refusal = error
    camera.lose()
    await until(lambda: viewer.ended, 1)
    assert viewer.error is error
    await hub.close()
