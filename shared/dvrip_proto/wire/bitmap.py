"""Bitmaps that devices put into their pictures: titles and texts drawn by somebody else.

Width and height, 12 bytes of nothing, then rows of one bit a point, the leftmost in the highest bit.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Self

from ..errors import ProtocolError, UsageError

_HEAD: Final = struct.Struct("<HH12x")
_SIDE_MAX: Final = 4096  # the widest picture of a device has as many points
_BITS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Bitmap:
    """Points in one colour, packed; `width` is a multiple of 8."""

    width: int
    height: int
    dots: bytes = field(repr=False)

    @classmethod
    def of(cls, rows: Iterable[Iterable[object]]) -> Self:
        """Bitmap of rows of points from the top, each true or false; short rows are filled up with nothing.

        UsageError for no points, or more than 4096 in a row or column.
        """
        points = [[bool(point) for point in row] for row in rows]
        widest = max(map(len, points), default=0)
        if not widest or widest > _SIDE_MAX or len(points) > _SIDE_MAX:
            size = f"{len(points)} rows of {widest} points"
            raise UsageError(f"{size} are no bitmap: it has 1 to {_SIDE_MAX} of each")
        stride = -(-widest // _BITS)
        packed = [
            sum(point << (stride * _BITS - 1 - column) for column, point in enumerate(row)) for row in points
        ]
        dots = b"".join(row.to_bytes(stride) for row in packed)
        return cls(width=stride * _BITS, height=len(points), dots=dots)

    def rows(self) -> list[list[bool]]:
        """Points by row, from the top."""
        stride = self.width // _BITS
        return [
            [bool(byte >> bit & 1) for byte in self.dots[start : start + stride] for bit in range(7, -1, -1)]
            for start in range(0, len(self.dots), stride)
        ]

    def pack(self) -> bytes:
        """Body of the message that sets it."""
        return _HEAD.pack(self.width, self.height) + self.dots

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Bitmap in a message, whatever follows it; ProtocolError when it is none."""
        if len(body) < _HEAD.size:
            raise ProtocolError(f"a bitmap of {len(body)} bytes has no head")
        width, height = _HEAD.unpack_from(body)
        size = width // _BITS * height
        dots = body[_HEAD.size : _HEAD.size + size]
        if width % _BITS or not size or len(dots) < size:
            raise ProtocolError(f"a bitmap of {width} by {height} points is not in {len(body)} bytes")
        return cls(width=width, height=height, dots=bytes(dots))
