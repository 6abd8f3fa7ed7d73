from __future__ import annotations

import io
import sys
from dataclasses import replace

import av
import pytest

from dvrip_proto.errors import ProtocolError, UnsupportedError
from dvrip_proto.relay import KeyFrame, jpeg

from .camera import clip


def _keyframe(codec: str) -> KeyFrame:
    return KeyFrame(codec=codec, payload=clip(codec).units[0][1], time=None, arrived_s=0.0)


def _decode(data: bytes) -> av.VideoFrame:
    with av.open(io.BytesIO(data)) as container:
        return next(container.decode(video=0))


@pytest.mark.parametrize("codec", ["h264", "h265"])
@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (None, None, (320, 192)),
        (160, None, (160, 96)),
        (None, 96, (160, 96)),
        (160, 160, (160, 96)),
        (4000, 4000, (320, 192)),
        (1, 1, (2, 2)),
        (101, None, (100, 60)),
    ],
)
def test_a_key_frame_becomes_a_jpeg_that_fits(
    codec: str, width: int | None, height: int | None, expected: tuple[int, int]
) -> None:
    data = jpeg(_keyframe(codec), width, height)
    assert data[:2] == b"\xff\xd8"
    picture = _decode(data)
    assert (picture.width, picture.height) == expected


@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_it_shows_the_same_picture(codec: str) -> None:
    keyframe = _keyframe(codec)
    decoder = av.CodecContext.create({"h264": "h264", "h265": "hevc"}[codec], "r")
    [original] = [*decoder.decode(av.Packet(keyframe.payload)), *decoder.decode(None)]
    shown = _decode(jpeg(keyframe))
    ours = shown.reformat(format="gray").to_ndarray()
    theirs = original.reformat(format="gray").to_ndarray()
    assert abs(ours.astype(int) - theirs.astype(int)).mean() < 3


def test_a_jpeg_of_the_device_is_passed_on() -> None:
    assert jpeg(KeyFrame(codec="jpeg", payload=b"\xff\xd8x", time=None, arrived_s=0.0)) == b"\xff\xd8x"


@pytest.mark.parametrize("payload", [b"", b"\0\0\0\1", b"\0\0\0\1\x65garbage", bytes(100)])
def test_a_broken_picture_is_a_clear_error(payload: bytes) -> None:
    with pytest.raises(ProtocolError, match="picture"):
        jpeg(replace(_keyframe("h264"), payload=payload))


def test_an_unknown_codec_is_a_clear_error() -> None:
    with pytest.raises(UnsupportedError, match="codec vp9"):
        jpeg(replace(_keyframe("h264"), codec="vp9"))


def test_without_pyav_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    keyframe = _keyframe("h264")
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(UnsupportedError, match=r"dvrip-proto\[av\]"):
        jpeg(keyframe)
