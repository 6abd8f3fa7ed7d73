"""NAL units, RTP packets and session descriptions, checked against the RFCs byte by byte."""

from __future__ import annotations

import struct
import sys
from base64 import b64decode

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvrip_proto.media import aac, g711
from dvrip_proto.media.nal import ParameterSets, nal_type, parameter_sets, split
from dvrip_proto.media.units import AudioFormat, Presentation, Track, Unit, VideoFormat
from dvrip_proto.relay import sdp
from dvrip_proto.relay.rtp import LARGE, SMALL, RtpTrack, received

from .camera import clip

H264 = VideoFormat(codec="h264", parameters=ParameterSets(sps=b"\x67\x64\x00\x1f\xac", pps=b"\x68\xee\x3c"))
H265 = VideoFormat(
    codec="h265", parameters=ParameterSets(vps=b"\x40\x01\x0c", sps=b"\x42\x01\x01", pps=b"\x44\x01\xc1")
)


def _cut(chunks: list[bytes | memoryview]) -> list[tuple[int, bytes]]:
    """Channel and packet, out of the interleaved bytes."""
    data = b"".join(chunks)
    packets = []
    while data:
        magic, channel, size = struct.unpack_from(">cBH", data)
        assert magic == b"$"
        packets.append((channel, data[4 : 4 + size]))
        data = data[4 + size :]
    return packets


def _join(codec: str, payloads: list[bytes]) -> list[bytes]:
    """NAL units out of payloads: single NAL units and fragments (RFC 6184 5.8, RFC 7798 4.4.3)."""
    nals: list[bytearray] = []
    for payload in payloads:
        head = 1 if codec == "h264" else 2
        fragmented = payload[0] & 0x1F == 28 if codec == "h264" else payload[0] >> 1 & 0x3F == 49
        if not fragmented:
            nals.append(bytearray(payload))
            continue
        flags = payload[head]
        if flags & 0x80:
            if codec == "h264":
                nals.append(bytearray([payload[0] & 0xE0 | flags & 0x1F]))
            else:
                nals.append(bytearray([payload[0] & 0x81 | (flags & 0x3F) << 1, payload[1]]))
        nals[-1] += payload[head + 1 :]
    return [bytes(nal) for nal in nals]


def _unit(parts: tuple[bytes, ...], track: Track = Track.VIDEO, stamp: int = 90_000) -> Unit:
    return Unit(track=track, stamp=stamp, time_s=1.0, parts=parts, size=sum(map(len, parts)))


@pytest.mark.parametrize("codec", ["h264", "h265"])
@pytest.mark.parametrize("limit", [100, SMALL, LARGE])
def test_pictures_arrive_as_they_were(codec: str, limit: int) -> None:
    keyframe = next(payload for key, payload in clip(codec).units if key)
    nals = split(codec, keyframe)
    sender = RtpTrack(Track.VIDEO, codec, rate=90_000, payload_type=96, channel=4)
    packets = _cut(sender.packets(_unit(nals), limit))
    headers = [struct.unpack_from(">BBHII", packet) for _, packet in packets]
    assert {channel for channel, _ in packets} == {4}
    assert all(len(packet) - 12 <= limit for _, packet in packets)
    assert [header[1] >> 7 for header in headers] == [0] * (len(headers) - 1) + [1]
    assert {header[1] & 0x7F for header in headers} == {96}
    assert {header[3] for header in headers} == {90_000}
    assert len({header[4] for header in headers}) == 1
    assert all((b[2] - a[2]) & 0xFFFF == 1 for a, b in zip(headers, headers[1:], strict=False))
    assert _join(codec, [packet[12:] for _, packet in packets]) == [bytes(nal) for nal in nals]


@given(st.integers(2, 5000), st.sampled_from(["h264", "h265"]), st.integers(10, 1500))
def test_a_fragment_is_never_first_and_last_at_once(size: int, codec: str, limit: int) -> None:
    nal = (b"\x65\x11" if codec == "h264" else b"\x26\x01") + bytes(size)
    sender = RtpTrack(Track.VIDEO, codec, rate=90_000, payload_type=96, channel=0)
    payloads = [packet[12:] for _, packet in _cut(sender.packets(_unit((nal,)), limit))]
    assert _join(codec, payloads) == [nal]
    if len(payloads) > 1:
        flags = [payload[1 if codec == "h264" else 2] >> 6 for payload in payloads]
        assert flags == [2] + [0] * (len(flags) - 2) + [1]


