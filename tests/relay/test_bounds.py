"""How much is kept for viewers, and how long."""

from __future__ import annotations

from dvrip_proto.relay import Track, Unit, Viewer
from dvrip_proto.relay.gop import Gop

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
