"""Which video each channel shows: sources shared by a process's devices, prepared once, kept in a cache."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import threading
import weakref
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ...errors import DvripError, UsageError
from ..monitor import Key
from .clip import Clip, load, save
from .encode import import_av
from .jpeg import jpeg
from .prepare import Clips, file_clips, scene_clips
from .scene import EXTRA_FPS, FPS

_LOGGER = logging.getLogger(__name__)

_FORMAT: Final = 2
_SCENES: Final = ("h264", "h265", "h265+h264")
_VARIANTS: Final = 4
_STILLS_KEPT: Final = 16


def cache_folder() -> Path:
    """Where prepared clips are kept."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dvrip" / "clips"


class Source:
    """One source of video: `scene:h264`, `scene:h265`, `scene:h265+h264` (sub stream in H.264), or a file."""

    def __init__(self, text: str | Path, variant: int) -> None:
        self.text = str(text)
        self.scene = self.text.removeprefix("scene:") if self.text.startswith("scene:") else ""
        if self.scene and self.scene not in _SCENES:
            raise UsageError(f"video {self.text}: scenes are scene:h264, scene:h265 and scene:h265+h264")
        self.variant = variant % _VARIANTS if self.scene else 0
        if not self.scene and not Path(self.text).is_file():
            raise UsageError(f"video {self.text}: no such file")

    def key(self) -> str:
        """What the prepared clips are filed under: a changed file has another key."""
        if self.scene:
            identity = f"{self.text}/{self.variant}"
        else:
            status = Path(self.text).stat()
            identity = f"{Path(self.text).resolve()}/{status.st_size}/{status.st_mtime_ns}"
        return hashlib.sha256(f"{_FORMAT}/{identity}".encode()).hexdigest()[:24]


class Media:
    """The clips of one device's channels. Channels beyond the list of sources begin it anew."""

    def __init__(self, videos: Sequence[str | Path] | None, channels: int) -> None:
        texts = list(videos or ["scene:h264"])
        self._sources = [Source(texts[channel % len(texts)], channel) for channel in range(channels)]
        self._ready: dict[str, Clips] = {}
        self._stills: dict[tuple[str, int], bytes] = {}

    def shown(self, channel: int) -> tuple[tuple[str, int], ...]:
        """Codec and frame rate of a channel's main and extra stream; empty while nothing is prepared."""
        source = self._sources[channel]
        if source.scene:
            main, _, extra = source.scene.partition("+")
            return (main, FPS), (extra or main, EXTRA_FPS)
        return tuple((clip.codec, clip.fps) for clip in self._ready.get(source.key(), ()))

    async def prepare(self) -> None:
        """Have every clip in memory; UsageError for a source that cannot be used."""
        await asyncio.gather(*(self._clips(channel) for channel in range(len(self._sources))))

    async def clip(self, key: Key) -> Clip | None:
        """The clip a stream plays, None when it cannot be had: the reason is logged."""
        try:
            return (await self._clips(key[0]))[0 if key[1] == "Main" else 1]
        except DvripError as error:
            _LOGGER.warning("channel %d: %s", key[0], error)
            return None

    async def still(self, key: Key, position_s: float) -> bytes | None:
        """The stream's picture at a position as JPEG, from its last key frame."""
        clip = await self.clip(key)
        if clip is None:
            return None
        index = clip.keyframe_before(position_s)
        place = (self._sources[key[0]].key(), index)
        if place not in self._stills:
            if len(self._stills) >= _STILLS_KEPT:
                self._stills.clear()
            self._stills[place] = await asyncio.to_thread(jpeg, clip.codec, clip.frames[index].payload)
        return self._stills[place]

    async def _clips(self, channel: int) -> Clips:
        source = self._sources[channel]
        key = source.key()
        if key not in self._ready:
            self._ready[key] = await asyncio.to_thread(_prepared, source, key)
        return self._ready[key]


_LOCKS: Final[defaultdict[str, threading.Lock]] = defaultdict(threading.Lock)
_IN_MEMORY: weakref.WeakValueDictionary[str, Clip] = weakref.WeakValueDictionary()


def _prepared(source: Source, key: str) -> Clips:
    """The clips of a source: from memory, from the cache, or made now."""
    with _LOCKS[key]:
        main, extra = _IN_MEMORY.get(f"{key}-main"), _IN_MEMORY.get(f"{key}-extra")
        if main is None or extra is None:
            main, extra = _from_cache(key) or _made(source, key)
            _IN_MEMORY[f"{key}-main"], _IN_MEMORY[f"{key}-extra"] = main, extra
        return main, extra


def _from_cache(key: str) -> Clips | None:
    folder = cache_folder()
    try:
        return load(folder / f"{key}-main.clip"), load(folder / f"{key}-extra.clip")
    except UsageError:
        return None


def _made(source: Source, key: str) -> Clips:
    import_av()
    clips = scene_clips(source.scene, source.variant) if source.scene else file_clips(Path(source.text))
    folder = cache_folder()
    try:
        save(clips[0], folder / f"{key}-main.clip")
        save(clips[1], folder / f"{key}-extra.clip")
    except OSError as error:
        _LOGGER.warning("prepared video is not kept: %s: %s", folder, error.strerror or error)
    return clips
