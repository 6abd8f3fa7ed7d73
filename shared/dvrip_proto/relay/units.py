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
    """The device's audio: `pcma` or `pcmu`, one channel, and its samples a second."""

    codec: str
    rate: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    """Everything a stream sends: `aac` when its audio can be had as AAC-LC as well."""

    video: VideoFormat
    audio: AudioFormat | None = None
    aac: bool = False

    def rate(self, track: Track) -> int:
        """Return the clock rate of the timestamps of `track`, in Hz."""
        return VIDEO_RATE if track is Track.VIDEO or self.audio is None else self.audio.rate


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
