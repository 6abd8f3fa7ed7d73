"""Sources of video turned into clips: generated scenes, and any file that FFmpeg reads.

A file's H.264 or H.265 is passed through. It is encoded anew, once, when a device could not have sent it:
another codec, B-frames (DVRIP has no presentation times), or key frames more than 12 s apart. Sound becomes
G.711 A-law at 8 kHz. The sub stream of a file wider than 640 is the same picture scaled down.
"""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from ...errors import UsageError
from ...media.g711 import encode_alaw
from ...media.picture import LIMITS
from .access_units import AccessUnits
from .clip import AUDIO_RATE, Clip, ClipFrame, fit_audio
from .encode import Encoder, import_av
from .scene import EXTRA_FPS, EXTRA_SIZE, FPS, LOOP_S, SIZE, Planes, Scene, sound

type Clips = tuple[Clip, Clip]
"""The main and the extra stream."""

_EXTRA_WIDTH: Final = 640
_GAP_MAX_S: Final = 12.0
_FPS_MAX: Final = 31
_CODECS: Final = {"h264": "h264", "hevc": "h265"}


def scene_clips(codec: str, variant: int) -> Clips:
    """The generated scene in both sizes; `codec` is one for both, or `main+extra`."""
    av = import_av()
    scene = Scene(variant)
    main_codec, _, extra_codec = codec.partition("+")
    main = Encoder(main_codec, size=SIZE, fps=FPS)
    extra = Encoder(extra_codec or main_codec, size=EXTRA_SIZE, fps=EXTRA_FPS)
    for number, planes in enumerate(scene.pictures()):
        picture = _picture(av, planes)
        time_s = number / FPS
        main.add(picture, time_s)
        # The extra stream's n-th picture is the one the main stream shows at n / EXTRA_FPS.
        if int(time_s * EXTRA_FPS) != int((number - 1) / FPS * EXTRA_FPS) or not number:
            extra.add(picture, len(extra.frames) / EXTRA_FPS)
    audio = sound()
    return (
        _clip(main, fps=FPS, duration_s=LOOP_S, audio=audio),
        _clip(extra, fps=EXTRA_FPS, duration_s=LOOP_S, audio=audio),
    )


def file_clips(path: Path) -> Clips:
    """A file's video and sound; UsageError names the file and what is wrong with it."""
    av = import_av()
    try:
        with av.open(str(path), options=LIMITS) as container:
            if not container.streams.video:
                raise UsageError(f"{path}: has no video")
            video: Any = container.streams.video[0]
            source = _read(av, container, video)
        audio = _sound(av, path)
    except (av.FFmpegError, OSError, ValueError) as error:
        if isinstance(error, UsageError):
            raise
        raise UsageError(f"{path}: cannot be used as video: {error}") from error
    clip, size = source.clip, _fit(source.clip.width, source.clip.height)
    smaller = size != (clip.width, clip.height)
    made: list[Clip] = []
    if source.obstacle or smaller:
        own = [(clip.codec, _even(clip.width, clip.height))] if source.obstacle else []
        made = _recode(av, path, own + ([("h264", size)] if smaller else []))
    main = made[0] if source.obstacle else clip
    extra = made[-1] if smaller else main
    return _with_audio(main, audio), _with_audio(extra, audio)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """A file as it is; `obstacle` says why it cannot be passed through."""

    clip: Clip
    obstacle: str


def _read(av: Any, container: Any, video: Any) -> _Source:
    codec = _CODECS.get(video.codec_context.name, "")
    rate = float(video.average_rate or video.guessed_rate or FPS)
    width, height = video.codec_context.width, video.codec_context.height
    empty = Clip(
        codec=codec or "h264",
        width=width,
        height=height,
        fps=_whole(rate),
        duration_s=1,
        frames=(),
        audio=b"",
    )
    if not codec:
        return _Source(clip=empty, obstacle="codec")
    stamped = _packets(av, container, video, codec)
    if not stamped:
        raise UsageError(f"{container.name}: has no key frame")
    times = [time_s for time_s, _, _ in stamped]
    frames = tuple(ClipFrame(time_s - times[0], key, payload) for time_s, key, payload in stamped)
    clip = replace(empty, frames=frames, duration_s=times[-1] - times[0] + 1 / rate)
    keys = [frame.time_s for frame in frames if frame.keyframe] + [clip.duration_s]
    gap = max(later - earlier for earlier, later in itertools.pairwise(keys))
    if times != sorted(times):
        return _Source(clip=clip, obstacle="B-frames")
    return _Source(clip=clip, obstacle="key frames far apart" if gap > _GAP_MAX_S else "")


