"""Two ways for other programs to a device: go2rtc's own `dvrip://`, and `dvrip relay`.

`python -m bench.two_ways` prints the rows of docs/relay.md. Programs are go2rtc processes, each with one
stream and some viewers over RTSP; the device is simulated, and says what it has to bear.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

import av

from dvrip_proto.simulator import Quirks, Simulator

PEER: Final = Path(__file__).parents[1] / ".venv" / "peers" / "go2rtc"
HOST: Final = "127.0.0.65"
PASSWORD: Final = "Zebra-lamp7"
TOKEN: Final = "0123456789abcdef"
KEEP_ALIVE: Final = 1006
LOGIN: Final = 1000
type Way = Callable[[Simulator, AsyncExitStack, str], Any]


class Viewer:
    """Somebody who watches an address, until it ends or he leaves."""

    def __init__(self, url: str) -> None:
        self.pictures = 0
        self.codecs = ""
        self.ended = False
        self.last_s = 0.0
        self._leaving = False
        self._thread = threading.Thread(target=self._watch, args=(url,), daemon=True)
        self._thread.start()

    def _watch(self, url: str) -> None:
        try:
            with av.open(url, options={"rtsp_transport": "tcp"}, timeout=(10.0, 60.0)) as stream:
                self.codecs = " + ".join(each.codec_context.name for each in stream.streams)
                for packet in stream.demux():
                    if packet.stream.type == "video" and packet.size:
                        self.pictures += 1
                        self.last_s = time.monotonic()
                    if self._leaving:
                        return
        except (av.FFmpegError, OSError):
            pass
        finally:
            self.ended = True

    async def seen(self, limit_s: float = 20.0) -> bool:
        """Whether there is a picture within this time."""
        before, until = self.pictures, time.monotonic() + limit_s
        while self.pictures == before and not self.ended and time.monotonic() < until:  # noqa: ASYNC110 # a thread counts
            await asyncio.sleep(0.05)
        return self.pictures > before

    async def leave(self) -> None:
        """Watch no more."""
        self._leaving = True
        await asyncio.to_thread(self._thread.join, 15)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


async def _listens(port: int) -> None:
    async with asyncio.timeout(30):
        while True:
            with contextlib.suppress(ConnectionRefusedError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.05)


@asynccontextmanager
async def _running(*words: object, **env: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *map(str, words), env={**os.environ, **env}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def program(stack: AsyncExitStack, source: str) -> str:
    """Start a go2rtc with one stream; its address."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    port = _free_port()
    config = {
        "app": {"modules": ["rtsp", "dvrip"]},
        "rtsp": {"listen": f"127.0.0.1:{port}"},
        "log": {"level": "error"},
        "streams": {"cam": [source]},
    }
    file = folder / "go2rtc.json"
    await asyncio.to_thread(file.write_text, json.dumps(config))
    await stack.enter_async_context(_running(PEER, "-config", file))
    await _listens(port)
    return f"rtsp://127.0.0.1:{port}/cam"


async def own(device: Simulator, _stack: AsyncExitStack, password: str) -> str:
    """Source of go2rtc's own way."""
    return f"dvrip://admin:{password}@{device.host}:{device.port}?channel=0&subtype=0"


async def relayed(device: Simulator, stack: AsyncExitStack, password: str) -> str:
    """Source behind a relay that runs from now on."""
    port = _free_port()
    words = ("-m", "dvrip_proto", "relay", f"gate={device.host}:{device.port}", "--rtsp-port", port)
    env = {"DVRIP_PASSWORD": password, "DVRIP_RELAY_TOKEN": TOKEN}
    await stack.enter_async_context(_running(sys.executable, *words, **env))
    await _listens(port)
    return f"rtsp://dvrip:{TOKEN}@127.0.0.1:{port}/gate/main"


def _count(device: Simulator, message_id: int) -> int:
    return sum(each == message_id for each, _name, _user in device.requests)


async def held(way: Way) -> dict[str, object]:
    """Sessions and connections of the device for 1 and 3 viewers of one program, and for three programs."""
    rows: dict[str, object] = {}
    async with (
        Simulator(bind=HOST, users={"admin": PASSWORD}, videos=["scene:h264"]) as device,
        AsyncExitStack() as stack,
    ):
        await device.prepare_media()
        source = await way(device, stack, PASSWORD)
        first = await program(stack, source)
        viewers = [Viewer(first)]
        assert await viewers[0].seen(), "no picture"
        rows["codecs"] = viewers[0].codecs
        rows["1 program, 1 viewer"] = _bears(device)
        viewers += [Viewer(first), Viewer(first)]
        for viewer in viewers[1:]:
            assert await viewer.seen(), "no picture"
        rows["1 program, 3 viewers"] = _bears(device)
        for _ in range(2):
            viewers.append(Viewer(await program(stack, source)))
            assert await viewers[-1].seen(), "no picture"
        rows["3 programs, 5 viewers"] = _bears(device)
        before = _count(device, KEEP_ALIVE)
        await asyncio.sleep(45)
        rows["keep-alives in 45 s"] = _count(device, KEEP_ALIVE) - before
        rows["way back in DESCRIBE"] = await _describes_way_back(first)
        await asyncio.gather(*(viewer.leave() for viewer in viewers))
    return rows


