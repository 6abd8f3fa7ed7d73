"""go2rtc, an independent program, against the simulator and the relay: it listens and talks on 127.0.0.1 only.

Its discovery (`GET /api/dvrip`) is left alone: it can only broadcast to 255.255.255.255, which leaves the machine.
"""

from __future__ import annotations

import asyncio
import io
import json
import socket
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from struct import pack
from typing import Final
from urllib.parse import quote

import av
import pytest
from aiohttp import ClientSession, web

from dvrip_proto import Conversation, Device
from dvrip_proto.features.talk import SILENCE
from dvrip_proto.relay import Relay
from dvrip_proto.simulator import Simulator
from tests.relay.camera import tone

from .conftest import until

PEER: Final = Path(__file__).parents[2] / ".venv" / "peers" / "go2rtc"
PASSWORD: Final = "päss wörd/?#"
MODULES: Final = [
    "api",
    "http",
    "rtsp",
    "mp4",
    "dvrip",
]  # without webrtc, homekit, srtp … nothing else is opened

pytestmark = pytest.mark.skipif(not PEER.is_file(), reason="go2rtc is not built: install Go, tools/peers.sh")


@dataclass(frozen=True, slots=True, kw_only=True)
class Go2rtc:
    """A running go2rtc."""

    api: str
    rtsp: str
    log: Path

    def said(self) -> str:
        return self.log.read_text()


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@asynccontextmanager
async def go2rtc(folder: Path, **streams: str) -> AsyncIterator[Go2rtc]:
    api, rtsp = free_ports(2)
    config = folder / "go2rtc.json"
    content = {
        "app": {"modules": MODULES},
        "api": {"listen": f"127.0.0.1:{api}"},
        "rtsp": {"listen": f"127.0.0.1:{rtsp}"},
        "log": {"level": "debug", "format": "text"},
        "streams": {name: [source] for name, source in streams.items()},
    }
    config.write_text(json.dumps(content))
    running = Go2rtc(api=f"http://127.0.0.1:{api}", rtsp=f"rtsp://127.0.0.1:{rtsp}", log=folder / "log")
    with running.log.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            PEER, "-config", config, cwd=folder, env={}, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        await listens(process, running, api, rtsp)
        yield running
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), 10)


async def listens(process: asyncio.subprocess.Process, running: Go2rtc, *ports: int) -> None:
    async with asyncio.timeout(15):
        for port in ports:
            while True:
                assert process.returncode is None, running.said()
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                except ConnectionRefusedError:
                    await asyncio.sleep(0.05)
                else:
                    writer.close()
                    await writer.wait_closed()
                    break


def source(device: Simulator, query: str) -> str:
    return f"dvrip://admin:{quote(PASSWORD, safe='')}@{device.host}:{device.port}?{query}"


@asynccontextmanager
async def camera(scene: str) -> AsyncIterator[Simulator]:
    async with Simulator(users={"admin": PASSWORD}, videos=[scene]) as device:
        await device.prepare_media()
        yield device


def watch(url: str, wanted: int = 25) -> tuple[dict[str, int], set[tuple[int, int]]]:
    """Decode until every stream gave `wanted` frames: their count by codec, and the sizes of the pictures."""
    counts: dict[str, int] = {}
    sizes: set[tuple[int, int]] = set()
    options = {"rtsp_transport": "tcp", "timeout": "8000000"}
    deadline = time.monotonic() + 20
    with av.open(url, options=options, timeout=20) as container:
        counts |= {stream.codec_context.name: 0 for stream in container.streams}
        for packet in container.demux():
            for frame in packet.decode():
                counts[packet.stream.codec_context.name] += 1
                if isinstance(frame, av.VideoFrame):
                    assert not frame.is_corrupt
                    sizes.add((frame.width, frame.height))
            if min(counts.values()) >= wanted or time.monotonic() > deadline:
                break
    return counts, sizes


