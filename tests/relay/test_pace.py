"""How long a relay takes, on a clock that no machine slows down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest

from dvrip_proto import Device, Relay, TransportError
from dvrip_proto.simulator import Simulator
from tests.clock import now, run_at_once

from .camera import Camera, tone
from .client import connected
from .conftest import until
from .test_talkback import BACKCHANNEL


@pytest.mark.parametrize("away", [True, False], ids=["away", "without pictures"])
def test_a_camera_that_shows_nothing_is_an_error_in_time(away: bool) -> None:
    """Viewers give up after five seconds by themselves, and say nothing then."""

    async def main() -> tuple[int, float]:
        camera = Camera(None, audio="pcma")
        camera.refusal = TransportError("127.0.0.1:34567: refused") if away else None
        async with Relay() as relay:
            relay.add("cam", camera.open)
            async with connected(relay) as client:
                began = now()
                status, _, _ = await client.ask("DESCRIBE")
                return status, now() - began

    status, took = run_at_once(main())
    assert status == 503
    assert took == pytest.approx(0.0 if away else 4.5, abs=0.45)


def test_the_device_says_it_as_fast_as_it_is_spoken() -> None:
    async def main() -> float:
        heard = bytearray()
        async with (
            Simulator(videos=["scene:h264"]) as simulator,
            Device(simulator.host, simulator.port) as device,
            Relay() as relay,
        ):
            await simulator.prepare_media()

            @asynccontextmanager
            async def open_talk() -> AsyncIterator[object]:
                async with device.talk.open() as talk:

                    async def listen() -> None:
                        async for frame in talk:
                            heard.extend(frame.payload)

                    listening = asyncio.create_task(listen())
                    yield talk
                await listening

            relay.add("main", partial(device.monitor.open, 0, "Main"), open_talk=open_talk)
            sound = tone()[:6400]
            async with connected(relay) as client:
                _, _, body = await client.ask("DESCRIBE", "/main", Require=BACKCHANNEL)
                track = body.decode().rpartition("a=control:")[2].strip()
                transport = "RTP/AVP/TCP;unicast;interleaved=6-7"
                assert (await client.ask("SETUP", f"/main/{track}", Transport=transport))[0] == 200
                assert (await client.ask("PLAY", "/main"))[0] == 200
                began = now()
                for at in range(0, len(sound), 1024):
                    await client.say(6, sound[at : at + 1024])
                await until(lambda: len(heard) >= len(sound))
                return now() - began

    assert run_at_once(main()) == pytest.approx(0.8, abs=0.1), "6400 samples, 8000 a second"
