"""A key frame as a JPEG picture. Needs PyAV (extra `av`)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..errors import ProtocolError, UnsupportedError
from .units import KeyFrame

if TYPE_CHECKING:
    import av

_DECODERS = {"h264": "h264", "h265": "hevc", "mpeg4": "mpeg4"}
_QUALITY = 4  # of FFmpeg's 2 (best) to 31
_MAX_SIDE = 8192


def jpeg(keyframe: KeyFrame, width: int | None = None, height: int | None = None) -> bytes:
    """Return `keyframe` as JPEG, not larger than `width` x `height` and in its own proportions.

    Blocks for 30 ms (1080p) to more than a second (4K H.265): call it in a thread. Raises ProtocolError for a
    broken picture, UnsupportedError without PyAV or for an unknown codec.
    """
    if keyframe.codec == "jpeg":
        return keyframe.payload
    try:
        import av
    except ImportError as error:
        raise UnsupportedError("decoding a picture needs PyAV: install dvrip-proto[av]") from error
    decoder = _DECODERS.get(keyframe.codec)
    if decoder is None:
        raise UnsupportedError(f"a picture of codec {keyframe.codec or 'unknown'} cannot be decoded")
    try:
        return _encode(_decode(decoder, keyframe.payload), width, height)
    except av.FFmpegError as error:
        raise ProtocolError(
            f"the device's {keyframe.codec} picture cannot be decoded: {error.strerror}"
        ) from error


def _decode(decoder: str, payload: bytes) -> av.VideoFrame:
    import av

    context: Any = av.CodecContext.create(decoder, "r")
    context.thread_count = 1
    frames = [*context.decode(av.Packet(payload)), *context.decode(None)]
    if not frames:
        raise ProtocolError("the device's key frame holds no picture")
    picture: av.VideoFrame = frames[0]
    return picture


def _encode(picture: av.VideoFrame, width: int | None, height: int | None) -> bytes:
    import av

    scale = min(1.0, (width or _MAX_SIDE) / picture.width, (height or _MAX_SIDE) / picture.height)
    # Chroma is halved: sides are even.
    size = [max(2, round(side * scale) // 2 * 2) for side in (picture.width, picture.height)]
    frame = picture.reformat(size[0], size[1], format="yuvj420p")
    encoder: Any = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height = size
    encoder.pix_fmt = "yuvj420p"
    encoder.time_base = Fraction(1, 25)
    encoder.qmin = encoder.qmax = _QUALITY
    frame.pts = 0
    return b"".join(bytes(packet) for packet in [*encoder.encode(frame), *encoder.encode(None)])
