"""Encoding with PyAV into what devices send: no B-frames, a key frame every two seconds, Annex-B."""

from __future__ import annotations

import threading
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from ...errors import UsageError
from .access_units import AccessUnits
from .clip import ClipFrame

if TYPE_CHECKING:
    from types import ModuleType

    from av import VideoFrame

GOP_S: Final = 2
_X265: Final = (
    "bframes=0:scenecut=0:open-gop=0:repeat-headers=1:info=0:log-level=none:keyint={gop}:min-keyint={gop}:"
    "pools=1:frame-threads=1"
)
_ENCODERS: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "h264": (
        "libx264",
        {"preset": "veryfast", "tune": "zerolatency", "crf": "23", "x264-params": "scenecut=0:threads=1"},
    ),
    "h265": ("libx265", {"preset": "ultrafast", "tune": "zerolatency", "crf": "30", "x265-params": _X265}),
}


_ENDING: Final = threading.Event()


def stop_encoding() -> None:
    """End every encoding of this process, for good: what is not finished is a UsageError."""
    _ENDING.set()


def import_av() -> ModuleType:
    """PyAV, or UsageError that says how to get it."""
    try:
        import av
    except ImportError as error:
        raise UsageError("video needs PyAV: install dvrip-proto with its extra [sim]") from error
    av.logging.set_level(av.logging.ERROR)
    return av


class Encoder:
    """Collects encoded frames of one stream."""

    def __init__(self, codec: str, *, size: tuple[int, int], fps: float) -> None:
        av = import_av()
        name, options = _ENCODERS[codec]
        gop = max(round(fps * GOP_S), 1)
        rate = Fraction(fps).limit_denominator(1001)
        context: Any = av.CodecContext.create(name, "w")
        context.width, context.height = size
        context.pix_fmt = "yuv420p"
        context.framerate = rate
        context.time_base = 1 / rate
        context.gop_size = gop
        context.max_b_frames = 0
        context.options = {key: value.format(gop=gop) for key, value in options.items()}
        self.codec = codec
        self.size = size
        self.frames: list[ClipFrame] = []
        self._context = context
        self._times: list[float] = []
        self._units = AccessUnits(codec, b"")

    def add(self, frame: VideoFrame, time_s: float) -> None:
        """Encode one picture that is shown at a time."""
        if _ENDING.is_set():
            raise UsageError("interrupted")
        picture: Any = frame.reformat(width=self.size[0], height=self.size[1], format="yuv420p")
        picture.pts = len(self._times)
        picture.time_base = self._context.time_base
        picture.pict_type = 0
        self._times.append(time_s)
        self._keep(self._context.encode(picture))

    def finish(self) -> tuple[ClipFrame, ...]:
        """All frames."""
        self._keep(self._context.encode(None))
        return tuple(self.frames)

    def _keep(self, packets: list[Any]) -> None:
        for packet in packets:
            payload = self._units.write(bytes(packet), keyframe=packet.is_keyframe)
            self.frames.append(ClipFrame(self._times[len(self.frames)], packet.is_keyframe, payload))
