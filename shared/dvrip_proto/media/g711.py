"""G.711: sound of either law, or of linear samples, as A-law, which is all that devices take."""

from __future__ import annotations

from array import array
from functools import cache
from typing import Final

PCMU, PCMA = 0, 8
"""Payload types of RTP (RFC 3551)."""

_BIAS: Final = 0x84


def _linear(code: int) -> int:
    """Return the 16-bit sample that a mu-law code stands for (ITU-T G.711, table 2a)."""
    code = ~code & 0xFF
    magnitude = (((code & 0x0F) << 3) + _BIAS << (code >> 4 & 7)) - _BIAS
    return -magnitude if code & 0x80 else magnitude


def _a_law(sample: int) -> int:
    """Return the A-law code of a 16-bit sample (ITU-T G.711, table 1a), even bits inverted."""
    sample >>= 3
    mask = 0xD5 if sample >= 0 else 0x55
    magnitude = sample if sample >= 0 else ~sample
    segment = max(0, magnitude.bit_length() - 5)
    return (segment << 4 | magnitude >> max(1, segment) & 0x0F) ^ mask


_A_OF_MU: Final = bytes(_a_law(_linear(code)) for code in range(256))


def as_pcma(payload_type: int, payload: bytes) -> bytes:
    """Return the payload of an RTP packet as A-law; nothing for another codec."""
    if payload_type == PCMU:
        return payload.translate(_A_OF_MU)
    return payload if payload_type == PCMA else b""


def encode_alaw(samples: array[int]) -> bytes:
    """Return A-law of linear 16-bit samples, one byte a sample."""
    table = _of_linear()
    return bytes([table[sample >> 3 & 0x1FFF] for sample in samples])


@cache
def _of_linear() -> bytes:
    """Return the A-law code of every 13-bit sample, indexed by its two's complement."""
    return bytes(_a_law((value if value < 4096 else value - 8192) << 3) for value in range(8192))
