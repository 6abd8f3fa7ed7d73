"""One picture of a channel from any device: taken by the device, or made of a key frame of its video."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Final

from ..device import Device
from ..errors import RequestTimeoutError, UnsupportedError
from ..media.jpeg import jpeg
from .hub import Hub

PATIENCE_S: Final = 4.0  # cameras need one or two seconds


async def take_picture(device: Device, channel: int = 0) -> bytes:
    """JPEG of a channel (from 0). Recorders refuse or ignore snapshots: then of the main stream's key frame.

    A key frame needs PyAV (extra `av`): UnsupportedError without it.
    """
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await device.snapshot.take(channel)
    except (UnsupportedError, RequestTimeoutError, TimeoutError):
        hub = Hub(partial(device.monitor.open, channel), linger_s=0.0, name=device.connection.where)
        try:
            keyframe = await hub.keyframe(timeout_s=device.connection.timeout_s)
        finally:
            await hub.close()
        return await asyncio.to_thread(jpeg, keyframe)
