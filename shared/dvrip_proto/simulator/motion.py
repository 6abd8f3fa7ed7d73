"""Motion on a schedule: every so many seconds, channel after channel; or by chance."""

from __future__ import annotations

import asyncio
import itertools
import random
from typing import Final

from .server import Simulator

_EVENT: Final = "VideoMotion"


async def move(device: Simulator, *, every_s: float, for_s: float) -> None:
    """Raise motion for ever; channels whose detection is switched off see none."""
    for turn in itertools.count():
        channel = turn % device.channels
        await asyncio.sleep(max(every_s - for_s, 0.0))
        await _once(device, channel, for_s)


async def chance(device: Simulator, *, per_minute: float, for_s: float, turn_s: float = 1.0) -> None:
    """Raise motion for ever on channels by chance: with this probability there is some within a minute."""
    probability = 1.0 - (1.0 - per_minute) ** (turn_s / 60.0)
    while True:
        await asyncio.sleep(turn_s)
        if random.random() < probability:
            await _once(device, random.randrange(device.channels), for_s)


async def _once(device: Simulator, channel: int, for_s: float) -> None:
    detectors = device.state.config.get("Detect.MotionDetect", [])
    seen = device.up and channel < len(detectors) and detectors[channel]["Enable"]
    if seen:
        device.raise_alarm(channel, _EVENT, active=True)
    await asyncio.sleep(for_s)
    if seen:
        device.raise_alarm(channel, _EVENT, active=False)
