"""Information under FE with a header of 8 bytes, as an owner notes of two IPC_XM210_X2-WR-T_S38.

Its length stands where a picture has its codec, rate and size. Read as a picture, whose length stands 8 bytes
later, it would take for its own what follows it: up to 16 MiB.
"""

from __future__ import annotations

import pytest

from dvrip_proto.wire.media import FrameKind, MediaParser, pack_frame
from tests.wire.test_media import JPEG, i_frame, p_frame, parse


def short(payload: bytes) -> bytes:
    """A frame of information in that form."""
    return b"\0\0\1\xfe" + len(payload).to_bytes(4, "little") + payload


PAYLOADS = [
    b"i",
    b"info",
    b"information " * 8,
    bytes(range(256)) * 3,
    bytes.fromhex("0102030400001000") + bytes(40),  # where a picture has its length stands 1 MiB
    bytes(64),
]


@pytest.mark.parametrize("step", [1, 3, 7, 19, None])
@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_video_is_lost_behind_information_of_the_short_form(payload: bytes, step: int | None) -> None:
    data = pack_frame(i_frame()) + short(payload) + pack_frame(p_frame()) * 3 + short(payload)
    frames = parse(data + pack_frame(p_frame()), step)
    assert [frame for frame in frames if frame.kind is not FrameKind.INFO] == [i_frame(), *[p_frame()] * 4]
    assert [frame.payload for frame in frames if frame.kind is FrameKind.INFO] == [payload] * 2


def test_information_of_the_short_form_keeps_its_header_in_files() -> None:
    frames = MediaParser(headers=True).feed(short(b"information") + pack_frame(p_frame()))
    assert [frame.payload for frame in frames] == [short(b"information"), pack_frame(p_frame())]


@pytest.mark.parametrize("fps", [0, 1, 12])
@pytest.mark.parametrize("step", [1, 5, None])
def test_a_picture_without_a_size_stays_one(fps: int, step: int | None) -> None:
    data = bytearray(pack_frame(JPEG))
    data[5:8] = bytes((fps, 0, 0))
    (frame,) = parse(bytes(data), step)
    assert (frame.kind, frame.payload) == (FrameKind.JPEG, JPEG.payload)


@pytest.mark.parametrize("lead", [b"\0\0\0\1", b"\0\0\1"])
def test_a_key_frame_under_fe_without_a_size_stays_one(lead: bytes) -> None:
    key = lead + b"\x67key"
    header = b"\0\0\1\xfe\x02\x19\0\0" + bytes(4) + len(key).to_bytes(4, "little")
    (frame,) = parse(header + key)
    assert (frame.kind, frame.codec, frame.payload) == (FrameKind.I, "h264", key)
