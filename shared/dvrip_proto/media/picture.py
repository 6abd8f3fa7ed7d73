"""One picture of a device decoded, at a bounded cost: what claims to be larger is a broken picture.

Twenty kilobytes can claim a picture that takes a gigabyte to decode; a frame can hold a thousand of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ..errors import ProtocolError, UnsupportedError
from .nal import START_CODE, begins_picture

if TYPE_CHECKING:
    import av

MAX_PIXELS: Final = 40_000_000  # the largest cameras have 33 million (7680 x 4320)
LIMITS: Final = {"max_pixels": str(MAX_PIXELS)}
"""Options of every decoder that sees what a device sent."""

_DECODERS: Final = {"h264": "h264", "h265": "hevc", "mpeg4": "mpeg4"}
_FIELDS: Final = 2  # of an interlaced picture: each begins as a picture does
_SOI: Final = b"\xff\xd8"
_SOS: Final = 0xDA
_SOF: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE: Final = frozenset({0x00, 0x01, *range(0xD0, 0xD9)})
_SCAN: Final = b"\xff\xda"
_SCANS_MAX: Final = 100  # progressive pictures have a dozen; each goes through all points again


def decode(codec: str, payload: bytes) -> av.VideoFrame:
    """The first picture in `payload`, a key frame with its parameter sets.

    Blocks. Raises ProtocolError for a broken or monstrous picture, UnsupportedError without PyAV or
    for an unknown codec.
    """
    try:
        import av
    except ImportError as error:
        raise UnsupportedError("decoding a picture needs PyAV: install dvrip-proto[av]") from error
    decoder = _DECODERS.get(codec)
    if decoder is None:
        raise UnsupportedError(f"a picture of codec {codec or 'unknown'} cannot be decoded")
    context: Any = av.CodecContext.create(decoder, "r")
    context.thread_count = 1
    context.options = LIMITS
    try:
        frames = [*context.decode(av.Packet(_first(codec, payload))), *context.decode(None)]
    except av.FFmpegError as error:
        raise ProtocolError(f"the device's {codec} picture cannot be decoded: {error.strerror}") from error
    if not frames:
        raise ProtocolError("the device's key frame holds no picture")
    picture: av.VideoFrame = frames[0]
    return picture


def check_jpeg(data: bytes) -> bytes:
    """A JPEG as it is; ProtocolError when it claims more than MAX_PIXELS, or is drawn hundreds of times."""
    if data.count(_SCAN) > _SCANS_MAX:
        raise ProtocolError(f"the device's picture is drawn more than {_SCANS_MAX} times over")
    for width, height in _jpeg_sizes(data):
        if width * height > MAX_PIXELS:
            raise ProtocolError(f"the device's picture claims {width} x {height} pixels")
    return data


def _first(codec: str, payload: bytes) -> bytes:
    """What belongs to the first picture; a decoder would go through all that follow in the same frame."""
    if codec == "mpeg4":
        return payload
    seen, start = 0, payload.find(START_CODE)
    while start >= 0:
        begin = start + len(START_CODE)
        seen += begins_picture(codec, payload[begin : begin + 3])
        if seen > _FIELDS:
            return payload[:start]
        start = payload.find(START_CODE, begin)
    return payload


def _jpeg_sizes(data: bytes) -> list[tuple[int, int]]:
    """Width and height of every frame header before the first scan."""
    found: list[tuple[int, int]] = []
    at = len(_SOI)
    while data.startswith(_SOI) and at + 4 <= len(data):
        if data[at] != 0xFF:  # decoders look for the next one, too
            at = data.find(0xFF, at)
            if at < 0:
                break
            continue
        kind = data[at + 1]
        if kind == _SOS:
            break
        if kind in _BARE or kind == 0xFF:
            at += 1 if kind == 0xFF else 2
            continue
        if kind in _SOF and at + 9 <= len(data):
            height = int.from_bytes(data[at + 5 : at + 7], "big")
            found.append((int.from_bytes(data[at + 7 : at + 9], "big"), height))
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return found
