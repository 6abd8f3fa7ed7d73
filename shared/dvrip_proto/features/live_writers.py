"""Writers of live video: each takes the frames of a stream and puts them into a file or pipe as they come."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Protocol, cast, override

from ..errors import ProtocolError, UsageError
from ..media.container import CONTAINERS, Container, import_av
from ..media.nal import START_CODE
from ..media.retime import Retimer
from ..media.units import Track, Unit, VideoFormat
from ..wire.media import FrameKind, MediaFrame

RAW: Final = {".h264": "h264", ".264": "h264", ".h265": "h265", ".265": "h265", ".hevc": "h265"}
_HELD_PICTURES: Final = 50
_HELD_BYTES: Final = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What is in a file: "" and 0 before the first picture."""

    codec: str = ""
    width: int = 0
    height: int = 0
    seconds: float = 0.0
    sound: bool = False


class ChangedError(ProtocolError):
    """What comes now does not fit into the file that was begun."""


class Writer(Protocol):
    """Takes the frames of a stream at their times; `recorded` is what it has written."""

    name: str
    recorded: Recorded

    def take(self, frame: MediaFrame, now_s: float) -> None:
        """Write a frame that came at `now_s`, or leave it out."""

    def interrupt(self) -> None:
        """Expect a stream that starts anywhere."""

    def close(self) -> None:
        """Complete what was written."""


def suffix_of(target: Path) -> str:
    """Suffix of RAW or CONTAINERS that a file has. UsageError for another, and where there is no such folder.

    UnsupportedError for a container without PyAV.
    """
    suffix = _known(target.suffix.lower(), str(target))
    if not target.parent.is_dir():
        raise UsageError(f"{target.parent}: is no directory")
    return suffix


def writer_to(target: BinaryIO, suffix: str, name: str, *, whole: bool = False) -> Writer:
    """Writer of a suffix into a target that has `write`; `whole` for one that can be sought in."""
    if _known(suffix, name) in RAW:
        return _Raw(target, RAW[suffix], name)
    container = CONTAINERS[suffix]
    if whole:
        return _Contained(target, container, name, fragmented=False)
    return _Contained(cast("BinaryIO", _Pipe(target)), container, name, fragmented=suffix != ".mkv")


def _known(suffix: str, name: str) -> str:
    if suffix not in {**RAW, **CONTAINERS}:
        raise UsageError(f"{name}: the name must end in one of {', '.join((*RAW, *CONTAINERS))}")
    if suffix in CONTAINERS:
        import_av()
    return suffix


class _Pipe:
    """Only `write` of a file: what a pipe has of `seek` is an error."""

    def __init__(self, target: BinaryIO) -> None:
        self.write = target.write


class _Raw(Writer):
    """Pictures as the device sends them, from the first key picture on."""

    def __init__(self, target: BinaryIO, codec: str, name: str) -> None:
        self.recorded = Recorded()
        self._target = target
        self._codec = codec
        self.name = name
        self._began_s = 0.0
        self._follows = False

    @override
    def take(self, frame: MediaFrame, now_s: float) -> None:
        if frame.kind is FrameKind.I:
            if frame.codec != self._codec:
                raise UsageError(f"{self.name}: the device sends {frame.codec}: name the file so, or .mp4")
            if not self.recorded.codec:
                self._began_s = now_s
            self._follows = True
        elif frame.kind is not FrameKind.P or not self._follows:
            return
        self._target.write(frame.payload)
        self.recorded = Recorded(
            codec=self._codec,
            width=frame.width or self.recorded.width,
            height=frame.height or self.recorded.height,
            seconds=now_s - self._began_s,
        )

    @override
    def interrupt(self) -> None:
        self._follows = False

    @override
    def close(self) -> None:
        self._target.flush()


class _Contained(Writer):
    """Pictures and sound on one clock; the first wait until it is known whether there is sound."""

    def __init__(self, target: BinaryIO, kind: str, name: str, *, fragmented: bool) -> None:
        self.recorded = Recorded()
        self._target = target
        self._kind = kind
        self.name = name
        self._fragmented = fragmented
        self._retimer = Retimer(self._changed)
        self._container: Container | None = None
        self._held: list[Unit] = []
        self._video: VideoFormat | None = None
        self._began_s = 0.0

    @override
    def take(self, frame: MediaFrame, now_s: float) -> None:
        units = self._retimer.take(frame, now_s)
        if self._container is not None:
            for unit in units:
                self._write(self._container, unit)
            return
        if not self._held:
            units = [unit for unit in units if unit.track is Track.VIDEO]
            self._video = self._retimer.video
        self._held += units
        pictures = sum(unit.track is Track.VIDEO for unit in self._held)
        size = sum(unit.size for unit in self._held)
        if self._held and (self._retimer.sound or pictures >= _HELD_PICTURES or size > _HELD_BYTES):
            self._open()

    @override
    def interrupt(self) -> None:
        self._retimer.interrupt()

    @override
    def close(self) -> None:
        if self._container is None and self._held:
            self._open()
        if self._container is not None:
            self._container.close()

    def _open(self) -> None:
        sound = self._retimer.sound
        self._container = Container(self._target, self._kind, sound=sound, fragmented=self._fragmented)
        self._began_s = self._held[0].time_s
        for unit in self._held:
            self._write(self._container, unit)
        self._held.clear()

    def _write(self, container: Container, unit: Unit) -> None:
        video, at_s = self._video, unit.time_s - self._began_s
        if unit.track is Track.VIDEO and video is not None:
            payload = b"".join(b"\0" + START_CODE + part for part in unit.parts)
            container.picture(payload, at_s, codec=video.codec, fps=video.fps, keyframe=unit.keyframe)
            self.recorded = Recorded(
                codec=video.codec,
                width=video.width,
                height=video.height,
                seconds=container.seconds,
                sound=container.has_sound,
            )
        elif unit.track is Track.G711 and container.sound is not None and at_s >= 0:
            container.block(b"".join(unit.parts), round(at_s * container.sound.rate))
        elif unit.track is Track.AAC and container.coded is not None and at_s >= 0:
            container.frames(map(bytes, unit.parts), round(at_s * container.coded.rate))

    def _changed(self, what: str) -> None:
        if self._container is not None or self._held:
            raise ChangedError(f"{self.name}: {what}: what came before is kept")
