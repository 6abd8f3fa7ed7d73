"""Media frames out of the bodies of media messages.

1. Bodies of one channel are one byte stream; frames span messages, and several frames share one.
2. Nothing is searched inside a frame: payloads contain signatures.
3. Where no signature stands, the parser skips to the next one with a plausible header, and counts the bytes.
"""

from __future__ import annotations

from struct import Struct
from typing import Final, NamedTuple

from .media_frame import (
    AUDIO_CODECS,
    SAMPLE_RATES,
    SIGNATURE,
    STEP,
    VIDEO_CODECS,
    FrameKind,
    MediaFrame,
    pack_datetime,
    pack_frame,
    unpack_datetime,
)

__all__ = [
    "MAX_FRAME",
    "FrameKind",
    "MediaFrame",
    "MediaParser",
    "pack_datetime",
    "pack_frame",
    "unpack_datetime",
]

MAX_FRAME: Final = 16 * 1024 * 1024
_MAX_FOUND: Final = (
    4 * 1024 * 1024
)  # a signature found by searching may be false: it must not swallow minutes
_MAX_FOUND_AUDIO: Final = 8192

_PICTURE: Final = Struct("<4xBBBBII")  # T, F, W, H, time, length
_LONG: Final = Struct("<4xI")  # length
_SHORT: Final = Struct("<4xBBH")  # T, S, length
_HEADER_SIZES: Final = {0xFC: 16, 0xFD: 8, 0xFE: 16, 0xFA: 8, 0xF9: 8, 0xFB: 8}
_ODD_VIDEO: Final = 0xFB  # in some clients' tables only; has the layout of a P frame


class _Pending(NamedTuple):
    """What a frame's header says."""

    signature: int
    length: int
    kind: int = 0  # T
    second: int = 0  # F of pictures, S of audio
    width: int = 0
    height: int = 0
    time: int = 0


class MediaParser:
    """Cuts one channel's media into frames.

    `skipped` counts bytes between frames, `dropped` counts frames that were none (service data of some
    recorders). Memory: the frame being read, at most 16 MiB.
    """

    def __init__(self, channel: int = 0) -> None:
        self.channel = channel
        self.skipped = 0
        self.dropped = 0
        self._codec: str | None = None
        self._width = 0
        self._height = 0
        self._fps = 0
        self._lost = False
        self._head = b""
        self._parts: list[bytes | memoryview] = []
        self._missing = 0
        self._pending = _Pending(0, 0)

    def feed(self, data: bytes | bytearray | memoryview) -> list[MediaFrame]:
        """The frames that `data` completes; it is copied, the caller may reuse it."""
        missing = self._missing
        if len(data) < missing:
            self._parts.append(bytes(data))
            self._missing = missing - len(data)
            return []
        frames: list[MediaFrame] = []
        view = memoryview(data)
        if missing:
            self._parts.append(view[:missing])
            payload = b"".join(self._parts)
            self._parts = []
            self._missing = 0
            self._emit(payload, frames)
            view = view[missing:]
        if self._head:
            view = memoryview(self._head + view)
            self._head = b""
        self._cut(view, frames)
        return frames

    def _cut(self, view: memoryview, frames: list[MediaFrame]) -> None:
        """Read frames until the bytes end; keep the start of an unfinished header or payload."""
        position, size = 0, len(view)
        while position < size:
            pending, position = self._header(view, position)
            if pending is None:
                self._head = bytes(view[position:])
                return
            position += _HEADER_SIZES[pending.signature]
            stop = position + pending.length
            self._pending = pending
            if stop > size:
                self._parts.append(bytes(view[position:]))
                self._missing = stop - size
                return
            self._emit(bytes(view[position:stop]), frames)
            position = stop

    def _header(self, view: memoryview, position: int) -> tuple[_Pending | None, int]:
        """The next header and where it starts; None when its bytes have not all come."""
        while True:
            found = self._signature(view, position)
            self.skipped += found - position
            position = found
            if len(view) - position < 4 or len(view) - position < _HEADER_SIZES[view[position + 3]]:
                return None, position
            pending = _unpack_header(view, position)
            if pending.length <= MAX_FRAME and (not self._lost or _plausible(pending)):
                self._lost = False
                return pending, position
            self._lost = True
            self.skipped += 1
            position += 1

    def _signature(self, view: memoryview, position: int) -> int:
        """Where the next signature, or the start of one, stands; the end when there is none."""
        start = bytes(view[position : position + 4])
        if _is_start(start):
            return position
        self._lost = True
        data = bytes(view[position:])
        offset = data.find(SIGNATURE)
        while offset >= 0:
            if _is_start(data[offset : offset + 4]):
                return position + offset
            offset = data.find(SIGNATURE, offset + 1)
        for kept in (2, 1):
            if data.endswith(SIGNATURE[:kept]):
                return position + len(data) - kept
        return len(view)

    def _emit(self, payload: bytes, frames: list[MediaFrame]) -> None:
        pending = self._pending
        if not payload:
            return
        if pending.signature == 0xFC or pending.signature == 0xFE:
            frames.append(self._picture(pending, payload))
        elif pending.signature == 0xFD or pending.signature == _ODD_VIDEO:
            if self._codec == "h265" and not _h265_layer_0(payload):
                self.dropped += 1
                return
            frames.append(
                MediaFrame(
                    kind=FrameKind.P,
                    payload=payload,
                    codec=self._codec,
                    width=self._width,
                    height=self._height,
                    fps=self._fps,
                    channel=self.channel,
                )
            )
        elif pending.signature == 0xFA:
            frames.append(
                MediaFrame(
                    kind=FrameKind.AUDIO,
                    payload=payload,
                    codec=AUDIO_CODECS.get(pending.kind),
                    sample_rate=SAMPLE_RATES.get(pending.second),
                    channel=self.channel,
                )
            )
        else:
            frames.append(MediaFrame(kind=FrameKind.INFO, payload=payload, channel=self.channel))

    def _picture(self, pending: _Pending, payload: bytes) -> MediaFrame:
        jpeg = pending.signature == 0xFE
        codec = "jpeg" if jpeg else VIDEO_CODECS.get(pending.kind & 0x0F)
        width = (pending.width | (pending.kind & 0x30) << 4) * STEP
        height = (pending.height | (pending.kind & 0xC0) << 2) * STEP
        fps = pending.second & 0x1F
        if not jpeg:
            self._codec, self._width, self._height, self._fps = codec, width, height, fps
        return MediaFrame(
            kind=FrameKind.JPEG if jpeg else FrameKind.I,
            payload=payload,
            codec=codec,
            width=width,
            height=height,
            fps=fps,
            time=unpack_datetime(pending.time),
            channel=self.channel,
        )


