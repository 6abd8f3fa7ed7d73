"""Streams watched through go2rtc, and a day of a long archive."""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self, cast, override

from bench.ha.house import Meter, add, camera, cpu_s, entities_of, house, recorder, settled
from bench.measure import ROOT, Result, Spread
from bench.simulator import write_noise
from dvrip_proto.simulator import Simulator
from tests.ui.home import GO2RTC, Home

CHANNELS = 16
KILOBITS = 512
RUNS = 3
WATCHED_S = 20
DAYS = 30
FILES = 10_000
OPENED = 10
BEGUN = 65536
MESSAGE = 8192
SETTLED_S = 2


def ha_streams_16() -> Result:
    """16 sub streams of 512 kbit/s through Home Assistant's go2rtc: what Home Assistant does for them."""
    if not GO2RTC.is_file():
        raise SystemExit("go2rtc is not built: install Go and run tools/peers.sh")
    ours, rates = asyncio.run(_watched())
    floor = [asyncio.run(_copied()) for _ in range(RUNS)]
    note = (
        f"goal 10 %; {CHANNELS} streams, {Spread.of(rates).median:.0f} kbit/s each as they came, "
        "idle taken off; floor: the same bytes from socket to socket"
    )
    return Result("ha_streams_16", "% of a core", Spread.of(ours), Spread.of(floor), None, RUNS, note)


async def _watched() -> tuple[list[float], list[float]]:
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        video = Path(folder) / "noise.mkv"
        write_noise(video, KILOBITS * 900)  # the encoder overshoots, and there is sound
        sim = await stack.enter_async_context(recorder(CHANNELS, videos=[video]))
        # Most devices say 10: eight pictures at once.
        sim.state.config["NetWork.NetCommon"]["TCPMaxConn"] = 2 * CHANNELS
        await sim.prepare_media()
        here = await stack.enter_async_context(house(go2rtc=True))
        entry_id, *_ = await add(here, sim)
        names = await _known_to_go2rtc(here, entry_id)
        async with here.session.get(f"{here.go2rtc}/api") as answer:
            address = (await answer.json())["rtsp"]["listen"]
        await settled(here)
        idle, _ = await _load(here, [])
        viewers = [await stack.enter_async_context(_Viewer(address, name)) for name in names]
        await _all_moving(viewers)
        taken = [await _load(here, viewers) for _ in range(RUNS)]
    return [load - idle for load, _ in taken], [rate for _, rate in taken]


async def _known_to_go2rtc(here: Home, entry_id: str) -> list[str]:
    """Names of the cameras' streams, which Home Assistant adds at an offer: this one says nothing."""
    cameras = [
        each["entity_id"]
        for each in await entities_of(here, entry_id)
        if each["entity_id"].startswith("camera.") and each["disabled_by"] is None
    ]
    for name in cameras:
        await here.hass.subscribe(lambda _event: None, "camera/webrtc/offer", entity_id=name, offer="v=0")
    async with asyncio.timeout(30):
        while True:
            async with here.session.get(f"{here.go2rtc}/api/streams") as answer:
                known = list(await answer.json())
            if len(known) >= len(cameras) == CHANNELS:
                return known
            await asyncio.sleep(0.2)


class _Viewer:
    """One who watches a stream of go2rtc over RTSP, and counts what comes."""

    def __init__(self, address: str, name: str) -> None:
        self.bytes = 0
        self._host, _, self._port = address.rpartition(":")
        self._url = f"rtsp://{address}/{name}?video"
        self._told = 0
        self._reading: asyncio.Task[None]

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection(self._host, int(self._port))
        description = await self._ask("DESCRIBE", self._url, "Accept: application/sdp")
        control = re.findall(r"^a=control:(\S+)", description, re.MULTILINE)[-1]
        track = control if "://" in control else f"{self._url.partition('?')[0]}/{control}"
        answer = await self._ask("SETUP", track, "Transport: RTP/AVP/TCP;unicast;interleaved=0-1")
        session = re.search(r"^Session: ([^;\s]+)", answer, re.MULTILINE)
        assert session is not None, answer
        await self._ask("PLAY", self._url, f"Session: {session[1]}")
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_exc: object) -> None:
        self._reading.cancel()
        await asyncio.wait({self._reading})
        self._writer.close()

    async def _ask(self, method: str, url: str, header: str) -> str:
        self._told += 1
        self._writer.write(f"{method} {url} RTSP/1.0\r\nCSeq: {self._told}\r\n{header}\r\n\r\n".encode())
        answer = (await self._reader.readuntil(b"\r\n\r\n")).decode()
        assert " 200 " in answer.partition("\r\n")[0], answer
        length = re.search(r"^Content-Length: (\d+)", answer, re.MULTILINE | re.IGNORECASE)
        return answer + (await self._reader.readexactly(int(length[1]))).decode() if length else answer

    async def _read(self) -> None:
        while chunk := await self._reader.read(65536):
            self.bytes += len(chunk)


