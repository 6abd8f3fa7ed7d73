"""How much is kept for viewers, and how long."""

from __future__ import annotations

import pytest

from dvrip_proto.relay import Track, Unit, Viewer
from dvrip_proto.relay.gop import HISTORY_S, Gop

VIDEO = frozenset({Track.VIDEO})


def test_a_viewer_that_lags_by_ten_seconds_is_too_slow_however_little_waits() -> None:
    viewer = Viewer(max_bytes=1_000_000)
    viewer.tracks = VIDEO
    unit = Unit(track=Track.VIDEO, stamp=1, time_s=0.0, parts=(b"x",), size=1)
    assert viewer.offer(unit, 100.0)
    assert viewer.offer(unit, 110.0)
    assert not viewer.offer(unit, 110.1)
    assert viewer.offer(Unit(track=Track.AAC, stamp=1, time_s=0.0, parts=(b"x",), size=1), 200.0)


def test_a_gop_is_bounded_in_bytes_and_in_time() -> None:
    def unit(time_s: float, size: int, *, keyframe: bool = False) -> Unit:
        return Unit(
            track=Track.VIDEO,
            stamp=int(time_s * 90_000),
            time_s=time_s,
            parts=(b"x",),
            size=size,
            keyframe=keyframe,
        )

    gop = Gop()
    gop.add(unit(1, 10))
    assert not gop, "nothing before a key frame"
    gop.add(unit(2, 10, keyframe=True))
    gop.add(unit(13.9, 10))
    assert len(gop.units(VIDEO)) == 2
    gop.add(unit(14.1, 10))
    assert not gop
    gop.add(unit(15, 10, keyframe=True))
    gop.add(unit(16, 8 * 1024 * 1024))
    assert not gop
    assert gop.squeezed() == []


def picture(time_s: float, size: int = 10, *, keyframe: bool = False) -> Unit:
    return Unit(
        track=Track.VIDEO,
        stamp=round(time_s * 90_000),
        time_s=time_s,
        parts=(b"x",),
        size=size,
        keyframe=keyframe,
    )


def filled(seconds: int, every_s: int, size: int = 10) -> Gop:
    """A second a picture, a key frame every so often."""
    gop = Gop()
    for time_s in range(seconds):
        gop.add(picture(time_s, size, keyframe=time_s % every_s == 0))
    return gop


@pytest.mark.parametrize("every_s", [1, 2, 3, 4, 6, 10])
def test_a_segment_of_whole_groups_is_always_there_and_hardly_more(every_s: int) -> None:
    for seconds in range(30, 45):
        kept = filled(seconds, every_s).units(VIDEO)
        newest_key = next(unit for unit in reversed(kept) if unit.keyframe)
        assert kept[0].keyframe
        assert (
            HISTORY_S <= newest_key.time_s - kept[0].time_s < HISTORY_S + 2 * every_s or every_s > HISTORY_S
        )
        assert [unit.time_s for unit in kept] == list(range(int(kept[0].time_s), seconds))


def test_the_history_shrinks_by_groups_when_its_bytes_are_too_many() -> None:
    gop = filled(20, 2, 1024 * 1024)
    kept = gop.units(VIDEO)
    assert sum(unit.size for unit in kept) <= 8 * 1024 * 1024
    assert kept[0].keyframe
    assert kept[-1].time_s == 19


def test_only_the_last_group_is_squeezed() -> None:
    assert len(filled(20, 4).squeezed()) == 4


def test_sound_of_the_past_takes_its_place_between_the_pictures() -> None:
    gop = filled(20, 4)
    sounds = [
        Unit(track=Track.AAC, stamp=at, time_s=at + 0.5, parts=(b"x",), size=1) for at in (0, 13, 15, 18, 19)
    ]
    gop.insert(sounds)
    kept = gop.units(frozenset({Track.VIDEO, Track.AAC}))
    assert [unit.time_s for unit in kept] == sorted(unit.time_s for unit in kept)
    assert [unit.time_s for unit in kept if unit.track is Track.AAC] == [13.5, 15.5, 18.5, 19.5]
