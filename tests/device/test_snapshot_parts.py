"""Pictures in parts: whole at the same part however they are cut, at a cost that grows with their size alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvrip_proto.features import snapshot
from dvrip_proto.features.snapshot import Picture
from dvrip_proto.wire.jpeg_frame import unwrapped
from dvrip_proto.wire.media import FrameKind, MediaFrame, pack_frame

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 3 + b"\xff\xd9\0\0" + b"\x12" * 40 + b"\xff\xd9"
FRAMED = pack_frame(MediaFrame(kind=FrameKind.JPEG, payload=JPEG, codec="jpeg", width=64, height=48))
LENGTH = len(JPEG).to_bytes(4, "little")


def whole_in(data: bytes) -> bytes | None:
    """The picture in all bytes so far, looked at anew."""
    if data.startswith(b"\0\0\1\xfe"):
        return unwrapped(data) or None
    picture = unwrapped(data).rstrip(b"\0\r\n \xff")
    return picture if picture.endswith(b"\xff\xd9") else None


@pytest.mark.parametrize(
    "sent",
    [JPEG, FRAMED, LENGTH + JPEG, JPEG + b"\0" * 2000, b"noise \xff\xd9" * 90, FRAMED[:-5], b"\0" * 900],
    ids=["bare", "framed", "behind its length", "padded", "noise", "cut", "nothing"],
)
@given(cuts=st.lists(st.integers(0, 3000), max_size=12))
def test_a_picture_is_whole_at_the_same_part_however_it_is_cut(sent: bytes, cuts: list[int]) -> None:
    places = sorted({0, len(sent), *(cut for cut in cuts if cut < len(sent))})
    picture, so_far = Picture(), b""
    for begin, end in zip(places, places[1:], strict=False):
        so_far += sent[begin:end]
        found = picture.add(sent[begin:end])
        assert found == whole_in(so_far)
        assert picture.size == len(so_far)
        if found is not None:
            return


@pytest.mark.parametrize("begin", [b"\xff\xd8\xff\xe0", b"no picture"])
@pytest.mark.parametrize("part", [b"\0" * 64, b"x" * 62 + b"\xff\xd9", b"\xff" * 64])
def test_bytes_that_never_make_a_picture_are_not_looked_at_again_and_again(
    monkeypatch: pytest.MonkeyPatch, begin: bytes, part: bytes
) -> None:
    looked_at: list[int] = []

    def look(data: bytes) -> bytes:
        looked_at.append(len(data))
        return unwrapped(data)

    monkeypatch.setattr(snapshot, "unwrapped", look)
    picture = Picture()
    picture.add(begin)
    for _ in range(500):
        if picture.add(part) is not None:
            break
    assert max(looked_at, default=0) <= 600