async def _all_moving(viewers: list[_Viewer]) -> None:
    async with asyncio.timeout(60):
        while not all(viewer.bytes > BEGUN for viewer in viewers):  # noqa: ASYNC110 - bytes are counted
            await asyncio.sleep(0.2)


async def _load(here: Home, viewers: list[_Viewer]) -> tuple[float, float]:
    """Percent of a core, and kbit/s of a viewer."""
    before = sum(viewer.bytes for viewer in viewers)
    meter = Meter(here)
    await asyncio.sleep(WATCHED_S)
    wall, cpu = meter.read()
    came = sum(viewer.bytes for viewer in viewers) - before
    return 100 * cpu / wall, came * 8 / 1000 / wall / max(1, len(viewers))


class _Source(asyncio.Protocol):
    """Sends as a device does, a message of 8 KiB at a time."""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._link = cast("asyncio.Transport", transport)
        self._send()

    def _send(self) -> None:
        if not self._link.is_closing():
            self._link.write(bytes(MESSAGE))
            asyncio.get_running_loop().call_later(MESSAGE * 8 / KILOBITS / 1000, self._send)


async def _copied() -> float:
    """Percent of a core of a process that passes the same bytes on and does nothing else."""
    loop = asyncio.get_running_loop()
    source = await loop.create_server(_Source, "127.0.0.1", 0)
    sink = await loop.create_server(asyncio.Protocol, "127.0.0.1", 0)
    ports = [str(server.sockets[0].getsockname()[1]) for server in (source, sink)]
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.ha.copying", *ports, str(CHANNELS), cwd=ROOT
    )
    try:
        await asyncio.sleep(SETTLED_S)
        before, begin = cpu_s(child.pid), time.perf_counter()
        await asyncio.sleep(WATCHED_S)
        return 100 * (cpu_s(child.pid) - before) / (time.perf_counter() - begin)
    finally:
        child.terminate()
        await child.wait()
        source.close()
        sink.close()


def ha_archive() -> Result:
    """A day of an archive of 30 days and 10 000 files in the media browser, after the days were asked for."""
    ours, floor, files, cpu = asyncio.run(_days())
    note = (
        f"goal 1 s; {files} files a day; CPU {cpu:.2f} s a day; floor: the same list, which is known by then"
    )
    return Result("ha_archive", "s", Spread.of(ours), Spread.of(floor), None, OPENED, note)


async def _days() -> tuple[list[float], list[float], int, float]:
    ours, floor, used = [], [], []
    async with AsyncExitStack() as stack:
        sim = await stack.enter_async_context(camera())
        _fill(sim)
        here = await stack.enter_async_context(house())
        entry_id, *_ = await add(here, sim)
        await settled(here)
        days = (await _browse(here, f"{entry_id}/1"))["children"]
        for day in days[1 : 1 + OPENED]:
            meter = Meter(here)
            children = (await _browse(here, f"{day['media_content_id']}/all"))["children"]
            wall, cpu = meter.read()
            ours.append(wall)
            used.append(cpu)
            meter = Meter(here)
            again = (await _browse(here, f"{day['media_content_id']}/all"))["children"]
            floor.append(meter.read()[0])
            assert len(again) == len(children) >= FILES // DAYS, len(children)
    return ours, floor, len(children), Spread.of(used).median


async def _browse(here: Home, place: str) -> dict[str, Any]:
    place = place if place.startswith("media-source://") else f"media-source://dvrip/{place}"
    return dict(await here.hass.command("media_source/browse_media", media_content_id=place))


def _fill(sim: Simulator) -> None:
    """Files of some minutes, one behind the other, over the days before today."""
    length = timedelta(days=DAYS) / FILES
    begin = datetime.combine(datetime.now().date(), datetime.min.time()) - timedelta(days=DAYS)
    for at in range(FILES):
        sim.archive.add(0, begin + at * length, begin + (at + 1) * length - timedelta(seconds=1))
    sim.archive.days = 0
