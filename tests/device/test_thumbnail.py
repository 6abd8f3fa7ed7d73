"""Small pictures of recordings, and the texts of a device's menus: bytes that few devices have."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from dvrip_proto import Device, FrameKind, ProtocolError, Recording, UnsupportedError, UsageError
from dvrip_proto.simulator import Simulator
from dvrip_proto.wire.body import decode
from dvrip_proto.wire.framer import pack
from dvrip_proto.wire.ids import MessageId, reply_of
from dvrip_proto.wire.media import MediaFrame, pack_frame
from tests import hostile

RECORDING = Recording(name="/idea0/2021-03-04/001/10.00.00-10.01.00[R][@1][0].h264")
JPEG = b"\xff\xd8small\xff\xd9"


@asynccontextmanager
async def sending(body: bytes, seen: list[dict[str, Any]] | None = None) -> AsyncIterator[Device]:
    """A client of a device that answers its first request with these bytes."""

    async def script(link: hostile.Link) -> None:
        await link.accept_login()
        request = await link.receive()
        if seen is not None:
            seen.append(decode(request.body))
        await link.send(pack(reply_of(request.message_id), body, version=1))
        await link.serve()

    async with hostile.peer(script) as (host, port), Device(host, port, timeout_s=2) as device:
        yield device


@pytest.mark.parametrize(
    "body",
    [JPEG, pack_frame(MediaFrame(kind=FrameKind.JPEG, payload=JPEG, codec="jpeg"))],
    ids=["bare", "in a frame"],
)
async def test_a_thumbnail(body: bytes) -> None:
    seen: list[dict[str, Any]] = []
    async with sending(body, seen) as device:
        assert await device.recordings.thumbnail(RECORDING, width=160, height=96) == JPEG
    assert seen[0]["OPCompressPic"] == {"Height": 96, "IsGeo": 1, "PicName": RECORDING.name, "Width": 160}


@pytest.mark.parametrize(
    "body", [b"", b"\0\1", b'{ "Name" : "OPCompressPic", "Ret" : 100 }', b"\0\0\1\xfe\1"]
)
async def test_what_is_no_thumbnail(body: bytes) -> None:
    async with sending(body) as device:
        with pytest.raises(ProtocolError, match="no picture"):
            await device.recordings.thumbnail(RECORDING)


async def test_devices_that_make_none(sim: Simulator, device: Device) -> None:
    with pytest.raises(UnsupportedError, match="no small picture"):
        await device.recordings.thumbnail(RECORDING)
    with pytest.raises(UsageError, match="stretch of time"):
        await device.recordings.thumbnail(Recording())
    with pytest.raises(UsageError, match="8 by 240"):
        await device.recordings.thumbnail(RECORDING, width=8)
    assert [number for number, _, _ in sim.requests].count(MessageId.COMPRESS_PICTURE) == 1


async def test_texts_of_the_menus(device: Device) -> None:
    async with sending(b"PK\3\4whatever") as other:
        assert await other.backup.export_languages() == b"PK\3\4whatever"
    async with sending(b'{ "Name" : "", "Ret" : 100 }') as other:
        with pytest.raises(ProtocolError, match="no texts"):
            await other.backup.export_languages()
    with pytest.raises(UnsupportedError):
        await device.backup.export_languages()
