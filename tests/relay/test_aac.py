"""AAC that the device itself sends: found by its ADTS frames, passed on as it is."""

from __future__ import annotations

import io
import math
from functools import cache

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvrip_proto.media import adts
from dvrip_proto.relay import Hub, Relay, Track
from dvrip_proto.wire.media import FrameKind, MediaFrame, MediaParser

from .camera import Camera, clip
from .conftest import pictures, read, rises

RATE = 16_000


@cache
def adts_frames(rate: int = RATE, layout: str = "mono", count: int = 40) -> tuple[bytes, ...]:
    """A tone as FFmpeg writes it into an .aac file, cut at the lengths in its headers."""
    file = io.BytesIO()
    with av.open(file, "w", format="adts") as container:
        stream = container.add_stream("aac", rate=rate, layout=layout)
        for number in range(count):
            times = np.arange(number * 1024, (number + 1) * 1024) / rate
            wave = (np.sin(times * 440 * 2 * math.pi) * 0.5).astype(np.float32)
            channels = len(stream.codec_context.layout.channels)
            frame = av.AudioFrame.from_ndarray(np.stack([wave] * channels), format="fltp", layout=layout)
            frame.sample_rate, frame.pts = rate, number * 1024
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    data, frames = file.getvalue(), []
    while data:
        size = (data[3] & 3) << 11 | data[4] << 3 | data[5] >> 5
        frames.append(data[:size])
        data = data[size:]
    return tuple(frames)


def on_the_wire(block: bytes, number: int = 0x10) -> MediaFrame:
    """A block as a device packs it, with a codec number that no list of DVRIP has."""
    header = b"\0\0\1\xfa" + bytes((number, 4)) + len(block).to_bytes(2, "little")
    [frame] = MediaParser().feed(header + block)
    assert (frame.kind, frame.codec) == (FrameKind.AUDIO, None)
    return frame


class AacCamera(Camera):
    """Sends `blocks`, one a picture: 16 pictures a second last as long as AAC frames of 16 kHz."""

    def __init__(self, blocks: list[MediaFrame], *, fps: int = 16) -> None:
        super().__init__(clip("h264"), fps=fps)
        self.blocks = blocks

    def _at(self, number: int) -> list[MediaFrame]:
        return [*super()._at(number), self.blocks[number % len(self.blocks)]]


@pytest.mark.parametrize("rate", [8000, 11_025, 16_000, 44_100, 48_000])
@pytest.mark.parametrize(("layout", "channels"), [("mono", 1), ("stereo", 2)])
def test_frames_that_ffmpeg_wrote_are_understood(rate: int, layout: str, channels: int) -> None:
    frames = adts_frames(rate, layout, 5)
    found = adts.split(b"".join(frames))
    assert found is not None
    sound, raw = found
    assert (sound.rate, sound.channels) == (rate, channels)
    assert raw == tuple(frame[7:] for frame in frames)
    decoder = av.CodecContext.create("aac", "r")
    decoder.extradata = sound.config
    [decoded] = decoder.decode(av.Packet(raw[2]))[:1]
    assert (decoded.sample_rate, len(decoded.layout.channels)) == (rate, channels)


def test_a_header_with_a_checksum_is_longer() -> None:
    frame = adts_frames()[3]
    size = len(frame) + 2
    header = bytearray(frame[:7])
    header[1] &= 0xFE
    header[3] = header[3] & 0xFC | size >> 11
    header[4] = size >> 3 & 0xFF
    header[5] = header[5] & 0x1F | (size & 7) << 5
    found = adts.split(bytes(header) + b"\x12\x34" + frame[7:])
    assert found is not None
    assert found[1] == (frame[7:],)


def _damaged() -> list[bytes]:
    whole, other = adts_frames()[3], adts_frames(8000)[3]
    shared = bytearray(whole)
    shared[6] |= 1  # two blocks in one frame
    reserved = bytearray(whole)
    reserved[2] |= 0x3C
    unsaid = bytearray(whole)
    unsaid[2], unsaid[3] = unsaid[2] & 0xFE, unsaid[3] & 0x3F
    return [
        b"",
        b"\xff\xf1",
        whole[:-1],
        whole + b"\0",
        b"\0" + whole,
        whole[7:],
        whole + other,
        bytes(shared),
        bytes(reserved),
        bytes(unsaid),
        b"\xff\xf1" + bytes(5),
        b"\xff" * 320,
        b"\xd5" * 320,
    ]


@pytest.mark.parametrize("block", _damaged(), ids=range(13))
def test_what_is_not_whole_adts_is_not_guessed_at(block: bytes) -> None:
    assert adts.split(block) is None


@given(st.binary(max_size=64), st.booleans())
def test_no_block_does_harm(block: bytes, begins: bool) -> None:
    found = adts.split(b"\xff\xf1" + block if begins else block)
    assert found is None or all(found[1])


async def test_ffmpeg_reads_the_devices_own_aac(relay: Relay) -> None:
    frames = adts_frames()
    camera = AacCamera([on_the_wire(frame) for frame in frames])
    relay.add("cam", camera.open)
    seen = await read(relay.url("cam"), pictures(60))
    assert seen.error == ""
    assert (seen.codecs, seen.profiles[1]) == (["h264", "aac"], "LC"), "no G.711 is announced"
    assert seen.decoded["aac"] > 30
    assert rises(seen.dts["aac"])
    assert abs(seen.dts["aac"][-1] - seen.dts["h264"][-1]) < 0.5, "sound and pictures are on one clock"


async def test_the_frames_are_passed_on_unchanged_one_after_the_other() -> None:
    frames = adts_frames()
    camera = AacCamera(
        [on_the_wire(b"".join(frames[at : at + 2])) for at in range(0, len(frames) - 1, 2)], fps=8
    )
    hub = Hub(camera.open)
    viewer = hub.attach()
    presentation = await hub.describe(viewer)
    assert presentation.audio is None
    assert presentation.aac is not None
    assert presentation.rate(Track.AAC) == RATE
    hub.play(viewer, frozenset({Track.AAC}))
    units = [await anext(viewer) for _ in range(10)]
    sent = [frame[7:] for frame in frames]
    at = sent.index(units[0].parts[0])
    assert [unit.parts[0] for unit in units] == (sent * 2)[at : at + 10]
    assert [units[n + 1].stamp - units[n].stamp for n in range(0, 10, 2)] == [1024] * 5
    await hub.close()


async def test_a_change_to_aac_ends_the_viewers(relay: Relay) -> None:
    camera = Camera(clip("h264"), audio="pcma")
    hub = Hub(camera.open, linger_s=1)
    viewer = hub.attach()
    assert (await hub.describe(viewer)).audio is not None
    hub.play(viewer, frozenset({Track.VIDEO}))
    camera._at = AacCamera([on_the_wire(adts_frames()[5])])._at
    async for _ in viewer:
        pass
    assert str(viewer.error).endswith(": audio is aac at 16000 Hz now")
    again = await hub.describe(hub.attach())
    assert (again.audio, again.aac is not None) == (None, True)
    await hub.close()


async def test_sound_of_a_codec_that_nobody_knows_is_left_out_and_named(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO", "dvrip_proto.relay")
    hub = Hub(AacCamera([on_the_wire(b"\x21\x10\x05" * 40)]).open, name="gate")
    presentation = await hub.describe(hub.attach())
    assert (presentation.audio, presentation.aac) == (None, None)
    assert "gate: sound of codec unknown cannot be relayed" in caplog.text
    await hub.close()
