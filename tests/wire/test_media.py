"""Media frames: headers, the parser, and the way back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvrip_proto.errors import UsageError
from dvrip_proto.wire.media import (
    MAX_FRAME,
    FrameKind,
    MediaFrame,
    MediaParser,
    pack_datetime,
    pack_frame,
    unpack_datetime,
)
from tests.frames.vectors import vector, vectors

TIME = datetime(2026, 8, 8, 21, 38, 57)
NAL = b"\0\0\0\1"


KEYS = {"h264": NAL + b"\x67key", "h265": NAL + b"\x40\x01key", "mpeg4": b"\0\0\1\xb0key"}


def i_frame(payload: bytes = b"", codec: str = "h264", **fields: Any) -> MediaFrame:
    payload = payload or KEYS.get(codec, b"key")
    known = {"width": 1920, "height": 1080, "fps": 25, "time": TIME} | fields
    return MediaFrame(kind=FrameKind.I, payload=payload, codec=codec, **known)


def p_frame(payload: bytes = NAL + b"\x41inter", **fields: Any) -> MediaFrame:
    known = {"codec": "h264", "width": 1920, "height": 1080, "fps": 25} | fields
    return MediaFrame(kind=FrameKind.P, payload=payload, **known)


AUDIO = MediaFrame(kind=FrameKind.AUDIO, payload=bytes(320), codec="pcma", sample_rate=8000)
INFO = MediaFrame(kind=FrameKind.INFO, payload=b"SPEED:12;")
JPEG = MediaFrame(
    kind=FrameKind.JPEG, payload=b"\xff\xd8\xff\xd9", codec="jpeg", width=640, height=480, time=TIME
)


def parse(data: bytes, step: int | None = None) -> list[MediaFrame]:
    parser = MediaParser()
    size = step or max(1, len(data))
    return [frame for start in range(0, len(data), size) for frame in parser.feed(data[start : start + size])]


@pytest.mark.parametrize("vector", vectors("packed_datetime"))
def test_time_is_that_of_the_capture(vector: dict[str, Any]) -> None:
    time = datetime.fromisoformat(vector["datetime"])
    assert int.from_bytes(bytes.fromhex(vector["hex_le"]), "little") == vector["value"]
    assert unpack_datetime(vector["value"]) == time
    assert pack_datetime(time) == vector["value"]


@given(st.datetimes(datetime(2000, 1, 1), datetime(2063, 12, 31, 23, 59, 59)))
def test_time_survives_the_round_trip(time: datetime) -> None:
    assert unpack_datetime(pack_datetime(time)) == time.replace(microsecond=0)


@given(st.integers(0, 0xFFFFFFFF))
def test_any_number_is_a_time_or_none(value: int) -> None:
    time = unpack_datetime(value)
    assert time is None or pack_datetime(time) == value


@pytest.mark.parametrize("year", [1999, 2064])
def test_time_out_of_range_is_a_usage_error(year: int) -> None:
    with pytest.raises(UsageError, match=f"not {year}"):
        pack_datetime(datetime(year, 1, 1))


@pytest.mark.parametrize("vector", vectors("media_resolution"))
def test_size_has_its_high_bits_in_the_codec_byte(vector: dict[str, Any]) -> None:
    header = bytes([0, 0, 1, 0xFC, vector["T"], 25, vector["W"], vector["H"]]) + bytes(4) + b"\1\0\0\0"
    (frame,) = parse(header + b"x")
    assert (frame.width, frame.height) == (vector["width"], vector["height"])
    assert pack_frame(frame)[4:8] == bytes([vector["T"], 25, vector["W"], vector["H"]])


def test_i_frame_header_of_a_recorder() -> None:
    # NBD8008R-U, H.265 main stream, 21 frames a second (Moxnatiy/hass-xmeye, docs/protocol.md)
    header = bytes.fromhex("000001fc5315e00eb959116a9b850000")
    (frame,) = parse(header + bytes(34203))
    assert (frame.codec, frame.width, frame.height, frame.fps) == ("h265", 3840, 2160, 21)
    assert (frame.time, len(frame.payload), frame.keyframe) == (TIME, 34203, True)
    assert pack_frame(frame)[:16] == header


@pytest.mark.parametrize("vector", vectors("media_frame_header"))
def test_audio_header_of_the_capture(vector: dict[str, Any]) -> None:
    header = bytes.fromhex(vector["hex"])
    (frame,) = parse(header + bytes(vector["length"]))
    assert (frame.kind, frame.codec, frame.sample_rate) == (FrameKind.AUDIO, "pcma", vector["sample_rate"])
    assert vector["codec"] == "G711A"
    assert pack_frame(frame)[:8] == header
    assert not frame.keyframe


@pytest.mark.parametrize("vector", vectors("media_frame_payload"))
def test_service_block_of_a_recorder_is_dropped_from_h265_only(vector: dict[str, Any]) -> None:
    block = bytes.fromhex(vector["hex"])
    real = NAL + b"\x02\x01slice"
    service = pack_frame(p_frame(block))
    parser = MediaParser()
    frames = parser.feed(pack_frame(i_frame(codec="h265")) + service + pack_frame(p_frame(real)))
    assert [frame.payload for frame in frames[1:]] == [real]
    assert parser.dropped == 1
    assert [frame.payload for frame in parse(pack_frame(i_frame()) + service)[1:]] == [block]
    assert [frame.payload for frame in parse(service)] == [block]


@pytest.mark.parametrize(
    ("payload", "kept"),
    [
        (NAL + b"\x02\x01", True),
        (b"\0\0\1\x26\x01x", True),
        (b"no start code", True),
        (NAL + b"\x82\x01", False),
        (NAL + b"\x03\x01", False),
        (NAL + b"\x02\x09", False),
        (NAL + b"\x02\x00", False),
        (NAL + b"\x02", False),
    ],
)
def test_h265_pictures_start_with_a_nal_of_the_base_layer(payload: bytes, kept: bool) -> None:
    frames = parse(pack_frame(i_frame(codec="h265")) + pack_frame(p_frame(payload)))
    assert [frame.payload for frame in frames[1:]] == ([payload] if kept else [])


@pytest.mark.parametrize("signature", [0xFC, 0xFE])
@pytest.mark.parametrize("told", [0x02, 0x12, 0x03, 0x53, 0x00, 0x07])
@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_a_key_frame_shows_its_codec_whatever_its_header_says(codec: str, told: int, signature: int) -> None:
    """T 0x12 is H.265 in a write-up of a Besder 6024PB and H.264 in go2rtc; FE is video in both notes of it."""
    header = b"\0\0\1" + bytes((signature, told, 25, 240, 135)) + bytes(4)
    key = header + len(KEYS[codec]).to_bytes(4, "little") + KEYS[codec]
    slice_ = NAL + (b"\x02\x01slice" if codec == "h265" else b"\x41\x9aslice")
    frames = parse(key + pack_frame(p_frame(slice_)))
    assert [(frame.kind, frame.codec) for frame in frames] == [(FrameKind.I, codec), (FrameKind.P, codec)]


def test_a_picture_behind_fe_stays_a_picture() -> None:
    (frame,) = parse(pack_frame(JPEG))
    assert (frame.kind, frame.codec) == (FrameKind.JPEG, "jpeg")


@pytest.mark.parametrize(
    ("told", "codec"),
    [(0x0E, "pcma"), (0x8E, "pcma"), (0x1E, "pcma"), (0x0A, "pcmu"), (0x8A, "pcmu"), (0x80, None)],
)
def test_the_low_half_of_a_byte_is_the_codec_of_sound(told: int, codec: str | None) -> None:
    """As an owner notes of an NBD8008R-U."""
    (frame,) = parse(b"\0\0\1\xfa" + bytes((told, 2)) + (4).to_bytes(2, "little") + b"\xd5" * 4)
    assert (frame.codec, frame.sample_rate, len(frame.payload)) == (codec, 8000, 4)


def test_p_frames_inherit_from_the_last_i_frame() -> None:
    frames = parse(
        pack_frame(p_frame())
        + pack_frame(i_frame(codec="mpeg4", width=704, height=576))
        + pack_frame(p_frame())
    )
    assert (frames[0].codec, frames[0].width) == (None, 0)
    assert (frames[2].codec, frames[2].width, frames[2].height, frames[2].fps) == ("mpeg4", 704, 576, 25)
    assert frames[2].time is None


@pytest.mark.parametrize(
    "frame", [i_frame(), p_frame(codec=None, width=0, height=0, fps=0), AUDIO, INFO, JPEG]
)
def test_frame_survives_the_round_trip(frame: MediaFrame) -> None:
    assert parse(pack_frame(frame)) == [frame]


def test_odd_sizes_are_rounded_up_to_the_headers_step() -> None:
    (frame,) = parse(pack_frame(i_frame(width=854, height=8184, time=None)))
    assert (frame.width, frame.height) == (856, 8184)


def test_frames_know_their_channel() -> None:
    assert {
        frame.channel
        for frame in MediaParser(3).feed(b"".join(map(pack_frame, (i_frame(), AUDIO, INFO, JPEG))))
    } == {3}


FRAMES = st.lists(
    st.one_of(
        st.binary(min_size=1, max_size=300).map(lambda payload: i_frame(payload)),
        st.binary(min_size=1, max_size=300).map(lambda payload: p_frame(payload)),
        st.just(AUDIO),
        st.just(INFO),
        st.just(JPEG),
    ),
    max_size=6,
).map(lambda frames: [i_frame(), *frames])


@given(FRAMES, st.lists(st.integers(0, 3000), max_size=12))
def test_any_split_gives_the_same_frames(frames: list[MediaFrame], cuts: list[int]) -> None:
    data = b"".join(map(pack_frame, frames))
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    parser = MediaParser()
    parts = [memoryview(data)[start:stop] for start, stop in zip(edges, edges[1:], strict=False)]
    assert [frame for part in parts for frame in parser.feed(part)] == frames
    assert parser.skipped == parser.dropped == 0


@given(FRAMES, st.lists(st.integers(0, 3000), max_size=12))
def test_with_headers_the_payloads_are_the_stream(frames: list[MediaFrame], cuts: list[int]) -> None:
    data = b"".join(map(pack_frame, frames))
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    parser = MediaParser(headers=True)
    parts = [data[start:stop] for start, stop in zip(edges, edges[1:], strict=False)]
    found = [frame for part in parts for frame in parser.feed(part)]
    assert [frame.payload for frame in found] == [pack_frame(frame) for frame in frames]
    assert [(frame.kind, frame.time) for frame in found] == [(frame.kind, frame.time) for frame in frames]


def test_service_blocks_are_dropped_with_their_headers() -> None:
    block = pack_frame(p_frame(bytes.fromhex(vector("frame-service-block")["hex"])))
    key = pack_frame(i_frame(b"\0\0\0\1\x40\x01", codec="h265"))
    parser = MediaParser(headers=True)
    assert [frame.payload for frame in parser.feed(key + block + key)] == [key, key]
    assert parser.dropped == 1


NOISE = st.lists(
    st.one_of(
        st.binary(max_size=40),
        st.sampled_from(
            [
                b"\0\0\1",
                b"\0\0\1\xfc",
                b"\0\0\1\xfd\xff\xff\xff\xff",
                b"\0\0\1\xfa\x63\x02\x40\x01",
                b"\0\0\1\xf9\x01\x00\x04\x00",
                b"\0\0\1\xfb\x04\0\0\0",
                b"\0\0\0\0\1",
                pack_frame(p_frame()),
                pack_frame(i_frame()),
                pack_frame(AUDIO),
            ]
        ),
    ),
    max_size=12,
).map(b"".join)


@given(NOISE, st.lists(st.integers(0, 3000), max_size=12))
def test_any_split_of_any_bytes_gives_the_same_frames(data: bytes, cuts: list[int]) -> None:
    whole = MediaParser()
    expected = whole.feed(data)
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    parser = MediaParser()
    frames = [
        frame
        for start, stop in zip(edges, edges[1:], strict=False)
        for frame in parser.feed(bytearray(data[start:stop]))
    ]
    assert frames == expected
    assert (parser.skipped, parser.dropped) == (whole.skipped, whole.dropped)


@pytest.mark.parametrize("step", [1, 3, 7, None])
@pytest.mark.parametrize(
    "noise",
    [
        b"the tail of a frame",
        b"\0\0\1",
        b"\0\0\0",
        b"\0\0\1\xfd\xff\xff\xff\xff",
        b"x\0\0\1\xfa\x63\x02\x40\x01",
        b"x\0\0\1\xf9\x01\x00\x04\x00",
        b"x\0\0\1\xfb\x04\0\0\0",
        b"x\0\0\1\xfe\x02" + bytes(14),
        b"x\0\0\1\xfd\0\0\0\0",
        b"\0\0\1\x67\0\0\1\x68",
    ],
)
def test_stream_that_starts_inside_a_frame_finds_the_next_one(noise: bytes, step: int | None) -> None:
    data = noise + pack_frame(i_frame()) + pack_frame(p_frame())
    parser = MediaParser()
    size = step or len(data)
    frames = [
        frame for start in range(0, len(data), size) for frame in parser.feed(data[start : start + size])
    ]
    assert frames == [i_frame(), p_frame()]
    assert parser.skipped == len(noise)


def test_audio_and_pictures_are_found_again_too() -> None:
    assert parse(b"x" + pack_frame(AUDIO)) == [AUDIO]
    assert parse(b"x" + pack_frame(JPEG)) == [JPEG]


def test_signatures_inside_a_payload_are_not_searched() -> None:
    frame = p_frame(NAL + b"\x41" + pack_frame(i_frame()) * 3, codec=None, width=0, height=0, fps=0)
    assert parse(pack_frame(frame), 5) == [frame]


def test_frame_longer_than_the_limit_is_skipped() -> None:
    broken = b"\0\0\1\xfd" + (MAX_FRAME + 1).to_bytes(4, "little")
    broken_picture = pack_frame(i_frame())[:12] + (MAX_FRAME + 1).to_bytes(4, "little")
    assert parse(broken + pack_frame(i_frame())) == [i_frame()]
    assert parse(broken_picture + pack_frame(i_frame())) == [i_frame()]


def test_frames_without_payload_are_no_frames() -> None:
    assert parse(b"\0\0\1\xfd\0\0\0\0" + pack_frame(i_frame())) == [i_frame()]


def test_frame_kind_of_some_clients_tables_reads_as_a_p_frame() -> None:
    (frame,) = parse(b"\0\0\1\xfb\x04\0\0\0" + NAL)
    assert (frame.kind, frame.payload) == (FrameKind.P, NAL)


def test_unknown_codecs_are_none() -> None:
    (video,) = parse(bytes([0, 0, 1, 0xFC, 0x09, 25, 1, 1]) + bytes(4) + b"\1\0\0\0x")
    (audio,) = parse(b"\0\0\1\xfa\x63\x63\x01\x00x")
    assert (video.codec, audio.codec, audio.sample_rate) == (None, None, None)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (i_frame(codec="av1"), "unknown video codec 'av1': choose one of mpeg4, h264, h265"),
        (i_frame(width=8192), "at most 8184 pixels a side, not 8192"),
        (
            MediaFrame(kind=FrameKind.AUDIO, payload=b"x", codec="opus", sample_rate=8000),
            "unknown audio codec",
        ),
        (
            MediaFrame(kind=FrameKind.AUDIO, payload=b"x", codec="pcmu", sample_rate=96000),
            "unknown sample rate",
        ),
        (MediaFrame(kind=FrameKind.INFO, payload=bytes(65536)), "at most 65535 bytes, not 65536"),
    ],
)
def test_what_no_header_can_say_is_a_usage_error(frame: MediaFrame, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        pack_frame(frame)


def test_empty_body_at_the_end_of_a_download_is_no_frame() -> None:
    packet = bytes.fromhex(vector("pkt-eof")["hex"])
    assert (packet[13], packet[20:]) == (1, b"")
    assert MediaParser().feed(packet[20:]) == []
