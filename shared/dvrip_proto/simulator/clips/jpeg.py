"""A key frame as a JPEG, as OPSNAP sends it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

from ...errors import UsageError
from .encode import import_av

# Clients look for FF D8 FF E0: FFmpeg leaves this segment out.
_JFIF: Final = bytes.fromhex("ffe000104a46494600010100000100010000")
_DECODERS: Final = {"h264": "h264", "h265": "hevc"}


def jpeg(codec: str, payload: bytes) -> bytes:
    """Decode one key frame with its parameter sets and encode it (JFIF)."""
    av = import_av()
    decoder: Any = av.CodecContext.create(_DECODERS[codec], "r")
    pictures = [*decoder.decode(av.Packet(payload)), *decoder.decode(None)]
    if not pictures:
        raise UsageError(f"a key frame of {len(payload)} bytes does not decode")
    picture = pictures[0].reformat(format="yuvj420p")
    encoder: Any = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = picture.width, picture.height, "yuvj420p"
    encoder.time_base = Fraction(1, 25)
    picture.pts = 0
    data = b"".join(bytes(packet) for packet in [*encoder.encode(picture), *encoder.encode(None)])
    return data[:2] + _JFIF + data[2:]
