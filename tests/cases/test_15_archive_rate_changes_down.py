"""Case 15: the rate of a recording changes; and headers whose rate is wrong, gaps, and rates that change twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

import av
import pytest

from dvrip_proto import MediaFrame, Remuxer
from dvrip_proto.media.pace import Pace
from dvrip_proto.media.recorded_clock import RecordedClock
from dvrip_proto.wire.media import FrameKind

START = datetime(2026, 3, 1, 10)

type Group = tuple[float, int, int]
"""Second of the key frame, the rate in its header, and how many pictures come with it."""


def frames_of(groups: list[Group], payload: bytes = b"k") -> list[MediaFrame]:
    frames: list[MediaFrame] = []
    for second, fps, count in groups:
        time = START + timedelta(seconds=int(second))
        frames.append(MediaFrame(kind=FrameKind.I, payload=payload, codec="h264", fps=fps, time=time))
        frames += [
            MediaFrame(kind=FrameKind.P, payload=b"\0\0\0\1\x41\x9a" + bytes(20), codec="h264", fps=fps)
        ] * (count - 1)
    return frames


def timed(groups: list[Group]) -> tuple[list[float], list[float], float]:
    """Times of all pictures, of the key frames, and the end of the last picture."""
    pace, found = Pace(), []
    for frame in frames_of(groups):
        found += pace.add(frame)
    found += pace.rest()
    last = found[-1]
    keys = [seconds for frame, seconds, _ in found if frame.keyframe]
    return [seconds for _, seconds, _ in found], keys, last[1] + 1 / last[2]


DOWN: list[Group] = [
    (0, 25, 25),
    (1, 25, 25),
    (2, 25, 25),
    (3, 25, 25),
    (4, 12, 24),
    (6, 12, 24),
    (8, 12, 24),
]
EVERY_2_S = [0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0]


@pytest.mark.parametrize(
    ("groups", "keys", "end"),
    [
        (DOWN, [0, 1, 2, 3, 4, 6, 8], 10),
        ([(0, 12, 24), (2, 12, 24), (4, 25, 50), (6, 25, 50), (8, 25, 50)], [0, 2, 4, 6, 8], 10),
        ([(0, 25, 50), (2, 10, 20), (4, 25, 50), (6, 5, 10), (8, 20, 40)], [0, 2, 4, 6, 8], 10),
        ([(at, 25, 30) for at in EVERY_2_S], EVERY_2_S, 14),
        ([(at, 25, 25) for at in EVERY_2_S], EVERY_2_S, 14),
        ([(at, 12, 50) for at in EVERY_2_S], EVERY_2_S, 14),
        ([(at, 30, 42) for at in EVERY_2_S], EVERY_2_S, 14),
        ([(at, 0, 50) for at in EVERY_2_S], EVERY_2_S, 14),
        ([(at, 25, 20) for at in range(12)], list(range(12)), 12),
        ([(at, 25, 24) for at in range(90)], list(range(90)), 90),
        ([(0, 25, 25), (1, 25, 25), (2, 25, 25), (42, 25, 25), (43, 25, 25)], [0, 1, 2, 42, 43], 44),
        ([(at, 25, 25) for at in range(0, 250, 25)], list(range(0, 250, 25)), 250),
    ],
)
def test_key_frames_stand_at_the_seconds_of_the_device(
    groups: list[Group], keys: list[float], end: float
) -> None:
    times, found, ended = timed(groups)
    assert found == pytest.approx(keys, abs=0.05)
    assert ended == pytest.approx(end, abs=0.1)
    assert times == sorted(set(times))


@pytest.mark.parametrize("seconds", [1.6, 2.4, 0.8, 3.2])
def test_a_right_rate_is_not_made_to_stumble_by_whole_seconds(seconds: float) -> None:
    count = round(seconds * 25)
    times, _, _ = timed([(number * seconds + 0.01, 25, count) for number in range(40)])
    assert times == pytest.approx([number / 25 for number in range(40 * count)], abs=0.01)


@pytest.mark.parametrize("jump", [-3600, 7200])
def test_a_clock_that_is_set_makes_no_gap(jump: int) -> None:
    _, keys, end = timed([(at if at < 4 else at + jump, 25, 25) for at in range(8)])
    assert keys == pytest.approx(list(range(8)), abs=0.05)
    assert end == pytest.approx(8, abs=0.1)


def test_what_is_held_is_bounded() -> None:
    pace, given = Pace(), 0
    for frame in frames_of([(at, 25, 25) for at in range(60)], bytes(4 * 1024 * 1024)):
        given += len(pace.add(frame))
        assert pace._held_bytes <= 24 * 1024 * 1024
    assert given + len(pace.rest()) == 60 * 25


def test_the_clock_of_recordings_with_sound_takes_the_rate_of_each_key_frame() -> None:
    clock = RecordedClock()
    times = [(frame, clock.picture(frame)) for frame in frames_of(DOWN)]
    keys = [seconds for frame, seconds in times if frame.keyframe]
    assert keys == pytest.approx([0, 1, 2, 3, 4, 6, 8], abs=0.1)


def test_the_file_is_as_long_as_the_recording(tmp_path: Path) -> None:
    source = tmp_path / "source.h264"
    with av.open(str(source), "w", format="h264") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for packet in stream.encode(av.VideoFrame(64, 48, "yuv420p")):
            container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)
    target = tmp_path / "a.mp4"
    with Remuxer(str(target), "mp4") as remuxer:
        for frame in frames_of(DOWN, source.read_bytes()):
            remuxer.add(frame)
    with av.open(str(target)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.pts is not None]
        base = container.streams.video[0].time_base or Fraction(1)
    keys = [float(packet.pts * base) for packet in packets if packet.is_keyframe]
    assert keys == pytest.approx([0, 1, 2, 3, 4, 6, 8], abs=0.01)
    ends = [float((packet.pts + packet.duration) * base) for packet in packets]
    assert (len(packets), max(ends)) == (172, pytest.approx(10, abs=0.1))


@pytest.mark.parametrize("wrong", [2, 3, 20])
@pytest.mark.parametrize("fps", [25, 12])
def test_key_frames_whose_time_goes_back_for_a_moment_make_no_gap(wrong: int, fps: int) -> None:
    """NTsvetkov/xmeye-nvr-tools, xmeye_convert.py: recorders whose FC times step back and are right again."""
    told = [*range(30), 30 - wrong, 31 - wrong, *range(32, 40)]
    _, keys, end = timed([(float(second), fps, 25) for second in told])
    assert keys == pytest.approx(list(range(40)), abs=0.1)
    assert end == pytest.approx(40, abs=0.1)
