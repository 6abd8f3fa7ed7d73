"""Pictures as devices send them: a JPEG, bare or in a media frame."""

from __future__ import annotations

from typing import Final

from .media import FrameKind, MediaParser

MAX_BYTES: Final = 32 * 1024 * 1024
_JPEG: Final = b"\xff\xd8"
_JPEG_BEGINS: Final = b"\xff\xd8\xff"
_AHEAD_MAX: Final = 256  # bytes that may stand before a picture, such as a length or a header of HTTP
_FRAME: Final = b"\0\0\1\xfe"


def is_framed(data: bytes) -> bool:
    """Whether a media frame with a picture begins here."""
    return data.startswith(_FRAME)


def unwrapped(data: bytes) -> bytes:
    """JPEG in what a device sent; b"" when there is none, or its frame is not complete."""
    if is_framed(data):
        frames = MediaParser().feed(data)
        data = next((frame.payload for frame in frames if frame.kind is FrameKind.JPEG), b"")
    if data.startswith(_JPEG):
        return data
    begin = data.find(_JPEG_BEGINS, 0, _AHEAD_MAX)
    return data[begin:] if begin > 0 else b""
