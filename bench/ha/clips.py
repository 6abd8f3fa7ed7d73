"""From the click on a recording to its moving picture in Chromium, of a device that sends it slowly.

The device is behind a line that lets a recording through as fast as it plays, once it has begun. The floor is
the same click when the clip is in Home Assistant's cache: only its page and the player are left. Over such a
line Chromium takes in about 2.4 seconds of video before it plays; the note tells of its first picture.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.ha.house import add, camera, house, settled
from bench.measure import Result, Spread
from bench.simulator import write_noise
from dvrip_proto.simulator import Simulator
from tests.ui.home import Home

GOAL_S = 3.0
CLIPS = 5
KILOBITS = 2048
REST_S = 2
"""A device gets a second between two downloads; people take longer to choose."""
LENGTH_S = 10
_STEP_S = 0.05
_PLAY = """async id => {
  const hass = document.querySelector('home-assistant').hass;
  const began = performance.now();
  const {url} = await hass.callWS({type: 'media_source/resolve_media', media_content_id: id});
  const video = document.createElement('video');
  video.muted = true; video.autoplay = true; video.src = url; document.body.append(video);
  let took = null, shown = null;
  video.addEventListener('loadeddata', () => shown = (performance.now() - began) / 1000);
  while (took === null && performance.now() - began < 60000) {
    await new Promise(done => setTimeout(done, 10));
    if (video.videoWidth > 0 && video.currentTime > 0) took = (performance.now() - began) / 1000;
  }
  video.removeAttribute('src'); video.load(); video.remove();
  return took === null ? null : [took, shown ?? took]; }"""


def ha_clip_slow() -> Result:
    """A recording of a device that sends as fast as it plays."""
    return _result("ha_clip_slow", *asyncio.run(_clips(sound=True)))


def ha_clip_slow_silent() -> Result:
    """The same without sound: whether there is any is found out while it comes."""
    return _result("ha_clip_slow_silent", *asyncio.run(_clips(sound=False)))


def _result(name: str, ours: list[float], floor: list[float], what: str) -> Result:
    note = f"goal {GOAL_S:g} s; {what}; floor: the same click on a clip that is in the cache"
    return Result(name, "s", Spread.of(ours), Spread.of(floor), None, len(ours), note)


async def _clips(*, sound: bool) -> tuple[list[float], list[float], str]:
    ours, first_pictures, floor = [], [], []
    async with AsyncExitStack() as stack:
        video = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "noise.mkv"
        write_noise(video, KILOBITS * 1000)
        sim = await stack.enter_async_context(camera(videos=[video]))
        for side in sim.state.config["Simplify.Encode"][0].values():
            side["AudioEnable"] = sound
        _record(sim)
        await sim.prepare_media()
        line = await stack.enter_async_context(_line(sim))
        here = await stack.enter_async_context(house())
        entry_id, *_ = await add(here, sim, port=line.port)
        first, *others = await _listed(here, entry_id)
        line.rate = await _whole(here, first) / LENGTH_S
        page = await stack.enter_async_context(here.page("/config/repairs"))
        await page.wait_for_timeout(3000)
        await _played(page, first)  # the first one starts the decoder
        await settled(here)
        for clip in others:
            took, shown = await _played(page, clip)
            ours.append(took)
            first_pictures.append(shown)
            await _whole(here, clip)
            floor.append((await _played(page, clip))[0])
            await asyncio.sleep(REST_S)
    what = f"{line.rate * 8 / 1000:.0f} kbit/s; first picture {Spread.of(first_pictures).median:.2f} s"
    return ours, floor, what


def _record(sim: Simulator) -> None:
    begin = datetime.combine(datetime.now().date(), datetime.min.time()) - timedelta(days=1)
    for at in range(CLIPS):
        start = begin + timedelta(minutes=at)
        sim.archive.add(0, start, start + timedelta(seconds=LENGTH_S))
    sim.archive.days = 0


async def _listed(here: Home, entry_id: str) -> list[str]:
    """Media ids of the clips."""
    place = f"media-source://dvrip/{entry_id}/1"
    (day,) = (await here.hass.command("media_source/browse_media", media_content_id=place))["children"]
    all_of_it = f"{day['media_content_id']}/all"
    clips = (await here.hass.command("media_source/browse_media", media_content_id=all_of_it))["children"]
    assert len(clips) == CLIPS, len(clips)
    return [clip["media_content_id"] for clip in clips]


async def _played(page: Any, clip: str) -> tuple[float, float]:
    """Seconds to the moving picture, and to the first one."""
    told = await page.evaluate(_PLAY, clip)
    if told is None:
        raise RuntimeError(f"{clip}: no moving picture within 60 s")
    took, shown = told
    return float(took), float(shown)


async def _whole(here: Home, clip: str) -> int:
    """Wait until a clip has come, and players can seek in it: its size."""
    url = (await here.hass.command("media_source/resolve_media", media_content_id=clip))["url"]
    async with asyncio.timeout(6 * LENGTH_S):
        while True:
            async with here.session.get(f"{here.url}{url}") as answer:
                assert answer.status == 200, answer.status
                size = len(await answer.read())
                if answer.headers.get("Accept-Ranges") == "bytes":
                    return size
            await asyncio.sleep(0.2)


class _Line:
    """What is between Home Assistant and the device."""

    def __init__(self, port: int) -> None:
        self.port = 0
        self.rate = 0.0
        """Bytes a second of a connection from the device; 0 lets everything through."""
        self._device = port
        self._tasks: set[asyncio.Task[None]] = set()

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass a connection on until one side ends it."""
        theirs, ours = await asyncio.open_connection("127.0.0.1", self._device, limit=8192)
        up = asyncio.create_task(self._pass(reader, ours, slow=False))
        down = asyncio.create_task(self._pass(theirs, writer, slow=True))
        self._tasks |= {up, down}
        await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
        for side in (ours, writer):
            side.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, slow: bool) -> None:
        clock = asyncio.get_running_loop().time
        due = clock()
        with suppress(ConnectionError):
            while chunk := await reader.read(
                max(256, int(self.rate * _STEP_S)) if slow and self.rate else 65536
            ):
                writer.write(chunk)
                await writer.drain()
                if slow and self.rate:
                    due = max(due, clock() - _STEP_S) + len(chunk) / self.rate
                    await asyncio.sleep(due - clock())


@asynccontextmanager
async def _line(sim: Simulator) -> AsyncIterator[_Line]:
    line = _Line(sim.port)
    server = await asyncio.start_server(line.take, sim.host, 0)
    line.port = server.sockets[0].getsockname()[1]
    try:
        yield line
    finally:
        server.close()