def _is_start(data: bytes) -> bool:
    """Whether up to four bytes are a signature or the beginning of one."""
    if len(data) < 4:
        return SIGNATURE.startswith(data)
    return data.startswith(SIGNATURE) and data[3] in _HEADER_SIZES


def _unpack_header(view: memoryview, position: int) -> _Pending:
    signature = view[position + 3]
    if signature in (0xFC, 0xFE):
        kind, second, width, height, time, length = _PICTURE.unpack_from(view, position)
        return _Pending(signature, length, kind, second, width, height, time)
    if signature in (0xFD, _ODD_VIDEO):
        return _Pending(signature, _LONG.unpack_from(view, position)[0])
    kind, second, length = _SHORT.unpack_from(view, position)
    return _Pending(signature, length, kind, second)


def _plausible(pending: _Pending) -> bool:
    """Whether a header found by searching can be believed."""
    if not 0 < pending.length <= _MAX_FOUND:
        return False
    match pending.signature:
        case 0xFC:
            return pending.kind & 0x0F in VIDEO_CODECS
        case 0xFD:
            return True
        case 0xFE:
            return pending.kind & 0x0F == 0
        case 0xFA:
            known = pending.kind in AUDIO_CODECS and pending.second in SAMPLE_RATES
            return known and pending.length <= _MAX_FOUND_AUDIO
        case _:
            return False


def _h265_layer_0(payload: bytes) -> bool:
    """Whether a payload starts with a NAL unit of the H.265 base layer, as real pictures do.

    NBD8008R-U recorders send service data as a P frame every two seconds; its first NAL has layer 32.
    """
    if payload.startswith(b"\0\0\0\1"):
        start = 4
    elif payload.startswith(SIGNATURE):
        start = 3
    else:
        return True
    nal = payload[start : start + 2]
    return len(nal) == 2 and not nal[0] & 0x81 and not nal[1] & 0xF8 and bool(nal[1] & 0x07)
