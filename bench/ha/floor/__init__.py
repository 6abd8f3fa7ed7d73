"""The floor of Home Assistant's rows: as many entities of the same platforms, and nothing behind them.

A plan is `{"entities": [[platform, unique id, enabled, device], ...], "port": port or 0}`. Lines that
come from the port, `{"at": n, "on": true}`, are the states of the n-th binary sensor.
"""

import asyncio
import gc
import json
import re
import threading
from collections import Counter
from typing import override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.helpers.typing import ConfigType


class _Pushed(asyncio.Protocol):
    def __init__(self, entry: ConfigEntry) -> None:
        self._entry = entry
        self._rest = b""

    @override
    def data_received(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            said = json.loads(line)
            entity = self._entry.runtime_data["binary_sensor"][said["at"]]
            entity._attr_is_on = said["on"]  # noqa: SLF001 - a floor has no layers
            entity.async_write_ha_state()


async def async_setup_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Add what the plan says."""
    plan = json.loads(entry.data["plan"])
    entry.runtime_data = {"plan": plan["entities"]}
    platforms = sorted({platform for platform, *_ in plan["entities"]})
    await hass.config_entries.async_forward_entry_setups(entry, platforms)
    if plan["port"]:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_connection(lambda: _Pushed(entry), "127.0.0.1", plan["port"])
        entry.async_on_unload(transport.close)
    return True


async def async_setup(hass: HomeAssistant, _config: ConfigType) -> bool:
    """Two actions: tell what only the inside of Home Assistant knows, its tasks and threads; write states."""

    async def weigh(_call: ServiceCall) -> ServiceResponse:
        gc.collect()
        tasks = Counter(_kind(task.get_name()) for task in asyncio.all_tasks())
        threads = Counter(_kind(thread.name) for thread in threading.enumerate())
        return {"tasks": dict(tasks), "threads": dict(threads)}

    async def write(call: ServiceCall) -> None:
        for at in range(call.data["many"]):
            hass.states.async_set(f"bench_floor.state_{at}", str(call.data["state"]))

    hass.services.async_register("bench_floor", "weigh", weigh, supports_response=SupportsResponse.ONLY)
    hass.services.async_register("bench_floor", "write", write)
    return True


def _kind(name: str) -> str:
    return re.sub(r"[\d.:]+", "#", name)
