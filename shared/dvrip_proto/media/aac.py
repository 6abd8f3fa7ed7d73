"""G.711 to AAC-LC, because HLS and MP4 carry no G.711. Needs PyAV (extra `av`), imported."""

from __future__ import annotations

import asyncio
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from .units import AacFormat

if TYPE_CHECKING:
    import av

FRAME_SAMPLES: Final = 1024  # of every AAC frame
BIT_RATE: Final = 32_000
_DECODERS: Final = {"pcma": "pcm_alaw", "pcmu": "pcm_mulaw"}
# ISO 14496-3, table 1.18. A device's 4000 and 20000 Hz have no index: no AAC for them.
_FREQUENCY_INDEX: Final = {8000: 11, 11025: 10, 16000: 8, 22050: 7, 32000: 5, 44100: 4, 48000: 3}


@cache
def _works(rate: int) -> bool:
    try:
        AacEncoder("pcma", rate).feed(0, bytes(FRAME_SAMPLES))
    except (ImportError, OSError, ValueError):  # without PyAV, or with one that lacks the encoder
        return False
    return True


def can_encode(rate: int) -> bool:
    """Whether audio of `rate` can be encoded here; the first call blocks while it imports PyAV and tries."""
    return rate in _FREQUENCY_INDEX and _works(rate)


async def available(rate: int) -> bool:
    """Whether audio of `rate` can be encoded here, tried in a thread."""
    return await asyncio.to_thread(can_encode, rate)


def encoded(rate: int) -> AacFormat:
    """Return what the encoder makes of G.711 of `rate`: AAC-LC with one channel."""
    return AacFormat(rate=rate, config=(2 << 11 | _FREQUENCY_INDEX[rate] << 7 | 1 << 3).to_bytes(2, "big"))


def _context(codec: str, mode: Literal["r", "w"], rate: int) -> av.AudioCodecContext:
    import av

    context = av.CodecContext.create(codec, mode)
    if not isinstance(context, av.AudioCodecContext):
        raise TypeError(f"{codec} is no audio codec")
    context.sample_rate = rate
    context.layout = "mono"
    return context


class AacEncoder:
    """Encodes G.711 blocks of any size, 0.3 ms of work for 128 ms of sound at 8 kHz.

    A gap between the timestamps of two blocks becomes one between AAC frames, at most two frames early.
    """

    def __init__(self, codec: str, rate: int) -> None:
        import av

        self._time_base = Fraction(1, rate)
        self._pending = bytearray()
        self._fed = 0
        self._packet = av.Packet
        self._decoder = _context(_DECODERS[codec], "r", rate)
        self._resampler = av.AudioResampler("fltp", "mono", rate)
        self._encoder = _context("aac", "w", rate)
        self._encoder.format = "fltp"
        self._encoder.bit_rate = BIT_RATE
        self._encoder.time_base = self._time_base

    def feed(self, stamp: int, block: bytes) -> list[tuple[int, bytes]]:
        """Return the AAC frames that `block`, which starts at `stamp`, completes: timestamps and data."""
        start = stamp - len(self._pending)
        self._pending += block
        frames = []
        while len(self._pending) >= FRAME_SAMPLES:
            samples = bytes(self._pending[:FRAME_SAMPLES])
            del self._pending[:FRAME_SAMPLES]
            frames += self._encode(start, samples)
            start += FRAME_SAMPLES
        return frames

    def _encode(self, start: int, samples: bytes) -> list[tuple[int, bytes]]:
        packets = []
        for decoded in self._decoder.decode(self._packet(samples)):
            for frame in self._resampler.resample(decoded):
                frame.pts = self._fed
                frame.time_base = self._time_base
                packets += self._encoder.encode(frame)
        # The encoder answers a frame or two later: its own count says how much.
        stamped = [(start + (packet.pts or 0) - self._fed, bytes(packet)) for packet in packets]
        self._fed += FRAME_SAMPLES
        return stamped
