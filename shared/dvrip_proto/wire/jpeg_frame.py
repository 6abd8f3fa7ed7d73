"""Pictures as devices send them: a JPEG, bare or in a media frame."""

from __future__ import annotations

from typing import Final

from .media import FrameKind, MediaParser

MAX_BYTES: Final = 32 * 1024 * 1024
_JPEG: Final = b"\xff\xd8"
_FRAME: Final = b"\0\0\1\xfe"


def is_framed(data: bytes) -> bool:
    """Whether a media frame with a picture begins here."""
    return data.startswith(_FRAME)


def unwrapped(data: bytes) -> bytes:
    """JPEG in what a device sent; b"" when there is none, or its frame is not complete."""
    if is_framed(data):
        frames = MediaParser().feed(data)
        data = next((frame.payload for frame in frames if frame.kind is FrameKind.JPEG), b"")
    return data if data.startswith(_JPEG) else b""