def _bears(device: Simulator) -> str:
    streams = sum(device.monitors.values())
    return f"{device.sessions} sessions, {device.connections} connections, {streams} streams"


async def _describes_way_back(url: str) -> bool:
    host, _, path = url.removeprefix("rtsp://").partition("/")
    reader, writer = await asyncio.open_connection(*host.split(":"))
    writer.write(
        f"DESCRIBE rtsp://{host}/{path}?backchannel=1 RTSP/1.0\r\nCSeq: 1\r\nAccept: application/sdp\r\n"
        "Require: www.onvif.org/ver20/backchannel\r\n\r\n".encode()
    )
    async with asyncio.timeout(15):
        text = (await reader.read(65536)).decode()
    writer.close()
    return "a=sendonly" in text


async def restarted(way: Way, *, away_s: float) -> dict[str, object]:
    """What a viewer sees of a restart: whether he stays, and when there is a picture again."""
    async with (
        Simulator(bind=HOST, users={"admin": PASSWORD}, videos=["scene:h264"]) as device,
        AsyncExitStack() as stack,
    ):
        await device.prepare_media()
        url = await program(stack, await way(device, stack, PASSWORD))
        viewer = Viewer(url)
        assert await viewer.seen(), "no picture"
        await device.reboot(away_s)
        back_s = time.monotonic()
        stays = await viewer.seen(30.0)
        again_s = viewer.last_s - back_s if stays else None
        opened = 0
        while again_s is None and opened < 30:
            opened += 1
            other = Viewer(url)
            if await other.seen(5.0):
                again_s = time.monotonic() - back_s
            await other.leave()
        await viewer.leave()
        told = "never" if again_s is None else f"{again_s:.1f} s"
        return {
            f"restart, away {away_s:g} s: viewer stays": stays,
            "picture again after": told,
            "opened anew": opened,
        }


async def refused(way: Way) -> dict[str, object]:
    """Logins that a wrong password costs when three people look, twice."""
    async with (
        Simulator(bind=HOST, users={"admin": PASSWORD}, videos=["scene:h264"]) as device,
        AsyncExitStack() as stack,
    ):
        with contextlib.suppress(TimeoutError):
            url = await program(stack, await way(device, stack, "wrong"))
            for _ in range(2):
                viewers = [Viewer(url) for _ in range(3)]
                await asyncio.gather(*(viewer.seen(3.0) for viewer in viewers))
                await asyncio.gather(*(viewer.leave() for viewer in viewers))
        return {"wrong password, 6 looks: logins tried": _count(device, LOGIN)}


async def encrypted(way: Way) -> dict[str, object]:
    """Whether there is a picture of firmware that refuses what is not encrypted."""
    async with (
        Simulator(
            bind=HOST, users={"admin": PASSWORD}, videos=["scene:h264"], quirks=Quirks(encrypted="required")
        ) as device,
        AsyncExitStack() as stack,
    ):
        await device.prepare_media()
        url = await program(stack, await way(device, stack, PASSWORD))
        seen = False
        for _ in range(6):  # a relay says "not yet" until it knows the way in
            viewer = Viewer(url)
            seen = seen or await viewer.seen(6.0)
            await viewer.leave()
        return {"encrypted firmware: picture": seen}


async def main() -> None:
    """Measure both ways and print them side by side."""
    if not PEER.is_file():
        raise SystemExit("go2rtc is not built: install Go and run tools/peers.sh")
    rounds = (held, partial(restarted, away_s=5.0), partial(restarted, away_s=40.0), refused, encrypted)
    wanted = set(sys.argv[1:])
    for name, way in (("go2rtc dvrip://", own), ("relay", relayed)):
        for measure in rounds:
            if wanted and getattr(measure, "__name__", "restarted") not in wanted:
                continue
            try:
                for what, value in (await measure(way)).items():
                    print(f"{name:<16} {what:<42} {value}", flush=True)
            except (AssertionError, TimeoutError) as error:
                print(
                    f"{name:<16} {getattr(measure, '__name__', 'restarted'):<42} failed: {error!r}",
                    flush=True,
                )


if __name__ == "__main__":
    asyncio.run(main())
