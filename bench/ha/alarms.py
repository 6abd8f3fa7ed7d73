"""From an alarm on the wire to the state in Home Assistant: one after the other, and all at once."""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict, deque
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime
from functools import cache
from itertools import cycle, islice
from statistics import quantiles
from typing import Any

from bench.ha.house import add, add_floor, entities_of, house, plan_of, recorder, settled
from bench.measure import Result, Spread
from dvrip_proto.simulator import Simulator
from tests.ui.home import Home

CHANNELS = 64
A_SECOND = 100
ALARMS = 2000
BURSTS = 20
WAIT_S = 10.0

type Raise = Callable[[int, bool], None]


class States:
    """When Home Assistant wrote which state; its clock is this machine's."""

    def __init__(self) -> None:
        self.came: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)
        self.count = 0

    async def follow(self, here: Home) -> None:
        """Hear of every state from now on."""
        await here.hass.subscribe(self._heard, "subscribe_events", event_type="state_changed")

    def _heard(self, event: dict[str, Any]) -> None:
        if (new := event["data"]["new_state"]) is not None:
            written = datetime.fromisoformat(new["last_updated"]).timestamp()
            self.came[new["entity_id"], new["state"]].append(written)
            self.count += 1


async def _one_by_one(raise_alarm: Raise, states: States, names: list[str]) -> list[float]:
    """Milliseconds of each alarm, `A_SECOND` of them a second. RuntimeError when one never came."""
    states.came.clear()
    sent: list[tuple[str, str, float]] = []
    begin = time.perf_counter()
    for at, channel in enumerate(islice(cycle(range(len(names))), ALARMS)):
        await asyncio.sleep(max(0.0, begin + at / A_SECOND - time.perf_counter()))
        on = at // len(names) % 2 == 0
        sent.append((names[channel], "on" if on else "off", time.time()))
        raise_alarm(channel, on)
    keys = [(name, word) for name in names for word in ("on", "off")]
    await _until(lambda: sum(len(states.came[key]) for key in keys) >= ALARMS)
    took = [(states.came[name, word].popleft() - when) * 1000 for name, word, when in sent]
    for channel in range(len(names)):
        raise_alarm(channel, False)
    await asyncio.sleep(1)
    return took


async def _at_once(raise_alarm: Raise, states: States, names: list[str]) -> list[float]:
    """Milliseconds from the first of an alarm of each channel to the last state."""
    took = []
    for at in range(BURSTS):
        states.came.clear()
        on = at % 2 == 0
        word = "on" if on else "off"
        begin = time.time()
        for channel in range(len(names)):
            raise_alarm(channel, on)
        await _until(lambda word=word: all(states.came[name, word] for name in names))
        took.append((max(states.came[name, word][0] for name in names) - begin) * 1000)
        await asyncio.sleep(1)
    return took


async def _until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(WAIT_S):
        while not reached():  # noqa: ASYNC110 - states are counted, not awaited
            await asyncio.sleep(0.02)


class _Pusher:
    """What the floor is connected to: a line an alarm."""

    def __init__(self) -> None:
        self._writer: asyncio.StreamWriter
        self._server: asyncio.Server

    async def start(self) -> int:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    def _connected(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    def push(self, at: int, on: bool) -> None:
        self._writer.write(json.dumps({"at": at, "on": on}).encode() + b"\n")

    async def stop(self) -> None:
        self._writer.close()
        self._server.close()


async def _motions(here: Home, entry_id: str, sim: Simulator) -> list[str]:
    known = {each["unique_id"]: each["entity_id"] for each in await entities_of(here, entry_id)}
    return [known[f"{sim.serial}_{channel}_motion"] for channel in range(CHANNELS)]


def _enabled(plan: dict[str, str]) -> list[tuple[int, str]]:
    """Place and unique id of as many binary sensors of a floor as there are channels."""
    entities = json.loads(plan["plan"])["entities"]
    sensors = [(unique_id, enabled) for kind, unique_id, enabled, _ in entities if kind == "binary_sensor"]
    return [(at, unique_id) for at, (unique_id, enabled) in enumerate(sensors) if enabled][:CHANNELS]


@cache
def _measured() -> dict[str, list[float]]:
    return asyncio.run(_measure())


async def _measure() -> dict[str, list[float]]:
    async with AsyncExitStack() as stack:
        sim = await stack.enter_async_context(recorder(CHANNELS))
        here = await stack.enter_async_context(house())
        entry_id, *_ = await add(here, sim)
        pusher = _Pusher()
        port = await pusher.start()
        stack.push_async_callback(pusher.stop)
        plan = await plan_of(here, entry_id, title="floor", port=port)
        floor_id, *_ = await add_floor(here, plan)
        names = await _motions(here, entry_id, sim)
        places = _enabled(plan)
        known = {each["unique_id"]: each["entity_id"] for each in await entities_of(here, floor_id)}
        floor = [known[unique_id] for _, unique_id in places]
        states = States()
        await settled(here, below=0.05)
        await states.follow(here)

        def ours(channel: int, on: bool) -> None:
            sim.raise_alarm(channel, "VideoMotion", on)

        def pushed(channel: int, on: bool) -> None:
            pusher.push(places[channel][0], on)

        return {
            "ours": await _one_by_one(ours, states, names),
            "floor": await _one_by_one(pushed, states, floor),
            "ours at once": await _at_once(ours, states, names),
            "floor at once": await _at_once(pushed, states, floor),
        }


def _p99(values: list[float]) -> Spread:
    return Spread(quantiles(values, n=100)[98], min(values), max(values))


def ha_alarm() -> Result:
    """An alarm on the wire to its state: median, with 64 channels at 100 a second."""
    took = _measured()
    note = f"goal 5 ms; {CHANNELS} channels, {A_SECOND} a second, {ALARMS} alarms, none lost; "
    note += "floor: a line on a socket"
    return Result("ha_alarm", "ms", Spread.of(took["ours"]), Spread.of(took["floor"]), None, 1, note)


def ha_alarm_p99() -> Result:
    """The same: how long 99 of 100 took at most, in place of the median."""
    took = _measured()
    return Result("ha_alarm_p99", "ms", _p99(took["ours"]), _p99(took["floor"]), None, 1, "goal 20 ms")


def ha_alarm_burst() -> Result:
    """64 channels alarm at once: the last state."""
    took = _measured()
    ours, floor = Spread.of(took["ours at once"]), Spread.of(took["floor at once"])
    return Result("ha_alarm_burst", "ms", ours, floor, None, BURSTS, f"goal 100 ms; {CHANNELS} at once")
