"""Media that breaks every rule, live, from disks and through the relay: the frames among it, then the right end."""

from __future__ import annotations

import asyncio
import struct
import time
import tracemalloc
from collections.abc import Awaitable, Callable

import pytest

from dvrip_proto import Device
from dvrip_proto.errors import DvripError, ProtocolError, RequestTimeoutError, TransportError
from dvrip_proto.features.recordings.recording import Recording
from dvrip_proto.relay import Hub
from dvrip_proto.wire.framer import pack
from dvrip_proto.wire.header import Header
from dvrip_proto.wire.ids import MessageId
from dvrip_proto.wire.media import FrameKind, MediaFrame, pack_frame
from tests.hostile import Link
from tests.rogue import BEGIN, FILE, FRAMES, I_FRAME, P_FRAME, STREAM, Rogue, media, rogue

pytestmark = pytest.mark.usefixtures("no_leaks")

SHORT_S, LONG_S = 0.3, 3.0
LIVE, RECORDED = int(MessageId.MONITOR_DATA), int(MessageId.DOWNLOAD_DATA)
INFO = pack_frame(MediaFrame(kind=FrameKind.INFO, payload=b"\xd6\xd0\xb9\xfa\0"))

type Feed = Callable[[Link, int], Awaitable[None]]


def sends(make: Callable[[int], bytes]) -> Feed:
    async def feed(link: Link, message_id: int) -> None:
        await link.send(make(message_id))

    return feed


def stream(data: bytes, *, end: bool = True) -> Feed:
    """The bytes as media messages."""
    return sends(lambda message_id: media(message_id, data, end=end))


def i_header(length: int) -> bytes:
    return struct.pack("<3sBBBBBII", b"\0\0\1", 0xFC, 2, 25, 88, 72, 0, length)


async def drips(link: Link, message_id: int) -> None:
    data = media(message_id, STREAM, size=700)
    for at in range(0, len(data), 23):
        await link.send(data[at : at + 23])
        if at % 230 == 0:
            await asyncio.sleep(0)


async def resets(link: Link, message_id: int) -> None:
    await link.send(media(message_id, STREAM[:4000], end=False))
    await asyncio.sleep(0.02)
    link.reset()


async def closes(link: Link, message_id: int) -> None:
    await link.send(media(message_id, STREAM, size=700, end=False)[:-30])
    link.writer.close()


async def nothing(_link: Link, _message_id: int) -> None:
    return


ENDS = None
CASES: dict[str, tuple[Feed, list[MediaFrame], type[DvripError] | None]] = {
    "drip-fed": (drips, FRAMES, ENDS),
    "a byte a message": (sends(lambda message_id: media(message_id, size=1)), FRAMES, ENDS),
    "wrong session and numbers": (
        sends(
            lambda message_id: (
                b"".join(
                    Header(
                        message_id=message_id, session=at, sequence=0xFFFFFFFF, version=255, length=900
                    ).pack()
                    + STREAM[at : at + 900].ljust(900, b"\0")
                    for at in range(0, len(STREAM), 900)
                )
                + pack(message_id, b"", end=1)
            )
        ),
        FRAMES,
        ENDS,
    ),
    "another channel": (
        sends(lambda message_id: pack(message_id, STREAM, channel=9) + pack(message_id, b"", end=1)),
        FRAMES,
        ENDS,
    ),
    "ids of other media": (
        sends(lambda message_id: media(LIVE, STREAM[:5000], end=False) + media(RECORDED, STREAM[5000:])),
        FRAMES,
        ENDS,
    ),
    "messages of no media": (
        sends(
            lambda message_id: (
                pack(4242, b"x")
                + pack(1504, b"\xff")
                + media(message_id, STREAM[:5000], end=False)
                + pack(1504, b'{"AlarmInfo":{}}')
                + pack(1411, b"{" + b"[" * 9000)
                + media(message_id, STREAM[5000:])
            )
        ),
        FRAMES,
        ENDS,
    ),
    "empty frames": (stream((b"\0\0\1\xfd\0\0\0\0" + i_header(0)) * 50 + STREAM), FRAMES, ENDS),
    "noise first": (stream(b"\0\0\1noise\0\0" * 999 + STREAM), FRAMES, ENDS),
    "a frame of 4 GiB": (stream(i_header(0xFFFFFFFF) + STREAM), FRAMES, ENDS),
    "a frame beyond the limit": (stream(b"\0\0\1\xfd" + struct.pack("<I", 2**24 + 1) + STREAM), FRAMES, ENDS),
    "a frame that says too little": (
        stream(STREAM + b"\0\0\1\xfd\1\0\0\0" + b"x" * 90 + STREAM),
        [
            *FRAMES,
            MediaFrame(kind=FrameKind.P, payload=b"x", codec="h264", width=704, height=576, fps=25),
            *FRAMES,
        ],
        ENDS,
    ),
    "a frame longer than the stream": (stream(STREAM + i_header(9000) + bytes(50)), FRAMES, ENDS),
    "no JPEG header and GBK": (stream(INFO + STREAM[:9]), [], ENDS),
    "garbage": (sends(lambda message_id: media(message_id, end=False) + b"garbage"), FRAMES, ProtocolError),
    "a message of 4 GiB": (
        sends(
            lambda message_id: (
                media(message_id, end=False) + Header(message_id=message_id, length=0xFFFFFFFF).pack()
            )
        ),
        FRAMES,
        ProtocolError,
    ),
    "reset in a frame": (resets, [], TransportError),
    "closed in a message": (closes, FRAMES[:2], TransportError),
    "silence": (nothing, [], RequestTimeoutError),
    "silence in a frame": (stream(STREAM[:4000], end=False), [], RequestTimeoutError),
    "silence in a header": (
        sends(lambda message_id: media(message_id, end=False) + pack(message_id, b"")[:11]),
        FRAMES,
        RequestTimeoutError,
    ),
}


