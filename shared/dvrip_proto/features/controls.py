"""Settings by the names that people give them: which a device has, and what makes them as wanted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from ..config.control import Control
from ..config.controls import CONTROLS, control, wishes
from ..config.merge import merged
from ..config.plan import Plan
from ..config.present import Present, present
from ..config.schedule import TIME_ZONE
from ..errors import UnsupportedError, UsageError
from ..values import Json
from .settings import Settings
from .system import System
from .zones import zone_wishes

_ZONE = "time_zone"
_FLAGS = "SystemFunction"


class Controls:
    """Reads and plans controls of one device. Channels count from 0."""

    def __init__(self, settings: Settings, system: System) -> None:
        self._settings = settings
        self._system = system

    async def present(self, keys: Iterable[str] = ()) -> list[Present]:
        """Those of these controls (of all, when none are named) that the device has, with their values.

        UsageError for a key that does not exist. A device that is silent about an object is a
        RequestTimeoutError, as everywhere.
        """
        rows = [control(key) for key in keys] or list(CONTROLS)
        wanted = {row.key for row in rows}
        trees = {name: await self._object(name) for name in dict.fromkeys(row.object for row in rows)}
        info = (await self._system.info()).raw
        found = present(trees, info=info, abilities=await self._abilities(rows))
        return [row for row in found if row.control.key in wanted]

    async def plan(self, values: Mapping[str, Json], *, channel: int | None = None) -> list[Plan]:
        """Plans, one an object, for these controls to have these values; `settings.apply` writes each.

        `channel` is meant for those that every channel has, None for all channels; those of the device itself
        take no notice of it. A time zone may be an offset or a name such as "Europe/Berlin".
        """
        trees = self._wishes(values)
        plans = []
        for name, wish in trees.items():
            of_channel = channel if any(row.per_channel for row in CONTROLS if row.object == name) else None
            plans.append(await self._settings.plan(name, wish, channel=of_channel))
        return plans

    def _wishes(self, values: Mapping[str, Json]) -> dict[str, Json]:
        zone = values.get(_ZONE)
        if not isinstance(zone, str) or TIME_ZONE.accepts(zone):
            return wishes(values)
        trees = wishes({key: value for key, value in values.items() if key != _ZONE})
        for name, wish in zone_wishes(zone, datetime.now(UTC)).items():
            trees[name] = merged(trees[name], wish) if name in trees else wish
        return trees

    async def _object(self, name: str) -> Json:
        try:
            return await self._settings.get(name)
        except (UnsupportedError, UsageError):
            return None

    async def _abilities(self, rows: Iterable[Control]) -> dict[str, Json]:
        names = {row.options_from for row in rows} | {_FLAGS if row.ability else "" for row in rows}
        found: dict[str, Json] = {}
        for name in sorted(names - {""}):
            try:
                found[name] = await self._system.ability(name)
            except UnsupportedError:
                continue
        return found
