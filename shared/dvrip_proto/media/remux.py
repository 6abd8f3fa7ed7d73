"""Video of a device into MP4, QuickTime and Matroska files, without coding the pictures again. Needs PyAV.

1. A `Container` takes pictures and G.711 at given times; a `Remuxer` takes the frames of a recording, which
   carry the time of key frames in whole seconds, and finds out the others.
2. G.711 stays as it is in QuickTime; MP4 and Matroska (as PyAV writes them) get AAC.
3. Everything here blocks: it is called in a thread. Nothing is imported before it is needed.
"""

from __future__ import annotations

import io
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from ..errors import ProtocolError, UnsupportedError, UsageError
from ..wire.media import FrameKind, MediaFrame
from .aac import FRAME_SAMPLES, AacEncoder, can_encode
from .clock import VIDEO_RATE, VideoClock
from .frame_file import read_frames
from .new_file import fresh
from .pace import DEFAULT_FPS as _DEFAULT_FPS
from .pace import Pace, Timed
from .picture import LIMITS
from .units import AudioFormat

if TYPE_CHECKING:
    from types import ModuleType

CONTAINERS: Final = {".mp4": "mp4", ".mov": "mov", ".mkv": "matroska"}
_KEEP_G711: Final = frozenset({"mov"})
_STREAM_NAMES: Final = {"h264": "h264", "h265": "hevc", "mpeg4": "mpeg4"}
_G711: Final = {"pcma": "pcm_alaw", "pcmu": "pcm_mulaw"}
_SILENCE: Final = {"pcma": b"\xd5", "pcmu": b"\xff"}
_ENCODER_FRAMES: Final = 4  # that the AAC encoder may hold back
# Half a second a fragment: who watches while a device sends slowly does not wait for its next key frame.
_FRAGMENTED: Final = {"movflags": "frag_keyframe+empty_moov+default_base_moof", "frag_duration": "500000"}
_HELD_PICTURES: Final = 50
_HELD_BYTES: Final = 8 * 1024 * 1024
_TIME_BASE: Final = Fraction(1, VIDEO_RATE)
# Times in frames are whole seconds: two of them tell a span to one second.
_DOUBT_S: Final = 1.5
_SAME_RATE: Final = 0.3
_CLOCK_SET_S: Final = 600
_UNHEARD: Final = 30  # pictures without sound between them: it counts the time no more


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
        with fresh(part) as file, Remuxer(file, kind) as remuxer:
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


def container_of(file: Path) -> str:
    """The kind of container that a file name asks for."""
    kind = CONTAINERS.get(file.suffix.lower())
    if kind is None:
        raise UsageError(f"{file}: the name must end in one of {', '.join(CONTAINERS)}")
    return kind


def import_av() -> ModuleType:
    """PyAV, or UnsupportedError that says how to get it."""
    try:
        import av
    except ImportError as error:
        raise UnsupportedError("MP4 needs PyAV: install dvrip-proto[av]") from error
    return av


