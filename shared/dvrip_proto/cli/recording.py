"""Live video into a file without coding the pictures again: raw as the device sends it, or in a container.

1. A file appears under its name when it is complete; what came before an error is kept.
2. MP4, QuickTime and Matroska need PyAV (extra `av`).
"""

from __future__ import annotations

import asyncio
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..errors import UsageError
from ..media.nal import START_CODE
from ..media.new_file import fresh
from ..media.remux import CONTAINERS, Container
from ..media.units import VideoFormat
from ..relay import Hub, Track, Unit
from ..relay.source import OpenStream
from ..wire.media import FrameKind

_RAW: Final = {".h264": "h264", ".264": "h264", ".h265": "h265", ".265": "h265", ".hevc": "h265"}


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
    if suffix not in {**_RAW, **CONTAINERS}:
        raise UsageError(f"{file}: the name must end in one of {', '.join((*_RAW, *CONTAINERS))}")
    if suffix in CONTAINERS:
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
            await _record_container(open_stream, part, CONTAINERS[suffix], seconds, recorded)
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
    with fresh(part) as output:
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
        with (
            fresh(part) as file,
            closing(await asyncio.to_thread(Container, file, kind, sound=presentation.audio)) as container,
        ):
            hub.play(viewer, frozenset({Track.VIDEO, Track.G711} if container.sound else {Track.VIDEO}))
            began_s: float | None = None
            async for unit in viewer:
                if began_s is None and unit.track is Track.VIDEO:
                    began_s = unit.time_s
                if began_s is None or unit.time_s < began_s:
                    continue  # sound before the first picture
                _add(container, unit, unit.time_s - began_s, video)
                recorded.codec, recorded.width, recorded.height = video.codec, video.width, video.height
                recorded.sound, recorded.seconds = container.sound is not None, container.seconds
                if seconds is not None and recorded.seconds >= seconds:
                    return
        if viewer.error is not None:
            raise viewer.error
    finally:
        await hub.close()


def _add(container: Container, unit: Unit, at_s: float, video: VideoFormat) -> None:
    if unit.track is Track.VIDEO:
        payload = b"".join(b"\0" + START_CODE + part for part in unit.parts)
        container.picture(payload, at_s, codec=video.codec, fps=video.fps, keyframe=unit.keyframe)
    elif container.sound is not None:
        container.block(b"".join(unit.parts), round(at_s * container.sound.rate))
