"""Reads a camera as the frontend does: `camera/stream`, master playlist, initialisation, segments."""

from __future__ import annotations

import asyncio
import re

from .hass_client import HassClient
from .progress import DemoError

_MAP = re.compile(r'#EXT-X-MAP:URI="([^"]+)"')


async def playlist_path(hass: HassClient, entity_id: str) -> str:
    """Path of the media playlist of `entity_id`; starts its stream."""
    answer = await hass.command("camera/stream", entity_id=entity_id, format="hls")
    master = (await hass.get(answer["url"])).decode()
    names = [line for line in master.splitlines() if line and not line.startswith("#")]
    if not names:
        raise DemoError(f"{entity_id}: the master playlist names no playlist")
    return _beside(answer["url"], names[0])


async def read(hass: HassClient, entity_id: str, *, segments: int = 2, timeout_s: float = 45.0) -> bytes:
    """Initialisation and `segments` whole segments of `entity_id`, a fragmented MP4. Errors: DemoError."""
    try:
        async with asyncio.timeout(timeout_s):
            path = await playlist_path(hass, entity_id)
            return await _collect(hass, path, segments)
    except TimeoutError:
        raise DemoError(f"{entity_id}: no {segments} HLS segments within {timeout_s:.0f} s") from None


async def _collect(hass: HassClient, path: str, segments: int) -> bytes:
    start = b""
    taken: dict[str, bytes] = {}
    while True:
        playlist = (await hass.get(path)).decode()
        if not start and (found := _MAP.search(playlist)):
            start = await hass.get(_beside(path, found.group(1)))
        for name in (line for line in playlist.splitlines() if line and not line.startswith("#")):
            if name not in taken:
                taken[name] = await hass.get(_beside(path, name))
            if start and len(taken) == segments:
                return start + b"".join(taken.values())
        await asyncio.sleep(0.3)


def _beside(path: str, name: str) -> str:
    return f"{path.rpartition('/')[0]}/{name.removeprefix('./')}"
