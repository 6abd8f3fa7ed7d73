"""Record live video to MP4, without coding it again. Needs the extra `av`."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from options import device, parser, run


async def main(options: Namespace) -> None:
    """Write pictures and sound as they come; the file gets its name when it is complete."""
    stream = "Extra1" if options.small else "Main"
    async with device(options) as camera:
        done = await camera.record(
            options.file, seconds=options.seconds, channel=options.channel - 1, stream=stream
        )
    print(options.file, done.codec, "with sound" if done.sound else "without sound", f"{done.seconds:.1f} s")


if __name__ == "__main__":
    options = parser(__doc__)
    options.add_argument("host")
    options.add_argument("file", type=Path, help="MP4 file to write")
    options.add_argument("--channel", type=int, default=1)
    options.add_argument("--seconds", type=float, default=10.0)
    options.add_argument("--small", action="store_true", help="the small stream")
    run(main, options.parse_args())
