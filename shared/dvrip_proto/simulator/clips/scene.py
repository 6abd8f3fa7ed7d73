"""A generated scene: a yard at the roadside with somebody walking by, a clock and a frame counter burnt in.

Pictures are planes of YUV 4:2:0 drawn with slices of bytes, without a library. Each loop lasts 20 s.
"""

from __future__ import annotations

import math
import random
from array import array
from collections.abc import Iterator
from typing import Final

from ...media.g711 import encode_alaw
from .clip import AUDIO_RATE
from .font import GLYPHS, HEIGHT, WIDTH

LOOP_S: Final = 20
FPS: Final = 25
SIZE: Final = (640, 360)
EXTRA_FPS: Final = 12
EXTRA_SIZE: Final = (320, 180)
_HORIZON: Final = 150
_DOT: Final = 4
_GRAIN: Final = 7
_WHITE: Final = 235
_BLACK: Final = 16
# U and V of sky and ground, one pair a variant, so that channels can be told apart.
_COLOURS: Final = (
    ((150, 118), (112, 122)),
    ((118, 150), (120, 136)),
    ((128, 128), (104, 116)),
    ((140, 140), (116, 146)),
)

type Planes = tuple[bytes, bytes, bytes]
"""The Y, U and V planes of one picture, rows without padding."""


class Scene:
    """Draws the pictures of one variant; `title` is the number burnt in after CAM."""

    def __init__(self, variant: int) -> None:
        self._title = variant + 1
        sky, ground = _COLOURS[variant % len(_COLOURS)]
        width, height = SIZE
        self._rows = [_scenery_row(y, 2 * width) for y in range(height)]
        upper, lower = _HORIZON // 2 * (width // 2), (height - _HORIZON) // 2 * (width // 2)
        self._u = bytes([sky[0]]) * upper + bytes([ground[0]]) * lower
        self._v = bytes([sky[1]]) * upper + bytes([ground[1]]) * lower

    def picture(self, number: int) -> Planes:
        """Picture of a frame number within the loop."""
        width = SIZE[0]
        shift = number * width // (LOOP_S * FPS)
        luma = bytearray().join(
            row[shift * (2 if y > _HORIZON else 1) % width :][:width] for y, row in enumerate(self._rows)
        )
        _walker(luma, number)
        seconds, part = divmod(number, FPS)
        _write(luma, f"CAM{self._title} 00:{seconds:02d}.{part * 10 // FPS} #{number:04d}", 16, 16)
        return bytes(luma), self._u, self._v

    def pictures(self) -> Iterator[Planes]:
        """All pictures of the loop."""
        return (self.picture(number) for number in range(LOOP_S * FPS))


def sound() -> bytes:
    """Twenty seconds that sound like somebody humming a scale, as G.711 A-law at 8 kHz."""
    samples = array("h")
    for index in range(LOOP_S * AUDIO_RATE):
        moment = index / AUDIO_RATE
        beat = moment % 0.5 / 0.5
        pitch = 180 * 2 ** ((int(moment * 2) * 5 % 12) / 12)
        loudness = 9000 * math.sin(math.pi * beat) ** 2
        phase = 2 * math.pi * pitch * moment
        samples.append(
            int(loudness * (math.sin(phase) + math.sin(2 * phase) / 2 + math.sin(3 * phase) / 4) / 1.75)
        )
    return encode_alaw(samples)


def _scenery_row(y: int, width: int) -> bytes:
    """One row of hills in front of the sky, or of gravelly ground; it repeats after half its width."""
    period = width // 2
    if y < _HORIZON:
        base = 200 - y // 3
        row = bytes(base - 70 if y > _hill(x / period) else base for x in range(period))
    else:
        depth = 1 + (y - _HORIZON) // 14
        grains = random.Random(y).randbytes(period)
        tiles = (96 + 4 * depth + (14 if (x // 40 + depth) % 2 else 0) for x in range(period))
        row = bytes(tile + (grain & _GRAIN) for tile, grain in zip(tiles, grains, strict=True))
    return row * 2


def _hill(place: float) -> float:
    """Height of the skyline at a place from 0 to 1, in rows from the top."""
    return _HORIZON - 25 - 18 * math.sin(4 * math.pi * place) - 9 * math.sin(14 * math.pi * place)


def _walker(luma: bytearray, number: int) -> None:
    """Somebody who crosses the picture twice a loop."""
    width, height = SIZE
    x = (number * 2 * width // (LOOP_S * FPS) * 2) % (width + 80) - 60
    bob = int(4 * math.sin(number / 2))
    for left, top, wide, high, shade in (
        (12, -96, 20, 24, 190),
        (4, -72, 36, 44, 60),
        (6 + bob, -28, 12, 28, 40),
        (26 - bob, -28, 12, 28, 40),
    ):
        _fill(luma, x + left, height - 40 + top, wide, high, shade)


def _fill(luma: bytearray, x: int, y: int, wide: int, high: int, shade: int) -> None:
    width, height = SIZE
    left, right = max(x, 0), min(x + wide, width)
    if left >= right:
        return
    stripe = bytes([shade]) * (right - left)
    for row in range(max(y, 0), min(y + high, height)):
        luma[row * width + left : row * width + right] = stripe


def _write(luma: bytearray, text: str, x: int, y: int) -> None:
    advance = (WIDTH + 1) * _DOT
    _fill(luma, x - _DOT, y - _DOT, advance * len(text) + _DOT, (HEIGHT + 2) * _DOT, _BLACK)
    for place, character in enumerate(text):
        for row, bits in enumerate(GLYPHS[character]):
            for column in range(WIDTH):
                if bits >> (WIDTH - 1 - column) & 1:
                    _fill(luma, x + place * advance + column * _DOT, y + row * _DOT, _DOT, _DOT, _WHITE)
