"""G.711 A-law from linear 16-bit samples."""

from __future__ import annotations

from array import array
from functools import cache


def encode_alaw(samples: array[int]) -> bytes:
    """One byte a sample."""
    table = _table()
    return bytes([table[sample >> 3 & 0x1FFF] for sample in samples])


@cache
def _table() -> bytes:
    """A-law of every 13-bit sample, indexed by its two's complement (ITU-T G.711, table 1a)."""
    return bytes(_alaw(value if value < 4096 else value - 8192) for value in range(8192))


def _alaw(sample: int) -> int:
    sign = 0x80 if sample >= 0 else 0
    magnitude = sample if sample >= 0 else -sample - 1
    segment = max(magnitude.bit_length() - 5, 0)
    mantissa = magnitude >> max(segment, 1)
    return (sign | segment << 4 | mantissa & 0xF) ^ 0x55