@pytest.mark.parametrize(("scene", "codec"), [("scene:h264", "h264"), ("scene:h265", "hevc")])
@pytest.mark.parametrize(("subtype", "stream", "size"), [(0, "Main", (640, 360)), (1, "Extra1", (320, 180))])
async def test_it_plays_the_simulator(
    tmp_path: Path, scene: str, codec: str, subtype: int, stream: str, size: tuple[int, int]
) -> None:
    async with (
        camera(scene) as device,
        go2rtc(tmp_path, cam=source(device, f"channel=0&subtype={subtype}")) as peer,
    ):
        counts, sizes = await asyncio.to_thread(watch, f"{peer.rtsp}/cam")
        assert set(counts) == {codec, "pcm_alaw"}
        assert min(counts.values()) >= 25
        assert sizes == {size}
        assert device.monitors_started == {(0, stream): 1}


async def test_its_mp4_of_the_simulator_decodes(tmp_path: Path) -> None:
    async with camera("scene:h264") as device, go2rtc(tmp_path, cam=source(device, "channel=0")) as peer:
        async with ClientSession() as http, http.get(f"{peer.api}/api/frame.mp4?src=cam") as reply:
            content = await reply.read()
            assert reply.status == 200, content
        with av.open(io.BytesIO(content), "r") as container:
            frame = next(container.decode(video=0))
        assert (frame.width, frame.height, frame.key_frame) == (640, 360, True)


async def test_a_wrong_password_is_refused(tmp_path: Path) -> None:
    async with camera("scene:h264") as device:
        wrong = f"dvrip://admin:wrong@{device.host}:{device.port}"
        async with (
            go2rtc(tmp_path, cam=wrong) as peer,
            ClientSession() as http,
            http.get(f"{peer.api}/api/frame.mp4?src=cam") as reply,
        ):
            assert reply.status == 500
            assert "wrong response" in await reply.text()
        assert device.monitors_started == {}


def wave(samples: bytes) -> bytes:
    """A WAV file of G.711 A-law, 8 kHz mono."""
    form = pack("<HHIIHHH", 6, 1, 8000, 8000, 1, 8, 0)
    chunks = b"WAVEfmt " + pack("<I", len(form)) + form + b"data" + pack("<I", len(samples)) + samples
    return b"RIFF" + pack("<I", len(chunks)) + chunks


@asynccontextmanager
async def web_server(content: bytes, *, paced: bool = False) -> AsyncIterator[str]:
    """Hand out a sound, if `paced` as fast as it is spoken: go2rtc passes on what comes when it comes."""

    async def hand_out(request: web.Request) -> web.StreamResponse:
        if not paced:
            return web.Response(body=content, content_type="audio/wav")
        reply = web.StreamResponse(headers={"Content-Type": "audio/wav"})
        await reply.prepare(request)
        for at in range(0, len(content), 320):
            await reply.write(content[at : at + 320])
            await asyncio.sleep(0.04)
        return reply

    app = web.Application()
    app.router.add_get("/hello.wav", hand_out)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hello.wav"
    finally:
        await runner.cleanup()


async def test_the_simulator_hears_its_talk(tmp_path: Path) -> None:
    packets, packet = 25, 8 + 320
    async with (
        camera("scene:h264") as device,
        web_server(wave(bytes([0xD5, 0x55]) * (packets * 160))) as hello,
        go2rtc(tmp_path, cam=source(device, "backchannel=1")) as peer,
        ClientSession() as http,
    ):
        talk = device._unit.talk
        async with http.post(f"{peer.api}/api/streams", params={"dst": "cam", "src": hello}) as reply:
            assert reply.status == 200, await reply.text()
        await until(lambda: talk.heard_bytes >= packets * packet and talk.speaker is None)
        assert talk.heard_bytes == packets * packet


