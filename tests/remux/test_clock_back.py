"""Recordings with sound whose clock steps back, and files whose sound has a gap."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import av
import pytest

from dvrip_proto import FrameKind, MediaFrame, Remuxer

START = datetime(2026, 3, 1, 10)
FPS = 25
BLOCK = b"\x2a" * 320


def write(target: Path, key: bytes, told: Iterable[int]) -> None:
    """A second of pictures and sound for each time that a key frame tells."""
    with Remuxer(str(target), {"mkv": "matroska"}.get(target.suffix[1:], target.suffix[1:])) as remuxer:
        for second in told:
            time = START + timedelta(seconds=second)
            for number in range(FPS):
                remuxer.add(MediaFrame(kind=FrameKind.AUDIO, payload=BLOCK, codec="pcma", sample_rate=8000))
                picture = MediaFrame(
                    kind=FrameKind.I if number == 0 else FrameKind.P,
                    payload=key if number == 0 else b"\0\0\0\1\x41\x9a" + bytes(20),
                    codec="h264",
                    fps=FPS,
                    time=time if number == 0 else None,
                )
                remuxer.add(picture)


def times(file: Path, kind: str) -> list[float]:
    """When the key frames are shown, or the blocks of sound heard."""
    with av.open(str(file)) as container:
        stream = container.streams.video[0] if kind == "video" else container.streams.audio[0]
        packets = [packet for packet in container.demux(stream) if packet.pts is not None]
    wanted = [packet for packet in packets if kind == "audio" or packet.is_keyframe]
    return [float(packet.pts * packet.time_base) for packet in wanted]


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv"])
@pytest.mark.parametrize(
    "told",
    [
        [0, 1, 2, 3, 4, 5, 3, 4, 5, 6],  # set back by three seconds, as a time server does
        [0, 1, 2, 3, 4, 5, 2, 7, 8, 9],  # one key frame is wrong
        [0, 1, 2, 3, 4, 2, 3, 7, 8, 9],
        [0, 1, 2, 3, 4, 5, -594, -593, -592, -591],
    ],
)
def test_a_clock_that_steps_back_breaks_nothing(
    key: bytes, tmp_path: Path, suffix: str, told: list[int]
) -> None:
    write(tmp_path / f"a.{suffix}", key, told)
    assert times(tmp_path / f"a.{suffix}", "video") == pytest.approx(list(range(10)), abs=0.2)
    assert times(tmp_path / f"a.{suffix}", "audio")[-1] == pytest.approx(10, abs=0.2)


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv"])
def test_sound_behind_a_gap_is_heard_with_its_pictures(key: bytes, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"a.{suffix}"
    write(file, key, [0, 1, 2, 12, 13])
    assert times(file, "video") == pytest.approx([0, 1, 2, 12, 13], abs=0.2)
    assert times(file, "audio")[-1] == pytest.approx(14, abs=0.2)