async def frames_of(device: Device, message_id: int) -> tuple[list[MediaFrame], DvripError | None]:
    opened = (
        device.monitor.open()
        if message_id == LIVE
        else device.recordings.download(Recording(name=FILE, begin=BEGIN))
    )
    device.recordings.pace.silence_s = device.connection.timeout_s
    frames: list[MediaFrame] = []
    try:
        async with asyncio.timeout(5), opened as stream:
            async for frame in stream:
                frames.append(frame)
    except DvripError as error:
        return frames, error
    return frames, None


@pytest.mark.parametrize("message_id", [LIVE, RECORDED], ids=["live", "recorded"])
@pytest.mark.parametrize("case", CASES)
async def test_frames_among_anything_then_the_right_end(case: str, message_id: int) -> None:
    feed, expected, kind = CASES[case]
    device = Rogue(feed=lambda link: feed(link, message_id))
    timeout_s = SHORT_S if kind is RequestTimeoutError else LONG_S
    began = time.monotonic()
    async with rogue(device, timeout_s=timeout_s) as client:
        await client.open()
        frames, error = await frames_of(client, message_id)
        assert not client.closed
    assert time.monotonic() - began < timeout_s + 2
    assert [frame for frame in frames if frame.kind is not FrameKind.INFO] == expected
    if kind is ENDS and message_id == LIVE:  # a live stream never ends well by itself
        kind = TransportError
    assert (type(error) if error else None) is kind, error
    assert error is None or str(error).startswith(f"{client.host}:{client.port}: ")


async def without_end(link: Link) -> None:
    """Pictures that no decoder can begin with, sound and information, for ever."""
    sound = pack_frame(MediaFrame(kind=FrameKind.AUDIO, payload=bytes(320), codec="pcma", sample_rate=8000))
    block = media(LIVE, pack_frame(P_FRAME) * 100 + sound * 20 + INFO * 20, end=False)
    while True:
        await link.send(block)
        await asyncio.sleep(0.002)


async def test_media_without_a_key_frame_does_not_fill_memory() -> None:
    async with rogue(Rogue(feed=without_end), timeout_s=2) as client:
        await client.open()
        tracemalloc.start()
        try:
            async with client.monitor.open() as stream:
                assert (await anext(stream)).codec is None
                await asyncio.sleep(0.5)  # nobody reads, the device goes on
                assert tracemalloc.get_traced_memory()[1] < 24 * 1024 * 1024
                for _ in range(2000):
                    await anext(stream)
        finally:
            tracemalloc.stop()


async def test_a_seek_to_where_no_key_frame_is_ends() -> None:
    async with rogue(Rogue(feed=without_end), timeout_s=2) as client:
        await client.open()
        async with asyncio.timeout(8), client.recordings.play(Recording(name=FILE, begin=BEGIN)) as playback:
            await anext(playback)
            await playback.seek(BEGIN)
            with pytest.raises(ProtocolError, match="no key frame"):
                await anext(playback)


async def test_a_relay_of_media_without_a_key_frame_says_so_in_time_and_keeps_nothing() -> None:
    async with rogue(Rogue(feed=without_end), timeout_s=2) as client:
        await client.open()
        hub = Hub(client.monitor.open, name="cam", outage_s=1.0, linger_s=0.1)
        tracemalloc.start()
        try:
            viewer = hub.attach()
            with pytest.raises(RequestTimeoutError, match="no key frame"):
                await hub.keyframe(timeout_s=0.2)
            with pytest.raises(RequestTimeoutError, match="no key frame"):
                await hub.describe(viewer, timeout_s=0.3)
            async with asyncio.timeout(2):
                with pytest.raises(DvripError):
                    await hub.keyframe(timeout_s=5)  # the outage is longer than the relay allows
            assert hub.viewers == 0
            assert tracemalloc.get_traced_memory()[1] < 24 * 1024 * 1024
        finally:
            tracemalloc.stop()
            await hub.close()


