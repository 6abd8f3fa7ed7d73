"""A key frame as a JPEG, as OPSNAP sends it."""

from __future__ import annotations

from typing import Final

from ...errors import ProtocolError, UsageError
from ...media.jpeg import jpeg as encoded
from ...media.units import KeyFrame
from .encode import import_av

# Clients look for FF D8 FF E0: FFmpeg leaves this segment out.
_JFIF: Final = bytes.fromhex("ffe000104a46494600010100000100010000")


def jpeg(codec: str, payload: bytes) -> bytes:
    """Decode one key frame with its parameter sets and encode it (JFIF)."""
    import_av()
    try:
        data = encoded(KeyFrame(codec=codec, payload=payload, time=None, arrived_s=0.0))
    except ProtocolError as error:
        raise UsageError(f"a key frame of {len(payload)} bytes does not decode: {error}") from error
    return data[:2] + _JFIF + data[2:]
