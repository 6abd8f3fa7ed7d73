"""RTSP word by word, and what no reader would say."""

from __future__ import annotations

import asyncio
import logging
import random
import re
from base64 import b64encode

import pytest

from dvrip_proto.relay import Relay

from .camera import Camera, clip
from .client import connected
from .conftest import until


@pytest.fixture
async def camera(relay: Relay) -> Camera:
    camera = Camera(clip("h264"), audio="pcma")
    relay.add("cam", camera.open, linger_s=0.2)
    return camera


async def _alive(relay: Relay) -> None:
    async with connected(relay) as client:
        assert (await client.ask("OPTIONS"))[0] == 200


async def test_a_whole_session(relay: Relay, camera: Camera) -> None:
    async with connected(relay) as client:
        status, headers, _ = await client.ask("OPTIONS")
        assert status == 200
        assert headers["CSeq"] == "1"
        assert "DESCRIBE" in headers["Public"]
        status, headers, body = await client.ask("DESCRIBE")
        assert status == 200
        assert headers["Content-Type"] == "application/sdp"
        assert headers["Content-Base"] == f"{client.base}/cam/"
        assert body.count(b"m=") == 3
        status, headers, _ = await client.ask(
            "SETUP", "/cam/trackID=0", Transport="RTP/AVP/TCP;unicast;interleaved=6-7"
        )
        assert status == 200
        assert headers["Transport"] == "RTP/AVP/TCP;unicast;interleaved=6-7"
        session, _, timeout = headers["Session"].partition(";")
        assert timeout == "timeout=60"
        status, headers, _ = await client.ask("PLAY", Session=session, Range="npt=0.000-")
        assert (status, headers["Session"]) == (200, session)
        channel, report = await client.packet()
        assert (channel, report[1]) == (7, 200), "a sender report comes first"
        channel, packet = await client.packet()
        assert (channel, packet[0]) == (6, 0x80)
        for method in ("GET_PARAMETER", "SET_PARAMETER", "OPTIONS", "PLAY"):
            assert (await client.ask(method, Session=session))[0] == 200
        assert (await client.ask("TEARDOWN", Session=session))[0] == 200
        assert await client.at_end()
    await until(lambda: not camera.now_open)


async def test_reports_come_while_the_device_is_silent(relay: Relay, camera: Camera) -> None:
    async with connected(relay) as client:
        await client.ask("DESCRIBE")
        await client.ask("SETUP", "/cam/trackID=0", Transport="RTP/AVP/TCP;interleaved=0-1")
        await client.ask("PLAY")
        camera.silent = True
        reports = 0
        async with asyncio.timeout(6):
            while reports < 3:
                channel, packet = await client.packet()
                reports += channel == 1
        assert packet[1] == 200


@pytest.mark.parametrize(
    "transport",
    [
        "RTP/AVP;unicast;client_port=5000-5001",
        "RTP/AVP/UDP;unicast",
        "RAW/RAW/UDP",
        "",
        "RTP/AVP/TCP;interleaved=255-256",
    ],
)
async def test_only_interleaved_tcp_is_spoken(relay: Relay, camera: Camera, transport: str) -> None:
    async with connected(relay) as client:
        await client.ask("DESCRIBE")
        assert (await client.ask("SETUP", "/cam/trackID=0", Transport=transport))[0] == 461
        status, headers, _ = await client.ask("SETUP", "/cam/trackID=0", Transport=f"{transport},RTP/AVP/TCP")
        assert (status, headers["Transport"]) == (200, "RTP/AVP/TCP;unicast;interleaved=0-1")


async def test_two_tracks_cannot_have_one_channel(relay: Relay, camera: Camera) -> None:
    async with connected(relay) as client:
        await client.ask("DESCRIBE")
        for track, channel, expected in ((0, "0-1", 200), (1, "0-1", 461), (1, "1-2", 461), (1, "2-3", 200)):
            status, _, _ = await client.ask(
                "SETUP", f"/cam/trackID={track}", Transport=f"RTP/AVP/TCP;interleaved={channel}"
            )
            assert status == expected


