"""Clips: recordings brought home for players, one at a time, into a cache.

A clip is a fragmented MP4 that can be watched while it comes; then it is rewritten for players to seek in.
"""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Iterator
from contextlib import aclosing, contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later, async_track_time_interval
from homeassistant.util.hass_dict import HassKey

from dvrip_proto import (
    DvripError,
    MediaFrame,
    ProtocolError,
    Recording,
    TransportError,
    UsageError,
    make_seekable,
    to_its_end,
)

from .clip_files import ClipWriter, clear_files, copy_clip, open_clip, remove_files
from .const import DOMAIN, LOGGER
from .session import DvripSession

CACHE_BYTES: Final = 1024**3
"""What the clips of all devices may take of the disk together, beside the one that comes."""

CACHE_AGE_S: Final = 3600.0
TIDY_EVERY: Final = timedelta(minutes=10)
ABANDONED_S: Final = 15.0
"""A player that seeks leaves and comes back; a download that nobody waits for any more is given up."""

_BATCH: Final = 64
_CHUNK: Final = 256 * 1024


class Clip:
    """One recording as a file that grows until `whole` or `error`; `seekable` once it is rewritten."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self.whole = False
        self.seekable = False
        self.error: DvripError | None = None
        self.used_at = monotonic()
        self.readers = 0
        self._news = asyncio.Event()

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.whole or self.error is not None

    @callback
    def tell(self) -> None:
        """Wake whoever waits for more."""
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def beyond(self, size: int) -> None:
        """Wait for more than `size` bytes, or for the end. Raises what ended it early."""
        while self.size <= size and not self.ended:
            await self._news.wait()
        if self.error is not None and self.size <= size:
            raise self.error


class Clips:
    """The clips of one device; whatever is fetched from its disks holds `one_at_a_time`."""

    def __init__(self, hass: HomeAssistant, session: DvripSession, folder: Path) -> None:
        self._hass = hass
        self._session = session
        self._folder = folder
        self.one_at_a_time = asyncio.Lock()
        self._clips: dict[str, Clip] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._abandoned: dict[str, CALLBACK_TYPE] = {}
        self._numbers = count()
        self._stopped = False
        self._stop_tidying: CALLBACK_TYPE | None = None

    async def async_start(self) -> None:
        """Remove what a Home Assistant left that ended without a word, and what gets old from now on."""
        self._hass.data.setdefault(_ALL, set()).add(self)
        self._stop_tidying = async_track_time_interval(self._hass, self._tidy, TIDY_EVERY)
        await self._hass.async_add_executor_job(clear_files, self._folder, f"{self._entry_id}-*")

    @callback
    def async_clip(self, recording: Recording) -> Clip:
        """The clip of a recording, on its way or complete. TransportError once the entry is unloaded."""
        if self._stopped:
            raise TransportError(f"{self._session.address}: the integration is being unloaded")
        key = key_of(recording)
        clip = self._clips.get(key)
        if clip is None or clip.error is not None:
            for other in tuple(self._abandoned):  # who has chosen another one does not come back
                self._give_up(other)
            # Under a name of its own: one that is being removed may have been of the same recording.
            name = f"{self._entry_id}-{key}-{next(self._numbers)}.mp4"
            clip = self._clips[key] = Clip(self._folder / name)
            # Not at once: one that fails without a wait would be over before it is known here.
            self._tasks[key] = self._session.config_entry.async_create_background_task(
                self._hass,
                self._fetch(key, recording, clip),
                f"{self._session.name}: {recording}",
                eager_start=False,
            )
        clip.used_at = monotonic()
        return clip

    async def async_chunks(self, recording: Recording) -> AsyncIterator[bytes]:
        """The bytes of a clip as they come. Raises what ended it early."""
        clip, sent = self.async_clip(recording), 0
        with self._reader(key_of(recording), clip):
            await clip.beyond(0)
            file = await self._hass.async_add_executor_job(open_clip, clip.path)
            try:
                # To the end of this very file: one that is replaced has another size.
                while chunk := await self._hass.async_add_executor_job(file.read, _CHUNK):
                    sent += len(chunk)
                    yield chunk
                    await clip.beyond(sent)
            finally:
                await self._hass.async_add_executor_job(file.close)

    async def async_whole(self, recording: Recording) -> Clip:
        """A complete clip, in which players can seek. Raises what ended it early."""
        clip, key = self.async_clip(recording), key_of(recording)
        with self._reader(key, clip):
            while not clip.ended:
                await clip.beyond(clip.size)
            if (rewriting := self._tasks.get(key)) is not None:
                await asyncio.wait([rewriting])
            if clip.error is not None:
                raise clip.error
        return clip

    async def async_save(self, recording: Recording, target: Path) -> None:
        """Put a complete clip where a person wants it."""
        clip, key = self.async_clip(recording), key_of(recording)
        with self._reader(key, clip):  # until it is copied, nothing makes room of it
            await self.async_whole(recording)
            await self._hass.async_add_executor_job(copy_clip, clip.path, target)

    @contextmanager
    def _reader(self, key: str, clip: Clip) -> Iterator[None]:
        """Somebody waits for a clip; when nobody does any more, its download is given up after a while."""
        clip.readers += 1
        if (forget := self._abandoned.pop(key, None)) is not None:
            forget()
        try:
            yield
        finally:
            clip.readers -= 1
            if not clip.readers and not clip.ended:
                waited_for = any(not other.ended for other in self._clips.values() if other is not clip)
                patience_s = 0 if waited_for else ABANDONED_S
                self._abandoned[key] = async_call_later(self._hass, patience_s, partial(self._give_up, key))

    async def async_stop(self) -> None:
        """Give up every download and remove every clip; any number of times."""
        self._stopped = True
        if self._stop_tidying is not None:
            self._stop_tidying()
            self._stop_tidying = None
            self._hass.data[_ALL].discard(self)
        for forget in self._abandoned.values():
            forget()
        self._abandoned.clear()
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        clips, self._clips = list(self._clips.values()), {}
        for clip in clips:
            if not clip.ended:  # given up before it began
                clip.error = TransportError(f"{self._session.address}: given up")
                clip.tell()
        await self._hass.async_add_executor_job(remove_files, [clip.path for clip in clips])

    @callback
    def _give_up(self, key: str, _now: datetime | None = None) -> None:
        self._abandoned.pop(key)()
        if key in self._tasks and not self._clips[key].readers:
            self._tasks[key].cancel()

    async def _fetch(self, key: str, recording: Recording, clip: Clip) -> None:
        failed: DvripError | None = None
        try:
            async with self.one_at_a_time:
                await self._make_room()
                await self._download(recording, clip)
            clip.whole = True
            clip.tell()
            await self._rewrite(recording, clip)
        except DvripError as error:
            LOGGER.debug("%s: %s: %s", self._session.name, recording, error)
            failed = error
        except OSError as error:
            LOGGER.warning("%s: %s cannot be kept: %s", self._session.name, recording, error)
            failed = UsageError(f"{self._session.address}: {recording} cannot be kept: {error.strerror}")
        except Exception as error:  # noqa: BLE001 - whoever waits for it has to hear of it
            LOGGER.exception("%s: unexpected error with %s", self._session.name, recording)
            failed = ProtocolError(f"{self._session.address}: {recording}: {type(error).__name__}")
        except asyncio.CancelledError:
            failed = TransportError(f"{self._session.address}: {recording}: given up")
            raise
        finally:
            if failed is not None:
                await self._blocking(remove_files, [clip.path])
            # From here on another attempt may be made.
            clip.error = failed
            self._tasks.pop(key, None)
            clip.tell()

    async def _rewrite(self, recording: Recording, clip: Clip) -> None:
        """Let players seek in it; where that cannot be, as on a full disk, it is there all the same."""
        try:
            # Whoever watches goes on with the file as it grew: it is replaced, not changed.
            clip.size = await self._blocking(make_seekable, clip.path)
            clip.seekable = True
        except DvripError as error:
            LOGGER.info("%s: nobody can seek in %s: %s", self._session.name, recording, error)

    async def _download(self, recording: Recording, clip: Clip) -> None:
        writer = await self._blocking(ClipWriter, clip.path)
        try:
            async with (
                self._session.device.recordings.download(recording) as frames,
                aclosing(in_batches(frames)) as batches,
            ):
                async for batch in batches:
                    clip.size = await self._blocking(writer.write, batch)
                    clip.tell()
            clip.size = await self._blocking(writer.finish)
        finally:
            await self._blocking(writer.close)

    async def _blocking[*Ts, T](self, work: Callable[[*Ts], T], *args: *Ts) -> T:
        """Run in a thread, to its end even when given up: nothing else may touch the file meanwhile."""
        return await to_its_end(self._hass.async_add_executor_job(work, *args))

    async def _tidy(self, _now: datetime) -> None:
        await self._make_room()

    async def _make_room(self) -> None:
        """Remove what is old, then what was used longest ago, of any device, until one more has its place."""
        everyone = self._hass.data[_ALL]
        idle = [(clip, clips, key) for clips in everyone for key, clip in clips.idle()]
        total = sum(clips.size for clips in everyone)
        gone: list[Path] = []
        for clip, clips, key in sorted(idle, key=lambda each: each[0].used_at):
            if total > CACHE_BYTES or monotonic() - clip.used_at > CACHE_AGE_S or clip.error is not None:
                total -= clip.size
                gone.append(clips.let_go(key))
        await self._hass.async_add_executor_job(remove_files, gone)

    @property
    def size(self) -> int:
        """Bytes of all clips."""
        return sum(clip.size for clip in self._clips.values())

    @callback
    def idle(self) -> Iterator[tuple[str, Clip]]:
        """The clips that nobody reads or writes, by their keys."""
        for key, clip in self._clips.items():
            if clip.ended and not clip.readers and key not in self._tasks:
                yield key, clip

    @callback
    def let_go(self, key: str) -> Path:
        """Forget a clip; its file, which is to be removed."""
        return self._clips.pop(key).path

    @property
    def _entry_id(self) -> str:
        return self._session.config_entry.entry_id


_ALL: Final[HassKey[set[Clips]]] = HassKey(f"{DOMAIN}_clips")


async def in_batches(frames: AsyncIterable[MediaFrame]) -> AsyncGenerator[list[MediaFrame]]:
    """What has come since the last batch was taken: a frame of a device that sends slowly, many of others."""
    waiting: asyncio.Queue[MediaFrame] = asyncio.Queue(_BATCH)

    async def fill() -> None:
        try:
            async for frame in frames:
                await waiting.put(frame)
        finally:
            waiting.shutdown()

    filling = asyncio.create_task(fill())
    try:
        with suppress(asyncio.QueueShutDown):
            while True:
                batch = [await waiting.get()]
                while not waiting.empty():
                    batch.append(waiting.get_nowait())
                yield batch
        await filling
    finally:
        filling.cancel()
        await asyncio.wait({filling})


def key_of(recording: Recording) -> str:
    """What tells a recording from the others of its device."""
    return digest(f"{recording.channel}|{recording.stream}|{recording.begin}|{recording.name}")


def digest(text: str) -> str:
    """A short name for a text of the device, which is no name for a file."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
