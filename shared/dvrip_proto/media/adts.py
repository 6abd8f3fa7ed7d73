"""AAC in ADTS frames (ISO 14496-3, 1.A.2), taken apart.

No list of DVRIP's audio codecs has a number for AAC. A block of an unknown codec is AAC when it consists of
ADTS frames to its last byte, of some recorders behind four bytes of their own (NTsvetkov/xmeye-nvr-tools);
anything else is not guessed at.
"""

from __future__ import annotations

from typing import Final

from .units import AacFormat

_RATES: Final = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
_SHORT_HEADER, _HEADER_WITH_CRC = 7, 9
_AHEAD: Final = 4  # bytes that some recorders put before a frame


def split(block: bytes) -> tuple[AacFormat, tuple[bytes, ...]] | None:
    """Return the format and the raw AAC frames of `block`; None when it is anything but whole ADTS frames."""
    return _split(block) or _split(block[_AHEAD:])


def _split(block: bytes) -> tuple[AacFormat, tuple[bytes, ...]] | None:
    frames: list[bytes] = []
    sound: AacFormat | None = None
    position = 0
    while position < len(block):
        header = block[position : position + _SHORT_HEADER]
        found = _format(header)
        if found is None or sound not in (None, found):
            return None
        sound = found
        start = position + (_SHORT_HEADER if header[1] & 1 else _HEADER_WITH_CRC)
        position += (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
        if not start < position <= len(block):
            return None
        frames.append(block[start:position])
    return (sound, tuple(frames)) if sound is not None else None


def join(sound: AacFormat, data: bytes) -> bytes:
    """A raw AAC frame as the ADTS frame that it was in, without a checksum."""
    config = int.from_bytes(sound.config[:2], "big")
    object_type, index, channels = config >> 11, config >> 7 & 0x0F, config >> 3 & 0x0F
    size = _SHORT_HEADER + len(data)
    kind = (object_type - 1) << 6 | index << 2 | channels >> 2
    header = (
        0xFF,
        0xF1,
        kind,
        (channels & 3) << 6 | size >> 11,
        size >> 3 & 0xFF,
        (size & 7) << 5 | 0x1F,
        0xFC,
    )
    return bytes(header) + data


def _format(header: bytes) -> AacFormat | None:
    """Return what an ADTS header tells of the sound; None when it is none, or frames share it."""
    if len(header) < _SHORT_HEADER or header[0] != 0xFF or header[1] & 0xF6 != 0xF0:
        return None
    object_type, index = (header[2] >> 6) + 1, header[2] >> 2 & 0x0F
    channels = (header[2] & 1) << 2 | header[3] >> 6
    # Without a number of channels a decoder needs more than fits into a session description.
    if index >= len(_RATES) or not channels or header[6] & 3:
        return None
    return AacFormat(
        rate=_RATES[index],
        channels=8 if channels == 7 else channels,
        config=(object_type << 11 | index << 7 | channels << 3).to_bytes(2, "big"),
    )
