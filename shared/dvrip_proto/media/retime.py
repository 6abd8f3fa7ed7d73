"""Frames of a device become units: stamped on one clock, cut into NAL units, sound encoded on request."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..wire.media import FrameKind, MediaFrame
from . import adts
from .aac import FRAME_SAMPLES, AacEncoder
from .clock import VIDEO_RATE, AudioClock, VideoClock
from .nal import parameter_sets, split
from .units import AacFormat, AudioFormat, KeyFrame, Track, Unit, VideoFormat

VIDEO_CODECS = frozenset({"h264", "h265"})
AUDIO_CODECS = frozenset({"pcma", "pcmu"})


class Retimer:
    """Takes frames in their order; `on_change` is told when what follows does not fit what was before."""

    def __init__(self, on_change: Callable[[str], None], *, audio: bool = True) -> None:
        self._wants_audio = audio
        self.video: VideoFormat | None = None
        self.sound: AudioFormat | AacFormat | None = None
        self.unplayable = ""
        self._on_change = on_change
        self._clock = VideoClock()
        self._audio_clock: AudioClock | None = None
        self._encoder: AacEncoder | None = None
        self.synchronised = False
        """Whether the pictures that come can be decoded."""

    @property
    def audio(self) -> AudioFormat | None:
        """The device's sound if that is G.711."""
        return self.sound if isinstance(self.sound, AudioFormat) else None

    def interrupt(self) -> None:
        """Expect a stream that starts anywhere: pictures before the next key frame cannot be decoded."""
        self.synchronised = False

    def reset(self) -> None:
        """Forget the formats; the clock goes on."""
        self.video = self.sound = self._audio_clock = self._encoder = None
        self.unplayable = ""
        self.synchronised = False

    def encode(self, past: Iterable[Unit]) -> list[Unit]:
        """Make AAC units as well, until the stream is reset; returns those of the G.711 of the `past`."""
        if self._encoder is not None or self.audio is None:
            return []
        self._encoder = AacEncoder(self.audio.codec, self.audio.rate)
        return [
            _block(Track.AAC, stamp, self.audio.rate, data)
            for unit in past
            for stamp, data in self._encoder.feed(unit.stamp, b"".join(unit.parts))
        ]

    def take(self, frame: MediaFrame, now_s: float) -> list[Unit]:
        """Return the units of a frame that came at `now_s` of the hub's clock; sound may give several."""
        match frame.kind:
            case FrameKind.I:
                self._learn(frame)
                return self._picture(frame.payload, now_s, keyframe=True) if self.synchronised else []
            case FrameKind.P if self.video is not None and frame.codec == self.video.codec:
                return self._picture(frame.payload, now_s, keyframe=False) if self.synchronised else []
            case FrameKind.AUDIO if self._wants_audio:
                return self._sound(frame, now_s)
            case _:
                return []

    def _learn(self, frame: MediaFrame) -> None:
        codec = frame.codec or ""
        parameters = parameter_sets(codec, split(codec, frame.payload)) if codec in VIDEO_CODECS else None
        if parameters is not None:
            video = VideoFormat(
                codec=codec,
                parameters=parameters,
                width=frame.width,
                height=frame.height,
                fps=frame.fps,
            )
            earlier, self.video = self.video, video
            if earlier is not None and not video.continues(earlier):
                self._on_change(f"video is {codec} {frame.width}x{frame.height} now")
        self.synchronised = self.video is not None and self.video.codec == codec

    def again(self, key: KeyFrame, now_s: float) -> list[Unit]:
        """The unit of a picture that is shown once more; what follows it must be a key frame."""
        self.synchronised = False
        fits = self.video is not None and key.codec == self.video.codec
        return self._picture(key.payload, now_s, keyframe=True) if fits else []

    def _picture(self, payload: bytes, now_s: float, *, keyframe: bool) -> list[Unit]:
        if self.video is None:
            return []
        nals = split(self.video.codec, payload)
        if not nals:
            return []
        stamp = self._clock.stamp(now_s, self.video.fps)
        return [
            Unit(
                track=Track.VIDEO,
                stamp=stamp,
                time_s=stamp / VIDEO_RATE,
                parts=nals,
                size=len(payload),
                keyframe=keyframe,
            )
        ]

    def _sound(self, frame: MediaFrame, now_s: float) -> list[Unit]:
        if frame.codec in AUDIO_CODECS and frame.sample_rate and frame.payload:
            return self._g711(AudioFormat(codec=frame.codec, rate=frame.sample_rate), frame.payload, now_s)
        coded = adts.split(frame.payload) if frame.codec is None else None
        if coded is not None:
            return self._aac(*coded, now_s)
        self.unplayable = frame.codec or "unknown"
        return []

    def _g711(self, sound: AudioFormat, samples: bytes, now_s: float) -> list[Unit]:
        stamp = self._clock_of(sound).stamp(now_s, len(samples))
        if stamp is None:
            return []
        units = [_block(Track.G711, stamp, sound.rate, samples)]
        if self._encoder is not None:
            for aac_stamp, data in self._encoder.feed(stamp, samples):
                units.append(_block(Track.AAC, aac_stamp, sound.rate, data))
        return units

    def _aac(self, sound: AacFormat, frames: tuple[bytes, ...], now_s: float) -> list[Unit]:
        start = self._clock_of(sound).stamp(now_s, len(frames) * FRAME_SAMPLES)
        if start is None:
            return []
        return [
            _block(Track.AAC, start + number * FRAME_SAMPLES, sound.rate, data)
            for number, data in enumerate(frames)
        ]

    def _clock_of(self, sound: AudioFormat | AacFormat) -> AudioClock:
        if self._audio_clock is None or sound != self.sound:
            earlier, self.sound = self.sound, sound
            self._audio_clock = AudioClock(sound.rate)
            self._encoder = None
            if earlier is not None:
                codec = sound.codec if isinstance(sound, AudioFormat) else "aac"
                self._on_change(f"audio is {codec} at {sound.rate} Hz now")
        return self._audio_clock


def _block(track: Track, stamp: int, rate: int, data: bytes) -> Unit:
    return Unit(track=track, stamp=stamp, time_s=stamp / rate, parts=(data,), size=len(data))
