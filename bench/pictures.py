"""From the click on a camera to a moving picture, in Home Assistant's own dialog in Chromium.

Its `stream:` has the default settings. HLS is what Home Assistant does by itself, WebRTC what it does with
go2rtc (`tools/peers.sh` builds it). The floor of a start is the same dialog while Home Assistant's own stream
runs already: only its page, its playlists and the player are left.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

from bench.measure import Result, Spread
from dvrip_proto.simulator import Simulator
from tests.ui.home import GO2RTC, Home, home

RUNS = 5
_STREAM_ENDS_S = 90  # Home Assistant ends it after 30 s without a viewer, the relay 15 s later
# Videos live in open shadow roots; a picture moves when the player's clock does.
_OPEN = """async entity => {
  const show = id => document.querySelector('home-assistant').dispatchEvent(
    new CustomEvent('hass-more-info', {detail: {entityId: id}, bubbles: true, composed: true}));
  const videos = () => { const found = []; const walk = root => {
    for (const node of root.querySelectorAll('*')) {
      if (node.matches('video')) found.push(node);
      if (node.shadowRoot) walk(node.shadowRoot); } };
    walk(document); return found; };
  const began = performance.now(); let first = null;
  show(entity);
  while (performance.now() - began < 30000) {
    await new Promise(done => setTimeout(done, 10));
    const moving = videos().find(v => v.videoWidth > 0 && v.currentTime > 0 && !v.paused);
    if (moving === undefined) continue;
    if (first === null) first = moving.currentTime;
    else if (moving.currentTime > first) {
      const took = (performance.now() - began) / 1000; show(''); return took; }
  }
  show(''); return null; }"""


async def _opened(page: Any, camera: str) -> float:
    took = await page.evaluate(_OPEN, camera)
    if took is None:
        raise RuntimeError(f"{camera}: no moving picture within 30 s")
    return float(took)


async def _quiet(sim: Simulator) -> None:
    """Wait until nobody fetches a stream: the next start is a cold one."""
    async with asyncio.timeout(120):
        while True:
            if not sum(sim.monitors.values()):
                return
            await asyncio.sleep(0.25)


async def _just_left(here: Home, entry_id: str, sim: Simulator) -> None:
    """Wait until Home Assistant has ended its stream, while the device's is still fetched for a moment.

    The diagnostics of the entry tell who reads the relay: nobody, when Home Assistant has ended.
    """
    async with asyncio.timeout(_STREAM_ENDS_S):
        while True:
            told = json.loads(await here.hass.get(f"/api/diagnostics/config_entry/{entry_id}"))
            if not sum(stream["viewers"] for stream in told["data"]["streams"].values()):
                break
            await asyncio.sleep(0.25)
    if not sum(sim.monitors.values()):
        raise RuntimeError("the stream of the device has ended already")


async def _starts(
    here: Home, entry_id: str, sim: Simulator, cold_runs: int, warm_runs: int
) -> dict[str, list[float]]:
    camera = await here.entity(f"{sim.serial}_0_main")
    await here.until(camera, {"idle", "streaming"})
    took: dict[str, list[float]] = {"cold": [], "warm": [], "running": []}
    async with here.page("/config/repairs") as page:
        await page.wait_for_timeout(5000)
        await _opened(page, camera)  # the first one loads the player's scripts
        for kind, runs in (("cold", cold_runs), ("warm", warm_runs)):
            for _ in range(runs):
                await (_quiet(sim) if kind == "cold" else _just_left(here, entry_id, sim))
                took[kind].append(await _opened(page, camera))
        for _ in range(warm_runs):
            await page.wait_for_timeout(2000)
            took["running"].append(await _opened(page, camera))
    return took


async def _measured(*, go2rtc: bool, cold_runs: int, warm_runs: int) -> dict[str, list[float]]:
    with tempfile.TemporaryDirectory() as folder:
        async with (
            Simulator(profile="ipc", videos=["scene:h264"], users={"admin": "admin"}) as sim,
            home(Path(folder), go2rtc=go2rtc, more="diagnostics:\n") as here,
        ):
            entry_id = await here.add(sim)
            return await _starts(here, entry_id, sim, cold_runs, warm_runs)


def _result(name: str, took: dict[str, list[float]], kind: str, note: str) -> Result:
    floor = Spread.of(took["running"])
    return Result(name, "s", Spread.of(took[kind]), floor, None, len(took[kind]), note)


def picture_hls_warm() -> Result:
    """Click to moving picture over HLS when the device's stream is still fetched, not Home Assistant's."""
    took = asyncio.run(_measured(go2rtc=False, cold_runs=0, warm_runs=RUNS))
    return _result("picture_hls_warm", took, "warm", "floor: Home Assistant's own stream runs already")


def picture_hls_cold() -> Result:
    """Click to moving picture over HLS when nobody has fetched the stream; a segment is 6 s."""
    took = asyncio.run(_measured(go2rtc=False, cold_runs=RUNS, warm_runs=1))
    return _result("picture_hls_cold", took, "cold", "7.5 s at most; floor: the stream runs already")


def picture_webrtc_cold() -> Result:
    """Click to moving picture over Home Assistant's go2rtc when nobody has fetched the stream."""
    if not GO2RTC.is_file():
        raise SystemExit("go2rtc is not built: install Go and run tools/peers.sh")
    took = asyncio.run(_measured(go2rtc=True, cold_runs=RUNS, warm_runs=1))
    return _result("picture_webrtc_cold", took, "cold", "floor: go2rtc has the stream already")