def _packets(av: Any, container: Any, video: Any, codec: str) -> list[tuple[float, bool, bytes]]:
    """Presentation time, key flag and Annex-B payload of every access unit, in decoding order."""
    kind = "h264_mp4toannexb" if codec == "h264" else "hevc_mp4toannexb"
    convert = av.bitstream.BitStreamFilterContext(kind, video)
    units = AccessUnits(codec, b"")
    found: list[tuple[float, bool, bytes]] = []
    for packet in container.demux(video):
        for out in convert.filter(packet if packet.size else None):
            if out.pts is not None and (found or out.is_keyframe):
                payload = units.write(bytes(out), keyframe=out.is_keyframe)
                found.append((float(out.pts * out.time_base), out.is_keyframe, payload))
    return found


def _recode(av: Any, path: Path, wanted: list[tuple[str, tuple[int, int]]]) -> list[Clip]:
    """Decode the file once and encode it in every wanted codec and size."""
    with av.open(str(path), options=LIMITS) as container:
        video = container.streams.video[0]
        video.thread_type = "AUTO"
        video.codec_context.options = LIMITS
        rate = min(float(video.average_rate or video.guessed_rate or FPS), _FPS_MAX)
        encoders = [Encoder(codec, size=size, fps=rate) for codec, size in wanted]
        shown = 0
        for frame in _decoded(container, video, rate):
            for encoder in encoders:
                encoder.add(frame, shown / rate)
            shown += 1
    if not shown:
        raise UsageError(f"{path}: has no picture")
    return [_clip(encoder, fps=_whole(rate), duration_s=shown / rate, audio=b"") for encoder in encoders]


def _decoded(container: Any, video: Any, rate: float) -> Iterator[Any]:
    """Pictures at a constant rate no higher than the header can tell: surplus ones are left out."""
    shown = 0
    for frame in container.decode(video):
        if (
            frame.time is None
            or frame.time - (video.start_time or 0) * video.time_base >= shown / rate - 0.5 / rate
        ):
            yield frame
            shown += 1


def _sound(av: Any, path: Path) -> bytes:
    with av.open(str(path), options=LIMITS) as container:
        if not container.streams.audio:
            return b""
        resampler = av.AudioResampler(format="s16", layout="mono", rate=AUDIO_RATE)
        samples = array("h")
        for frame in itertools.chain(container.decode(audio=0), [None]):
            for piece in resampler.resample(frame):
                samples.frombytes(bytes(piece.planes[0])[: 2 * piece.samples])
    return encode_alaw(samples)


def _picture(av: Any, planes: Planes) -> Any:
    frame = av.VideoFrame(*SIZE, "yuv420p")
    for index, (plane, data) in enumerate(zip(frame.planes, planes, strict=True)):
        width = SIZE[0] if not index else SIZE[0] // 2
        if plane.line_size == width:
            plane.update(data)
        else:
            rows = (
                data[start : start + width].ljust(plane.line_size, b"\0")
                for start in range(0, len(data), width)
            )
            plane.update(b"".join(rows))
    return frame


def _clip(encoder: Encoder, *, fps: int, duration_s: float, audio: bytes) -> Clip:
    return Clip(
        codec=encoder.codec,
        width=encoder.size[0],
        height=encoder.size[1],
        fps=fps,
        duration_s=duration_s,
        frames=encoder.finish(),
        audio=audio,
    )


def _with_audio(clip: Clip, audio: bytes) -> Clip:
    return replace(clip, audio=fit_audio(audio, clip.duration_s) if audio else b"")


def _fit(width: int, height: int) -> tuple[int, int]:
    """The size of the sub stream: at most 640 wide, in steps of 8 as frame headers count."""
    if width <= _EXTRA_WIDTH:
        return width, height
    return _EXTRA_WIDTH, max(round(height * _EXTRA_WIDTH / width / 8) * 8, 8)


def _even(width: int, height: int) -> tuple[int, int]:
    return width - width % 2, height - height % 2


def _whole(rate: float) -> int:
    return min(max(round(rate), 1), _FPS_MAX)
