"""A key frame as a JPEG picture. Needs PyAV (extra `av`)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from ..errors import ProtocolError
from .picture import check_jpeg, decode
from .units import KeyFrame

if TYPE_CHECKING:
    import av

_QUALITY: Final = 4  # of FFmpeg's 2 (best) to 31
_MAX_SIDE: Final = 8192
_LARGE: Final = 4_000_000  # pixels: from here on memory is dearer than the tenth that better tables save


def jpeg(keyframe: KeyFrame, width: int | None = None, height: int | None = None) -> bytes:
    """Return `keyframe` as JPEG, not larger than `width` x `height` and in its own proportions.

    Blocks for 30 ms (1080p) to more than a second (4K H.265): call it in a thread. Raises ProtocolError for a
    broken or monstrous picture, UnsupportedError without PyAV or for an unknown codec.
    """
    if keyframe.codec == "jpeg":
        return check_jpeg(keyframe.payload)
    picture = _fitted(decode(keyframe.codec, keyframe.payload), width, height)
    import av

    try:
        return _encode(picture)
    except av.FFmpegError as error:
        raise ProtocolError(
            f"the device's {keyframe.codec} picture cannot be encoded: {error.strerror}"
        ) from error


def _fitted(picture: av.VideoFrame, width: int | None, height: int | None) -> av.VideoFrame:
    """The picture as a JPEG holds it; the one that was decoded is given back to the system."""
    scale = min(1.0, (width or _MAX_SIDE) / picture.width, (height or _MAX_SIDE) / picture.height)
    # Chroma is halved: sides are even.
    size = [max(2, round(side * scale) // 2 * 2) for side in (picture.width, picture.height)]
    return picture.reformat(size[0], size[1], format="yuvj420p")


def _encode(picture: av.VideoFrame) -> bytes:
    import av

    encoder: Any = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height = picture.width, picture.height
    encoder.pix_fmt = "yuvj420p"
    encoder.time_base = Fraction(1, 25)
    encoder.qmin = encoder.qmax = _QUALITY
    encoder.thread_count = 1  # each thread takes as much memory as the picture
    if picture.width * picture.height > _LARGE:
        encoder.options = {"huffman": "default"}
    picture.pts = 0
    return b"".join(bytes(packet) for packet in [*encoder.encode(picture), *encoder.encode(None)])