async def test_requests_in_the_wrong_order_or_place_are_refused(relay: Relay, camera: Camera) -> None:
    tcp = "RTP/AVP/TCP;interleaved=0-1"
    async with connected(relay) as client:
        assert (await client.ask("SETUP", "/cam/trackID=0", Transport=tcp))[0] == 455
        assert (await client.ask("PLAY"))[0] == 455
        assert (await client.ask("DESCRIBE", "/none"))[0] == 404
        assert (await client.ask("DESCRIBE", "/"))[0] == 404
        assert (await client.ask("DESCRIBE"))[0] == 200
        assert (await client.ask("PLAY"))[0] == 455
        assert (await client.ask("SETUP", "/cam", Transport=tcp))[0] == 459
        assert (await client.ask("SETUP", "/cam/trackID=3", Transport=tcp))[0] == 404
        assert (await client.ask("SETUP", "/other/trackID=0", Transport=tcp))[0] == 404
        assert (await client.ask("PAUSE"))[0] == 501
        assert (await client.ask("ANNOUNCE"))[0] == 501
        assert (await client.ask("OPTIONS", Session="other"))[0] == 454
        assert (await client.ask("DESCRIBE", Require="com.example.unknown"))[0] == 551
        assert (await client.ask("DESCRIBE", Require="www.onvif.org/ver20/backchannel"))[0] == 200
        assert (await client.ask("SETUP", "/cam/trackID=0", Transport=tcp))[0] == 200
        assert (await client.ask("PLAY"))[0] == 200
        assert (await client.ask("DESCRIBE"))[0] == 455
        assert (await client.ask("SETUP", "/cam/trackID=1", Transport=tcp))[0] == 455


async def test_nothing_is_answered_without_the_token(relay: Relay, camera: Camera) -> None:
    wrong = ["", "Basic", "Basic !!!", "Bearer x", "Basic " + b64encode(b"dvrip:").decode()]
    async with connected(relay) as client:
        for authorization in wrong:
            client.authorization = authorization
            status, headers, body = await client.ask("DESCRIBE")
            assert (status, headers["WWW-Authenticate"], body) == (401, 'Basic realm="dvrip"', b"")
        assert await client.at_end(), "guessing ends the connection"
    assert camera.opened == 0


async def test_too_many_viewers_are_refused(relay: Relay) -> None:
    relay.add("cam", Camera(clip("h264")).open, linger_s=0.2, max_viewers=1)
    async with connected(relay) as first, connected(relay) as second:
        assert (await first.ask("DESCRIBE"))[0] == 200
        assert (await second.ask("DESCRIBE"))[0] == 453
        first.writer.close()
        async with asyncio.timeout(3):
            while (await second.ask("DESCRIBE"))[0] != 200:  # noqa: ASYNC110 - the other end is asked
                await asyncio.sleep(0.02)


async def test_too_many_connections_are_cut(relay: Relay, camera: Camera) -> None:
    relay.limits.connections_max = 1
    async with connected(relay) as first:
        assert (await first.ask("OPTIONS"))[0] == 200
        async with connected(relay) as second:
            assert (await second.ask("OPTIONS"))[0] == 453
            assert await second.at_end()
        assert (await first.ask("OPTIONS"))[0] == 200
    async with asyncio.timeout(3):
        while relay._sessions:  # noqa: ASYNC110 - the other end is waited for
            await asyncio.sleep(0.01)
    await _alive(relay)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"OPTIONS rtsp://h/ RTSP/2.0\r\n\r\n", 505),
        (b"OPTIONS rtsp://h/\r\n\r\n", 400),
        (b"OPTIONS  rtsp://h/  RTSP/1.0\r\n\r\n", 400),
        (b"options rtsp://h/ RTSP/1.0\r\n\r\n", 400),
        (b"\xff\xfe\x00\x01\r\n\r\n", 400),
        (b"A" * 20_000, 400),
        (b"OPTIONS rtsp://" + b"h" * 5000 + b" RTSP/1.0\r\n\r\n", 400),
        (b"OPTIONS rtsp://h/ RTSP/1.0\r\nno colon\r\n\r\n", 400),
        (b"OPTIONS rtsp://h/ RTSP/1.0\r\nContent-Length: -1\r\n\r\n", 400),
        (b"OPTIONS rtsp://h/ RTSP/1.0\r\nContent-Length: \xb2\r\n\r\n", 400),
        (b"OPTIONS rtsp://h/ RTSP/1.0\r\nContent-Length: 99999999\r\n\r\n", 413),
        (b"OPTIONS rtsp://h/ RTSP/1.0\r\nX: " + b"y" * 20_000 + b"\r\n\r\n", 400),
        (b"OPTIONS rtsp://h/ RTSP/1.0\r\n" + b"".join(b"H%d: v\r\n" % n for n in range(100)) + b"\r\n", 400),
        (b"\xff\x00\x00\x00" + bytes(16) + b"\n", 400),
    ],
)
async def test_what_is_no_request_is_refused_and_ends_the_connection(
    relay: Relay, camera: Camera, sent: bytes, expected: int
) -> None:
    async with connected(relay) as client:
        await client.send(sent)
        assert (await client.answer())[0] == expected
        assert await client.at_end()
    await _alive(relay)


