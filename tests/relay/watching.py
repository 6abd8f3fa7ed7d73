"""A viewer of a hub, as the tests are one."""

from __future__ import annotations

import asyncio

from dvrip_proto.relay import Hub, Track, Unit, Viewer

VIDEO = frozenset({Track.VIDEO})


async def take(viewer: Viewer, count: int) -> list[Unit]:
    units = []
    async with asyncio.timeout(10):
        async for unit in viewer:
            units.append(unit)
            if len(units) == count:
                break
    return units


async def watch(hub: Hub, tracks: frozenset[Track] = VIDEO, *, squeezed: bool = False) -> Viewer:
    viewer = hub.attach()
    await hub.describe(viewer)
    hub.play(viewer, tracks, squeezed=squeezed)
    return viewer
