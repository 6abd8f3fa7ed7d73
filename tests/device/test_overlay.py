"""Titles and texts in the picture."""

from __future__ import annotations

import copy

import pytest

from dvrip_proto import Device, ProtocolError, RequestError, UnsupportedError, UsageError
from dvrip_proto.simulator import Simulator
from dvrip_proto.wire.bitmap import Bitmap
from dvrip_proto.wire.ids import MessageId
from tests import hostile
from tests.device.conftest import scripted

LETTER = [[0, 1, 1, 0], [1, 0, 0, 1], [1, 1, 1, 1], [1, 0, 0, 1]]


async def test_bitmaps_for_every_channel(sim: Simulator, device: Device) -> None:
    for channel in range(sim.channels):
        await device.overlay.draw_title(LETTER[: channel % 3 + 1], channel=channel)
    await device.overlay.draw_text(LETTER)
    drawn = sim.state.drawn
    for channel in range(sim.channels):
        assert drawn[MessageId.CHANNEL_TITLE_DOTS_SET, channel] == Bitmap.of(LETTER[: channel % 3 + 1])
    assert drawn[MessageId.OSD_DOTS_SET, 0] == Bitmap.of(LETTER)
    with pytest.raises(RequestError) as refusal:
        await device.overlay.draw_title(LETTER, channel=200)
    assert refusal.value.ret == 103
    for rows, channel in (([], 0), (LETTER, 256), (LETTER, -1)):
        with pytest.raises(UsageError):
            await device.overlay.draw_title(rows, channel=channel)


async def test_texts(sim: Simulator, device: Device) -> None:
    abilities = sim.state.abilities["SystemFunction"] = copy.deepcopy(sim.state.abilities["SystemFunction"])
    abilities.setdefault("OtherFunction", {})["SupportOSDInfo"] = False
    with pytest.raises(UnsupportedError):
        await device.overlay.set_text("hello")
    abilities["OtherFunction"]["SupportOSDInfo"] = True
    await device.overlay.set_text("Küche 21 °C", place=1, x=0, y=1000)
    await device.overlay.set_text("")
    assert sim.state.texts == {(0, 1): ("Küche 21 °C", 0, 1000), (0, 0): ("", 500, 300)}
    for wrong in ({"place": 2}, {"x": -1}, {"y": 1001}, {"channel": 999}, {"text": "x" * 65}, {"text": "\n"}):
        with pytest.raises(UsageError, match=r"127\.0\.0\.1"):
            await device.overlay.set_text(**{"text": "x", **wrong})


async def test_a_device_that_says_nothing_of_use() -> None:
    async def answer(_link: hostile.Link, _message_id: int, _body: object) -> dict[str, object]:
        return {"ret": None}

    async with scripted(answer) as device:
        with pytest.raises(ProtocolError, match="1050 CHANNEL_TITLE_DOTS_SET has no Ret"):
            await device.overlay.draw_title(LETTER)
