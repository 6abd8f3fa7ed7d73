"""Live video into a file without coding the pictures again: raw as the device sends it, or MP4 and Matroska.

1. A file appears under its name when it is complete; what came before an error is kept.
2. MP4 and Matroska need PyAV (extra `av`); G.711 goes into them as AAC.
"""

from __future__ import annotations

import asyncio
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from ..errors import UsageError
from ..relay import Hub, Track, Unit
from ..relay.audio import FRAME_SAMPLES
from ..relay.nal import START_CODE
from ..relay.source import OpenStream
from ..relay.units import Presentation
from ..wire.media import FrameKind

_RAW: Final = {".h264": "h264", ".264": "h264", ".h265": "h265", ".265": "h265", ".hevc": "h265"}
_CONTAINERS: Final = {".mp4": "mp4", ".mkv": "matroska"}
_DEFAULT_FPS: Final = 25
_STREAM_NAMES: Final = {"h264": "h264", "h265": "hevc"}


@dataclass(slots=True, kw_only=True)
class Recorded:
    """What is in the file so far; `codec` is empty before the first picture."""

    codec: str = ""
    width: int = 0
    height: int = 0
    seconds: float = 0.0
    sound: bool = False


def check(file: Path) -> None:
    """Raise UsageError for a file that cannot be recorded to."""
    suffix = file.suffix.lower()
    if suffix not in {**_RAW, **_CONTAINERS}:
        raise UsageError(f"{file}: the name must end in one of {', '.join((*_RAW, *_CONTAINERS))}")
    if suffix in _CONTAINERS:
        try:
            import av  # noqa: F401 - only to know that it is there
        except ImportError as error:
            raise UsageError(f"{file}: {suffix} needs PyAV: install dvrip-proto[av]") from error
    if not file.parent.is_dir():
        raise UsageError(f"{file.parent}: is no directory")


async def record(open_stream: OpenStream, file: Path, seconds: float | None, recorded: Recorded) -> None:
    """Write `seconds` of a stream into `file`, or until cancelled; `recorded` tells how far it is."""
    part = file.with_name(f"{file.name}.part")
    suffix = file.suffix.lower()
    try:
        if suffix in _RAW:
            await _record_raw(open_stream, part, _RAW[suffix], seconds, recorded)
        else:
            await _record_container(open_stream, part, _CONTAINERS[suffix], seconds, recorded)
    except OSError as error:
        raise UsageError(f"{part}: {error.strerror or error}") from error
    finally:
        if recorded.codec:
            part.replace(file)
        else:
            part.unlink(missing_ok=True)


async def _record_raw(
    open_stream: OpenStream, part: Path, codec: str, seconds: float | None, recorded: Recorded
) -> None:
    loop = asyncio.get_running_loop()
    began_s = 0.0
    with part.open("wb") as output:
        async with open_stream() as frames:
            async for frame in frames:
                if frame.kind is FrameKind.I and not recorded.codec:
                    if frame.codec != codec:
                        raise UsageError(
                            f"{part.stem}: the device sends {frame.codec}: name the file so, or .mp4"
                        )
                    recorded.codec, recorded.width, recorded.height = codec, frame.width, frame.height
                    began_s = loop.time()
                if not recorded.codec or frame.kind not in (FrameKind.I, FrameKind.P):
                    continue
                recorded.seconds = loop.time() - began_s
                if seconds is not None and recorded.seconds >= seconds:
                    return
                output.write(frame.payload)


async def _record_container(
    open_stream: OpenStream, part: Path, kind: str, seconds: float | None, recorded: Recorded
) -> None:
    hub = Hub(open_stream, linger_s=0.0, outage_s=15.0)
    try:
        viewer = hub.attach()
        presentation = await hub.describe(viewer, timeout_s=15.0)
        video = presentation.video
        with closing(_Container(part, kind, presentation)) as container:
            hub.play(viewer, container.tracks)
            async for unit in viewer:
                recorded.codec, recorded.width, recorded.height = video.codec, video.width, video.height
                recorded.sound = presentation.aac
                recorded.seconds = container.add(unit)
                if seconds is not None and recorded.seconds >= seconds:
                    return
        if viewer.error is not None:
            raise viewer.error
    finally:
        await hub.close()


class _Container:
    """An MP4 or Matroska file that takes units."""

    def __init__(self, part: Path, kind: str, presentation: Presentation) -> None:
        import av

        self.tracks = frozenset({Track.VIDEO, Track.AAC} if presentation.aac else {Track.VIDEO})
        self._packet: Any = av.Packet
        self._file: Any = av.open(str(part), "w", format=kind)
        video, sound = presentation.video, presentation.audio
        name = _STREAM_NAMES[video.codec]
        stream = self._file.add_mux_stream(name, width=video.width, height=video.height)
        self._streams: dict[Track, tuple[Any, Fraction]] = {
            Track.VIDEO: (stream, Fraction(1, presentation.rate(Track.VIDEO)))
        }
        if presentation.aac and sound is not None:
            # The encoder that comes with this stream is not used: it writes what a player must know of AAC.
            stream = self._file.add_stream("aac", rate=sound.rate, layout="mono")
            self._streams[Track.AAC] = (stream, Fraction(1, sound.rate))
        # Players leave out a last picture without a duration.
        self._picture_ticks = presentation.rate(Track.VIDEO) // (video.fps or _DEFAULT_FPS)
        self._began_s: float | None = None
        self._seconds = 0.0

    def add(self, unit: Unit) -> float:
        """Write a unit; return the seconds of video so far. Sound before the first picture is left out."""
        if self._began_s is None:
            if unit.track is not Track.VIDEO:
                return 0.0
            self._began_s = unit.time_s
        seconds = unit.time_s - self._began_s
        if seconds < 0:
            return self._seconds
        stream, time_base = self._streams[unit.track]
        parts = (
            [b"\0" + START_CODE + part for part in unit.parts] if unit.track is Track.VIDEO else unit.parts
        )
        packet = self._packet(b"".join(parts))
        packet.stream = stream
        packet.time_base = time_base
        packet.pts = packet.dts = round(seconds / time_base)
        packet.duration = FRAME_SAMPLES if unit.track is Track.AAC else self._picture_ticks
        packet.is_keyframe = unit.keyframe or unit.track is not Track.VIDEO
        self._file.mux(packet)
        self._seconds = max(self._seconds, seconds)
        return self._seconds

    def close(self) -> None:
        """Complete the file."""
        self._file.close()