@pytest.mark.parametrize("url", [b"rtsp://[/x", b"http://h/x", b"/cam", b"rtsp:", b"x"])
async def test_a_bad_address_is_refused(relay: Relay, camera: Camera, url: bytes) -> None:
    async with connected(relay) as client:
        await client.send(
            b"DESCRIBE "
            + url
            + b" RTSP/1.0\r\nCSeq: 7\r\nAuthorization: %s\r\n\r\n" % client.authorization.encode()
        )
        status, headers, _ = await client.answer()
        assert status in (400, 404)
        assert headers["CSeq"] == "7"
        assert (await client.ask("OPTIONS"))[0] == 200


async def test_a_sequence_number_that_is_none_is_not_echoed(relay: Relay, camera: Camera) -> None:
    async with connected(relay) as client:
        status, headers, _ = await client.ask("OPTIONS", CSeq="1;evil")
        assert status == 200
        assert "CSeq" not in headers


async def test_reports_and_bodies_of_the_viewer_are_passed_over(relay: Relay, camera: Camera) -> None:
    async with connected(relay) as client:
        await client.send(
            b"$\x01\x00\x04abcd" + b"$\x05" + (60_000).to_bytes(2, "big") + bytes(60_000) + b"\r\n"
        )
        await client.send(
            b"SET_PARAMETER rtsp://h/cam RTSP/1.0\r\nCSeq: 1\r\nContent-Length: 5\r\nAuthorization: "
            + client.authorization.encode()
            + b"\r\n\r\nx: y\n"
        )
        assert (await client.answer())[0] == 200
        assert (await client.ask("OPTIONS"))[0] == 200


async def test_noise_never_stops_the_server(
    relay: Relay, camera: Camera, caplog: pytest.LogCaptureFixture
) -> None:
    chance = random.Random(7)
    words = [
        b"OPTIONS",
        b" ",
        b"rtsp://h/cam",
        b"RTSP/1.0",
        b"\r\n",
        b"$",
        b"\0\0",
        b"CSeq: 1",
        b"DESCRIBE",
        b"\xff",
    ]
    for _ in range(60):
        async with connected(relay) as client:
            noise = b"".join(chance.choice(words) for _ in range(chance.randrange(1, 40)))
            await client.send(noise + chance.randbytes(chance.randrange(50)))
            client.writer.write_eof()
            assert await client.at_end()
    await _alive(relay)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_a_connection_that_says_nothing_is_closed(relay: Relay, camera: Camera) -> None:
    relay.limits.idle_s = 0.2
    async with connected(relay) as client:
        assert (await client.ask("DESCRIBE"))[0] == 200
        assert await client.at_end()
    await until(lambda: not camera.now_open)


async def test_a_reader_that_stops_reading_is_cut_and_another_goes_on(relay: Relay) -> None:
    camera = Camera(clip("h264", 640, 384, 10, 40_000_000, noise=True))
    hub = relay.add("fast", camera.open, buffer_bytes=6_000_000)
    async with connected(relay) as slow, connected(relay) as quick:
        for client in (slow, quick):
            await client.ask("DESCRIBE", "/fast")
            await client.ask("SETUP", "/fast/trackID=0", Transport="RTP/AVP/TCP;interleaved=0-1")
            await client.ask("PLAY", "/fast")
        assert hub.viewers == 2
        async with asyncio.timeout(30):
            while hub.viewers == 2:
                assert await quick.reader.read(1 << 20)
            for _ in range(100):
                assert await quick.reader.read(1 << 20)
        assert hub.viewers == 1
        assert camera.peak == 1


async def test_the_token_stands_in_no_log(
    relay: Relay, camera: Camera, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="dvrip_proto.relay")
    async with connected(relay) as client:
        await client.ask("DESCRIBE", "/none")
        await client.ask("DESCRIBE")
        await client.ask("SETUP", "/cam/trackID=0", Transport="RTP/AVP/TCP;interleaved=0-1")
        await client.ask("PLAY", User_Agent="test")
        await client.packet()
        camera.lose()
        await asyncio.sleep(0.2)
        secret = relay._token
        encoded = client.authorization.split()[1]
    text = caplog.text
    assert re.search(r"cam: plays to test", text)
    assert secret not in text
    assert encoded not in text
    assert secret not in repr(relay)
