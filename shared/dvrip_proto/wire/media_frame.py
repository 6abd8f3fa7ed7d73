"""Media frames as values, and their headers as bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from ..errors import UsageError

SIGNATURE: Final = b"\0\0\1"
STEP: Final = 8  # pixels per unit of width and height
_MAX_PIXELS: Final = 0x3FF * STEP

VIDEO_CODECS: Final = {1: "mpeg4", 2: "h264", 3: "h265"}
AUDIO_CODECS: Final = {
    7: "pcm8",
    8: "g729",
    9: "adpcm_ima",
    10: "pcmu",
    11: "g721",
    12: "pcm8_vwis",
    13: "adpcm_ms",
    14: "pcma",
    15: "pcm16",
}
SAMPLE_RATES: Final = {
    1: 4000,
    2: 8000,
    3: 11025,
    4: 16000,
    5: 20000,
    6: 22050,
    7: 32000,
    8: 44100,
    9: 48000,
}


class FrameKind(Enum):
    """What a media frame is; the value is the last byte of its signature."""

    I = 0xFC  # noqa: E741 - the name every video engineer knows
    P = 0xFD
    JPEG = 0xFE
    AUDIO = 0xFA
    INFO = 0xF9


@dataclass(slots=True, unsafe_hash=True)
class MediaFrame:
    """One frame: Annex-B video, a picture, audio samples or the device's own information.

    `codec` is h264, h265, mpeg4, jpeg, pcma, pcmu or another audio name; None when unknown. P frames have the
    codec, size and rate of the last I frame. `time` is the device's local time in whole seconds, on I frames
    and pictures only. Never changed, but not frozen, and made by place: 90 000 are made a gigabyte, and names
    would take three times as long.
    """

    kind: FrameKind
    payload: bytes
    codec: str | None = None
    width: int = 0
    height: int = 0
    fps: int = 0
    time: datetime | None = None
    sample_rate: int | None = None
    channel: int = 0

    def __repr__(self) -> str:
        told = [self.kind.name, self.codec or "unknown codec", f"{len(self.payload)} bytes"]
        told += [f"{self.width}x{self.height}"] if self.width else []
        told += [f"{self.sample_rate} Hz"] if self.sample_rate else []
        told += [str(self.time)] if self.time else []
        return f"<MediaFrame {' '.join(told)} channel {self.channel}>"

    @property
    def keyframe(self) -> bool:
        """Whether decoding can start here."""
        return self.kind is FrameKind.I or self.kind is FrameKind.JPEG


def pack_datetime(time: datetime) -> int:
    """The number that stands for a time in frame headers: 2000 to 2063, whole seconds."""
    if not 2000 <= time.year <= 2063:
        raise UsageError(f"a frame's time has a year from 2000 to 2063, not {time.year}")
    day = time.day << 17 | time.month << 22 | (time.year - 2000) << 26
    return time.second | time.minute << 6 | time.hour << 12 | day


def unpack_datetime(value: int) -> datetime | None:
    """The time in a frame header; None when it is no date."""
    try:
        return datetime(
            2000 + (value >> 26),
            value >> 22 & 0xF,
            value >> 17 & 0x1F,
            value >> 12 & 0x1F,
            value >> 6 & 0x3F,
            value & 0x3F,
        )
    except ValueError:
        return None


def pack_frame(frame: MediaFrame) -> bytes:
    """The bytes of a frame, header and payload; UsageError for what no header can say."""
    kind, size = frame.kind, len(frame.payload)
    signature = SIGNATURE + bytes([kind.value])
    if kind is FrameKind.P:
        return b"".join((signature, size.to_bytes(4, "little"), frame.payload))
    if kind is FrameKind.I or kind is FrameKind.JPEG:
        return b"".join((signature, _picture_fields(frame), size.to_bytes(4, "little"), frame.payload))
    if size > 0xFFFF:
        raise UsageError(f"an {kind.name} frame has at most 65535 bytes, not {size}")
    first, second = (1, 0) if kind is FrameKind.INFO else _audio_fields(frame)
    return b"".join((signature, bytes((first, second)), size.to_bytes(2, "little"), frame.payload))


def _picture_fields(frame: MediaFrame) -> bytes:
    codec = 0 if frame.kind is FrameKind.JPEG else _key_of(VIDEO_CODECS, frame.codec, "video codec")
    for pixels in (frame.width, frame.height):
        if not 0 <= pixels <= _MAX_PIXELS:
            raise UsageError(f"a frame has at most {_MAX_PIXELS} pixels a side, not {pixels}")
    width, height = -(-frame.width // STEP), -(-frame.height // STEP)
    kind = codec | width >> 8 << 4 | height >> 8 << 6
    time = pack_datetime(frame.time) if frame.time is not None else 0
    return bytes((kind, frame.fps & 0x1F, width & 0xFF, height & 0xFF)) + time.to_bytes(4, "little")


def _audio_fields(frame: MediaFrame) -> tuple[int, int]:
    codec = 14 if frame.codec == "pcma" else _key_of(AUDIO_CODECS, frame.codec, "audio codec")
    return codec, _key_of(SAMPLE_RATES, frame.sample_rate, "sample rate")


def _key_of[T](table: dict[int, T], wanted: object, what: str) -> int:
    for key, value in table.items():
        if value == wanted:
            return key
    raise UsageError(f"unknown {what} {wanted!r}: choose one of {', '.join(map(str, table.values()))}")
