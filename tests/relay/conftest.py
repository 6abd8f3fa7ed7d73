"""Cameras, relays and readers for the tests of the relay."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from zlib import crc32

import av
import pytest

from dvrip_proto.relay import Relay


@pytest.fixture
async def relay() -> AsyncIterator[Relay]:
    server = Relay()
    await server.start()
    yield server
    await server.close()


@dataclass
class Seen:
    """What a reader got: by codec the timestamps in seconds, and a checksum of every picture."""

    opened_s: float = 0.0
    codecs: list[str] = field(default_factory=list)
    profiles: list[str | None] = field(default_factory=list)
    dts: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    missing: int = 0
    pictures: list[int] = field(default_factory=list)
    decoded: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    error: str = ""


def read_stream(
    url: str,
    enough: Callable[[Seen], bool],
    *,
    limit_s: float = 20.0,
    into: Seen | None = None,
    **options: str,
) -> Seen:
    """Read like Home Assistant does, until `enough` or the end of the stream; for a thread."""
    seen = into if into is not None else Seen()
    started = time.monotonic()
    wanted = {"rtsp_transport": "tcp", "timeout": "5000000"} | options
    with av.open(url, options=wanted, timeout=30) as container:
        seen.opened_s = time.monotonic() - started
        seen.codecs = [stream.codec_context.name for stream in container.streams]
        seen.profiles = [stream.profile for stream in container.streams]
        try:
            for packet in container.demux():
                if packet.size:
                    _note(seen, packet)
                if enough(seen) or time.monotonic() - started > limit_s:
                    return seen
            seen.error = "the stream ended"
        except av.FFmpegError as error:
            seen.error = str(error)
    return seen


def _note(seen: Seen, packet: av.Packet) -> None:
    name = packet.stream.codec_context.name
    if packet.dts is None:
        seen.missing += 1
    else:
        seen.dts[name].append(float(packet.dts * packet.time_base))
    for frame in packet.decode():
        seen.decoded[name] += 1
        if isinstance(frame, av.VideoFrame):
            seen.pictures.append(crc32(frame.planes[0]))


async def read(url: str, enough: Callable[[Seen], bool], **more: object) -> Seen:
    return await asyncio.to_thread(read_stream, url, enough, **more)


def pictures(count: int) -> Callable[[Seen], bool]:
    return lambda seen: len(seen.pictures) >= count


def rises(values: list[float]) -> bool:
    return all(later > earlier for earlier, later in zip(values, values[1:], strict=False))


async def until(condition: Callable[[], bool], limit_s: float = 5.0) -> None:
    async with asyncio.timeout(limit_s):
        while not condition():  # noqa: ASYNC110 - what is waited for happens elsewhere
            await asyncio.sleep(0.01)
