"""Bitmaps for titles, against a real one."""

import pytest

from dvrip_proto import ProtocolError, UsageError
from dvrip_proto.wire.bitmap import Bitmap
from tests.frames.vectors import vector

CHECKER = [[1, 0] * 8, [0, 1] * 8]


def test_the_real_one():
    real = bytes.fromhex(vector("title-bitmap")["hex"])
    bitmap = Bitmap.of(CHECKER)
    assert (bitmap.width, bitmap.height, bitmap.pack()) == (16, 2, real)
    assert Bitmap.unpack(real + b"\n\0") == bitmap
    assert bitmap.rows() == [[bool(point) for point in row] for row in CHECKER]


def test_rows_are_filled_up():
    bitmap = Bitmap.of([[True] * 9, [], (False, True)])
    assert (bitmap.width, bitmap.height) == (16, 3)
    assert bitmap.dots == bytes([0xFF, 0x80, 0, 0, 0x40, 0])


@pytest.mark.parametrize(
    "rows", [[], [[]], [[1] * 4097], [[1]] * 4097], ids=["none", "empty", "wide", "high"]
)
def test_no_bitmaps(rows):
    with pytest.raises(UsageError, match="are no bitmap"):
        Bitmap.of(rows)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        bytes(15),
        bytes(16),
        b"\x08\0\0\0" + bytes(12),
        b"\x07\0\1\0" + bytes(20),
        b"\x08\0\2\0" + bytes(13),
    ],
)
def test_bodies_that_hold_none(body):
    with pytest.raises(ProtocolError):
        Bitmap.unpack(body)
