"""A camera lists as /idea1/....jpg what is a second of H.264, and some firmware wants an end behind the beginning.

Source: a public viewer that takes photos of alarms from its owner's camera.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from dvrip_proto import FrameKind, MediaFrame, ProtocolError, Recording
from dvrip_proto.simulator.clips.sources import Media
from dvrip_proto.wire.body import decode
from dvrip_proto.wire.framer import Frame
from dvrip_proto.wire.media import pack_frame
from tests.hostile import Link
from tests.rogue import Rogue, answer, media, rogue

WHEN = datetime(2026, 1, 30, 1, 48, 13)
PHOTO = Recording(name="/idea1/2026-01-30/001/01.48.13[M][@1][0].jpg", begin=WHEN, end=WHEN, kind="jpg")


async def test_a_picture_that_is_video_becomes_a_picture() -> None:
    clip = await Media(["scene:h264"], 1).clip((0, "Main"))
    assert clip is not None
    key = MediaFrame(kind=FrameKind.I, payload=clip.frames[0].payload, codec="h264", fps=25, time=WHEN)
    async with rogue(Rogue(recorded=media(1426, pack_frame(key))), timeout_s=2) as device:
        await device.open()
        picture = await device.recordings.picture(PHOTO)
    assert picture.startswith(b"\xff\xd8")
    assert picture.endswith(b"\xff\xd9")


async def test_what_is_neither_is_an_error() -> None:
    async with rogue(Rogue(recorded=media(1426, b"neither of them" * 99)), timeout_s=2) as device:
        await device.open()
        with pytest.raises(ProtocolError, match="1485 bytes that are no picture"):
            await device.recordings.picture(PHOTO)


async def test_a_picture_is_asked_for_with_an_end_behind_its_beginning() -> None:
    spans: list[tuple[str, str]] = []

    async def note(link: Link, request: Frame) -> None:
        told = decode(request.body)["OPPlayBack"]
        spans.append((told["StartTime"], told["EndTime"]))
        await link.send(answer(request))

    device = Rogue(
        message_id=1424, action="Claim", twist=note, recorded=media(1426, b"\xff\xd8picture\xff\xd9")
    )
    async with rogue(device, timeout_s=2) as client:
        await client.open()
        assert await client.recordings.picture(PHOTO) == b"\xff\xd8picture\xff\xd9"
    assert spans == [(str(WHEN), str(WHEN + timedelta(seconds=1)))]
