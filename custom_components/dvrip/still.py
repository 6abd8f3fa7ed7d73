"""Stills of one channel: one picture for all who ask within two seconds, in whatever way it can be had."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from time import monotonic

from homeassistant.core import HomeAssistant

from dvrip_proto import Hub, RequestError
from dvrip_proto.relay import jpeg

from .session import DvripSession

CACHE_S = 2.0

SNAPSHOT_TIMEOUT_S = 3.0
KEYFRAME_TIMEOUT_S = 5.0
"""Home Assistant gives up after 10 s: both ways have to fit, and the decoder."""

KEYFRAME_AGE_S = 10.0

RETRY_S = 300.0
"""A device whose snapshots fail goes on failing for minutes, and its silence costs a wait each time."""


class Stills:
    """Takes JPEGs of one channel: from the device, or of a stream's key frame when the device cannot."""

    def __init__(
        self, hass: HomeAssistant, session: DvripSession, hub: Callable[[int, str], Hub], channel: int
    ) -> None:
        self._hass = hass
        self._session = session
        self._hub = hub
        self._channel = channel
        self._snapshot = _Shared(self._take_snapshot)
        self._keyframes: dict[str, _Shared] = {}
        self._retry_at = float("-inf")

    async def take(self, stream: str) -> bytes:
        """A JPEG at most `CACHE_S` old. Errors: those of the device or of the stream."""
        if monotonic() >= max(self._retry_at, self._session.snapshots_silent_until):
            try:
                return await self._snapshot.get()
            except TimeoutError:
                self._session.snapshots_silent_until = monotonic() + RETRY_S
            except RequestError:
                self._retry_at = monotonic() + RETRY_S
        shared = self._keyframes.setdefault(stream, _Shared(partial(self._decode_keyframe, stream)))
        return await shared.get()

    async def _take_snapshot(self) -> bytes:
        async with asyncio.timeout(SNAPSHOT_TIMEOUT_S):
            return await self._session.device.snapshot.take(self._channel)

    async def _decode_keyframe(self, stream: str) -> bytes:
        hub = self._hub(self._channel, stream)
        keyframe = await hub.keyframe(KEYFRAME_AGE_S, KEYFRAME_TIMEOUT_S)
        return await self._hass.async_add_executor_job(jpeg, keyframe)


class _Shared:
    def __init__(self, fetch: Callable[[], Awaitable[bytes]]) -> None:
        self._fetch = fetch
        self._lock = asyncio.Lock()
        self._image = b""
        self._taken_at = float("-inf")

    async def get(self) -> bytes:
        async with self._lock:
            if monotonic() - self._taken_at > CACHE_S:
                self._image = await self._fetch()
                self._taken_at = monotonic()
            return self._image
