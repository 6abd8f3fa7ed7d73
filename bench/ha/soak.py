"""`python -m bench.ha.soak --seconds 1200`: Home Assistant with 16 devices and 64 channels, and no peace.

Faults, people who look, settings changed on both sides, recordings played. Printed: faults by kind with how
long a device was away and how long its alarms were wrong, and what Home Assistant holds before and after, at
rest.
Exit 1 when a device did not come back, an alarm was wrong, an error was logged, or something was left behind.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import sys
import tempfile
import time
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from bench.ha import people
from bench.ha.harm import Device, Outcome, added, harm
from bench.ha.house import PASSWORD, camera, house, recorder, settled
from tests.ui.home import Home

RECORDERS, RECORDER_CHANNELS, CAMERAS = 4, 13, 12
PAUSE_S = (5.0, 40.0)
REST_S = 75.0
"""Longer than Home Assistant keeps a stream that nobody watches, and the relay the device's."""
GROWTH = 1.05
# What Home Assistant says at the level of errors to a person who wants something of a device that is away, or
# whose entry is just being set up again; and what it says where FFmpeg is not installed.
_TO_PEOPLE = re.compile(
    r"Error from stream worker: Error opening stream"
    r"|Error during service call to switch\.turn_(on|off): "
    r"|Error requesting stream: Camera not found"
    r"|Stream is not configured for format 'hls'"
    r"|FFmpeg fails .* No such file or directory: 'ffmpeg'"
)
_RECORD = re.compile(r"^(?=\d{4}-\d\d-\d\d \d\d:)", re.MULTILINE)
_ERROR = re.compile(r" (?:ERROR|CRITICAL) |^Traceback |was never retrieved|was never awaited", re.MULTILINE)