def test_timestamps_and_sequence_numbers_wrap() -> None:
    sender = RtpTrack(Track.G711, "g711", rate=8000, payload_type=8, channel=0)
    chunks = [
        chunk
        for n in range(70_000)
        for chunk in sender.packets(_unit((b"ab",), Track.G711, 2**33 + n), SMALL)
    ]
    numbers = [struct.unpack_from(">HI", packet, 2) for _, packet in _cut(chunks)]
    assert numbers[0][1] == 0
    assert all((b[0] - a[0]) & 0xFFFF == 1 for a, b in zip(numbers, numbers[1:], strict=False))


def test_aac_is_sent_with_its_access_unit_header() -> None:
    sender = RtpTrack(Track.AAC, "aac", rate=8000, payload_type=97, channel=2)
    [(channel, packet)] = _cut(sender.packets(_unit((b"x" * 500,), Track.AAC, 1024), SMALL))
    assert channel == 2
    assert packet[12:16] == b"\x00\x10" + (500 << 3).to_bytes(2, "big")
    assert packet[16:] == b"x" * 500
    assert packet[1] == 0x80 | 97


def test_a_sender_report_ties_the_stamps_to_the_world() -> None:
    sender = RtpTrack(Track.VIDEO, "h264", rate=90_000, payload_type=96, channel=0)
    sender.packets(_unit((b"\x65abc",)), SMALL)
    [(channel, report)] = _cut([sender.report(2.0, 1_700_000_000.5)])
    flags, kind, words, _, ntp, rtp, packets, octets = struct.unpack(">BBHIQIII", report)
    assert (channel, flags, kind, words) == (1, 0x80, 200, 6)
    assert ntp >> 32 == 1_700_000_000 + 2_208_988_800
    assert ntp & 0xFFFFFFFF == 2**31
    assert (rtp, packets, octets) == (180_000, 1, 4)


def test_only_what_a_decoder_needs_is_passed_on() -> None:
    parts = [
        b"\x09\xf0",
        b"\x67\x64\x00\x1f",
        b"\x68\xee",
        b"\x06\x05\x01\x00\x80",
        b"\x65\x88\x84",
        b"\x0c\xff\x80",
    ]
    payload = b"".join(b"\0\0\0\1" + part for part in parts) + b"\0\0"
    assert [nal_type("h264", nal) for nal in split("h264", payload)] == [7, 8, 5]
    assert split("h264", b"") == split("h264", b"no start code") == split("h264", b"\0\0\1") == ()


def test_parameter_sets_are_found_or_none_are_claimed() -> None:
    for codec in ("h264", "h265"):
        units = clip(codec).units
        found = parameter_sets(codec, split(codec, units[0][1]))
        assert found is not None
        assert bool(found.vps) == (codec == "h265")
        assert parameter_sets(codec, split(codec, units[1][1])) is None


def test_the_description_of_h264_with_both_sounds() -> None:
    presentation = Presentation(video=H264, audio=AudioFormat(codec="pcma", rate=8000), aac=aac.encoded(8000))
    assert sdp.tracks(presentation) == (Track.VIDEO, Track.AAC, Track.G711)
    lines = sdp.describe(presentation).decode().split("\r\n")
    assert lines[0] == "v=0"
    assert [line for line in lines if line.startswith("m=")] == [
        "m=video 0 RTP/AVP 96",
        "m=audio 0 RTP/AVP 97",
        "m=audio 0 RTP/AVP 8",
    ]
    assert (
        "a=fmtp:96 packetization-mode=1;profile-level-id=64001F;sprop-parameter-sets=Z2QAH6w=,aO48" in lines
    )
    assert "a=rtpmap:97 MPEG4-GENERIC/8000/1" in lines
    assert "a=rtpmap:8 PCMA/8000/1" in lines
    assert [line for line in lines if line.startswith("a=control:")] == [
        "a=control:*",
        "a=control:trackID=0",
        "a=control:trackID=1",
        "a=control:trackID=2",
    ]


def test_the_description_of_h265_without_sound() -> None:
    text = sdp.describe(Presentation(video=H265)).decode()
    assert "m=audio" not in text
    fields = dict(pair.split("=", 1) for pair in text.split("a=fmtp:96 ")[1].split("\r\n")[0].split(";"))
    assert {name: b64decode(value) for name, value in fields.items()} == {
        "sprop-vps": H265.parameters.vps,
        "sprop-sps": H265.parameters.sps,
        "sprop-pps": H265.parameters.pps,
    }


def test_g711_of_another_rate_gets_a_number_of_its_own() -> None:
    text = sdp.describe(Presentation(video=H264, audio=AudioFormat(codec="pcmu", rate=16_000))).decode()
    assert "m=audio 0 RTP/AVP 98\r\na=rtpmap:98 PCMU/16000/1" in text


