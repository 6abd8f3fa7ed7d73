"""Live media under a number beside its own, and claims answered without an end of the text or without a text.

Source: protocol notes of the XM210 teardown (italocjs/xm210-icsee-teardown: 1412, 1413, 1414 and 1415, by
firmware), and go2rtc's issue 2198 (a Vatilon H44, whose texts have no "\\n\\0" behind them).
"""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from dvrip_proto import Device
from dvrip_proto.wire.framer import Framer, MediaMessage, pack
from dvrip_proto.wire.media import FrameKind, MediaParser
from tests import hostile
from tests.hostile import Link
from tests.rogue import answer

# The header of a key frame as the notes print it; only its length is that of what follows here.
KEY = bytes.fromhex("000001fc020af0870756436a") + (6).to_bytes(4, "little") + b"\0\0\0\1\x67\x42"
DELTA = bytes.fromhex("000001fd") + (6).to_bytes(4, "little") + b"\0\0\0\1\x41{"


@pytest.mark.parametrize(
    "claim_body", [None, b'{"Name":"OPMonitor","Ret":100,"SessionID":"0x2A"}', b"", b"\n\0"]
)
@pytest.mark.parametrize("message_id", [1411, 1412, 1413, 1414, 1415])
async def test_a_live_stream(message_id: int, claim_body: bytes | None) -> None:
    started = asyncio.Event()

    async def script(link: Link) -> None:
        while True:
            request = await link.receive()
            if request.message_id == 1413:
                whole = answer(request)
                await link.send(whole if claim_body is None else pack(1414, claim_body))
                await started.wait()
                # Cut so that a message begins within a frame, and one with what could begin a text.
                for part in (KEY[:20], KEY[20:] + DELTA[:-1], DELTA[-1:] + KEY):
                    await link.send(pack(message_id, part))
            else:
                await link.send(answer(request))
                if request.message_id == 1410:
                    started.set()

    async with (
        asyncio.timeout(10),
        hostile.peer(script) as (host, port),
        Device(host, port, timeout_s=2) as device,
        device.monitor.open() as frames,
    ):
        first, second, third = await anext(frames), await anext(frames), await anext(frames)
    assert [each.kind for each in (first, second, third)] == [FrameKind.I, FrameKind.P, FrameKind.I]
    assert first.payload == KEY[16:]
    assert second.payload == DELTA[8:]
    assert (first.codec, first.width, first.height, first.fps) == ("h264", 1920, 1080, 10)
    assert first.time == datetime(2026, 9, 1, 21, 24, 7)


def test_answers_are_not_taken_for_media() -> None:
    taken: list[tuple[int, bytes]] = []

    def sink(messages: list[MediaMessage]) -> None:
        taken.extend((message_id, bytes(body)) for message_id, _, _, body in messages)

    framer = Framer(sink)
    text = b'{"Ret":100}\n\0'
    assert [frame.body for frame in framer.feed(pack(1414, text) + pack(1414, b"\xff\xfe"))] == [
        text,
        b"\xff\xfe",
    ]
    assert framer.feed(pack(1414, KEY) + pack(1414, b"{")) == []
    assert [frame.body for frame in framer.feed(pack(1414, text) + pack(1415, text))] == [text, text]
    assert [frame.message_id for frame in framer.feed(pack(1001, KEY))] == [1001]
    assert taken == [(1412, KEY), (1412, b"{")]
    assert [frame.message_id for frame in Framer().feed(pack(1414, KEY))] == [1414], (
        "no media are expected here"
    )


def test_the_printed_header() -> None:
    (frame,) = MediaParser().feed(KEY)
    assert (frame.kind, frame.codec, frame.width, frame.height, frame.fps) == (
        FrameKind.I,
        "h264",
        1920,
        1080,
        10,
    )
