"""Media frames out of the bodies of media messages.

1. Bodies of one channel are one byte stream; frames span messages, and several frames share one.
2. Nothing is searched inside a frame: payloads contain signatures.
3. Where no signature stands, the parser skips to the next one with a plausible header, and counts the bytes.
"""

from __future__ import annotations

import re
from struct import Struct
from typing import Final

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
# A signature found by searching may be false: it must not swallow minutes.
_MAX_FOUND: Final = 4 * 1024 * 1024
_MAX_FOUND_AUDIO: Final = 8192

_KIND_P: Final = FrameKind.P
_KIND_AUDIO: Final = FrameKind.AUDIO
_P_WORD: Final = int.from_bytes(b"\0\0\1\xfd", "little")
_AUDIO_WORD: Final = int.from_bytes(b"\0\0\1\xfa", "little")
_I: Final = FrameKind.I.value
_P: Final = FrameKind.P.value
_JPEG: Final = FrameKind.JPEG.value
_AUDIO: Final = FrameKind.AUDIO.value
_INFO: Final = FrameKind.INFO.value
_ODD_VIDEO: Final = 0xFB  # in some clients' tables only; has the layout of a P frame
_PREDICTED: Final = frozenset({_P, _ODD_VIDEO})
_SHORT: Final = frozenset({_AUDIO, _INFO})
_PICTURES: Final = frozenset({_I, _JPEG})

# The low half says the codec ("0x0E" in an owner's notes of an NBD8008R-U); the rest is somebody's flag.
_SOUNDS: Final = tuple(AUDIO_CODECS.get(told & 0x0F) for told in range(256))
# The first unit of a key frame; all bytes of H.264 but one are of a layer that no H.265 of these devices has.
_H265_FIRST: Final = frozenset({0x40, 0x42, 0x44, 0x46, 0x4E, 0x26, 0x28, 0x2A})
_H264_FIRST: Final = frozenset({0x67, 0x47, 0x27, 0x09, 0x06, 0x65, 0x45, 0x25})
_FIRST_UNIT: Final = re.compile(rb"\x00?\x00\x00\x01(..)", re.DOTALL)
_ANY_SIGNATURE: Final = re.compile(rb"\x00\x00\x01[\xf9-\xfe]")
_HEADER_SIZES: Final = {_I: 16, _P: 8, _JPEG: 16, _AUDIO: 8, _INFO: 8, _ODD_VIDEO: 8}
_WORDS: Final = Struct("<II")
_PICTURE: Final = Struct("<4xBBBBII")  # T, F, W, H, time, length
_FE_KNOWN: Final = 20  # bytes that tell a picture without a size from a short frame of information
_MAX_SHORT_FE: Final = 0xFFFF

type _Header = tuple[int, int, int, int, int, int, int]
"""Kind and length, then T, F or S, W, H and time where the kind has them."""