@pytest.mark.parametrize(("scene", "codec"), [("scene:h264", "h264"), ("scene:h265", "hevc")])
@pytest.mark.parametrize("media", ["video&audio=pcma", "video&audio=aac"])
async def test_it_reads_the_relay(tmp_path: Path, scene: str, codec: str, media: str) -> None:
    async with camera(scene) as device, Device(device.host, device.port, password=PASSWORD) as client:
        relay = Relay()
        await relay.start()
        try:
            relay.add("hall", partial(client.monitor.open, 0, "Main"), linger_s=0.1)
            async with go2rtc(tmp_path, cam=relay.url("hall")) as peer:
                counts, sizes = await asyncio.to_thread(watch, f"{peer.rtsp}/cam?{media}")
        finally:
            await relay.close()
        assert set(counts) == {codec, "aac" if media.endswith("aac") else "pcm_alaw"}
        assert min(counts.values()) >= 25
        assert sizes == {(640, 360)}
        assert device.monitors_started == {(0, "Main"): 1}


@pytest.mark.parametrize("watched", [False, True])
async def test_it_talks_through_the_relay(tmp_path: Path, watched: bool) -> None:
    """Sound goes go2rtc -> RTSP -> relay -> DVRIP -> simulator, and the simulator echoes it."""
    sound, heard = tone()[:1024] * 15, bytearray()  # two seconds; go2rtc sends 1024 samples a packet

    async with (
        camera("scene:h264") as device,
        Device(device.host, device.port, password=PASSWORD) as client,
        Relay() as relay,
    ):

        @asynccontextmanager
        async def open_talk() -> AsyncIterator[Conversation]:
            async def listen(talk: Conversation) -> None:
                async for frame in talk:
                    heard.extend(frame.payload)

            async with client.talk.open() as talk:
                listening = asyncio.create_task(listen(talk))
                yield talk
            await listening

        relay.add("hall", partial(client.monitor.open, 0, "Main"), linger_s=0.1, open_talk=open_talk)
        async with (
            web_server(wave(sound), paced=True) as hello,
            go2rtc(tmp_path, cam=f"{relay.url('hall')}#backchannel=1") as peer,
            ClientSession() as http,
        ):
            watching = asyncio.create_task(asyncio.to_thread(watch, f"{peer.rtsp}/cam?video", 150))
            if watched:
                await until(lambda: bool(device.monitors))
            else:
                await watching
            async with http.post(f"{peer.api}/api/streams", params={"dst": "cam", "src": hello}) as reply:
                assert reply.status == 200, await reply.text()
            talk = device._unit.talk
            await until(lambda: talk.heard_bytes > 0)
            await until(lambda: talk.speaker is None)
            counts, sizes = await watching
    assert bytes(heard[: len(sound)]) == sound
    assert not heard[len(sound) :].strip(SILENCE), "a last block is filled up"
    assert (counts, sizes) == ({"h264": counts["h264"]}, {(640, 360)})
    assert counts["h264"] >= 150, "who watches is not disturbed"


async def test_it_watches_on_when_the_relay_refuses_its_talk(tmp_path: Path) -> None:
    async with (
        camera("scene:h264") as device,
        Device(device.host, device.port, password=PASSWORD) as client,
        Relay() as relay,
        web_server(wave(tone())) as hello,
        client.talk.open(),
    ):
        relay.add("hall", partial(client.monitor.open, 0, "Main"), open_talk=client.talk.open)
        async with go2rtc(tmp_path, cam=relay.url("hall")) as peer, ClientSession() as http:
            watching = asyncio.create_task(asyncio.to_thread(watch, f"{peer.rtsp}/cam?video", 150))
            await until(lambda: bool(device.monitors))
            async with http.post(f"{peer.api}/api/streams", params={"dst": "cam", "src": hello}) as reply:
                assert (reply.status, await reply.text()) == (500, "can't find consumer\n")
            assert "[streams] can't add track" in peer.said()
            counts, _ = await watching
        assert counts["h264"] >= 150
        assert device._unit.talk.heard_bytes == 0
