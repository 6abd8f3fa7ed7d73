"""Motion on a schedule: every so many seconds, for so many seconds, channel after channel."""

from __future__ import annotations

import asyncio
import itertools
from typing import Final

from .server import Simulator

_EVENT: Final = "VideoMotion"


async def move(device: Simulator, *, every_s: float, for_s: float) -> None:
    """Raise motion for ever; channels whose detection is switched off see none."""
    for turn in itertools.count():
        channel = turn % device.channels
        await asyncio.sleep(max(every_s - for_s, 0.0))
        detectors = device.state.config.get("Detect.MotionDetect", [])
        if not device.up or not (channel < len(detectors) and detectors[channel]["Enable"]):
            await asyncio.sleep(for_s)
            continue
        device.raise_alarm(channel, _EVENT, active=True)
        await asyncio.sleep(for_s)
        device.raise_alarm(channel, _EVENT, active=False)
