"""RTP over the RTSP connection (RFC 2326, 10.12): units become interleaved packets, with reports between.

Reports do two things: they tie the tracks to one clock, and they keep readers waiting while the device is
away (go2rtc and Home Assistant give up a socket that is silent for 5 s).
"""

from __future__ import annotations

from collections.abc import Iterator
from secrets import randbits
from struct import Struct
from typing import Final

from ..media.units import Track, Unit

SMALL: Final = 1400  # bytes of payload: what every reader passes on, over UDP as well
LARGE: Final = 60_000  # FFmpeg takes packets up to the 65535 of interleaving

# $, channel, length, then RTP: flags, marker and type, sequence, timestamp, SSRC.
_HEADER: Final = Struct(">cBHBBHII")
_RTP_BYTES: Final = 12
_REPORT: Final = Struct(">cBHBBHIQIII")
_REPORT_BYTES: Final = 28
_SENDER_REPORT: Final = 200
_NTP_EPOCH_S: Final = 2_208_988_800  # 1970 in seconds since 1900


class RtpTrack:
    """One track on its way to one viewer: sequence numbers, and counters for reports.

    `channel` carries the packets, `channel + 1` the reports; `codec` decides how a unit is cut.
    """

    def __init__(self, track: Track, codec: str, *, rate: int, payload_type: int, channel: int) -> None:
        self.track = track
        self.channel = channel
        self._codec = codec
        self._rate = rate
        self._payload_type = payload_type
        self._ssrc = randbits(32)
        self._sequence = randbits(16)
        self._packets = 0
        self._octets = 0

    def packets(self, unit: Unit, limit: int) -> list[bytes | memoryview]:
        """Return what to write for `unit`, with at most `limit` bytes of payload a packet."""
        pieces = list(self._pieces(unit, limit))
        chunks: list[bytes | memoryview] = []
        for index, (prefix, data) in enumerate(pieces, 1):
            size = len(prefix) + len(data)
            marker = 0x80 if index == len(pieces) and self.track is not Track.G711 else 0
            header = _HEADER.pack(
                b"$",
                self.channel,
                _RTP_BYTES + size,
                0x80,
                marker | self._payload_type,
                self._sequence,
                unit.stamp & 0xFFFFFFFF,
                self._ssrc,
            )
            chunks += (header + prefix, data)
            self._sequence = self._sequence + 1 & 0xFFFF
            self._packets += 1
            self._octets += size
        return chunks

    def report(self, time_s: float, wall_s: float) -> bytes:
        """Return a sender report: `time_s` of the hub's clock is `wall_s` of the world's."""
        return _REPORT.pack(
            b"$",
            self.channel + 1,
            _REPORT_BYTES,
            0x80,
            _SENDER_REPORT,
            _REPORT_BYTES // 4 - 1,
            self._ssrc,
            round((wall_s + _NTP_EPOCH_S) * 2**32) & 0xFFFFFFFFFFFFFFFF,
            round(time_s * self._rate) & 0xFFFFFFFF,
            self._packets & 0xFFFFFFFF,
            self._octets & 0xFFFFFFFF,
        )

    def _pieces(self, unit: Unit, limit: int) -> Iterator[tuple[bytes, memoryview | bytes]]:
        for part in unit.parts:
            if self.track is Track.AAC:  # RFC 3640, AAC-hbr: one access unit behind a 16-bit header
                yield b"\0\x10" + (len(part) << 3).to_bytes(2, "big"), part
            elif self.track is Track.G711:
                yield from ((b"", part[at : at + limit]) for at in range(0, len(part), limit))
            elif len(part) <= limit:
                yield b"", part
            else:
                yield from _fragments(self._codec, part, limit)


def received(packet: bytes) -> tuple[int, bytes] | None:
    """Return the payload type and the payload of an RTP packet (RFC 3550, 5.1); None when it is none."""
    if len(packet) < _RTP_BYTES or packet[0] >> 6 != 2:
        return None
    start = _RTP_BYTES + 4 * (packet[0] & 0x0F)
    if packet[0] & 0x10:
        start += 4 + 4 * int.from_bytes(packet[start + 2 : start + 4], "big")
    end = len(packet) - (packet[-1] if packet[0] & 0x20 else 0)
    return (packet[1] & 0x7F, packet[start:end]) if start <= end else None


def _fragments(codec: str, nal: memoryview | bytes, limit: int) -> Iterator[tuple[bytes, memoryview | bytes]]:
    """Cut a NAL unit into fragmentation units: FU-A of RFC 6184, FU of RFC 7798."""
    if codec == "h264":
        header, kind = bytes((nal[0] & 0xE0 | 28,)), nal[0] & 0x1F
    else:
        header, kind = bytes((nal[0] & 0x81 | 49 << 1, nal[1])), nal[0] >> 1 & 0x3F
    position, room = len(header), limit - len(header) - 1
    flag = 0x80
    while position < len(nal):
        data = nal[position : position + room]
        position += room
        if position >= len(nal):
            flag |= 0x40
        yield header + bytes((flag | kind,)), data
        flag = 0
