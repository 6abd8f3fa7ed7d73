"""Moving pictures, looked at: decodes stills, clips and HLS segments and says what is in them."""

from __future__ import annotations

import io
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np

from .progress import require

# Small grey pictures are enough to tell a moving scene from a frozen one.
_THUMB = (160, 90, "gray")
MOVING = 0.5  # mean difference of two grey frames, of 255: noise of a still scene stays far below
PLAIN = 4.0  # standard deviation of one grey frame, of 255: a black or uniform picture stays below


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """What a piece of video holds; `difference` is the largest between its first frame and any other."""

    codec: str
    width: int
    height: int
    frames: int
    contrast: float
    difference: float
    audio_codec: str | None
    audio_samples: int
    thumbs: tuple[np.ndarray, ...]

    def as_json(self) -> dict[str, Any]:
        """Everything but the pictures."""
        return {key: value for key, value in asdict(self).items() if key != "thumbs"}

    def require_moving(self, what: str, *, frames: int) -> None:
        """Raise DemoError unless at least `frames` frames decoded, show something and differ."""
        require(
            self.frames >= frames, f"{what}: {self.frames} video frames decode, expected {frames} or more"
        )
        require(self.contrast > PLAIN, f"{what}: the picture is plain (contrast {self.contrast:.1f} of 255)")
        require(
            self.difference > MOVING, f"{what}: the picture stands still (difference {self.difference:.2f})"
        )


def decode(source: bytes | Path) -> Video:
    """Decode all of `source` (MP4, fragmented MP4, JPEG). Blocking. Errors: av.FFmpegError."""
    thumbs: list[np.ndarray] = []
    samples = 0
    with av.open(io.BytesIO(source) if isinstance(source, bytes) else str(source), "r") as container:
        video = container.streams.video[0]
        video.thread_type = "AUTO"
        audio = container.streams.audio[0] if container.streams.audio else None
        for packet in container.demux(*[stream for stream in (video, audio) if stream]):
            for frame in packet.decode():
                if isinstance(frame, av.VideoFrame):
                    thumbs.append(frame.reformat(*_THUMB).to_ndarray())
                elif isinstance(frame, av.AudioFrame):
                    samples += frame.samples
        return Video(
            codec=video.codec_context.name,
            width=video.codec_context.width,
            height=video.codec_context.height,
            frames=len(thumbs),
            contrast=round(max((float(thumb.std()) for thumb in thumbs), default=0.0), 2),
            difference=round(max((_distance(thumbs[0], thumb) for thumb in thumbs), default=0.0), 2),
            audio_codec=audio.codec_context.name if audio else None,
            audio_samples=samples,
            thumbs=tuple(thumbs),
        )


def likeness(seen: Video, clip: Path) -> float:
    """Mean distance (of 255) of the frames of `seen` to the nearest of `clip`: near 0 when it shows that."""
    known = decode(clip).thumbs
    chosen = seen.thumbs[:: max(1, len(seen.thumbs) // 8)]
    return round(float(np.mean([min(_distance(thumb, frame) for frame in known) for thumb in chosen])), 2)


def _distance(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one.astype(np.int16) - other.astype(np.int16)).mean())
