"""Small pictures of files on a device's disk, made by the device."""

from __future__ import annotations

from typing import Final

from ...connection import Connection
from ...errors import ProtocolError, RequestError, UnsupportedError, UsageError
from ...media.picture import check_jpeg
from ...wire.ids import MessageId
from ...wire.jpeg_frame import unwrapped
from ...wire.ret import EMPTY

_NAME: Final = "OPCompressPic"
_SIDES: Final = range(16, 4097)


async def thumbnail(connection: Connection, file_name: str, width: int, height: int) -> bytes:
    """JPEG of a file in about that size; UnsupportedError when the device makes none."""
    where = connection.where
    if not file_name:
        raise UsageError(f"{where}: {_NAME}: a stretch of time has no picture, a recording with a name has")
    if width not in _SIDES or height not in _SIDES:
        raise UsageError(f"{where}: {_NAME}: {width} by {height} points are not possible: 16 to 4096")
    wish = {"Height": height, "IsGeo": 1, "PicName": file_name, "Width": width}
    try:
        reply = await connection.request(MessageId.COMPRESS_PICTURE, _NAME, wish)
    except RequestError as error:
        if error.ret not in EMPTY:
            raise
        # Devices that make none say that there is no such file.
        raise UnsupportedError(
            f"{error}: {file_name}: the device has no small picture of it",
            ret=error.ret,
            message_id=MessageId.COMPRESS_PICTURE,
            name=_NAME,
        ) from error
    picture = unwrapped(reply.raw)
    if not picture:
        raise ProtocolError(f"{where}: {_NAME}: the device sent {len(reply.raw)} bytes that are no picture")
    return check_jpeg(picture)
