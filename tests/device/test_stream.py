"""Media streams over two real sockets, against a peer that speaks raw messages."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from dvrip_proto.connection import Connection
from dvrip_proto.errors import (
    DvripError,
    ProtocolError,
    RequestError,
    RequestTimeoutError,
    TransportError,
    UsageError,
)
from dvrip_proto.features.monitor import open_monitor
from dvrip_proto.stream import MediaStream
from dvrip_proto.wire.body import decode
from dvrip_proto.wire.framer import pack
from dvrip_proto.wire.media import FrameKind, MediaFrame, pack_frame
from tests import hostile
from tests.hostile import Link

pytestmark = pytest.mark.usefixtures("no_leaks")

I_FRAME = MediaFrame(
    kind=FrameKind.I, payload=b"\0\0\0\1\x67" + bytes(20_000), codec="h264", width=704, height=576, fps=25
)
P_FRAME = MediaFrame(
    kind=FrameKind.P, payload=b"\0\0\0\1\x41" + bytes(500), codec="h264", width=704, height=576, fps=25
)


def media(frames: list[MediaFrame], size: int = 8192, channel: int = 0) -> bytes:
    stream = b"".join(map(pack_frame, frames))
    return b"".join(pack(1412, stream[at : at + size], channel=channel) for at in range(0, len(stream), size))


@dataclass
class Camera:
    """A peer with one channel; its members say what it does, `asked` what it was asked."""

    data: bytes = media([I_FRAME, P_FRAME, P_FRAME])
    claim: dict[str, Any] = field(default_factory=dict)
    start: dict[str, Any] = field(default_factory=dict)
    stop: dict[str, Any] = field(default_factory=lambda: {"ret": 103})
    start_delay_s: float = 0.0
    answers_stop: bool = True
    closes_media: bool = False
    drops_control: bool = False
    media_first: bool = False
    asked: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)
    media_links: list[Link] = field(default_factory=list)
    media_gone: int = 0

    async def script(self, link: Link) -> None:
        first = await link.receive()
        if first.message_id == 1000:
            await link.reply(first, AliveInterval=20)
            await self.control(link)
            return
        self.note(first)
        self.media_links.append(link)
        if self.claim.get("ret") == "silence":
            await link.gone()
        await link.reply(first, **self.claim)
        await link.gone()
        self.media_gone += 1

    def note(self, frame: Any) -> str:
        body = decode(frame.body)["OPMonitor"]
        self.asked.append((frame.message_id, body["Action"], body["Parameter"]))
        return str(body["Action"])

    async def control(self, link: Link) -> None:
        while True:
            frame = await link.receive()
            if frame.message_id != 1410:
                await link.reply(frame)
            elif self.note(frame) == "Stop":
                if self.answers_stop:
                    await link.reply(frame, **self.stop)
            else:
                await self.begin(link, frame)
                if self.drops_control:
                    return

    async def begin(self, link: Link, frame: Any) -> None:
        await asyncio.sleep(self.start_delay_s)
        if not self.media_first:
            await link.reply(frame, **self.start)
        if self.start.get("ret", 100) == 100:
            await self.media_links[-1].send(self.data)
        if self.media_first:
            await asyncio.sleep(0.05)
            await link.reply(frame, **self.start)
        if self.closes_media:
            self.media_links[-1].writer.close()


@asynccontextmanager
async def connected(camera: Camera) -> AsyncIterator[Connection]:
    async with hostile.peer(camera.script) as (host, port):
        connection = await Connection.open(host, port, timeout_s=2)
        try:
            await connection.login("admin", "")
            yield connection
        finally:
            await connection.close()


async def take(stream: MediaStream, count: int) -> list[MediaFrame]:
    return [await anext(stream) for _ in range(count)]


async def end_of(stream: MediaStream) -> tuple[list[MediaFrame], DvripError | None]:
    """The remaining frames, and the error after them."""
    frames = []
    try:
        async with asyncio.timeout(3):
            async for frame in stream:
                frames.append(frame)
    except DvripError as error:
        return frames, error
    return frames, None


async def open_and_fail(connection: Connection) -> None:
    async with open_monitor(connection, 0):
        pytest.fail("there is no stream")


async def test_monitor_claims_on_one_socket_and_starts_on_the_other() -> None:
    camera = Camera()
    async with connected(camera) as connection:
        async with open_monitor(connection, 0, "Extra1") as stream:
            assert (stream.channel, stream.stream) == (0, "Extra1")
            assert await take(stream, 3) == [I_FRAME, P_FRAME, P_FRAME]
        assert not connection.closed
        await asyncio.sleep(0.02)
    parameter = {"Channel": 0, "CombinMode": "NONE", "StreamType": "Extra1", "TransMode": "TCP"}
    assert camera.asked == [(1413, "Claim", parameter), (1410, "Start", parameter), (1410, "Stop", parameter)]
    assert camera.media_gone == 1


async def test_frames_know_their_channel() -> None:
    async with connected(Camera()) as connection, open_monitor(connection, 3) as stream:
        assert (await anext(stream)).channel == 3


@pytest.mark.parametrize("late", [{"start_delay_s": 0.1}, {"media_first": True}])
async def test_start_may_be_answered_late_or_after_the_media(late: dict[str, Any]) -> None:
    async with connected(Camera(**late)) as connection, open_monitor(connection, 0) as stream:
        assert await take(stream, 3) == [I_FRAME, P_FRAME, P_FRAME]


async def test_stream_ends_cleanly_when_it_is_closed() -> None:
    async with connected(Camera()) as connection:
        async with open_monitor(connection, 0) as stream:
            reader = asyncio.create_task(end_of(stream))
            await asyncio.sleep(0.05)
            await stream.close()
            await stream.close()
            frames, error = await reader
        assert len(frames) == 3
        assert error is None
        assert await end_of(stream) == ([], None)


@pytest.mark.parametrize("stop", [{"ret": 103}, {"ret": 100}, {"ret": None}])
async def test_answer_to_the_stop_does_not_matter(stop: dict[str, Any]) -> None:
    async with connected(Camera(stop=stop)) as connection:
        for _ in range(2):
            async with open_monitor(connection, 0) as stream:
                await take(stream, 3)
        assert not connection.closed


async def test_missing_answer_to_the_stop_does_not_close_the_session() -> None:
    async with connected(Camera(answers_stop=False)) as connection:
        async with open_monitor(connection, 0, stop_s=0.05) as stream:
            await take(stream, 3)
        assert (await connection.request(1020, "SystemInfo")).ret == 100
        async with open_monitor(connection, 0, stop_s=0.05) as stream:
            await take(stream, 3)


@pytest.mark.parametrize(
    ("camera", "message_id", "stops"),
    [(Camera(claim={"ret": 103}), 1413, 0), (Camera(start={"ret": 121}), 1410, 0)],
)
async def test_refused_stream_is_a_request_error(camera: Camera, message_id: int, stops: int) -> None:
    async with connected(camera) as connection:
        with pytest.raises(RequestError, match=r"OPMonitor: .*\(Ret 1") as caught:
            await open_and_fail(connection)
        assert caught.value.message_id == message_id
        assert not connection.closed
        await asyncio.sleep(0.02)
    assert [action for _, action, _ in camera.asked].count("Stop") == stops


async def test_claim_without_an_answer_and_media_is_a_timeout_of_the_stream_only() -> None:
    async with connected(Camera(claim={"ret": "silence"}, data=b"")) as connection:
        async with open_monitor(connection, 0, timeout_s=0.2) as stream:
            frames, error = await end_of(stream)
        assert frames == []
        assert isinstance(error, RequestTimeoutError)
        assert "no media for 0.2 s, and no reply to 1413 MONITOR_CLAIM" in str(error)
        assert not connection.closed


async def test_offline_channel_is_silent_and_times_out() -> None:
    async with connected(Camera(data=b"")) as connection:
        began = time.monotonic()
        async with open_monitor(connection, 4, timeout_s=0.2) as stream:
            frames, error = await end_of(stream)
        assert (frames, type(error)) == ([], RequestTimeoutError)
        assert str(error) == f"{connection.where}: channel 5 Main: no media for 0.2 s"
        assert 0.15 < time.monotonic() - began < 5


async def test_stream_that_falls_silent_times_out_after_its_last_frame() -> None:
    async with connected(Camera()) as connection:
        async with open_monitor(connection, 0, timeout_s=0.2) as stream:
            frames, error = await end_of(stream)
            assert len(frames) == 3
            assert isinstance(error, RequestTimeoutError)
            with pytest.raises(RequestTimeoutError):
                await anext(stream)
        assert not connection.closed


@pytest.mark.parametrize(
    ("camera", "kind", "text"),
    [
        (Camera(closes_media=True), TransportError, "channel 1 Main: the device closed the connection"),
        (
            Camera(data=media([I_FRAME]) + pack(1412, b"", end=1)),
            TransportError,
            "the device ended the stream",
        ),
        (Camera(data=media([I_FRAME]) + b"garbage"), ProtocolError, "does not speak DVRIP"),
        (Camera(drops_control=True), TransportError, "channel 1 Main: the device closed the connection"),
    ],
)
async def test_broken_stream_gives_its_frames_and_then_the_error(
    camera: Camera, kind: type[DvripError], text: str
) -> None:
    async with connected(camera) as connection:
        async with open_monitor(connection, 0) as stream:
            frames, error = await end_of(stream)
        assert frames[0] == I_FRAME
        assert type(error) is kind
        assert text in str(error)
        assert str(error).startswith(f"{connection.where}: ")


async def test_empty_media_without_the_end_flag_is_nothing() -> None:
    data = pack(1412, b"") + media([I_FRAME])
    async with connected(Camera(data=data)) as connection, open_monitor(connection, 0) as stream:
        assert await anext(stream) == I_FRAME


async def test_stream_ends_when_the_session_is_closed() -> None:
    async with connected(Camera()) as connection:
        async with open_monitor(connection, 0) as stream:
            await connection.close()
            frames, error = await end_of(stream)
        assert len(frames) == 3
        assert isinstance(error, TransportError)
        assert "the connection was closed" in str(error)


async def test_slow_reader_makes_the_socket_wait_and_loses_nothing() -> None:
    frames = [I_FRAME] * 1500

    async def script(link: Link) -> None:
        first = await link.receive()
        await link.reply(first, AliveInterval=20)
        if first.message_id == 1000:
            await link.reply(await link.receive())
            await link.reply(await link.receive())
            await link.gone()
        await link.send(media(frames))
        await link.gone()

    async with hostile.peer(script) as (host, port):
        connection = await Connection.open(host, port)
        await connection.login("admin", "")
        async with open_monitor(connection, 0, timeout_s=0.3) as stream:
            await asyncio.sleep(0.5)
            held = stream._held
            assert stream._paused
            assert 4 * 1024 * 1024 < held < 5 * 1024 * 1024
            received = await take(stream, len(frames))
            assert received == frames
            assert not stream._paused
        await connection.close()


async def test_slow_reader_may_close_while_the_socket_waits() -> None:
    async with connected(Camera(data=media([I_FRAME] * 1500))) as connection:
        async with open_monitor(connection, 0) as stream:
            await anext(stream)
            await asyncio.sleep(0.2)
            assert stream._paused
        assert not connection.closed


async def test_stream_has_one_reader() -> None:
    async with connected(Camera(data=b"")) as connection, open_monitor(connection, 0) as stream:
        reader = asyncio.create_task(end_of(stream))
        await asyncio.sleep(0.02)
        with pytest.raises(UsageError, match="somebody else reads this stream"):
            await anext(stream)
        await stream.close()
        await reader


async def test_cancelled_reader_leaves_the_stream_readable() -> None:
    async with connected(Camera()) as connection, open_monitor(connection, 0) as stream:
        await take(stream, 3)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await anext(stream)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await anext(stream)


@pytest.mark.parametrize("camera", [Camera(claim={"ret": "silence"}), Camera(start_delay_s=5)])
async def test_cancelled_opening_leaves_nothing_behind(camera: Camera) -> None:
    async with connected(camera) as connection:
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(open_and_fail(connection), 0.1)
        assert time.monotonic() - began < 1.8
        assert not connection.closed


async def test_close_does_not_wait_for_the_start_of_another_stream() -> None:
    camera = Camera()
    async with connected(camera) as connection:
        async with open_monitor(connection, 0, stop_s=0.1) as stream:
            await take(stream, 3)
            camera.start_delay_s = 5
            opening = asyncio.create_task(open_and_fail(connection))
            await asyncio.sleep(0.05)
            began = time.monotonic()
        assert time.monotonic() - began < 1.8
        opening.cancel()
        await asyncio.wait([opening])
        assert not connection.closed


async def test_stream_needs_a_login() -> None:
    async with hostile.silent() as (host, port):
        connection = await Connection.open(host, port)
        with pytest.raises(UsageError, match="log in first"):
            await open_and_fail(connection)
        await connection.close()


async def test_stream_of_a_closed_connection_is_a_transport_error() -> None:
    async with connected(Camera()) as connection:
        await connection.close()
        with pytest.raises(TransportError, match="closed"):
            await open_and_fail(connection)


async def test_several_streams_run_together() -> None:
    async with (
        connected(Camera()) as connection,
        open_monitor(connection, 0) as main,
        open_monitor(connection, 0, "Extra1") as extra,
    ):
        assert await asyncio.gather(take(main, 1), take(extra, 1)) == [[I_FRAME], [I_FRAME]]
