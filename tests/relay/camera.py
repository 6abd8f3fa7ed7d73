"""A camera without a network: real coded pictures and tones, at the pace of a device."""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cache

import av

from dvrip_proto.errors import DvripError, TransportError
from dvrip_proto.wire.media import FrameKind, MediaFrame

FPS = 25
GOP = 25
BLOCK = 320


@dataclass(frozen=True)
class Clip:
    codec: str
    width: int
    height: int
    units: tuple[tuple[bool, bytes], ...]


@cache
def clip(
    codec: str,
    width: int = 320,
    height: int = 192,
    gop: int = GOP,
    bit_rate: int = 400_000,
    *,
    noise: bool = False,
) -> Clip:
    """Two GOPs of a moving gradient, or of noise, which makes big frames."""
    chance = random.Random(1)
    encoder = av.CodecContext.create({"h264": "libx264", "h265": "libx265"}[codec], "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, FPS), Fraction(FPS)
    encoder.bit_rate = bit_rate
    encoder.gop_size, encoder.max_b_frames = gop, 0
    encoder.options = {"preset": "ultrafast", "tune": "zerolatency", "threads": "1"} | (
        {"x265-params": f"log-level=none:repeat-headers=1:keyint={gop}:min-keyint={gop}:bframes=0:scenecut=0"}
        if codec == "h265"
        else {"x264-params": f"repeat-headers=1:keyint={gop}:min-keyint={gop}:scenecut=0"}
    )
    units = []
    for number in range(2 * gop):
        frame = av.VideoFrame(width, height, "yuv420p")
        for index, plane in enumerate(frame.planes):
            row = bytes((x * 2 + number * 5 + index * 60) % 256 for x in range(plane.line_size))
            size = plane.line_size * plane.height
            plane.update(chance.randbytes(size) if noise else row * plane.height)
        frame.pts = number
        units += [(packet.is_keyframe, bytes(packet)) for packet in encoder.encode(frame)]
    units += [(packet.is_keyframe, bytes(packet)) for packet in encoder.encode(None)]
    return Clip(codec, width, height, tuple(units))


@cache
def tone(codec: str = "pcma", rate: int = 8000) -> bytes:
    """A second of 440 Hz."""
    encoder = av.CodecContext.create({"pcma": "pcm_alaw", "pcmu": "pcm_mulaw"}[codec], "w")
    encoder.sample_rate, encoder.layout, encoder.format = rate, "mono", "s16"
    frame = av.AudioFrame("s16", "mono", rate)
    samples = (int(12000 * math.sin(2 * math.pi * 440 * n / rate)) for n in range(rate))
    frame.planes[0].update(b"".join(sample.to_bytes(2, "little", signed=True) for sample in samples))
    frame.sample_rate = rate
    frame.pts = 0
    frame.time_base = Fraction(1, rate)
    return b"".join(bytes(packet) for packet in encoder.encode(frame))


class Camera:
    """`open` is what a hub takes. Counters say what the hub did; the methods say what goes wrong."""

    def __init__(
        self, video: Clip | None, *, audio: str | None = None, rate: int = 8000, fps: int = FPS
    ) -> None:
        self.video = video
        self.audio = audio
        self.rate = rate
        self.fps = fps
        self.opened = 0
        self.now_open = 0
        self.peak = 0
        self.sent = 0
        self.refusal: DvripError | None = None
        self.silent = False
        self._loss: DvripError | None = None
        self._lost = asyncio.Event()

    def lose(self, error: DvripError | None = None) -> None:
        """Break the stream that is open."""
        self._loss = error or TransportError("127.0.0.1:34567: connection lost")
        self._lost.set()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[AsyncIterator[MediaFrame]]:
        if self.refusal is not None:
            raise self.refusal
        self._lost.clear()
        self.opened += 1
        self.now_open += 1
        self.peak = max(self.peak, self.now_open)
        try:
            yield self._frames()
        finally:
            self.now_open -= 1

    async def _frames(self) -> AsyncIterator[MediaFrame]:
        loop = asyncio.get_running_loop()
        started, number = loop.time(), 0
        while True:
            if not self.silent:
                for frame in self._at(number):
                    self.sent += 1
                    yield frame
            number += 1
            try:
                await asyncio.wait_for(self._lost.wait(), max(0.0, started + number / self.fps - loop.time()))
            except TimeoutError:
                continue
            self._lost.clear()
            assert self._loss is not None
            raise self._loss

    def _at(self, number: int) -> list[MediaFrame]:
        frames = []
        if self.video is not None:
            keyframe, payload = self.video.units[number % len(self.video.units)]
            frames.append(
                MediaFrame(
                    kind=FrameKind.I if keyframe else FrameKind.P,
                    payload=payload,
                    codec=self.video.codec,
                    width=self.video.width,
                    height=self.video.height,
                    fps=self.fps,
                    time=datetime(2026, 1, 2, 3, 4, 5) if keyframe else None,
                )
            )
        if self.audio is not None:
            samples = tone(self.audio, self.rate)
            size = self.rate // self.fps
            at = number % self.fps * size
            frames.append(
                MediaFrame(
                    kind=FrameKind.AUDIO,
                    payload=samples[at : at + size],
                    codec=self.audio,
                    sample_rate=self.rate,
                )
            )
        return frames