@pytest.mark.parametrize(("rate", "expected"), [(8000, "1588"), (16_000, "1408"), (48_000, "1188")])
def test_the_audio_configuration_is_that_of_the_encoder(rate: int, expected: str) -> None:
    assert aac.encoded(rate).config.hex() == expected
    encoder = aac.AacEncoder("pcma", rate)
    encoder.feed(0, bytes(4096))
    assert (encoder._encoder.extradata or b"")[:2] == aac.encoded(rate).config


async def test_aac_is_not_offered_for_rates_it_does_not_have() -> None:
    assert await aac.available(8000)
    assert not await aac.available(4000)
    assert not await aac.available(20_000)


async def test_aac_is_not_offered_without_pyav(monkeypatch: pytest.MonkeyPatch) -> None:
    aac._works.cache_clear()
    monkeypatch.setitem(sys.modules, "av", None)
    assert not await aac.available(8000)
    aac._works.cache_clear()


def test_aac_keeps_the_time_of_its_samples() -> None:
    encoder = aac.AacEncoder("pcmu", 8000)
    frames = [frame for n in range(100) for frame in encoder.feed(80_000 + n * 320, bytes(320))]
    stamps = [stamp for stamp, _ in frames]
    assert stamps == [80_000 - 1024 + n * 1024 for n in range(len(stamps))]
    assert len(stamps) >= 30
    after = [stamp for n in range(10) for stamp, _ in encoder.feed(200_000 + n * 320, bytes(320))]
    assert after[0] > stamps[-1]
    assert 200_000 + 10 * 320 - 4 * 1024 < after[-1] < 200_000 + 10 * 320, (
        "the gap is there, two frames early at most"
    )


def test_the_way_back_is_described_last_and_only_on_request() -> None:
    presentation = Presentation(video=H264, audio=AudioFormat(codec="pcma", rate=8000))
    plain, whole = sdp.describe(presentation), sdp.describe(presentation, talkback=True)
    assert b"sendonly" not in plain
    assert whole.startswith(plain)
    assert whole[len(plain) :].decode().splitlines() == [
        "m=audio 0 RTP/AVP 8 0",
        "a=rtpmap:8 PCMA/8000",
        "a=rtpmap:0 PCMU/8000",
        "a=sendonly",
        "a=control:trackID=2",
    ]


def test_sound_of_either_law_becomes_a_law() -> None:
    def samples(codec: str, codes: bytes) -> np.ndarray:
        decoder = av.CodecContext.create(codec, "r")
        decoder.sample_rate, decoder.layout = 8000, "mono"
        return decoder.decode(av.Packet(codes))[0].to_ndarray()[0].astype(int)

    codes = bytes(range(256))
    assert g711.as_pcma(g711.PCMA, codes) == codes
    said = g711.as_pcma(g711.PCMU, codes)
    error = abs(samples("pcm_alaw", said) - samples("pcm_mulaw", codes))
    assert (error <= np.maximum(abs(samples("pcm_mulaw", codes)) / 32, 8)).all(), "half a step of A-law"
    assert g711.as_pcma(g711.PCMU, b"\xff\x7f") == b"\xd5\xd5", "silence stays silence"
    assert g711.as_pcma(97, codes) == b""


@pytest.mark.parametrize(
    ("packet", "expected"),
    [
        (b"\x80\x88" + bytes(10) + b"sound", (8, b"sound")),
        (b"\x82\x00" + bytes(10) + bytes(8) + b"sound", (0, b"sound")),
        (b"\x90\x08" + bytes(10) + b"\xbe\xde\x00\x01abcd" + b"sound", (8, b"sound")),
        (b"\xa0\x08" + bytes(10) + b"sound" + b"\0\0\3", (8, b"sound")),
        (b"\x80\x08" + bytes(10), (8, b"")),
        (b"\x80\x08" + bytes(9), None),
        (b"", None),
        (b"\x40\x08" + bytes(20), None),
        (b"\x8f\x08" + bytes(10), None),
        (b"\x90\x08" + bytes(10) + b"\xbe", None),
        (b"\xa0\x08" + bytes(10) + b"\xff", None),
    ],
)
def test_a_packet_of_a_viewer_is_taken_apart_or_refused(
    packet: bytes, expected: tuple[int, bytes] | None
) -> None:
    assert received(packet) == expected


@given(st.binary(max_size=80))
def test_no_packet_of_a_viewer_does_harm(packet: bytes) -> None:
    found = received(packet)
    assert found is None or len(found[1]) <= len(packet)