async def _weigh(here: Home) -> dict[str, Any]:
    """Tasks, threads, descriptors and memory of Home Assistant now."""
    answer = await here.hass.command(
        "call_service", domain="bench_floor", service="weigh", service_data={}, return_response=True
    )
    inside = answer["response"]
    place = Path(f"/proc/{here.child.pid}")
    descriptors = Counter(_kind(each) for each in (place / "fd").iterdir())
    resident = int((place / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    weight = {"descriptors": dict(descriptors), "MiB": round(resident, 1), "history": people.history(here)}
    return {**inside, **weight}


def _kind(descriptor: Path) -> str:
    try:
        return re.sub(r"[\d\[\]]+", "", str(descriptor.readlink())).partition(":")[0]
    except OSError:
        return "gone"


def _sums(weight: dict[str, Any]) -> str:
    threads = {name: count for name, count in weight["threads"].items() if not name.startswith("SyncWorker")}
    return (
        f"{sum(weight['tasks'].values())} tasks, {sum(threads.values())} threads, "
        f"{weight['descriptors'].get('socket', 0)} sockets, "
        f"{sum(weight['descriptors'].values())} descriptors, {weight['MiB']} MiB, "
        f"{weight['history']:.0f} MiB of history"
    )


def _left(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What there is more of than before; the executor's threads are a pool of Home Assistant."""
    more = []
    for group in ("tasks", "threads", "descriptors"):
        for name, count in after[group].items():
            if count > before[group].get(name, 0) and not name.startswith("SyncWorker"):
                more.append(f"{group}: {name} {before[group].get(name, 0)} -> {count}")
    return more


async def _harmed(
    here: Home, device: Device, states: dict[str, str], until: float, outcomes: list[Outcome]
) -> None:
    while time.monotonic() < until:
        await asyncio.sleep(random.uniform(*PAUSE_S))
        outcome = await harm(here, device, states)
        outcomes.append(outcome)
        for wrong in outcome.wrong:
            print(f"{time.strftime('%H:%M:%S')} {outcome.name}: {wrong}", flush=True)


async def _follow(here: Home) -> dict[str, str]:
    states = {name: str(state["state"]) for name, state in (await here.hass.states()).items()}

    def heard(event: dict[str, Any]) -> None:
        if (new := event["data"]["new_state"]) is not None:
            states[new["entity_id"]] = new["state"]

    await here.hass.subscribe(heard, "subscribe_events", event_type="state_changed")
    return states


async def _period(here: Home, devices: list[Device], states: dict[str, str], seconds: float) -> list[Outcome]:
    """Everything at once for a while, then rest."""
    outcomes: list[Outcome] = []
    until = time.monotonic() + seconds
    work = [_harmed(here, device, states, until, outcomes) for device in devices]
    work += [each(here, devices, states, until) for each in people.ALL]
    work += [_told(here, until)]
    await asyncio.gather(*work)
    await asyncio.sleep(REST_S)
    await settled(here, below=0.3, timeout_s=60)
    return outcomes


async def _told(here: Home, until: float) -> None:
    """Say every minute how much memory there is: growth that ends is none."""
    while time.monotonic() < until:
        await asyncio.sleep(min(60.0, max(0.1, until - time.monotonic())))
        weight = await _weigh(here)
        print(f"{time.strftime('%H:%M:%S')} busy: {_sums(weight)}", flush=True)


async def soak(seconds: float) -> bool:
    """Whether nothing was lost, left or logged."""
    async with AsyncExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        os.environ["TMPDIR"] = str(scratch)  # of Home Assistant: what it leaves there is seen
        sims = [recorder(RECORDER_CHANNELS) for _ in range(RECORDERS)] + [camera() for _ in range(CAMERAS)]
        for sim in sims:
            await stack.enter_async_context(sim)
        here = await stack.enter_async_context(house(more="bench_floor:\n"))
        await here.hass.stay()
        devices = [await added(here, sim, PASSWORD) for sim in sims]
        print(len(devices), "devices,", sum(sim.channels for sim in sims), "channels", flush=True)
        states = await _follow(here)
        await people.all_seen(here, devices)
        warm = await _period(here, devices, states, seconds / 4)
        before = await _weigh(here)
        print("warm: ", _sums(before), flush=True)
        outcomes = await _period(here, devices, states, seconds * 3 / 4)
        after = await _weigh(here)
        print("after:", _sums(after), flush=True)
        bad = _left(before, after)
        if after["MiB"] > before["MiB"] * GROWTH:
            bad.append(f"memory: {before['MiB']} -> {after['MiB']} MiB")
        bad += await people.both_agree(here, devices)
        bad += await _closed(here, scratch)
    return _report(warm + outcomes, bad)


async def _closed(here: Home, scratch: Path) -> list[str]:
    """What a Home Assistant that is stopped leaves, and what it has said."""
    await here.child.stop()
    return await asyncio.to_thread(_traces, here, scratch)


def _traces(here: Home, scratch: Path) -> list[str]:
    clips = here.folder / "config" / ".cache" / "dvrip"
    bad = [
        f"left: {path}" for folder in (clips, scratch) if folder.is_dir() for path in folder.rglob("*.mp4*")
    ]
    bad += [f"left: {path}" for path in scratch.iterdir() if not path.is_dir()]
    log = here.log.read_text(encoding="utf-8", errors="replace")
    errors = [record for record in _RECORD.split(log) if _ERROR.search(record)]
    bad += [f"log: {record[:300]}" for record in errors if not _TO_PEOPLE.search(record)]
    said = Counter(found[0] for record in errors if (found := _TO_PEOPLE.search(record)))
    print("said to people who wanted what was away:", dict(said))
    if kept := os.environ.get("DVRIP_SOAK_LOG"):
        Path(kept).write_text(log, encoding="utf-8")
    return bad


def _report(outcomes: list[Outcome], bad: list[str]) -> bool:
    for name in sorted({outcome.name for outcome in outcomes}):
        these = [outcome for outcome in outcomes if outcome.name == name]
        print(
            f"{name:10} {len(these):4} times, away at most {max(each.back_s for each in these):5.1f} s, "
            f"alarms right after at most {max(each.right_s for each in these):5.1f} s"
        )
    wrong = [text for outcome in outcomes for text in outcome.wrong]
    print(f"{len(outcomes)} faults, {len(wrong)} things not right after one")
    print(people.told())
    for text in bad:
        print("BAD", text)
    return not wrong and not bad


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=1200.0)
    sys.exit(not asyncio.run(soak(parser.parse_args().seconds)))
