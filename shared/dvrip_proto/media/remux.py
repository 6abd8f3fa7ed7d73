"""Video of a device into MP4, QuickTime and Matroska files, without coding the pictures again. Needs PyAV.

1. A `Container` takes pictures and sound at given times; a `Remuxer` takes the frames of a recording, which
   carry the time of key frames in whole seconds, and finds out the others.
2. Everything here blocks: it is called in a thread. Nothing is imported before it is needed.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from ..errors import UsageError
from ..wire.media import FrameKind, MediaFrame
from . import adts
from .aac import FRAME_SAMPLES
from .container import G711, Container, container_of, import_av
from .frame_file import read_frames
from .new_file import fresh
from .pace import Pace, Timed
from .picture import LIMITS
from .recorded_clock import RecordedClock
from .units import AacFormat, AudioFormat

_HELD_PICTURES: Final = 50
_HELD_BYTES: Final = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Remuxed:
    """What went into a file: its codec, whether there is sound, and the seconds of video."""

    codec: str
    sound: bool
    seconds: float
    pictures: int


def remux_file(source: Path, target: Path) -> Remuxed:
    """Turn a recording that was saved with its headers into a file; its suffix is one of CONTAINERS.

    The name appears with the whole content. UsageError for files that cannot be read or written, or that
    have no video; UnsupportedError without PyAV.
    """
    kind = container_of(target)
    part = target.with_name(f"{target.name}.part")
    av = import_av()
    try:
        begun = fresh(part)
    except OSError as error:  # what another program writes stays
        raise UsageError(f"{target}: {error.strerror or error}") from error
    try:
        with begun as file, Remuxer(file, kind) as remuxer:
            for frame in read_frames(source):
                remuxer.add(frame)
        done = remuxer.result
        if not done.pictures:
            raise UsageError(f"{source}: there is no video in it")
        part.replace(target)
    except BaseException as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        if isinstance(error, (av.FFmpegError, OSError)):
            raise UsageError(f"{target}: {error.strerror or error}") from error
        raise
    return done


def make_seekable(file: Path) -> int:
    """Rewrite a fragmented MP4 as one that players can seek in; its size. The name always has a whole file.

    UsageError for what cannot be read or written; UnsupportedError without PyAV.
    """
    av = import_av()
    part = file.with_name(f"{file.name}.part")
    try:
        fresh(part).close()  # FFmpeg opens it by its name, twice
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}") from error
    try:
        with (
            av.open(str(file), "r", options=LIMITS) as source,
            av.open(str(part), "w", format="mp4", container_options={"movflags": "faststart"}) as target,
        ):
            streams = {
                stream.index: target.add_stream_from_template(stream, opaque=True)
                for stream in source.streams
            }
            for packet in source.demux():
                if packet.dts is not None:
                    packet.stream = streams[packet.stream.index]
                    target.mux(packet)
        part.replace(file)
        return file.stat().st_size
    except (av.FFmpegError, OSError) as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise UsageError(f"{file}: {error.strerror or error}") from error


class Remuxer:
    """Takes the frames of a recording in their order: `with Remuxer("x.mp4", "mp4") as remuxer: ...`."""

    def __init__(self, target: str | BinaryIO, kind: str, *, fragmented: bool = False) -> None:
        self._target = target
        self._kind = kind
        self._fragmented = fragmented
        self._container: Container | None = None
        self._held: list[MediaFrame] = []
        self._clock = RecordedClock()
        self._pace = Pace()

    def __enter__(self) -> Remuxer:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def add(self, frame: MediaFrame) -> None:
        """Write a frame; the first ones wait until it is known whether there is sound."""
        if self._container is not None:
            self._write(self._container, frame)
            return
        if self._held or frame.kind is FrameKind.I:
            self._held.append(frame)
        size = sum(len(held.payload) for held in self._held)
        if frame.kind is FrameKind.AUDIO or len(self._held) >= self._patience or size > _HELD_BYTES:
            self._open()

    @property
    def _patience(self) -> int:
        """Pictures that wait for sound: a second of them where somebody watches while they come."""
        rate = self._held[0].fps if self._held and self._fragmented else None
        return min(rate or _HELD_PICTURES, _HELD_PICTURES)

    def close(self) -> None:
        """Complete the file."""
        if self._container is None and self._held:
            self._open()
        if self._container is not None:
            self._show(self._container, self._pace.rest())
            self._container.close()

    @property
    def result(self) -> Remuxed:
        """What was written."""
        done = self._container
        if done is None:
            return Remuxed(codec="", sound=False, seconds=0.0, pictures=0)
        return Remuxed(codec=done.codec, sound=done.has_sound, seconds=done.seconds, pictures=done.pictures)

    def _open(self) -> None:
        if not self._held:
            return
        sounds = (_sound_of(frame) for frame in self._held if frame.kind is FrameKind.AUDIO)
        sound = next((each for each in sounds if each is not None), None)
        self._container = Container(self._target, self._kind, sound=sound, fragmented=self._fragmented)
        for frame in self._held:
            self._write(self._container, frame)
        self._held.clear()

    def _write(self, container: Container, frame: MediaFrame) -> None:
        # Whoever watches a file while it grows does not wait for its pace to be found out.
        silent = not container.has_sound
        if silent and not self._fragmented and frame.kind in (FrameKind.I, FrameKind.P):
            self._show(container, self._pace.add(frame))
        elif frame.kind in (FrameKind.I, FrameKind.P):
            seconds = self._clock.picture(frame)
            container.picture(
                frame.payload, seconds, codec=frame.codec or "", fps=frame.fps, keyframe=frame.keyframe
            )
        elif container.sound is not None and frame.kind is FrameKind.AUDIO and frame.codec in G711:
            rate = container.sound.rate
            container.block(frame.payload, round(self._clock.sound(len(frame.payload), rate) * rate))
        elif container.coded is not None and frame.kind is FrameKind.AUDIO:
            coded = adts.split(frame.payload)
            if coded is not None and coded[0] == container.coded:
                rate, samples = container.coded.rate, len(coded[1]) * FRAME_SAMPLES
                container.frames(coded[1], round(self._clock.sound(samples, rate) * rate))

    @staticmethod
    def _show(container: Container, timed: list[Timed]) -> None:
        for frame, seconds, rate in timed:
            container.picture(
                frame.payload, seconds, codec=frame.codec or "", fps=rate, keyframe=frame.keyframe
            )


def _sound_of(frame: MediaFrame) -> AudioFormat | AacFormat | None:
    """What can be written of a block of sound; None for what cannot."""
    if frame.codec is None:
        coded = adts.split(frame.payload)
        return None if coded is None else coded[0]
    return AudioFormat(codec=frame.codec, rate=frame.sample_rate) if frame.sample_rate else None
