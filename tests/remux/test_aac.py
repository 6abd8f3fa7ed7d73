"""Sound that the device itself sends as AAC, into files: as it is, also behind four bytes of a recorder's own.

Source of the four bytes: NTsvetkov/xmeye-nvr-tools, xmeye_convert.py (audio blocks of the type 00 02).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import av
import pytest

from dvrip_proto import FrameKind, MediaFrame, remux_file
from dvrip_proto.features.live_writers import writer_to
from dvrip_proto.wire.media import MediaParser, pack_frame
from tests.relay.test_aac import adts_frames

BEGIN = datetime(2026, 3, 1, 10)
RATE = 16_000


def recording(key: bytes, ahead: bytes) -> bytes:
    """Pictures, each with a frame of sound, which lasts as long; a key picture a second."""
    data, second = b"", -1
    for number, frame in enumerate(adts_frames()):
        block = ahead + frame
        data += b"\0\0\1\xfa\0\2" + len(block).to_bytes(2, "little") + block
        at = number * 1024 // RATE
        picture = MediaFrame(
            kind=FrameKind.I if at > second else FrameKind.P,
            payload=key if at > second else b"\0\0\0\1\x41\x9a" + bytes(20),
            codec="h264",
            fps=15,
            time=BEGIN + timedelta(seconds=at),
        )
        data, second = data + pack_frame(picture), at
    return data


def heard(file: Path) -> tuple[str, int, int]:
    """Codec, rate and samples of a file."""
    with av.open(str(file)) as container:
        stream = container.streams.audio[0]
        samples = sum(frame.samples for frame in container.decode(stream))
        return stream.codec_context.name, stream.codec_context.sample_rate, samples


@pytest.mark.parametrize("ahead", [b"", b"\x12\x34\0\xff"])
@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv"])
def test_a_recording_keeps_its_sound(key: bytes, tmp_path: Path, suffix: str, ahead: bytes) -> None:
    (tmp_path / "a.dvrip").write_bytes(recording(key, ahead))
    done = remux_file(tmp_path / "a.dvrip", tmp_path / f"a.{suffix}")
    assert (done.sound, done.pictures) == (True, len(adts_frames()))
    assert done.seconds == pytest.approx(len(adts_frames()) * 1024 / RATE, abs=0.2)
    codec, rate, samples = heard(tmp_path / f"a.{suffix}")
    assert (codec, rate) == ("aac", RATE)
    assert samples / 1024 == pytest.approx(len(adts_frames()), abs=1)


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
def test_a_live_file_keeps_its_sound(key: bytes, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"a{suffix}"
    with file.open("w+b") as target:
        writer = writer_to(target, suffix, file.name, whole=True)
        for number, frame in enumerate(MediaParser().feed(recording(key, b"\0\0\0\1"))):
            writer.take(frame, number * 512 / RATE)
        writer.close()
        assert writer.recorded.sound
    codec, rate, samples = heard(file)
    assert (codec, rate) == ("aac", RATE)
    assert samples / 1024 == pytest.approx(len(adts_frames()), abs=3)
