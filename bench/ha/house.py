"""A Home Assistant to measure: its processor time, its devices, and the floor beside them."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from dvrip_proto.simulator import Simulator
from tests.ui.home import Home, home

FLOOR = "bench_floor"
PASSWORD = "Bench-lamp7"
_PLATFORMS = (
    "binary_sensor button camera event light media_player number select sensor siren switch text time update"
)


@asynccontextmanager
async def house(*, go2rtc: bool = False, more: str = "") -> AsyncIterator[Home]:
    """A Home Assistant with its defaults, the integration, and the integration that is the floor."""
    with tempfile.TemporaryDirectory() as folder:
        async with home(Path(folder), go2rtc=go2rtc, more=more, beside=_lay_floor) as here:
            yield here


def _lay_floor(integrations: Path) -> None:
    target = integrations / FLOOR
    shutil.copytree(Path(__file__).parent / "floor", target, ignore=shutil.ignore_patterns("__pycache__"))
    for platform in _PLATFORMS.split():
        text = f'from .entities import adder\n\nasync_setup_entry = adder("{platform}")\n'
        (target / f"{platform}.py").write_text(text, encoding="ascii")


def cpu_s(pid: int) -> float:
    """CPU seconds that another process has used, all its threads."""
    return time.clock_gettime((~pid << 3) | 2)  # MAKE_PROCESS_CPUCLOCK(pid, CPUCLOCK_SCHED)


class Meter:
    """Wall clock and processor of a Home Assistant from here on."""

    def __init__(self, here: Home) -> None:
        self._pid = here.child.pid
        self._wall, self._cpu = time.perf_counter(), cpu_s(self._pid)

    @staticmethod
    def of_all(here: Home) -> float:
        """CPU seconds of a Home Assistant since it started."""
        return cpu_s(here.child.pid)

    def read(self) -> tuple[float, float]:
        """Seconds, and CPU seconds."""
        return time.perf_counter() - self._wall, cpu_s(self._pid) - self._cpu


async def settled(here: Home, *, below: float = 0.1, timeout_s: float = 120) -> None:
    """Wait until Home Assistant has no more work than `below` of a core."""
    async with asyncio.timeout(timeout_s):
        while True:
            meter = Meter(here)
            await asyncio.sleep(1)
            wall, cpu = meter.read()
            if cpu / wall < below:
                return


async def add(here: Home, sim: Simulator, *, port: int | None = None) -> tuple[str, float, float]:
    """Add a device as in the dialog: id of its entry, seconds and CPU seconds until all is loaded.

    `port` is that of a line to it.
    """
    flow = await here.hass.post("/api/config/config_entries/flow", {"handler": "dvrip"})
    known = {"host": sim.host, "port": port or sim.port, "username": "admin", "password": PASSWORD}
    meter = Meter(here)
    answer = await here.hass.post(f"/api/config/config_entries/flow/{flow['flow_id']}", known)
    took = meter.read()
    assert answer["type"] == "create_entry", answer
    return str(answer["result"]["entry_id"]), *took


async def plan_of(here: Home, entry_id: str, *, title: str, port: int = 0) -> dict[str, str]:
    """The plan of a floor with the same entities as an entry."""
    return _plan(await entities_of(here, entry_id), title, port)


def plans_of(registry: list[dict[str, Any]]) -> list[dict[str, str]]:
    """A plan for every entry of the integration."""
    entries: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for each in registry:
        if each["platform"] == "dvrip":
            entries[each["config_entry_id"]].append(each)
    return [_plan(entities, f"floor {at}", 0) for at, entities in enumerate(entries.values())]


def _plan(entities: list[dict[str, Any]], title: str, port: int) -> dict[str, str]:
    planned = [
        [
            each["entity_id"].partition(".")[0],
            f"{title} {each['unique_id']}",
            each["disabled_by"] is None,
            f"{title} {each['device_id']}",
        ]
        for each in entities
    ]
    return {"title": title, "plan": json.dumps({"entities": planned, "port": port})}


async def add_floor(here: Home, plan: dict[str, str]) -> tuple[str, float, float]:
    """Add a floor: id of its entry, seconds and CPU seconds."""
    flow = await here.hass.post("/api/config/config_entries/flow", {"handler": FLOOR})
    meter = Meter(here)
    answer = await here.hass.post(f"/api/config/config_entries/flow/{flow['flow_id']}", plan)
    took = meter.read()
    assert answer["type"] == "create_entry", answer
    return str(answer["result"]["entry_id"]), *took


async def entities_of(here: Home, entry_id: str) -> list[dict[str, Any]]:
    """What the registry has of an entry."""
    entries = await here.hass.command("config/entity_registry/list")
    return [each for each in entries if each["config_entry_id"] == entry_id]


async def loaded(here: Home, count: int, *, timeout_s: float = 120) -> None:
    """Wait until `count` entries of ours or of the floor are loaded."""
    async with asyncio.timeout(timeout_s):
        while True:
            entries = await here.hass.command("config_entries/get")
            ours = [each for each in entries if each["domain"] in ("dvrip", FLOOR)]
            if len(ours) == count and all(each["state"] == "loaded" for each in ours):
                return
            await asyncio.sleep(0.5)


def recorder(channels: int, **more: Any) -> Simulator:
    """A recorder with pictures."""
    return Simulator(profile="nvr", channels=channels, users={"admin": PASSWORD}, **more)


def camera(**more: Any) -> Simulator:
    """A camera with one channel."""
    return Simulator(profile="ipc", users={"admin": PASSWORD}, **more)
