"""Headers and the cutting of a byte stream into messages."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dvrip_proto.errors import ProtocolError, UsageError
from dvrip_proto.wire import framer as framer_module
from dvrip_proto.wire.body import decode
from dvrip_proto.wire.framer import Frame, Framer, pack
from dvrip_proto.wire.header import HEADER_SIZE, MAX_BODY, Header
from tests.frames.vectors import vector, vectors

BYTE = st.integers(0, 0xFF)
WORD = st.integers(0, 0xFFFFFFFF)
HEADERS = st.builds(
    Header,
    message_id=st.integers(0, 0xFFFF),
    length=WORD,
    session=WORD,
    sequence=WORD,
    total_or_channel=BYTE,
    current_or_end=BYTE,
    version=BYTE,
    reserved1=BYTE,
    reserved2=BYTE,
)
LOGIN_REPLY = bytes.fromhex(vector("pkt-login-rsp")["hex"])


def split(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[start:stop] for start, stop in zip(edges, edges[1:], strict=False)]


@pytest.mark.parametrize("vector", vectors("header"))
def test_header_is_that_of_the_capture(vector: dict[str, Any]) -> None:
    fields = vector["fields"]
    header = Header.unpack(bytes.fromhex(vector["hex"]))
    assert header == Header(
        message_id=fields["msgid"],
        length=fields["length"],
        session=fields["session"],
        sequence=fields["sequence"],
        total_or_channel=fields["total_or_channel"],
        current_or_end=fields["current_or_endflag"],
        version=fields["version"],
        reserved1=fields["reserved1"],
        reserved2=fields["reserved2"],
    )
    assert header.pack().hex() == vector["hex"]


@given(HEADERS)
def test_header_survives_the_round_trip(header: Header) -> None:
    assert len(header.pack()) == HEADER_SIZE
    assert Header.unpack(header.pack()) == header
    assert Header.unpack(b"??" + header.pack(), 2) == header


def test_header_with_a_number_too_large_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="not a header"):
        Header(message_id=1 << 16).pack()
    with pytest.raises(UsageError, match="does not fit"):
        pack(1 << 16)


def test_header_needs_twenty_bytes() -> None:
    with pytest.raises(ProtocolError, match="a header has 20 bytes, here are 19"):
        Header.unpack(LOGIN_REPLY[:19])


@pytest.mark.parametrize(
    ("data", "speaker"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n", "HTTP"),
        (b"<html>", "HTML or XML"),
        (b"RTSP/1.0 400", "RTSP"),
        (b"SSH-2.0-dropbear", "SSH"),
        (b"\x15\x03\x01\x00\x02\x02\x16", "TLS"),
        (b"\xb0\x00\x00\x58" + bytes(16), "Dahua's protocol"),
    ],
)
def test_stranger_is_named_and_its_first_bytes_shown(data: bytes, speaker: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        Framer().feed(data)
    assert f"the peer speaks {speaker}, not DVRIP" in str(caught.value)
    assert data[:4].hex(" ") in str(caught.value)


def test_header_of_a_stranger_is_no_header() -> None:
    with pytest.raises(ProtocolError, match=r"does not speak DVRIP.*01 02"):
        Header.unpack(b"\x01\x02" + bytes(18))


@pytest.mark.parametrize("vector", vectors("packet"))
def test_packet_is_that_of_the_capture(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    (frame,) = Framer().feed(data)
    header = frame.header
    assert (frame.message_id, header.session, header.sequence) == (
        vector["msgid"],
        vector["session"],
        vector["sequence"],
    )
    if vector["body_json"] is not None:
        assert decode(frame.body) == {key.strip(): value for key, value in vector["body_json"].items()}
    packed = pack(
        frame.message_id,
        frame.body,
        session=header.session,
        sequence=header.sequence,
        channel=header.total_or_channel,
        end=header.current_or_end,
        version=header.version,
    )
    assert packed == data


@pytest.mark.parametrize("vector", vectors("packets"))
def test_fragments_of_the_capture_make_one_message(vector: dict[str, Any]) -> None:
    parts = [bytes.fromhex(part) for part in vector["hex"]]
    framer = Framer()
    assert framer.feed(parts[0]) == []
    assert framer.mid_message
    (frame,) = framer.feed(parts[1])
    assert not framer.mid_message
    assert decode(frame.body) == {key.strip(): value for key, value in vector["body_json"].items()}


FRAMES = st.lists(
    st.tuples(st.sampled_from([1001, 1043, 1412, 1504, 1522, 9999]), st.binary(max_size=200), BYTE, BYTE),
    max_size=8,
)


@given(FRAMES, st.lists(st.integers(0, 2000), max_size=12))
def test_any_split_gives_the_same_messages(
    messages: list[tuple[int, bytes, int, int]], cuts: list[int]
) -> None:
    data = b"".join(pack(number, body, channel=channel, end=end) for number, body, channel, end in messages)
    whole = Framer().feed(data)
    framer = Framer()
    assert [frame for part in split(data, cuts) for frame in framer.feed(part)] == whole


@given(FRAMES, st.lists(st.integers(0, 2000), max_size=12))
def test_media_goes_to_the_sink_and_the_rest_comes_back(
    messages: list[tuple[int, bytes, int, int]], cuts: list[int]
) -> None:
    data = b"".join(pack(number, body, end=end) for number, body, _, end in messages)
    media: list[tuple[int, int, int, bytes]] = []
    framer = Framer(lambda read: media.extend((number, *flags, bytes(body)) for number, *flags, body in read))
    frames = [frame for part in split(data, cuts) for frame in framer.feed(part)]
    assert [(frame.message_id, frame.body) for frame in frames] == [
        (number, body) for number, body, _, _ in messages if number != 1412
    ]
    assert media == [(1412, 0, end, body) for number, body, _, end in messages if number == 1412]


@given(st.binary(min_size=1, max_size=64), st.lists(st.integers(0, 300), max_size=6))
def test_messages_before_broken_bytes_are_not_lost(garbage: bytes, cuts: list[int]) -> None:
    data = LOGIN_REPLY + b"\x01" + garbage
    framer = Framer()
    frames: list[Frame] = []
    for part in split(data, cuts):
        with contextlib.suppress(ProtocolError):
            frames += framer.feed(part)
    assert [frame.message_id for frame in frames] == [1001]
    with pytest.raises(ProtocolError, match="does not speak DVRIP"):
        framer.feed(LOGIN_REPLY)


@given(st.sampled_from([b"\n\0", b"\0", b"\r\n", b"\r\n\0\0"]), st.lists(st.integers(0, 300), max_size=6))
def test_an_end_of_a_text_that_its_length_does_not_count_is_passed_over(end: bytes, cuts: list[int]) -> None:
    framer = Framer()
    data = LOGIN_REPLY + end + LOGIN_REPLY + LOGIN_REPLY + end
    frames = [frame for part in split(data, cuts) for frame in framer.feed(part)]
    assert [bytes(frame.body) for frame in frames] == [LOGIN_REPLY[HEADER_SIZE:]] * 3
    assert not framer.mid_message


@pytest.mark.parametrize("data", [b"\n\0" + LOGIN_REPLY, LOGIN_REPLY + bytes(5) + LOGIN_REPLY])
def test_before_the_first_message_and_for_long_nothing_is_passed_over(data: bytes) -> None:
    framer = Framer()
    with contextlib.suppress(ProtocolError):
        framer.feed(data)
    with pytest.raises(ProtocolError, match="does not speak DVRIP"):
        framer.feed(b"")


def test_broken_bytes_in_a_later_read_of_one_feed_do_not_lose_messages() -> None:
    framer = Framer()
    frames = framer.feed(pack(1412, bytes(300_000)) + LOGIN_REPLY + bytes(40))
    assert [frame.message_id for frame in frames] == [1412, 1001]
    with pytest.raises(ProtocolError):
        framer.feed(b"")


def test_broken_bytes_after_a_full_buffer_do_not_lose_messages() -> None:
    capacity = len(Framer().get_buffer())
    framer = Framer()
    frames = framer.feed(pack(1412, bytes(capacity - HEADER_SIZE)) + bytes(40))
    assert [frame.message_id for frame in frames] == [1412]
    with pytest.raises(ProtocolError):
        framer.feed(b"")


def test_length_beyond_the_limit_is_refused() -> None:
    with pytest.raises(ProtocolError, match="message 1043 CONFIG_GET_REPLY claims 67108865 bytes"):
        Framer().feed(Header(message_id=1043, length=MAX_BODY + 1).pack())


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2_000_000), st.integers(1, 300_000))
def test_large_message_arrives_whole_and_the_buffer_shrinks_again(size: int, step: int) -> None:
    body = bytes(range(256)) * (size // 256) + bytes(size % 256)
    data = pack(1043, body) + LOGIN_REPLY
    framer = Framer()
    usual = len(framer.get_buffer())
    frames = [
        frame for start in range(0, len(data), step) for frame in framer.feed(data[start : start + step])
    ]
    assert [frame.body for frame in frames] == [body, LOGIN_REPLY[HEADER_SIZE:]]
    assert len(framer.get_buffer()) == usual


def test_buffer_grows_with_what_came_not_with_what_is_promised() -> None:
    framer = Framer()
    usual = len(framer.get_buffer())
    framer.feed(Header(message_id=1043, length=MAX_BODY).pack())
    assert len(framer.get_buffer()) == usual - HEADER_SIZE


def fragment(body: bytes, total: int, current: int, *, sequence: int = 0, message_id: int = 1043) -> bytes:
    return pack(message_id, body, channel=total, end=current, sequence=sequence)


def test_fragments_may_be_interleaved_with_other_messages() -> None:
    data = fragment(b"a", 3, 0) + pack(1007) + fragment(b"b", 3, 1) + LOGIN_REPLY + fragment(b"c", 3, 2)
    assert [(frame.message_id, frame.body[:3]) for frame in Framer().feed(data)] == [
        (1007, b""),
        (1001, LOGIN_REPLY[20:23]),
        (1043, b"abc"),
    ]


@pytest.mark.parametrize("sequences", [(0, 0, 0), (7, 8, 9), (7, 9, 12), (0xFFFFFFFF, 0, 1), (5, 3, 900)])
def test_fragments_are_joined_whatever_their_sequence_numbers_are(sequences: tuple[int, ...]) -> None:
    data = b"".join(
        fragment(b"%d" % number, 3, number, sequence=sequence) for number, sequence in enumerate(sequences)
    )
    framer = Framer()
    assert [frame.body for frame in framer.feed(data)] == [b"012"]
    assert not framer.mid_message


def test_a_message_that_never_becomes_whole_comes_out_before_the_next() -> None:
    data = fragment(b"x", 2, 0) + fragment(b"a", 2, 0, sequence=1) + fragment(b"b", 2, 1, sequence=1)
    framer = Framer()
    assert [frame.body for frame in framer.feed(data)] == [b"x", b"ab"]
    assert not framer.mid_message


def test_two_messages_of_one_id_are_told_apart_by_their_sequence_numbers() -> None:
    parts = [(b"a", 0, 5), (b"c", 0, 6), (b"b", 1, 5), (b"d", 1, 6)]
    data = b"".join(fragment(body, 2, current, sequence=sequence) for body, current, sequence in parts)
    assert [frame.body for frame in Framer().feed(data)] == [b"ab", b"cd"]


@pytest.mark.parametrize(
    ("data", "bodies"),
    [
        (fragment(b"b", 2, 1), [b"b"]),
        (fragment(b"a", 3, 0) + fragment(b"b", 3, 2), [b"a", b"b"]),
        (fragment(b"a", 2, 0) + fragment(b"b", 3, 1), [b"a", b"b"]),
        (fragment(b"a", 3, 0) + fragment(b"b", 3, 1) + fragment(b"b", 3, 1), [b"a", b"b", b"b"]),
    ],
)
def test_fragments_that_fit_nowhere_come_out_in_their_order(data: bytes, bodies: list[bytes]) -> None:
    framer = Framer()
    assert [frame.body for frame in framer.feed(data)] == bodies
    assert not framer.mid_message


def test_upgrade_data_and_media_are_never_fragments() -> None:
    frames = Framer().feed(fragment(b"a", 2, 0, message_id=1522) + fragment(b"b", 8, 0, message_id=1426))
    assert [frame.body for frame in frames] == [b"a", b"b"]


def test_fragments_have_a_common_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(framer_module, "MAX_BODY", 100)
    with pytest.raises(ProtocolError, match="fragments exceed 100 bytes"):
        Framer().feed(fragment(bytes(60), 3, 0) + fragment(bytes(60), 3, 1))
