"""Downloads over two real sockets, from a peer that says the end in every way, or never."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pytest

from dvrip_proto import Device, DvripError, ProtocolError, Recording, RequestTimeoutError, TransportError
from dvrip_proto.wire.body import decode, encode_reply
from dvrip_proto.wire.framer import pack
from dvrip_proto.wire.media import FrameKind, MediaFrame, pack_frame
from tests import hostile
from tests.hostile import Link

BEGIN = datetime(2021, 3, 4, 10)
I_FRAME = MediaFrame(
    kind=FrameKind.I,
    payload=b"\0\0\0\1\x67" + bytes(20_000),
    codec="h264",
    width=704,
    height=576,
    fps=25,
    time=BEGIN,
)
P_FRAME = MediaFrame(
    kind=FrameKind.P, payload=b"\0\0\0\1\x41" + bytes(500), codec="h264", width=704, height=576, fps=25
)
FRAMES = [I_FRAME, P_FRAME, P_FRAME]
SIZE = sum(len(pack_frame(frame)) for frame in FRAMES)
RECORDING = Recording(name="/idea0/a.h264", begin=BEGIN, end=datetime(2021, 3, 4, 11))
FLAG = pack(1426, b"", end=1)


def media(
    frames: list[MediaFrame] = FRAMES, *, end: int = 0, every: int = 0, message_id: int = 1426
) -> bytes:
    stream = b"".join(map(pack_frame, frames))
    parts = [stream[at : at + 8192] for at in range(0, len(stream), 8192)]
    last = len(parts) - 1
    return b"".join(pack(message_id, part, end=end if at == last else every) for at, part in enumerate(parts))


def eof(message_id: int = 1423, *, action: str = "EOF", **parameter: Any) -> bytes:
    operation = {"Action": action, "Parameter": parameter}
    return pack(message_id, encode_reply({"Name": "OPPlayBack", "OPPlayBack": operation}))


@dataclass
class Recorder:
    """A peer with one recording; its members say what it does, `asked` what it was asked."""

    data: bytes = media() + FLAG
    more: bytes = b""
    more_after_s: float = 0.0
    control: bytes = b""
    closes: bool = False
    resets: bool = False
    claim: dict[str, Any] = field(default_factory=dict)
    start: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    sockets: list[Link] = field(default_factory=list)

    async def script(self, link: Link) -> None:
        first = await link.receive()
        if first.message_id == 1000:
            await link.reply(first, AliveInterval=20)
            await self.serve(link)
            return
        self.asked.append((first.message_id, decode(first.body)["OPPlayBack"]))
        await link.reply(first, **self.claim)
        self.sockets.append(link)
        await link.gone()

    async def serve(self, link: Link) -> None:
        while True:
            frame = await link.receive()
            if frame.message_id != 1420:
                await link.reply(frame)
                continue
            operation = decode(frame.body)["OPPlayBack"]
            self.asked.append((1420, operation))
            if not operation["Action"].endswith("Start"):
                await link.reply(frame)
                continue
            await link.reply(frame, **self.start)
            await self.send(link)

    async def send(self, link: Link) -> None:
        media_link = self.sockets[-1]
        if self.control:
            await link.send(self.control)
        await media_link.send(self.data)
        if self.more:
            await asyncio.sleep(self.more_after_s)
            await media_link.send(self.more)
        if self.closes:
            media_link.writer.close()
        if self.resets:
            media_link.reset()


@asynccontextmanager
async def client(recorder: Recorder, *, timeout_s: float = 2) -> AsyncIterator[Device]:
    async with (
        hostile.peer(recorder.script) as (host, port),
        Device(host, port, timeout_s=timeout_s) as device,
    ):
        device.recordings.pace.silence_s = timeout_s
        yield device


async def outcome(
    device: Device, recording: Recording = RECORDING
) -> tuple[list[MediaFrame], DvripError | None]:
    """The frames of a download, and the error after them."""
    frames = []
    try:
        async with asyncio.timeout(5), device.recordings.download(recording) as stream:
            async for frame in stream:
                frames.append(frame)
    except DvripError as error:
        return frames, error
    return frames, None


async def test_what_is_asked_on_which_socket() -> None:
    recorder = Recorder()
    async with client(recorder) as device:
        assert await outcome(device) == (FRAMES, None)
    parameter = {
        "Channel": 0,
        "FileName": "/idea0/a.h264",
        "IntelligentPlayBackEvent": "ALL",
        "IntelligentPlayBackSpeed": 0,
        "PlayMode": "ByName",
        "StreamType": 0,
        "TransMode": "TCP",
        "Value": 0,
    }
    whole = {"EndTime": "2021-03-04 11:00:00", "Parameter": parameter, "StartTime": "2021-03-04 10:00:00"}
    assert recorder.asked == [
        (1424, {"Action": "Claim", **whole}),
        (1420, {"Action": "DownloadStart", **whole}),
        (1420, {"Action": "DownloadStop", **whole}),
    ]


async def test_a_recording_without_times_is_asked_for_whole() -> None:
    recorder = Recorder()
    async with client(recorder) as device:
        assert await outcome(device, Recording(name="/x", channel=3, stream="Extra1")) == (
            [replace(frame, channel=3) for frame in FRAMES],
            None,
        )
    operation = recorder.asked[0][1]
    assert (operation["StartTime"], operation["EndTime"]) == ("2000-01-01 00:00:00", "2037-12-31 23:59:59")
    assert (operation["Parameter"]["Channel"], operation["Parameter"]["StreamType"]) == (3, 1)


@pytest.mark.parametrize(
    "recorder",
    [
        Recorder(),
        Recorder(data=media(message_id=1422) + pack(1422, b"", end=1)),
        Recorder(data=media() + pack(1426, b"")),
        Recorder(data=media(end=1)),
        Recorder(data=media(end=1), closes=True),
        Recorder(data=media() + eof()),
        Recorder(data=media() + pack(1423, b"")),
        Recorder(data=media() + pack(1423, b"{}")),
        Recorder(data=media() + eof(1420)),
        Recorder(data=media() + eof(1421)),
        Recorder(control=eof()),
        Recorder(data=media(), control=eof()),
        Recorder(data=media(), control=eof(FileName="/idea0/a.h264"), closes=True),
        Recorder(data=media() + FLAG + FLAG + media() + b"rubbish"),
        Recorder(data=pack(1426, b"") + media() + FLAG),
        Recorder(data=media() + eof(1420, action="Pause") + FLAG),
    ],
    ids=range(16),
)
async def test_every_end_is_an_end(recorder: Recorder) -> None:
    loop = asyncio.get_running_loop()
    async with client(recorder, timeout_s=6) as device:
        began = loop.time()
        assert await outcome(device) == (FRAMES, None)
        assert loop.time() - began < 5
        assert not device.closed


async def test_media_that_the_end_overtook_is_not_lost() -> None:
    recorder = Recorder(control=eof(), data=media(), more=media() + FLAG, more_after_s=0.6)
    async with client(recorder) as device:
        assert await outcome(device) == (FRAMES + FRAMES, None)


async def test_a_mark_on_every_message_is_no_end() -> None:
    """The rest comes after a pause that is longer than the one behind an end."""
    recorder = Recorder(data=media(every=1, end=1), more=media() + FLAG, more_after_s=1.5)
    async with client(recorder) as device:
        assert await outcome(device) == (FRAMES + FRAMES, None)


async def test_the_end_of_another_recording_is_none() -> None:
    recorder = Recorder(data=media(), control=eof(FileName="/idea0/b.h264"))
    async with client(recorder, timeout_s=0.5) as device:
        frames, error = await outcome(device)
    assert frames == FRAMES
    assert isinstance(error, RequestTimeoutError)


@pytest.mark.parametrize(
    ("size_kib", "kind"), [(SIZE // 1024, None), (SIZE // 1024 + 1, RequestTimeoutError)]
)
async def test_silence_behind_all_that_was_announced_is_the_end(size_kib: int, kind: type | None) -> None:
    async with client(Recorder(data=media()), timeout_s=0.4) as device:
        frames, error = await outcome(device, Recording(name="/idea0/a.h264", size_kib=size_kib))
    assert frames == FRAMES
    assert (error and type(error)) is kind


@pytest.mark.parametrize(
    ("recorder", "kind", "text"),
    [
        (Recorder(data=media()), RequestTimeoutError, "/idea0/a.h264: no media for 0.6 s"),
        (Recorder(data=media()[:9000]), RequestTimeoutError, "no media"),
        (Recorder(data=b""), RequestTimeoutError, "no media"),
        (Recorder(data=media(), closes=True), TransportError, "the device closed the connection"),
        (Recorder(data=media()[:9000], closes=True), TransportError, "in the middle of a message"),
        (Recorder(data=media(), resets=True), TransportError, "/idea0/a.h264: "),
        (Recorder(data=media() + b"garbage"), ProtocolError, "does not speak DVRIP"),
        (Recorder(claim={"ret": 103}), DvripError, "Ret 103, request 1424"),
        (Recorder(start={"ret": 101}, data=b""), DvripError, "Ret 101, request 1420"),
        (Recorder(start={"ret": 107}, data=b""), DvripError, "no permission"),
    ],
    ids=range(10),
)
async def test_every_failure_is_an_error_in_time(recorder: Recorder, kind: type, text: str) -> None:
    loop = asyncio.get_running_loop()
    async with client(recorder, timeout_s=0.6) as device:
        began = loop.time()
        frames, error = await outcome(device)
        assert loop.time() - began < 10
        assert isinstance(error, kind)
        assert text in str(error)
        assert str(error).startswith(f"{device.connection.where}: ")
        assert not device.closed
    assert frames in ([], FRAMES)


async def test_an_end_in_the_middle_of_a_frame_leaves_that_frame_out() -> None:
    cut = pack(1426, (pack_frame(I_FRAME) + pack_frame(P_FRAME))[:-10])
    async with client(Recorder(data=cut + FLAG)) as device:
        assert await outcome(device) == ([I_FRAME], None)


async def test_an_empty_recording_ends_at_once() -> None:
    async with client(Recorder(data=FLAG)) as device:
        assert await outcome(device) == ([], None)


async def test_the_session_ends_during_a_download() -> None:
    async with client(Recorder(data=media())) as device, device.recordings.download(RECORDING) as stream:
        await anext(stream)
        await device.connection.close()
        frames = [await anext(stream), await anext(stream)]
        with pytest.raises(TransportError, match="the connection was closed"):
            await anext(stream)
    assert frames == [P_FRAME, P_FRAME]


async def test_a_slow_reader_loses_nothing() -> None:
    frames = [I_FRAME] * 1000
    async with (
        client(Recorder(data=media(frames) + FLAG), timeout_s=0.5) as device,
        device.recordings.download(RECORDING) as stream,
    ):
        await asyncio.sleep(1)
        assert stream._held < 6 * 1024 * 1024
        received = [frame async for frame in stream]
    assert received == frames


AT_ITS_END = Recording(name="/idea0/a.h264", begin=BEGIN, end=BEGIN, size_kib=SIZE // 1024)


async def played(device: Device, recording: Recording) -> list[MediaFrame]:
    async with asyncio.timeout(20), device.recordings.play(recording) as frames:
        return [frame async for frame in frames]


async def test_whoever_hangs_up_behind_the_last_picture_has_sent_everything() -> None:
    for recorder in (Recorder(data=media(), closes=True), Recorder(data=media(), resets=True)):
        async with client(recorder) as device:
            assert await outcome(device, AT_ITS_END) == (FRAMES, None)


@pytest.mark.parametrize("closes", [True, False])
async def test_a_play_that_is_never_told_to_be_over_ends_behind_its_last_pictures(
    closes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GrowCam: some firmware never says the end of what it plays (index id 61534344081)."""
    monkeypatch.setattr("dvrip_proto.stream_state.PACED_REST_S", 0.2)
    recorder = Recorder(data=media(message_id=1422), closes=closes)
    async with client(recorder) as device:
        assert await played(device, AT_ITS_END) == FRAMES
        with pytest.raises((RequestTimeoutError, TransportError)):
            await played(device, RECORDING)
