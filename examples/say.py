"""Say a WAV file (8000 samples a second, mono, 16 bits) through a camera's loudspeaker.

`dvrip talk` takes sound of any format.
"""

from __future__ import annotations

import struct
import sys
import wave
from argparse import Namespace
from pathlib import Path

from options import device, parser, run


def alaw(sample: int) -> int:
    """A-law (ITU-T G.711) of a 16-bit sample."""
    magnitude = (~sample if sample < 0 else sample) >> 3
    segment = max(magnitude.bit_length() - 5, 0)
    mantissa = magnitude >> max(segment, 1) & 0xF
    return ((0x00 if sample < 0 else 0x80) | segment << 4 | mantissa) ^ 0x55


def read(file: Path) -> bytes:
    """Sound of a WAV file as A-law."""
    with wave.open(str(file)) as sound:
        if (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) != (8000, 1, 2):
            sys.exit(f"{file}: not 8000 samples a second, mono, 16 bits")
        samples = sound.readframes(sound.getnframes())
    return bytes(alaw(sample) for (sample,) in struct.iter_unpack("<h", samples))


async def main(options: Namespace) -> None:
    """Say it in real time, to its end."""
    samples = read(options.file)
    async with device(options) as camera, camera.talk.open() as conversation:
        await conversation.send(samples)
    print(f"said {len(samples) / 8000:.1f} s")


if __name__ == "__main__":
    options = parser(__doc__)
    options.add_argument("host")
    options.add_argument("file", type=Path, help="WAV file")
    run(main, options.parse_args())
