"""One device stream for many viewers: each gets it from a key frame on, on one clock, at its own speed.

1. Stamps rise over reconnects of the device, and no gap is longer than `outage_s`.
2. A viewer never gets frames that do not fit what it was told at first: it is ended, and opens again.
3. A slow viewer is ended; the device and the other viewers never wait for it.
4. A hub that repeats shows the last picture while its device is away: some viewers end when nothing comes.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable
from contextlib import suppress

from ..errors import DvripError, RequestTimeoutError, TransportError, UnsupportedError, UsageError
from ..media import aac
from ..media.retime import VIDEO_CODECS, Retimer
from ..media.units import AacFormat, AudioFormat, KeyFrame, Presentation, Track, Unit
from ..stream import OpenStream
from ..wire.media import FrameKind, MediaFrame
from .gop import Gop
from .source import Source
from .viewer import Viewer

_LOGGER = logging.getLogger(__name__)

MAX_VIEWERS = 16
BUFFER_BYTES = 12 * 1024 * 1024
OUTAGE_S = 120.0  # a recorder that restarts is away for more than a minute
_AUDIO_GRACE_S = 0.5  # a device that sends audio sends it every 20-40 ms
_EPOCH_S = 10.0  # FFmpeg takes a first timestamp of 0 for none


class Hub:
    """Serves one device stream to at most `max_viewers`; made while an event loop runs.

    `open_stream()` is entered for the first viewer or still, left `linger_s` after the last viewer, at once
    after a still, and entered again when the device loses it; after `outage_s` without a picture every viewer
    is ended. `name` stands in errors and logs. A viewer that is `buffer_bytes` or 10 s behind is ended. With
    `repeat_s` the last key frame is sent that often, with new stamps, while the device's stream is lost.
    """

    def __init__(
        self,
        open_stream: OpenStream,
        *,
        linger_s: float = 15.0,
        name: str = "",
        outage_s: float = OUTAGE_S,
        repeat_s: float | None = None,
        max_viewers: int = MAX_VIEWERS,
        buffer_bytes: int = BUFFER_BYTES,
        audio: bool = True,
    ) -> None:
        self.name = name
        self._source = Source(
            open_stream,
            on_open=self._opened,
            on_frame=self._frame,
            on_stop=self._stopped,
            name=name,
            linger_s=linger_s,
            outage_s=outage_s,
        )
        self._max_viewers = max_viewers
        self._buffer_bytes = buffer_bytes
        self._viewers: set[Viewer] = set()
        self._waiting: set[asyncio.Future[KeyFrame]] = set()
        self._closed = False
        self._loop = asyncio.get_running_loop()
        self._epoch_s = self._loop.time() - _EPOCH_S
        self._retimer = Retimer(self._changed, audio=audio)
        self._gop = Gop()
        self._last_key: KeyFrame | None = None
        self._first_picture_s = math.inf
        self._heard = asyncio.Event()
        self._repeat_s = repeat_s
        self._repeating: asyncio.TimerHandle | None = None
        self._given_s = self._loop.time()

    @property
    def viewers(self) -> int:
        """How many viewers are attached."""
        return len(self._viewers)

    @property
    def streaming(self) -> bool:
        """Whether the device's stream is open now."""
        return self._source.open

    @property
    def now_s(self) -> float:
        """The clock that the stamps of units count, in seconds."""
        return self._loop.time() - self._epoch_s

    def attach(self, on_end: Callable[[], None] | None = None) -> Viewer:
        """Return a new viewer, which `detach` takes back. The first one starts the device's stream."""
        if self._closed:
            raise UsageError(f"{self.name}: the relay is closed")
        if len(self._viewers) >= self._max_viewers:
            raise UsageError(f"{self.name}: {self._max_viewers} viewers are the limit")
        viewer = Viewer(max_bytes=self._buffer_bytes, on_end=on_end)
        self._viewers.add(viewer)
        self._source.hold()
        return viewer

    def detach(self, viewer: Viewer, error: DvripError | None = None) -> None:
        """End `viewer`; nothing happens when it has ended."""
        if viewer not in self._viewers:
            return
        self._viewers.remove(viewer)
        self._source.release()
        viewer.end(error)

    async def describe(self, viewer: Viewer, timeout_s: float = 4.5) -> Presentation:
        """Return what the stream consists of, as soon as its first key frame is here; `viewer` relies on it.

        Raises RequestTimeoutError when none comes in time, UnsupportedError for a codec that cannot be
        relayed, and whatever error the stream failed to open with.
        """
        deadline_s = self._loop.time() + timeout_s
        while self._retimer.video is None:
            key = await self._next_key_frame(deadline_s - self._loop.time())
            if key.codec not in VIDEO_CODECS:
                raise UnsupportedError(
                    f"{self.name}: video of codec {key.codec or 'unknown'} cannot be relayed"
                )
        grace_s = min(self._first_picture_s + _AUDIO_GRACE_S, deadline_s) - self._loop.time()
        if self._retimer.sound is None and grace_s > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._heard.wait(), grace_s)
        sound = self._retimer.sound
        if sound is None and self._retimer.unplayable:
            _LOGGER.info("%s: sound of codec %s cannot be relayed", self.name, self._retimer.unplayable)
        made = await _aac_of(sound)
        if self._retimer.video is None:
            raise TransportError(f"{self.name}: the device ended the stream")
        viewer.presentation = Presentation(
            video=self._retimer.video, audio=sound if isinstance(sound, AudioFormat) else None, aac=made
        )
        return viewer.presentation

    def play(self, viewer: Viewer, tracks: frozenset[Track], *, squeezed: bool = False) -> None:
        """Send `tracks` to `viewer`, with the last seconds before; `squeezed` as `Gop.squeezed` says."""
        viewer.tracks = tracks
        if Track.AAC in tracks:
            self._gop.insert(self._retimer.encode(self._gop.units(frozenset({Track.G711}))))
        for unit in self._gop.squeezed() if squeezed else self._gop.units(tracks):
            viewer.offer(unit, self._loop.time())

    async def keyframe(self, max_age_s: float = 10.0, timeout_s: float = 10.0) -> KeyFrame:
        """Return the last key frame if it is young enough, else the next one, starting the stream for it.

        Raises RequestTimeoutError when none comes in time, or the error the stream failed to open with.
        """
        if self._last_key is not None and self._loop.time() - self._last_key.arrived_s <= max_age_s:
            return self._last_key
        return await self._next_key_frame(timeout_s)

    async def closed(self) -> None:
        """Wait until the device's stream is closed, unless somebody holds it."""
        await self._source.closed()

    async def close(self) -> None:
        """End every viewer, then the device's stream; the hub cannot be used again."""
        self._closed = True
        gone = TransportError(f"{self.name}: the relay is closed")
        for viewer in tuple(self._viewers):
            self.detach(viewer, gone)
        await self._source.close(gone)

    async def _next_key_frame(self, timeout_s: float) -> KeyFrame:
        if self._closed:
            raise UsageError(f"{self.name}: the relay is closed")
        came: asyncio.Future[KeyFrame] = self._loop.create_future()
        self._waiting.add(came)
        self._source.hold()
        try:
            done, _ = await asyncio.wait({came}, timeout=max(timeout_s, 0))
            if not done:
                raise RequestTimeoutError(f"{self.name}: no key frame in time")
            return came.result()
        finally:
            self._waiting.discard(came)
            if came.done():
                came.exception()  # seen, even when a cancellation came first
            self._source.release(linger=False)

    def _opened(self) -> None:
        self._retimer.interrupt()
        if self._repeat_s is not None and self._repeating is None:
            self._repeat(self._repeat_s)

    def _repeat(self, every_s: float) -> None:
        """Show the last picture again while there is no other; it does not count as one of the device."""
        now_s = self._loop.time()
        follows = self._source.open and self._retimer.synchronised  # what comes next builds on what came last
        if self._last_key is not None and not follows and now_s - self._given_s >= every_s:
            for unit in self._retimer.again(self._last_key, self.now_s):
                self._give(unit)
        due_s = max(self._given_s, now_s - 0.8 * every_s) + every_s
        self._repeating = self._loop.call_at(due_s, self._repeat, every_s)

    def _frame(self, frame: MediaFrame) -> None:
        now_s = self.now_s
        units = self._retimer.take(frame, now_s)
        if frame.kind is FrameKind.I:
            self._still(frame)
        if self._retimer.sound is not None:
            self._heard.set()
        for unit in units:
            self._publish(unit)

    def _stopped(self, error: DvripError | None) -> None:
        if self._repeating is not None:
            self._repeating.cancel()
            self._repeating = None
        self._given_s = self._loop.time()
        self._gop.clear()
        self._retimer.reset()
        self._heard.clear()
        self._first_picture_s = math.inf
        for came in self._waiting:
            if not came.done():
                came.set_exception(error or TransportError(f"{self.name}: the stream was stopped"))
        for viewer in tuple(self._viewers):
            self.detach(viewer, error)

    def _still(self, frame: MediaFrame) -> None:
        now_s = self._loop.time()
        self._last_key = KeyFrame(
            codec=frame.codec or "",
            payload=frame.payload,
            time=frame.time,
            arrived_s=now_s,
            width=frame.width,
            height=frame.height,
        )
        self._first_picture_s = min(self._first_picture_s, now_s)
        for came in self._waiting:
            if not came.done():
                came.set_result(self._last_key)

    def _publish(self, unit: Unit) -> None:
        self._give(unit)
        if unit.track is Track.VIDEO:
            self._source.picture()

    def _give(self, unit: Unit) -> None:
        self._gop.add(unit)
        now_s = self._loop.time()
        if unit.track is Track.VIDEO:
            self._given_s = now_s
        for viewer in tuple(self._viewers):
            if not viewer.offer(unit, now_s):
                _LOGGER.warning("%s: a viewer reads too slowly and is dropped", self.name)
                self.detach(viewer, TransportError(f"{self.name}: the viewer reads too slowly"))

    def _changed(self, what: str) -> None:
        _LOGGER.info("%s: %s, viewers must open again", self.name, what)
        self._gop.clear()
        for viewer in tuple(self._viewers):
            if viewer.presentation is not None:
                self.detach(viewer, TransportError(f"{self.name}: {what}"))


async def _aac_of(sound: AudioFormat | AacFormat | None) -> AacFormat | None:
    """Return the AAC that can be had of a device's sound: its own, or what can be made of G.711 here."""
    if isinstance(sound, AudioFormat):
        return aac.encoded(sound.rate) if await aac.available(sound.rate) else None
    return sound