class MediaParser:
    """Cuts one channel's media into frames. With `headers`, payloads begin with theirs, as in files.

    `skipped` counts bytes between frames, `dropped` counts frames that were none (service data of some
    recorders). Memory: the frame being read, at most 16 MiB.
    """

    def __init__(self, channel: int = 0, *, headers: bool = False) -> None:
        self.channel = channel
        self._headers = headers
        self.skipped = 0
        self.dropped = 0
        self._codec: str | None = None
        self._width = 0
        self._height = 0
        self._fps = 0
        self._lost = False
        self._head = b""
        self._parts: list[bytes] = []
        self._missing = 0
        self._header: _Header = (0, 0, 0, 0, 0, 0, 0)

    @property
    def growing(self) -> int:
        """Bytes that are here of the frame being read."""
        if not self._missing:
            return 0
        kind, length = self._header[:2]
        return length - self._missing + (_HEADER_SIZES[kind] if self._headers else 0)

    def feed(self, *data: bytes | bytearray | memoryview) -> list[MediaFrame]:
        """The frames that the bodies complete; they are copied, the caller may reuse them."""
        frames: list[MediaFrame] = []
        fresh: list[bytes | bytearray | memoryview] = []
        missing = self._missing
        for body in data:
            size = len(body)
            if size < missing:
                fresh.append(body)
                missing -= size
                continue
            view = memoryview(body)
            if missing:
                payload = b"".join((*self._parts, *fresh, view[:missing]))
                self._parts.clear()
                fresh.clear()
                self._emit(payload, frames)
                if size == missing:  # as most devices do it: a frame ends with its message
                    missing = 0
                    continue
                view = view[missing:]
            elif (stop := self._usual(view, 0, size, frames, fresh)) >= size:
                missing = stop - size
                continue
            elif stop:
                view = view[stop:]
            if self._head:
                view = memoryview(self._head + view)
                self._head = b""
            missing = self._cut(view, frames, fresh)
        if fresh:
            self._parts.append(b"".join(fresh))
        self._missing = missing
        return frames

    def _cut(
        self, view: memoryview, frames: list[MediaFrame], fresh: list[bytes | bytearray | memoryview]
    ) -> int:
        """Read frames until the bytes end; the bytes that the last one misses, whose start is in `fresh`."""
        position, size = 0, len(view)
        while position < size:
            if stop := self._usual(view, position, size, frames, fresh):
                if stop > size:
                    return stop - size
                position = stop
                continue
            header = _read_header(view, position)
            if header is None or (self._lost and not _plausible(header)):
                position = self._search(view, position)
                continue
            self._lost = False
            self._header = header
            stop = position + _HEADER_SIZES[header[0]] + header[1]
            if not self._headers:
                position = stop - header[1]
            if stop > size:
                fresh.append(view[position:])
                return stop - size
            self._emit(bytes(view[position:stop]), frames)
            position = stop
        return 0

    def _usual(
        self,
        view: memoryview,
        position: int,
        size: int,
        frames: list[MediaFrame],
        fresh: list[bytes | bytearray | memoryview],
    ) -> int:
        """Read one P frame or one of sound, as most are; where it ends, 0 when it is another.

        Of a P frame that ends beyond the bytes the start is in `fresh`.
        """
        start = position + 8
        if start >= size or self._lost or self._head:
            return 0
        word, length = _WORDS.unpack_from(view, position)
        if word == _AUDIO_WORD:
            stop: int = start + (length >> 16)
            if not start < stop <= size:
                return 0
            payload = bytes(view[position if self._headers else start : stop])
            codec, rate = _SOUNDS[length & 0xFF], SAMPLE_RATES.get(length >> 8 & 0xFF)
            frames.append(MediaFrame(_KIND_AUDIO, payload, codec, 0, 0, 0, None, rate, self.channel))
            return stop
        if word != _P_WORD or not 0 < length <= MAX_FRAME:
            return 0
        stop = start + length
        if stop > size:
            self._header = (_P, length, 0, 0, 0, 0, 0)
            fresh.append(view[position if self._headers else start :])
            return stop
        self._predicted(bytes(view[position if self._headers else start : stop]), length, frames)
        return stop

    def _predicted(self, payload: bytes, length: int, frames: list[MediaFrame]) -> None:
        """Add a P frame, unless it is service data."""
        if self._codec == "h265" and not _h265_layer_0(payload, len(payload) - length):
            self.dropped += 1
            return
        frames.append(
            MediaFrame(
                _KIND_P, payload, self._codec, self._width, self._height, self._fps, None, None, self.channel
            )
        )

    def _search(self, view: memoryview, position: int) -> int:
        """Where to go on: at the next signature, or at the end when more bytes must come first."""
        size = len(view)
        if _unfinished(bytes(view[position : position + _FE_KNOWN])):
            self._head = bytes(view[position:])
            return size
        self._lost = True
        found = _ANY_SIGNATURE.search(view, position + 1)
        if found is not None:
            following = found.start()
        else:
            following = max(position + 1, size - len(SIGNATURE))
            while not SIGNATURE.startswith(bytes(view[following:])):
                following += 1
        self.skipped += following - position
        return following

    def _emit(self, payload: bytes, frames: list[MediaFrame]) -> None:
        kind, length, first, second = self._header[:4]
        if not length:
            return
        if kind in _PREDICTED:
            self._predicted(payload, length, frames)
            return
        if kind == _AUDIO:
            frame = MediaFrame(
                kind=FrameKind.AUDIO,
                payload=payload,
                codec=_SOUNDS[first],
                sample_rate=SAMPLE_RATES.get(second),
                channel=self.channel,
            )
        elif kind == _INFO:
            frame = MediaFrame(kind=FrameKind.INFO, payload=payload, channel=self.channel)
        else:
            frame = self._picture(payload)
        frames.append(frame)

    def _picture(self, payload: bytes) -> MediaFrame:
        kind, length, first, rate, low_width, low_height, time = self._header
        seen = _codec_in(payload, len(payload) - length)
        jpeg = kind == _JPEG and seen is None
        codec = "jpeg" if jpeg else seen or VIDEO_CODECS.get(first & 0x0F)
        width = (low_width | (first & 0x30) << 4) * STEP
        height = (low_height | (first & 0xC0) << 2) * STEP
        fps = rate & 0x1F
        if not jpeg:
            self._codec, self._width, self._height, self._fps = codec, width, height, fps
        return MediaFrame(
            kind=FrameKind.JPEG if jpeg else FrameKind.I,
            payload=payload,
            codec=codec,
            width=width,
            height=height,
            fps=fps,
            time=unpack_datetime(time),
            channel=self.channel,
        )


