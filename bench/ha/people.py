"""Who does what while the soak runs: alarms, viewers, settings on both sides, recordings."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress

import aiohttp

from bench.ha.harm import Device, States
from demo import hls
from demo.progress import DemoError
from tests.ui.home import Home

CACHED_MIB = 24.0
"""More than the recorder of Home Assistant keeps of its database: pages of 16 MiB (SQLite's cache_size)."""

_did: Counter[str] = Counter()
_AWAY = (DemoError, TimeoutError, ConnectionError, aiohttp.ClientError, asyncio.IncompleteReadError)

type Person = Callable[[Home, list[Device], States, float], Awaitable[None]]


def told() -> str:
    """What people did, and how often something was away just then."""
    return ", ".join(f"{name} {count}" for name, count in sorted(_did.items()))


async def _alarms(_here: Home, devices: list[Device], _states: States, until: float) -> None:
    """Motion begins and ends somewhere, about fifty times a second."""
    while time.monotonic() < until:
        await asyncio.sleep(0.02)
        device = random.choice(devices)
        if device.calm.is_set() and device.sim.up:
            device.raise_any()
            _did["alarms"] += 1


def _watcher(name: str, once: Callable[[Home, str], Awaitable[None]], pause_s: float) -> Person:
    async def watch(here: Home, devices: list[Device], _states: States, until: float) -> None:
        while time.monotonic() < until:
            device = random.choice(devices)
            calm = device.calm.is_set()
            try:
                await once(here, random.choice(list(device.cameras.values())))
                _did[name] += 1
            except _AWAY:
                _did[f"{name} not had ({'calm' if calm and device.calm.is_set() else 'fault'})"] += 1
            await asyncio.sleep(random.uniform(0, 2 * pause_s))

    return watch


async def _still(here: Home, camera: str) -> None:
    await here.hass.get(f"/api/camera_proxy/{camera}", timeout_s=15)


async def _live(here: Home, camera: str) -> None:
    await hls.read(here.hass, camera, segments=random.randint(1, 2), timeout_s=30)


async def _mjpeg(here: Home, camera: str) -> None:
    async with asyncio.timeout(15):
        await here.hass.get_start(f"/api/camera_proxy_stream/{camera}", 50_000)


async def _settings(here: Home, devices: list[Device], states: States, until: float) -> None:
    """A person in Home Assistant and one at the device turn motion detection off and on."""
    while time.monotonic() < until:
        await asyncio.sleep(random.uniform(0.2, 1.5))
        device = random.choice(devices)
        channel, switch = random.choice(list(device.switches.items()))
        if not device.calm.is_set():
            continue
        if random.random() < 0.5:
            row = device.sim.state.config["Detect.MotionDetect"][channel]
            row["Enable"] = not row["Enable"]
            _did["set on the device"] += 1
            continue
        action = "switch.turn_off" if states.get(switch) == "on" else "switch.turn_on"
        try:
            await here.hass.action(action, entity_id=switch)
            _did["set in Home Assistant"] += 1
        except _AWAY:
            _did["not set"] += 1


async def _recordings(here: Home, devices: list[Device], _states: States, until: float) -> None:
    """Open a day and play something of it, at times only the begin."""
    while time.monotonic() < until:
        await asyncio.sleep(random.uniform(0.5, 4))
        device = random.choice(devices)
        place = f"media-source://dvrip/{device.entry_id}/{random.choice(list(device.motions)) + 1}"
        try:
            days = (await here.hass.command("media_source/browse_media", media_content_id=place))["children"]
            day = random.choice(days)["media_content_id"]
            found = await here.hass.command("media_source/browse_media", media_content_id=f"{day}/motion")
            clip = random.choice(found["children"])["media_content_id"]
            url = (await here.hass.command("media_source/resolve_media", media_content_id=clip))["url"]
            if random.random() < 0.3:
                await here.hass.get_start(url, 4096)
            else:
                await here.hass.get(url, timeout_s=60)
            _did["recordings played"] += 1
        except (*_AWAY, IndexError):
            _did["recordings not had"] += 1


ALL: tuple[Person, ...] = (
    _alarms,
    *[_watcher("stills", _still, 1.0)] * 3,
    *[_watcher("live views", _live, 2.0)] * 4,
    *[_watcher("moving JPEG", _mjpeg, 3.0)] * 2,
    *[_settings] * 2,
    *[_recordings] * 2,
)


async def all_seen(here: Home, devices: list[Device]) -> None:
    """Use once what Home Assistant keeps for good: a view of each camera, and a database that is large.

    Its recorder keeps pages of the database up to a bound, a stream's converter stays with its camera.
    """
    cameras = [camera for device in devices for camera in device.cameras.values()]
    turn = asyncio.Semaphore(6)

    async def see(camera: str) -> None:
        async with turn:
            with suppress(*_AWAY):
                await _live(here, camera)
            with suppress(*_AWAY):
                await _still(here, camera)

    await asyncio.gather(*(see(camera) for camera in cameras))
    state = 0
    while history(here) < CACHED_MIB:
        await here.hass.action("bench_floor.write", many=500, state=(state := state + 1))
        await asyncio.sleep(0.3)


def history(here: Home) -> float:
    """MiB of the database of Home Assistant's recorder."""
    return (here.folder / "config" / "history.db").stat().st_size / 2**20


async def both_agree(here: Home, devices: list[Device]) -> list[str]:
    """Settings of which Home Assistant says something else than the device, once it has looked again."""
    for device in devices:
        with suppress(*_AWAY):
            await here.hass.action(
                "homeassistant.update_entity", entity_id=next(iter(device.switches.values()))
            )
    await asyncio.sleep(15)
    states = await here.hass.states()
    return [
        f"{switch} is {states[switch]['state']}, the device says {enabled}"
        for device in devices
        for channel, switch in device.switches.items()
        if (states[switch]["state"] == "on")
        != (enabled := bool(device.sim.state.config["Detect.MotionDetect"][channel]["Enable"]))
    ]
