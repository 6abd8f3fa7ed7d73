"""The 20-byte header in front of every DVRIP message."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

from ..errors import ProtocolError, UsageError

HEAD: Final = 0xFF
HEADER_SIZE: Final = 20
MAX_BODY: Final = 64 * 1024 * 1024

# head, version, 2 reserved, session, sequence, total or channel, current or end flag, message id, length
HEADER: Final = struct.Struct("<BBBBIIBBHI")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The fields of one header.

    Bytes 12 and 13 are total and current packet on control messages, channel and end flag on media.
    """

    message_id: int
    length: int = 0
    session: int = 0
    sequence: int = 0
    total_or_channel: int = 0
    current_or_end: int = 0
    version: int = 0
    reserved1: int = 0
    reserved2: int = 0

    def pack(self) -> bytes:
        """The 20 bytes of this header."""
        try:
            return HEADER.pack(
                HEAD,
                self.version,
                self.reserved1,
                self.reserved2,
                self.session,
                self.sequence,
                self.total_or_channel,
                self.current_or_end,
                self.message_id,
                self.length,
            )
        except struct.error as error:
            raise UsageError(f"not a header: {error}: {self!r}") from error

    @classmethod
    def unpack(cls, data: bytes | bytearray | memoryview, offset: int = 0) -> Header:
        """The header in the 20 bytes of `data` at `offset`; ProtocolError when they are none."""
        if len(data) - offset < HEADER_SIZE:
            raise ProtocolError(f"a header has {HEADER_SIZE} bytes, here are {max(0, len(data) - offset)}")
        fields = HEADER.unpack_from(data, offset)
        if fields[0] != HEAD:
            raise ProtocolError(not_dvrip(bytes(data[offset : offset + 40])))
        return cls(
            version=fields[1],
            reserved1=fields[2],
            reserved2=fields[3],
            session=fields[4],
            sequence=fields[5],
            total_or_channel=fields[6],
            current_or_end=fields[7],
            message_id=fields[8],
            length=fields[9],
        )


_STRANGERS: Final[tuple[tuple[bytes, str], ...]] = (
    (b"HTTP/", "HTTP"),
    (b"<", "HTML or XML"),
    (b"RTSP/", "RTSP"),
    (b"SSH-", "SSH"),
    (b"\x16\x03", "TLS"),
    (b"\x15\x03", "TLS"),
    (b"\xa0", "Dahua's protocol"),
    (b"\xb0", "Dahua's protocol"),
    (b"\xf6", "Dahua's protocol"),
)


def not_dvrip(data: bytes) -> str:
    """What to tell a person about bytes that start no DVRIP message: who speaks, and the first bytes."""
    speaker = next((name for prefix, name in _STRANGERS if data.startswith(prefix)), None)
    shown = data[:16].hex(" ")
    text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in data[:16])
    said = f"the peer speaks {speaker}, not DVRIP" if speaker else "the peer does not speak DVRIP"
    return f'{said}: a message starts with ff, here came {shown} "{text}"'