def _read_header(view: memoryview, position: int) -> _Header | None:
    """The header at a position; None when there is none, or not all of it."""
    if len(view) - position < 8:
        return None
    word, length = _WORDS.unpack_from(view, position)
    if word & 0xFFFFFF != 0x010000:
        return None
    kind = word >> 24
    if kind in _PREDICTED:
        return (kind, length, 0, 0, 0, 0, 0) if length <= MAX_FRAME else None
    if kind in _SHORT:
        return (kind, length >> 16, length & 0xFF, length >> 8 & 0xFF, 0, 0, 0)
    if kind not in _PICTURES or len(view) - position < 16:
        return None
    if kind == _JPEG and 0 < length <= _MAX_SHORT_FE:
        if len(view) - position < _FE_KNOWN:
            return None
        if not _begins_picture(bytes(view[position + 16 : position + _FE_KNOWN])):
            return (_INFO, length, 0, 0, 0, 0, 0)
    first, rate, width, height, time, length = _PICTURE.unpack_from(view, position)
    return (kind, length, first, rate, width, height, time) if length <= MAX_FRAME else None


def _begins_picture(payload: bytes) -> bool:
    """Whether a JPEG or a unit of video begins here.

    An IPC_XM210 sends information under FE, too, with a header of 8 bytes and its length behind the
    signature, where pictures have their size: read as one of them it would swallow minutes of video.
    """
    return payload.startswith((b"\xff\xd8", SIGNATURE, b"\0" + SIGNATURE))


def _unfinished(data: bytes) -> bool:
    """Whether bytes are the beginning of a header that has more."""
    if len(data) < 4:
        return SIGNATURE.startswith(data)
    if data[3] == _JPEG and data[4:6] != b"\0\0" and data[6:8] == b"\0\0" and data.startswith(SIGNATURE):
        return len(data) < _FE_KNOWN
    return data.startswith(SIGNATURE) and len(data) < _HEADER_SIZES.get(data[3], 0)


def _plausible(header: _Header) -> bool:
    """Whether a header found by searching can be believed."""
    kind, length, first, second = header[:4]
    if not 0 < length <= _MAX_FOUND:
        return False
    if kind == _AUDIO:
        return bool(_SOUNDS[first]) and second in SAMPLE_RATES and length <= _MAX_FOUND_AUDIO
    return kind == _P or (kind == _I and first & 0x0F in VIDEO_CODECS) or (kind == _JPEG and not first & 0x0F)


def _codec_in(payload: bytes, at: int) -> str | None:
    """The codec that a key frame itself shows; None where it shows none.

    Headers are wrong about it: of a Besder 6024PB T 0x12 is told for H.265, others mean H.264 by it.
    """
    found = _FIRST_UNIT.match(payload, at)
    first = found[1] if found else b"\0\0"
    if first[0] in _H265_FIRST and first[1] == 1:
        return "h265"
    return "h264" if first[0] in _H264_FIRST else None


def _h265_layer_0(payload: bytes, at: int) -> bool:
    """Whether a payload has, at a place, a NAL unit of the H.265 base layer, as real pictures do.

    NBD8008R-U recorders send service data as a P frame every two seconds; its first NAL has layer 32.
    """
    if payload.startswith(b"\0\0\0\1", at):
        start = at + 4
    elif payload.startswith(SIGNATURE, at):
        start = at + 3
    else:
        return True
    nal = payload[start : start + 2]
    return len(nal) == 2 and not nal[0] & 0x81 and not nal[1] & 0xF8 and bool(nal[1] & 0x07)
