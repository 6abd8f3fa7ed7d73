"""A file of video and sound in a container that players know: MP4, QuickTime, Matroska. Needs PyAV.

G.711 stays as it is in QuickTime; MP4 and Matroska (as PyAV writes them) get AAC. The AAC of a device stays.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from ..errors import ProtocolError, UnsupportedError, UsageError
from .aac import FRAME_SAMPLES, AacEncoder, can_encode
from .adts import join
from .clock import VIDEO_RATE
from .pace import DEFAULT_FPS
from .picture import LIMITS
from .units import AacFormat, AudioFormat

if TYPE_CHECKING:
    from types import ModuleType

CONTAINERS: Final = {".mp4": "mp4", ".mov": "mov", ".mkv": "matroska"}
_KEEP_G711: Final = frozenset({"mov"})
_STREAM_NAMES: Final = {"h264": "h264", "h265": "hevc", "mpeg4": "mpeg4"}
_SILENCE: Final = {"pcma": b"\xd5", "pcmu": b"\xff"}
# A frame of nothing, by the number of channels: it decodes, which FFmpeg wants before it knows a stream.
_SILENT_AAC: Final = {1: bytes.fromhex("01182007"), 2: bytes.fromhex("211004608c1c")}
_GAP_S: Final = 0.1  # between two blocks of sound; less is the clock's rounding
_ENCODER_FRAMES: Final = 4  # that the AAC encoder may hold back
_TIME_BASE: Final = Fraction(1, VIDEO_RATE)
G711: Final = {"pcma": "pcm_alaw", "pcmu": "pcm_mulaw"}
# Few pictures a fragment: who watches while a device sends slowly does not wait for its next key frame.
_FRAGMENTED: Final = {"movflags": "frag_keyframe+empty_moov+default_base_moof", "frag_duration": "100000"}


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
        self,
        target: str | BinaryIO,
        kind: str,
        *,
        sound: AudioFormat | AacFormat | None,
        fragmented: bool = False,
    ) -> None:
        self._av: Any = import_av()
        self.seconds = 0.0
        self.pictures = 0
        self.codec = ""
        self._keeps_g711 = kind in _KEEP_G711
        self.coded = sound if isinstance(sound, AacFormat) and sound.channels in _SILENT_AAC else None
        g711 = sound if isinstance(sound, AudioFormat) and sound.codec in G711 else None
        encodable = g711 is not None and (self._keeps_g711 or can_encode(g711.rate))
        self.sound = g711 if encodable else None
        options = _FRAGMENTED if fragmented else {}
        self._target = target if isinstance(target, str) else _Target(target)
        self._file: Any = self._av.open(self._target, "w", format=kind, container_options=options)
        self._video: Any = None
        self._audio: Any = None
        self._encoder: AacEncoder | None = None
        self._sound_end = 0

    @property
    def has_sound(self) -> bool:
        """Whether sound is written, too."""
        return self.sound is not None or self.coded is not None

    def picture(self, payload: bytes, seconds: float, *, codec: str, fps: float, keyframe: bool) -> None:
        """Write a picture in Annex-B form. What comes before the first key picture is left out."""
        if self._video is None:
            if not keyframe:
                return
            self._begin(payload, codec)
        if codec != self.codec:
            raise UsageError(f"{self._file.name}: the video changes from {self.codec} to {codec}")
        ticks = round(seconds * VIDEO_RATE)
        self._mux(self._video, payload, ticks, _TIME_BASE, round(VIDEO_RATE / (fps or DEFAULT_FPS)), keyframe)
        self.pictures += 1
        self.seconds = max(self.seconds, seconds)

    def block(self, samples: bytes, stamp: int) -> None:
        """Write a block of G.711 whose first sample has this number, counted from the first picture.

        Sound follows sound: what would come before the last sample comes behind it.
        """
        if self._audio is None or self.sound is None:
            return
        if self._sound_end > 0:
            stamp = max(stamp, self._sound_end)
            if self._keeps_g711 and stamp - self._sound_end > self.sound.rate * _GAP_S:
                self._be_silent(stamp)  # such files count samples: a gap in them would be none
        self._sound_end = stamp + len(samples)
        if self._encoder is not None:
            self._mux_aac(self._encoder.feed(stamp, samples))
        elif stamp >= 0:
            self._mux(self._audio, samples, stamp, Fraction(1, self.sound.rate), len(samples), keyframe=True)

    def frames(self, frames: Iterable[bytes], stamp: int) -> None:
        """Write AAC frames of the device, the first of which begins with this sample."""
        if self._audio is None or self.coded is None:
            return
        stamp = max(stamp, self._sound_end) if self._sound_end > 0 else stamp
        for data in frames:
            if stamp >= 0:
                framed, time_base = join(self.coded, data), Fraction(1, self.coded.rate)
                self._mux(self._audio, framed, stamp, time_base, FRAME_SAMPLES, keyframe=True)
            stamp += FRAME_SAMPLES
        self._sound_end = stamp

    def _be_silent(self, until: int) -> None:
        if self.sound is None:
            return
        rate, silence = self.sound.rate, _SILENCE[self.sound.codec]
        while (size := min(rate, until - self._sound_end)) > 0:
            self._mux(self._audio, silence * size, self._sound_end, Fraction(1, rate), size, keyframe=True)
            self._sound_end += size

    def close(self) -> None:
        """Complete the file. OSError where its target does not take it."""
        with self._own_errors():
            if self._encoder is not None and self.sound is not None and self._sound_end > 0:
                silence = _SILENCE[self.sound.codec] * (_ENCODER_FRAMES * FRAME_SAMPLES)
                self._mux_aac(self._encoder.feed(self._sound_end, silence))
            self._file.close()

    @contextmanager
    def _own_errors(self) -> Iterator[None]:
        """Raise what the target said: PyAV has a code of its own for it, without a reason."""
        try:
            yield
        except self._av.FFmpegError as error:
            if isinstance(self._target, _Target) and self._target.error is not None:
                raise self._target.error from error
            raise

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
        if self.coded is not None:
            # What a player must know of it FFmpeg takes from the headers of ADTS, and leaves those out.
            begin = io.BytesIO(join(self.coded, _SILENT_AAC[self.coded.channels]) * 3)
            with self._av.open(begin, format="aac", options=LIMITS) as probe:
                self._audio = self._file.add_stream_from_template(probe.streams.audio[0], opaque=True)
        if self.sound is None:
            return
        if self._keeps_g711:
            name = G711[self.sound.codec]
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
        with self._own_errors():
            self._file.mux(packet)


class _Target:
    """What is written into, and the first error of it."""

    def __init__(self, target: BinaryIO) -> None:
        self._whole = target
        self.error: OSError | None = None

    def __getattr__(self, name: str) -> Any:
        """All else is as it was: whether there is `seek` decides how a container is written."""
        return getattr(self._whole, name)

    def write(self, data: bytes) -> int:
        """Write, as the target does."""
        try:
            return self._whole.write(data)
        except OSError as error:
            self.error = self.error or error
            raise
