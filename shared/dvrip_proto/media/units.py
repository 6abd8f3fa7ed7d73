"""The values that travel from the hub to its viewers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from .clock import VIDEO_RATE
from .nal import ParameterSets


class Track(Enum):
    """What a viewer can ask for."""

    VIDEO = "video"
    AAC = "aac"
    G711 = "g711"


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoFormat:
    """Video as a viewer must know it before the first picture; `fps` is the device's setting, not a clock."""

    codec: str
    parameters: ParameterSets
    width: int = 0
    height: int = 0
    fps: int = 0

    def continues(self, earlier: VideoFormat) -> bool:
        """Whether a decoder set up for `earlier` goes on with this: same codec, same sequence parameters."""
        return self.codec == earlier.codec and self.parameters.sps == earlier.parameters.sps


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioFormat:
    """G.711 of the device: `pcma` or `pcmu`, one channel, and its samples a second."""

    codec: str
    rate: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AacFormat:
    """AAC: `config` is the AudioSpecificConfig that SDP and MP4 want."""

    rate: int
    config: bytes
    channels: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    """Everything a stream sends: G.711 as `audio`, and AAC, be it the device's own or made of the G.711."""

    video: VideoFormat
    audio: AudioFormat | None = None
    aac: AacFormat | None = None

    def rate(self, track: Track) -> int:
        """Return the clock rate of the timestamps of `track`, in Hz."""
        sound = self.aac if track is Track.AAC else self.audio
        return VIDEO_RATE if track is Track.VIDEO or sound is None else sound.rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One access unit or block of sound: `stamp` in ticks of its track's rate, `time_s` the same in seconds.

    `parts` are the NAL units of video without start codes, or the block.
    """

    track: Track
    stamp: int
    time_s: float
    parts: tuple[memoryview | bytes, ...] = field(repr=False)
    keyframe: bool = False
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFrame:
    """A picture that decodes alone, as the device sent it.

    `time` is the device's local time, `arrived_s` that of the event loop's clock.
    """

    codec: str
    payload: bytes = field(repr=False)
    time: datetime | None
    arrived_s: float
    width: int = 0
    height: int = 0
