"""Recordings in files that every player knows."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import av
import pytest

import dvrip_proto
from dvrip_proto import FrameKind, MediaFrame, Remuxer, UsageError, remux_file
from dvrip_proto.errors import ProtocolError
from dvrip_proto.media.new_file import fresh
from dvrip_proto.media.recorded_clock import RecordedClock
from dvrip_proto.media.remux import make_seekable
from dvrip_proto.simulator.clips.clip import Clip
from dvrip_proto.simulator.clips.recorded import Tape
from dvrip_proto.simulator.clips.sources import Media
from dvrip_proto.simulator.packets import pack_unit
from dvrip_proto.wire.media import MediaParser, pack_frame

DAY = datetime(2021, 3, 4, 10)
SECOND = timedelta(seconds=1)


@pytest.fixture(params=["h264", "h265"])
async def clip(request: pytest.FixtureRequest) -> Clip:
    found = await Media([f"scene:{request.param}"], 1).clip((0, "Main"))
    assert found is not None
    return found


@pytest.fixture
async def h264() -> Clip:
    found = await Media(["scene:h264"], 1).clip((0, "Main"))
    assert found is not None
    return found


def recorded(clip: Clip, seconds: int = 10, *, sound: bool = True) -> bytes:
    tape = Tape(clip, sound=sound)
    units = tape.play(DAY, DAY + seconds * SECOND)
    return b"".join(pack_unit(clip, unit, 0, at) for at, unit in units)


def frames_of(data: bytes) -> list[MediaFrame]:
    return MediaParser().feed(data)


def seen(file: Path | io.BytesIO) -> dict[str, Any]:
    """What a player finds in a file."""
    found: dict[str, Any] = {}
    with av.open(str(file) if isinstance(file, Path) else file) as container:
        for stream in container.streams:
            found[stream.type] = (stream.codec_context.name, stream.codec_context.codec_tag)
        times = [
            float(packet.pts * packet.time_base)
            for packet in container.demux(video=0)
            if packet.pts is not None and packet.time_base is not None
        ]
    if isinstance(file, io.BytesIO):
        file.seek(0)
    with av.open(str(file) if isinstance(file, Path) else file) as container:
        pictures = list(container.decode(video=0))
    found["pictures"], found["times"] = len(pictures), times
    found["size"] = (pictures[0].width, pictures[0].height)
    if "audio" in found:
        if isinstance(file, io.BytesIO):
            file.seek(0)
        with av.open(str(file) if isinstance(file, Path) else file) as container:
            found["samples"] = sum(frame.samples for frame in container.decode(audio=0))
    return found


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv"])
@pytest.mark.parametrize("sound", [True, False])
def test_every_picture_arrives_at_its_time(clip: Clip, tmp_path: Path, suffix: str, sound: bool) -> None:
    source, target = tmp_path / "a.dvrip", tmp_path / f"a.{suffix}"
    source.write_bytes(recorded(clip, sound=sound))
    done = remux_file(source, target)
    assert (done.codec, done.sound, done.pictures) == (clip.codec, sound, 250)
    assert done.seconds == pytest.approx(249 / 25, abs=0.02)
    found = seen(target)
    name, tag = found["video"]
    assert name == {"h264": "h264", "h265": "hevc"}[clip.codec]
    if suffix != "mkv":
        assert tag == {"h264": "avc1", "h265": "hvc1"}[clip.codec]
    assert (found["pictures"], found["size"]) == (250, (640, 360))
    assert found["times"] == pytest.approx([index / 25 for index in range(250)], abs=0.003)
    assert ("audio" in found) == sound
    if sound:
        assert found["audio"][0] == ("pcm_alaw" if suffix == "mov" else "aac")
        assert found["samples"] / 8000 == pytest.approx(10, abs=0.2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.dvrip", f"a.{suffix}"]


def test_quicktime_has_the_very_samples(h264: Clip, tmp_path: Path) -> None:
    data = recorded(h264)
    (tmp_path / "a.dvrip").write_bytes(data)
    remux_file(tmp_path / "a.dvrip", tmp_path / "a.mov")
    sound = b"".join(frame.payload for frame in frames_of(data) if frame.kind is FrameKind.AUDIO)
    with av.open(str(tmp_path / "a.mov")) as container:
        assert b"".join(bytes(packet) for packet in container.demux(audio=0) if packet.size) == sound


def test_a_file_that_is_sent_while_it_grows(clip: Clip) -> None:
    class Pipe:
        """Takes bytes in their order, once."""

        def __init__(self) -> None:
            self.data = b""

        def write(self, data: bytes) -> int:
            self.data += bytes(data)
            return len(data)

    pipe, sizes = Pipe(), []
    frames = frames_of(recorded(clip))
    with Remuxer(pipe, "mp4", fragmented=True) as remuxer:  # type: ignore[arg-type] # it needs no more
        for frame in frames:
            remuxer.add(frame)
            sizes.append(len(pipe.data))
    assert 0 < sizes[len(sizes) // 2] < len(pipe.data)
    found = seen(io.BytesIO(pipe.data))
    assert (found["pictures"], found["audio"][0]) == (250, "aac")


@pytest.mark.parametrize("fps", [5, 10, 25])
def test_a_file_that_is_sent_while_it_grows_waits_a_second_for_sound(h264: Clip, fps: int) -> None:
    pictures = [frame for frame in frames_of(recorded(h264)) if frame.kind is not FrameKind.AUDIO]
    file = io.BytesIO()
    with Remuxer(file, "mp4", fragmented=True) as remuxer:
        remuxer.add(replace(pictures[0], fps=fps))
        for frame in pictures[1 : fps - 1]:
            remuxer.add(frame)
        assert file.tell() == 0
        remuxer.add(pictures[fps - 1])
        assert file.tell() > 0


def test_it_begins_with_a_key_picture(h264: Clip, tmp_path: Path) -> None:
    frames = frames_of(recorded(h264))
    (tmp_path / "a").write_bytes(b"".join(map(pack_frame, frames[10:])))
    done = remux_file(tmp_path / "a", tmp_path / "a.mp4")
    assert done.pictures == 200
    assert seen(tmp_path / "a.mp4")["times"][0] == pytest.approx(0, abs=0.001)


def test_sound_that_comes_late_is_left_out(h264: Clip, tmp_path: Path) -> None:
    frames = [frame for frame in frames_of(recorded(h264)) if frame.kind is not FrameKind.AUDIO]
    late = MediaFrame(kind=FrameKind.AUDIO, payload=bytes(320), codec="pcma", sample_rate=8000)
    (tmp_path / "a").write_bytes(b"".join(map(pack_frame, [*frames[:200], late, *frames[200:]])))
    assert not remux_file(tmp_path / "a", tmp_path / "a.mp4").sound


@pytest.mark.parametrize(("codec", "rate"), [("pcm16", 8000), ("adpcm_ima", 8000), ("pcma", 20000)])
def test_sound_that_no_file_can_hold_is_left_out(h264: Clip, tmp_path: Path, codec: str, rate: int) -> None:
    frames = [frame for frame in frames_of(recorded(h264)) if frame.kind is not FrameKind.AUDIO]
    odd = MediaFrame(kind=FrameKind.AUDIO, payload=bytes(320), codec=codec, sample_rate=rate)
    (tmp_path / "a").write_bytes(b"".join(map(pack_frame, [frames[0], odd, *frames[1:]])))
    done = remux_file(tmp_path / "a", tmp_path / "a.mp4")
    assert (done.sound, done.pictures) == (False, 250)


def broken(h264: Clip) -> Iterator[tuple[str, bytes, type[Exception], str]]:
    key, *rest = frames_of(recorded(h264))
    torn = MediaFrame(kind=FrameKind.I, payload=b"\0\0\0\1\x67\x42", codec="h264", width=640, height=360)
    other = MediaFrame(kind=FrameKind.I, payload=b"\0\0\0\1\x40\x01x", codec="h265", width=640, height=360)
    mjpeg = MediaFrame(kind=FrameKind.I, payload=b"\0\0\1\xb0x", codec="mpeg4", width=640, height=360)
    yield "empty", b"", UsageError, "there is no video in it"
    yield "noise", bytes(range(256)) * 999, UsageError, "there is no video in it"
    yield "sound", b"".join(pack_frame(f) for f in rest if f.kind is FrameKind.AUDIO), UsageError, "no video"
    yield "torn", pack_frame(torn) * 60, ProtocolError, "the first h264 picture"
    yield "change", pack_frame(key) * 60 + pack_frame(other), UsageError, "changes from h264 to h265"
    yield "mpeg4", pack_frame(mjpeg) * 60, ProtocolError, "the first mpeg4 picture"


@pytest.mark.parametrize("index", range(6))
def test_what_is_no_recording(h264: Clip, tmp_path: Path, index: int) -> None:
    _, data, kind, text = list(broken(h264))[index]
    (tmp_path / "a.dvrip").write_bytes(data)
    with pytest.raises(kind, match=text):
        remux_file(tmp_path / "a.dvrip", tmp_path / "a.mp4")
    assert [path.name for path in tmp_path.iterdir()] == ["a.dvrip"]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("none", "a.mp4"),
        ("a.dvrip", "a.avi"),
        ("a.dvrip", "none/a.mp4"),
        (".", "a.mp4"),
        ("a.dvrip", "b.mp4"),
    ],
)
def test_files_that_cannot_be(h264: Clip, tmp_path: Path, source: str, target: str) -> None:
    (tmp_path / "a.dvrip").write_bytes(recorded(h264, 2))
    (tmp_path / "b.mp4").mkdir()
    with pytest.raises(UsageError):
        remux_file(tmp_path / source, tmp_path / target)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.dvrip", "b.mp4"]


def test_the_old_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"old")
    (tmp_path / "a.dvrip").write_bytes(b"")
    with pytest.raises(UsageError):
        remux_file(tmp_path / "a.dvrip", tmp_path / "a.mp4")
    assert (tmp_path / "a.mp4").read_bytes() == b"old"


def test_without_pyav_it_says_what_to_install() -> None:
    program = (
        "import sys; sys.modules['av'] = None\n"
        "from pathlib import Path\n"
        "from dvrip_proto import remux_file, UnsupportedError\n"
        "try: remux_file(Path('a'), Path('b.mp4'))\n"
        "except UnsupportedError as error: print(error)"
    )
    library = str(Path(dvrip_proto.__file__).parent.parent)
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": library},
    )
    assert done.stdout == "MP4 needs PyAV: install dvrip-proto[av]\n"


def picture(number: int, seconds: float | None = None, fps: int = 25) -> MediaFrame:
    time = None if seconds is None else DAY + timedelta(seconds=int(seconds))
    kind = FrameKind.P if seconds is None else FrameKind.I
    return MediaFrame(kind=kind, payload=b"%d" % number, codec="h264", fps=fps, time=time)


def shown(rate: float, count: int, *, fps: int, group: int = 50, start: float = 0.0) -> list[float]:
    """When a clock shows pictures that came at a rate, in groups, with what the device says of it."""
    clock = RecordedClock()
    return [
        clock.picture(picture(number, start + number / rate if number % group == 0 else None, fps))
        for number in range(count)
    ]


@pytest.mark.parametrize("start", [0.0, 0.3, 0.99])
@pytest.mark.parametrize(("rate", "fps"), [(25, 25), (25, 24), (12.5, 25), (24.7, 25), (15, 15), (25, 12)])
def test_pictures_without_sound_follow_the_seconds_of_key_frames(rate: float, fps: int, start: float) -> None:
    times = shown(rate, 3000, fps=fps, start=start)
    assert times == sorted(set(times))
    assert times[0] == pytest.approx(0, abs=0.001)
    late = [time - number / rate for number, time in enumerate(times)]
    assert max(map(abs, late[100:])) < 2.6
    assert times[-1] == pytest.approx(2999 / rate, abs=2)


def test_a_right_rate_is_kept_to_the_millisecond() -> None:
    times = shown(25, 3000, fps=25, start=0.5)
    assert times == pytest.approx([number / 25 for number in range(3000)], abs=0.001)


def test_a_gap_is_as_long_as_it_was() -> None:
    clock = RecordedClock()
    for number in range(100):
        clock.picture(picture(number, number / 25 if number % 50 == 0 else None))
    assert clock.picture(picture(100, 64)) == pytest.approx(64, abs=0.1)
    assert clock.picture(picture(101)) == pytest.approx(64.04, abs=0.1)


@pytest.mark.parametrize("jump", [-3600, 86400 * 365])
def test_a_clock_that_is_set_makes_no_gap(jump: int) -> None:
    clock = RecordedClock()
    for number in range(100):
        clock.picture(picture(number, number / 25 if number % 50 == 0 else None))
    assert clock.picture(picture(100, 4 + jump)) == pytest.approx(4, abs=0.1)


def test_sound_counts_the_time_of_the_pictures() -> None:
    clock = RecordedClock()
    times = []
    for number in range(2500):
        if number:
            clock.sound(324, 8000)  # 24.7 pictures a second
        times.append(clock.picture(picture(number, number * 0.0405 if number % 50 == 0 else None)))
    assert times == pytest.approx([number * 0.0405 for number in range(2500)], abs=0.05)


def test_sound_that_ends_does_not_stop_the_pictures() -> None:
    clock = RecordedClock()
    times = []
    for number in range(1000):
        if 0 < number < 200:
            clock.sound(320, 8000)
        times.append(clock.picture(picture(number, number / 25 if number % 50 == 0 else None)))
    assert times[-1] == pytest.approx(999 / 25, abs=2)


def test_what_another_program_writes_stays(tmp_path: Path) -> None:
    part = tmp_path / "a.mp4.part"
    with fresh(part) as other:
        other.write(b"its own")
        for rewrite in (
            lambda: remux_file(tmp_path / "a.dvrip", tmp_path / "a.mp4"),
            lambda: make_seekable(tmp_path / "a.mp4"),
        ):
            with pytest.raises(UsageError, match="another program writes it"):
                rewrite()
        other.flush()
        assert part.read_bytes() == b"its own"