class Container:
    """A file, or anything with `write`, that takes pictures and sound in the order of their times.

    It begins with the first key picture. `fragmented` MP4 is never sought in: it can be sent while it grows.
    """

    def __init__(
        self, target: str | BinaryIO, kind: str, *, sound: AudioFormat | None, fragmented: bool = False
    ) -> None:
        self._av: Any = import_av()
        self.seconds = 0.0
        self.pictures = 0
        self.codec = ""
        self._keeps_g711 = kind in _KEEP_G711
        encodable = sound is not None and (self._keeps_g711 or can_encode(sound.rate))
        self.sound = sound if encodable and sound is not None and sound.codec in _G711 else None
        options = _FRAGMENTED if fragmented else {}
        self._file: Any = self._av.open(target, "w", format=kind, container_options=options)
        self._video: Any = None
        self._audio: Any = None
        self._encoder: AacEncoder | None = None
        self._sound_end = 0

    def picture(self, payload: bytes, seconds: float, *, codec: str, fps: float, keyframe: bool) -> None:
        """Write a picture in Annex-B form. What comes before the first key picture is left out."""
        if self._video is None:
            if not keyframe:
                return
            self._begin(payload, codec)
        if codec != self.codec:
            raise UsageError(f"{self._file.name}: the video changes from {self.codec} to {codec}")
        ticks = round(seconds * VIDEO_RATE)
        self._mux(
            self._video, payload, ticks, _TIME_BASE, round(VIDEO_RATE / (fps or _DEFAULT_FPS)), keyframe
        )
        self.pictures += 1
        self.seconds = max(self.seconds, seconds)

    def block(self, samples: bytes, stamp: int) -> None:
        """Write a block of G.711 whose first sample has this number, counted from the first picture."""
        if self._audio is None or self.sound is None:
            return
        self._sound_end = stamp + len(samples)
        if self._encoder is not None:
            self._mux_aac(self._encoder.feed(stamp, samples))
        elif stamp >= 0:
            self._mux(self._audio, samples, stamp, Fraction(1, self.sound.rate), len(samples), keyframe=True)

    def close(self) -> None:
        """Complete the file."""
        if self._encoder is not None and self.sound is not None and self._sound_end > 0:
            silence = _SILENCE[self.sound.codec] * (_ENCODER_FRAMES * FRAME_SAMPLES)
            self._mux_aac(self._encoder.feed(self._sound_end, silence))
        self._file.close()

    def _begin(self, payload: bytes, codec: str) -> None:
        name = _STREAM_NAMES.get(codec)
        if name is None:
            raise UsageError(f"{self._file.name}: video of codec {codec or 'unknown'} cannot be written")
        # The true size and the parameter sets stand in the picture: some headers tell them wrongly.
        try:
            with self._av.open(
                io.BytesIO(payload), format="m4v" if name == "mpeg4" else name, options=LIMITS
            ) as probe:
                if not probe.streams.video[0].codec_context.width:
                    raise ProtocolError(f"{self._file.name}: the first {codec} picture tells no size")
                self._video = self._file.add_stream_from_template(probe.streams.video[0], opaque=True)
        except self._av.FFmpegError as error:
            raise ProtocolError(f"{self._file.name}: the first {codec} picture is broken: {error}") from error
        if name == "hevc" and self._file.format.name != "matroska":
            self._video.codec_context.codec_tag = "hvc1"  # Apple's players know no other
        self.codec = codec
        if self.sound is None:
            return
        if self._keeps_g711:
            name = _G711[self.sound.codec]
        else:
            # The encoder that comes with this stream is not used: it writes what a player must know of AAC.
            name, self._encoder = "aac", AacEncoder(self.sound.codec, self.sound.rate)
        self._audio = self._file.add_stream(name, rate=self.sound.rate, layout="mono")

    def _mux_aac(self, frames: list[tuple[int, bytes]]) -> None:
        if self.sound is not None:
            time_base = Fraction(1, self.sound.rate)
            for at, data in frames:
                if 0 <= at < self._sound_end:
                    self._mux(self._audio, data, at, time_base, FRAME_SAMPLES, keyframe=True)

    def _mux(
        self, stream: Any, data: bytes, stamp: int, time_base: Fraction, duration: int, keyframe: bool
    ) -> None:
        packet = self._av.Packet(data)
        packet.stream = stream
        packet.time_base = time_base
        packet.pts = packet.dts = stamp
        packet.duration = duration  # players leave out a last picture without one
        packet.is_keyframe = keyframe
        self._file.mux(packet)


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
        if frame.kind is FrameKind.AUDIO or len(self._held) >= _HELD_PICTURES or size > _HELD_BYTES:
            self._open()

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
        return Remuxed(
            codec=done.codec, sound=done.sound is not None, seconds=done.seconds, pictures=done.pictures
        )

    def _open(self) -> None:
        if not self._held:
            return
        sounds = (
            AudioFormat(codec=frame.codec, rate=frame.sample_rate)
            for frame in self._held
            if frame.kind is FrameKind.AUDIO and frame.codec and frame.sample_rate
        )
        self._container = Container(
            self._target, self._kind, sound=next(sounds, None), fragmented=self._fragmented
        )
        for frame in self._held:
            self._write(self._container, frame)
        self._held.clear()

    def _write(self, container: Container, frame: MediaFrame) -> None:
        # Whoever watches a file while it grows does not wait for its pace to be found out.
        if container.sound is None and not self._fragmented and frame.kind in (FrameKind.I, FrameKind.P):
            self._show(container, self._pace.add(frame))
        elif frame.kind in (FrameKind.I, FrameKind.P):
            seconds = self._clock.picture(frame)
            container.picture(
                frame.payload, seconds, codec=frame.codec or "", fps=frame.fps, keyframe=frame.keyframe
            )
        elif container.sound is not None and frame.kind is FrameKind.AUDIO and frame.codec in _G711:
            rate = container.sound.rate
            container.block(frame.payload, round(self._clock.sound(len(frame.payload), rate) * rate))

    @staticmethod
    def _show(container: Container, timed: list[Timed]) -> None:
        for frame, seconds, rate in timed:
            container.picture(
                frame.payload, seconds, codec=frame.codec or "", fps=rate, keyframe=frame.keyframe
            )


class RecordedClock:
    """Times of the frames of a recording, in seconds from its first picture.

    Sound counts the time exactly; without it the rate of the pictures does. The seconds in key frames tell
    when that is wrong: a gap, another rate than the device says, or a clock that was set.
    """

    def __init__(self) -> None:
        self._video = VideoClock()
        self._zero: datetime | None = None
        self._now = 0.0
        self._pictures = 0
        self._unheard = _UNHEARD
        self._fps: float = 0.0
        self._told_fps = 0
        self._measured = (0.0, 0, 0.0)

    def picture(self, frame: MediaFrame) -> float:
        """When to show a picture."""
        if not self._fps or (frame.fps and frame.fps != self._told_fps):
            # What the device says, until a stretch has been measured, and again when it says another.
            self._told_fps, self._fps = frame.fps, frame.fps or _DEFAULT_FPS
        if self._pictures and self._unheard >= _UNHEARD:
            self._now += 1 / self._fps
        if frame.keyframe and frame.time is not None:
            self._compare(frame.time)
        self._pictures += 1
        self._unheard += 1
        return self._video.stamp(self._now, round(self._fps)) / VIDEO_RATE

    def sound(self, samples: int, rate: int) -> float:
        """When a block of sound begins."""
        began = self._now
        self._unheard = 0
        self._now += samples / rate
        return began

    def _compare(self, told: datetime) -> None:
        if self._zero is None:
            self._zero = told - timedelta(seconds=self._now)
        seconds = (told - self._zero).total_seconds()
        late = seconds - self._now
        if abs(late) > _CLOCK_SET_S:
            self._zero = told - timedelta(seconds=self._now)
        elif abs(late) > _DOUBT_S:
            self._learn(seconds)
            self._now = seconds

    def _learn(self, seconds: float) -> None:
        """Take the rate that two stretches have in common; what is only in one of them is a gap."""
        at, pictures, before = self._measured
        rate = (self._pictures - pictures) / max(seconds - at, 1.0)
        if self._unheard >= _UNHEARD and abs(rate - before) < _SAME_RATE * rate:
            self._fps = rate
        self._measured = (seconds, self._pictures, rate)
