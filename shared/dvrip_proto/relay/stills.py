"""Pictures of a device's channels: taken by the device, or made of a key frame of its video.

1. One picture for all who ask at once, and for two seconds.
2. Recorders refuse or ignore snapshots; whoever does is not asked again for minutes: silence costs a wait.
3. Key frames come through one connection for all channels, closed as soon as one is here. Whoever has to
   wait for it gets the last picture meanwhile, if that is not older than a minute.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from ..device import Device
from ..errors import DvripError, RequestError, TransportError
from ..media.jpeg import jpeg
from .hub import Hub


@dataclass(frozen=True, slots=True, kw_only=True)
class StillTimes:
    """Seconds. Home Assistant gives up after ten: a snapshot, a key frame and the decoder have to fit."""

    snapshot_s: float = 3.0  # cameras need one or two
    keyframe_s: float = 5.0
    keyframe_age_s: float = 10.0
    same_s: float = 2.0
    meanwhile_s: float = 60.0
    patience_s: float = 1.0
    retry_s: float = 300.0


class Stills:
    """Takes JPEGs of one device: `device` gives it, `hub` the stream of a channel (from 0).

    `times` may be replaced. Made while an event loop runs, ended by `close`.
    """

    def __init__(
        self,
        device: Callable[[], Device],
        hub: Callable[[int, str], Hub],
        *,
        times: StillTimes | None = None,
    ) -> None:
        self.times = times or StillTimes()
        self._device = device
        self._hub = hub
        self._now = asyncio.get_running_loop().time
        self._pictures: dict[tuple[int, str], _Picture] = {}
        self._refused_until: dict[int, float] = {}
        self._silent_until = 0.0
        self._turn = asyncio.Lock()
        self._closed = False

    async def take(self, channel: int, stream: str = "Main") -> bytes:
        """JPEG of a channel, of `stream` when it is made of a key frame, which needs PyAV (extra `av`).

        Errors: those of the device or of the stream.
        """
        if self._now() >= max(self._silent_until, self._refused_until.get(channel, 0.0)):
            try:
                return await self._picture(channel, "").get(partial(self._snapshot, channel), self.times)
            except TimeoutError:  # a RequestTimeoutError is one, too
                self._silent_until = self._now() + self.times.retry_s
            except RequestError:
                self._refused_until[channel] = self._now() + self.times.retry_s
        picture = self._picture(channel, stream)
        try:
            return await picture.get(partial(self._of_key_frame, channel, stream), self.times)
        except DvripError:
            if picture.younger(self.times.meanwhile_s):
                return picture.image
            raise

    async def close(self) -> None:
        """Take no more pictures, whoever waits for one gets a TransportError; any number of times."""
        self._closed = True
        await asyncio.gather(*(picture.close() for picture in self._pictures.values()))

    def _picture(self, channel: int, stream: str) -> _Picture:
        if self._closed:
            raise _closed()
        return self._pictures.setdefault((channel, stream), _Picture())

    async def _snapshot(self, channel: int) -> bytes:
        async with asyncio.timeout(self.times.snapshot_s):
            return await self._device().snapshot.take(channel)

    async def _of_key_frame(self, channel: int, stream: str) -> bytes:
        hub, times = self._hub(channel, stream), self.times
        if hub.streaming:
            frame = await hub.keyframe(times.keyframe_age_s, times.keyframe_s)
        else:
            async with self._turn:
                frame = await hub.keyframe(times.keyframe_age_s, times.keyframe_s)
                await hub.closed()
        return await asyncio.to_thread(jpeg, frame)


class _Picture:
    """The last picture of one kind, and the next one on its way, which nobody who leaves stops."""

    def __init__(self) -> None:
        self.image = b""
        self._taken_at = float("-inf")
        self._task: asyncio.Task[None] | None = None

    async def get(self, fetch: Callable[[], Awaitable[bytes]], times: StillTimes) -> bytes:
        """A picture as new as `times` want it."""
        if self.younger(times.same_s):
            return self.image
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._fetch(fetch))
            self._task.add_done_callback(_seen)
        task = self._task
        if self.younger(times.meanwhile_s):
            await asyncio.wait({task}, timeout=times.patience_s)
            if not task.done():
                return self.image
        await asyncio.wait({task})
        if task.cancelled():
            raise _closed()
        task.result()
        return self.image

    async def close(self) -> None:
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait({self._task})

    def younger(self, age_s: float) -> bool:
        return bool(self.image) and asyncio.get_running_loop().time() - self._taken_at <= age_s

    async def _fetch(self, fetch: Callable[[], Awaitable[bytes]]) -> None:
        self.image = await fetch()
        self._taken_at = asyncio.get_running_loop().time()


def _closed() -> TransportError:
    return TransportError("no picture is taken any more")


def _seen(task: asyncio.Task[None]) -> None:
    if not task.cancelled():
        task.exception()


async def take_picture(device: Device, channel: int = 0) -> bytes:
    """JPEG of a channel (from 0). Recorders refuse or ignore snapshots: then of the main stream's key frame.

    A key frame needs PyAV (extra `av`): UnsupportedError without it.
    """
    timeout_s = device.connection.timeout_s
    hub = Hub(partial(device.monitor.open, channel), linger_s=0.0, name=device.connection.where)
    times = StillTimes(snapshot_s=min(4.0, timeout_s), keyframe_s=timeout_s)
    stills = Stills(lambda: device, lambda _channel, _stream: hub, times=times)
    try:
        return await stills.take(channel)
    finally:
        try:
            await stills.close()
        finally:
            await hub.close()