async def test_a_relay_survives_frames_that_are_none() -> None:
    odd = [
        MediaFrame(kind=FrameKind.I, payload=payload, codec=codec, width=704, height=576, fps=fps)
        for payload in (b"x", b"\0\0\0\1", b"\0\0\1\x67", b"\0\0\0\1\x67\0\0\0\1\x68", bytes(50))
        for codec in ("h264", "h265", "mpeg4")
        for fps in (0, 31)
    ]
    data = media(LIVE, b"".join(map(pack_frame, [*odd, P_FRAME, I_FRAME, P_FRAME])), end=False)

    async def again(link: Link) -> None:
        while True:
            await link.send(data)
            await asyncio.sleep(0.02)

    async with rogue(Rogue(feed=again), timeout_s=2) as client:
        await client.open()
        hub = Hub(client.monitor.open, name="cam", outage_s=1.0, linger_s=0.1)
        try:
            viewer = hub.attach()
            key = await hub.keyframe(timeout_s=1)
            assert key.payload
            with pytest.raises(DvripError):
                await hub.describe(viewer, timeout_s=0.5)
        finally:
            await hub.close()


async def never_a_frame(link: Link, data: bytes, *, every_s: float) -> None:
    """Bytes that come for ever and are no frame."""
    while True:
        await link.send(data)
        await asyncio.sleep(every_s)


MPEG_PS = b"\0\0\1\xba" + bytes(10) + (b"\0\0\1\xe0\x07\xec" + bytes(2028)) * 3
ANNEX_B = (b"\0\0\0\1\x67" + bytes(40) + b"\0\0\0\1\x65" + bytes(7000)) * 2
GROWS = i_header(2**24)  # and nothing but a few of its bytes
NO_FRAMES = {
    "another container": media(LIVE, MPEG_PS, end=False),
    "video without headers": media(LIVE, ANNEX_B, end=False),
    "a byte that is none": media(LIVE, b"x", end=False),
    "zeros": media(LIVE, bytes(4000), end=False),
    "empty frames": media(LIVE, b"\0\0\1\xfd\0\0\0\0" * 99, end=False),
    "messages of no media": pack(1504, b'{"AlarmInfo":{}}') * 20,
    "answers to nobody": pack(1007, b'{"Ret":100}') * 20,
}


@pytest.mark.parametrize("live", [True, False], ids=["live", "recorded"])
@pytest.mark.parametrize("kind", NO_FRAMES)
async def test_bytes_that_are_no_frame_keep_no_stream_alive(kind: str, live: bool) -> None:
    device = Rogue(feed=lambda link: never_a_frame(link, NO_FRAMES[kind], every_s=0.01))
    async with rogue(device, timeout_s=LONG_S) as client:
        await client.open()
        client.recordings.pace.silence_s = client.connection.timeout_s = 0.5
        frames, error = await frames_of(client, LIVE if live else RECORDED)
        assert not client.closed
    assert frames == []
    assert isinstance(error, RequestTimeoutError)
    assert "for 0.5 s" in str(error)


@pytest.mark.parametrize("live", [True, False], ids=["live", "recorded"])
async def test_a_frame_that_never_gets_whole_keeps_no_stream_alive(live: bool) -> None:
    async def feed(link: Link) -> None:
        await link.send(media(LIVE, STREAM + GROWS, end=False))
        await never_a_frame(link, media(LIVE, bytes(4000), end=False), every_s=0.01)

    async with rogue(Rogue(feed=feed), timeout_s=LONG_S) as client:
        await client.open()
        client.recordings.pace.silence_s = client.connection.timeout_s = 0.5
        frames, error = await frames_of(client, LIVE if live else RECORDED)
    assert frames == FRAMES
    assert isinstance(error, RequestTimeoutError)


@pytest.mark.parametrize("live", [True, False], ids=["live", "recorded"])
async def test_megabytes_of_something_else_end_the_stream_before_its_time(live: bool) -> None:
    """A stream that is out of step must not cost the processor for as long as the patience lasts."""
    block = media(LIVE, MPEG_PS * 40, end=False)

    async def feed(link: Link) -> None:
        await link.send(media(LIVE, STREAM, end=False))
        await never_a_frame(link, block, every_s=0)

    async with rogue(Rogue(feed=feed), timeout_s=60) as client:
        await client.open()
        async with asyncio.timeout(30):
            frames, error = await frames_of(client, LIVE if live else RECORDED)
    assert frames == FRAMES
    assert isinstance(error, ProtocolError)
    assert "that are no media of DVRIP" in str(error)


async def test_a_download_that_outgrows_its_size_by_far_ends() -> None:
    block = media(RECORDED, pack_frame(MediaFrame(kind=FrameKind.P, payload=bytes(2**20))) * 4, end=False)
    device = Rogue(feed=lambda link: never_a_frame(link, block, every_s=0))
    async with rogue(device, timeout_s=60) as client:
        await client.open()
        size, told = 0, ""
        async with (
            asyncio.timeout(60),
            client.recordings.download(Recording(name=FILE, begin=BEGIN, size_kib=9)) as stream,
        ):
            try:
                async for frame in stream:
                    size += len(frame.payload)
            except ProtocolError as error:
                told = str(error)
    assert "far more than the recording has" in told
    assert 60 * 2**20 < size < 80 * 2**20
