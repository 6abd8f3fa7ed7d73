"""Sound of any file as A-law, 8000 samples a second, as devices say it. Needs PyAV (extra `av`); blocks."""

from __future__ import annotations

from array import array
from collections.abc import Generator, Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ..errors import UnsupportedError, UsageError
from .g711 import encode_alaw

if TYPE_CHECKING:
    import av

SAMPLE_RATE: Final = 8000
_CHUNK: Final = 4096  # bytes, half a second
_UNITY: Final = 100
_LONGEST_S: Final = 3600


def alaw_of(source: Path | bytes, *, volume: int = _UNITY) -> Generator[bytes]:
    """Yield the sound of a file, or of a file's content, in pieces of half a second and more.

    `volume` in per cent. UsageError for what has no sound, cannot be read, or is longer than an hour;
    UnsupportedError without PyAV.
    """
    try:
        import av
    except ImportError as error:
        raise UnsupportedError("sound files need PyAV: install dvrip-proto[av]") from error
    name = str(source) if isinstance(source, Path) else "the sound"
    left = _LONGEST_S * SAMPLE_RATE
    try:
        with av.open(BytesIO(source) if isinstance(source, bytes) else str(source), "r") as container:
            if not container.streams.audio:
                raise UsageError(f"{name}: no sound in it")
            for piece in _encoded(container, volume):
                left -= len(piece)
                if left < 0:
                    raise UsageError(f"{name}: longer than {_LONGEST_S} s")
                yield piece
    except (OSError, ValueError) as error:  # what PyAV raises is one of them
        if isinstance(error, UsageError):
            raise
        raise UsageError(f"{name}: {getattr(error, 'strerror', None) or error}") from error


def _encoded(container: av.container.InputContainer, volume: int) -> Iterator[bytes]:
    import av

    resampler = av.AudioResampler("s16", "mono", SAMPLE_RATE)
    pending = bytearray()
    for frame in _frames(container):
        for resampled in resampler.resample(frame):
            samples = array("h", bytes(resampled.planes[0])[: resampled.samples * 2])
            pending += encode_alaw(samples if volume == _UNITY else _louder(samples, volume))
        if len(pending) >= _CHUNK or (frame is None and pending):
            yield bytes(pending)
            pending.clear()


def _louder(samples: array[int], volume: int) -> array[int]:
    return array("h", (max(-32768, min(32767, sample * volume // _UNITY)) for sample in samples))


def _frames(container: av.container.InputContainer) -> Iterator[av.AudioFrame | None]:
    """Every frame, then None, which empties the resampler."""
    yield from container.decode(audio=0)
    yield None
