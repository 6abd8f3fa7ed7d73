"""Set-up of a recorder, the start with many devices, and what they cost when nothing happens."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from bench.ha.house import Meter, add, add_floor, camera, house, loaded, plan_of, plans_of, recorder, settled
from bench.measure import Result, Spread
from dvrip_proto.simulator import Simulator
from tests.ui.home import Home

RUNS = 5
STARTS = 3
DEVICES = 71
IDLE_S = 300  # settings are read once in this time, everything else more often
ALONE_S = 60


def ha_setup_16() -> Result:
    """A recorder with 16 channels, from the last click of the dialog to all platforms loaded."""
    ours, floor, ours_cpu, floor_cpu, entities = asyncio.run(_set_up())
    note = (
        f"goal 1.5 s; CPU {Spread.of(ours_cpu).median:.2f} s, "
        f"of the floor {Spread.of(floor_cpu).median:.2f} s; "
        f"{entities} entities; floor: the same entities with nothing behind them"
    )
    return Result("ha_setup_16", "s", Spread.of(ours), Spread.of(floor), None, RUNS, note)


async def _set_up() -> tuple[list[float], list[float], list[float], list[float], int]:
    ours, floor, ours_cpu, floor_cpu, entities = [], [], [], [], 0
    async with AsyncExitStack() as stack:
        sims = [await stack.enter_async_context(recorder(16)) for _ in range(RUNS + 1)]
        here = await stack.enter_async_context(house())
        for at, sim in enumerate(sims):
            await settled(here)
            entry_id, wall, cpu = await add(here, sim)
            plan = await plan_of(here, entry_id, title=f"floor {at}")
            await settled(here)
            _, floor_wall, floor_used = await add_floor(here, plan)
            if at:  # the first one imports the platforms
                entities = plan["plan"].count("[") - 1
                ours.append(wall)
                ours_cpu.append(cpu)
                floor.append(floor_wall)
                floor_cpu.append(floor_used)
    return ours, floor, ours_cpu, floor_cpu, entities


def ha_start_71() -> Result:
    """Home Assistant starts with 71 devices, one of them a recorder with 16 channels."""
    ours, floor, cpu = asyncio.run(_start())
    note = f"goal 4 s, as Home Assistant tells the set-up; CPU of the start: {cpu}; floor: the same entities"
    return Result("ha_start_71", "s", Spread.of(ours), Spread.of(floor), None, STARTS, note)


async def _start() -> tuple[list[float], list[float], str]:
    async with AsyncExitStack() as stack:
        sims = await many(stack)
        here = await stack.enter_async_context(house())
        await settled(here)
        alone = await _starts(here, "dvrip", 0)
        for sim in sims:
            await add(here, sim)
        plans = plans_of(await here.hass.command("config/entity_registry/list"))
        await settled(here)
        ours = await _starts(here, "dvrip", DEVICES)
        beside = await stack.enter_async_context(house())
        for plan in plans:
            await add_floor(beside, plan)
        await settled(beside)
        floor = await _starts(beside, "bench_floor", DEVICES)
    cpu = ", ".join(
        f"{name} {Spread.of([used for _, used in taken]).median:.1f} s"
        for name, taken in (("ours", ours), ("floor", floor), ("alone", alone))
    )
    return [wall for wall, _ in ours], [wall for wall, _ in floor], cpu


async def _starts(here: Home, domain: str, entries: int) -> list[tuple[float, float]]:
    """Seconds that Home Assistant tells of a domain's set-up, and CPU seconds of a whole start, each time."""
    taken = []
    for _ in range(STARTS):
        await here.restart()
        await loaded(here, entries)
        await settled(here)
        cpu = Meter.of_all(here)
        told = await here.hass.command("integration/setup_info")
        seconds = {each["domain"]: each["seconds"] for each in told}
        taken.append((float(seconds.get(domain, 0.0)), cpu))
    return taken


async def many(stack: AsyncExitStack) -> list[Simulator]:
    """71 devices as a large house has them: a recorder with 16 channels, two with 4, and cameras."""
    sims = [recorder(16), recorder(4), recorder(4)]
    sims += [camera() for _ in range(DEVICES - len(sims))]
    for sim in sims:
        await stack.enter_async_context(sim)
    return sims


def ha_idle() -> Result:
    """71 devices, nobody looks, nothing happens: processor of all of Home Assistant."""
    ours, floor = asyncio.run(_idle())
    note = f"goal 0.5 %; {DEVICES} devices, {IDLE_S} s; floor: the same Home Assistant without a device"
    return Result("ha_idle", "% of a core", Spread.of([ours]), Spread.of([floor]), None, 1, note)


async def _idle() -> tuple[float, float]:
    async with AsyncExitStack() as stack:
        sims = await many(stack)
        here = await stack.enter_async_context(house())
        await settled(here, below=0.02)
        floor = await _load(here, ALONE_S)
        for sim in sims:
            await add(here, sim)
        await settled(here)
        await here.restart()
        await loaded(here, DEVICES)
        await settled(here, below=0.05)
        await asyncio.sleep(60)  # what Home Assistant does after a start
        return await _load(here, IDLE_S), floor


async def _load(here: Home, seconds: float) -> float:
    meter = Meter(here)
    await asyncio.sleep(seconds)
    wall, cpu = meter.read()
    return 100 * cpu / wall
