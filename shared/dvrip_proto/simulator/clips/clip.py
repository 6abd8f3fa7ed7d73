"""One prepared video with its sound, in memory and as a cache file that loads without decoding anything."""

from __future__ import annotations

import json
import os
import tempfile
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ...errors import UsageError

AUDIO_BLOCK: Final = 320
AUDIO_BLOCK_S: Final = 0.04
AUDIO_RATE: Final = 8000
_SILENCE: Final = b"\xd5"
_MAGIC: Final = b"dvrip clip 1\n"


@dataclass(frozen=True, slots=True)
class ClipFrame:
    """One access unit, Annex-B, at its time in the loop; key frames carry their parameter sets."""

    time_s: float
    keyframe: bool
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True, eq=False)
class Clip:
    """A loop of video without B-frames and G.711 A-law sound of the same length (empty: no sound)."""

    codec: str
    width: int
    height: int
    fps: int
    duration_s: float
    frames: tuple[ClipFrame, ...]
    audio: bytes

    @property
    def kilobits(self) -> int:
        """Average kbit/s of the video."""
        return int(sum(len(frame.payload) for frame in self.frames) * 8 / 1000 / self.duration_s)

    def keyframe_before(self, position_s: float) -> int:
        """Index of the last key frame at or before a position in the loop."""
        index = bisect_right(self.frames, position_s % self.duration_s, key=lambda frame: frame.time_s) - 1
        while index > 0 and not self.frames[index].keyframe:
            index -= 1
        return max(index, 0)

    def sound_at(self, position_s: float) -> bytes:
        """One block of sound, 40 ms, from any position: the loop repeats without a gap."""
        start = round((position_s % self.duration_s) * AUDIO_RATE) % len(self.audio)
        block = self.audio[start : start + AUDIO_BLOCK]
        return block + self.audio[: AUDIO_BLOCK - len(block)]

    def play(self, first: int, *, sound: bool) -> Iterator[tuple[float, ClipFrame | bytes]]:
        """Frames and sound blocks from a frame on, for ever, each with its due time in seconds."""
        origin, turn, block = self.frames[first].time_s, 0, 0
        while True:
            for frame in self.frames[first:]:
                due = turn * self.duration_s + frame.time_s - origin
                while sound and self.audio and block * AUDIO_BLOCK_S < due:
                    yield block * AUDIO_BLOCK_S, self.sound_at(origin + block * AUDIO_BLOCK_S)
                    block += 1
                yield due, frame
            first, turn = 0, turn + 1


def fit_audio(audio: bytes, duration_s: float) -> bytes:
    """The sound cut or filled with silence to the length of the video."""
    size = max(int(duration_s * AUDIO_RATE), AUDIO_BLOCK)
    return audio[:size].ljust(size, _SILENCE)


def save(clip: Clip, path: Path) -> None:
    """Write a clip so that a reader sees the whole file or none."""
    head = {
        "codec": clip.codec,
        "width": clip.width,
        "height": clip.height,
        "fps": clip.fps,
        "duration_s": clip.duration_s,
        "audio": len(clip.audio),
        "frames": [[frame.time_s, int(frame.keyframe), len(frame.payload)] for frame in clip.frames],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_MAGIC + json.dumps(head).encode() + b"\n" + clip.audio)
            file.writelines(frame.payload for frame in clip.frames)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def load(path: Path) -> Clip:
    """Read a clip back; UsageError when the file is none."""
    try:
        magic, rest = path.read_bytes().split(b"\n", 1)
        head, body = rest.split(b"\n", 1)
        fields = json.loads(head)
        if magic + b"\n" != _MAGIC:
            raise ValueError("not a clip")
        size, sizes = fields.pop("audio"), fields.pop("frames")
        return Clip(**fields, audio=body[:size], frames=_frames(body, size, sizes))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path}: not a prepared clip: {error}") from error


def _frames(body: bytes, offset: int, sizes: list[tuple[float, int, int]]) -> tuple[ClipFrame, ...]:
    frames = []
    for time_s, keyframe, size in sizes:
        frames.append(ClipFrame(time_s, bool(keyframe), body[offset : offset + size]))
        offset += size
    if not frames or offset != len(body):
        raise ValueError("frames are missing")
    return tuple(frames)
