"""Record live video to MP4, without coding it again. Needs the extra `av`."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from pathlib import Path

from options import device, parser, run

from dvrip_proto import FrameKind, Remuxer


async def main(options: Namespace) -> None:
    """Write frames as they come; the file gets its name when it is complete."""
    part = options.file.with_name(f"{options.file.name}.part")
    loop = asyncio.get_running_loop()
    async with (
        device(options) as camera,
        camera.monitor.open(options.channel - 1, "Extra1" if options.small else "Main") as frames,
    ):
        began: float | None = None
        with Remuxer(str(part), "mp4") as remuxer:
            async for frame in frames:
                if began is None and frame.kind is FrameKind.I:
                    began = loop.time()
                remuxer.add(frame)
                if began is not None and loop.time() - began >= options.seconds:
                    break
    part.replace(options.file)
    done = remuxer.result
    print(options.file, done.codec, "with sound" if done.sound else "without sound", f"{done.seconds:.1f} s")


if __name__ == "__main__":
    options = parser(__doc__)
    options.add_argument("host")
    options.add_argument("file", type=Path, help="MP4 file to write")
    options.add_argument("--channel", type=int, default=1)
    options.add_argument("--seconds", type=float, default=10.0)
    options.add_argument("--small", action="store_true", help="the small stream")
    run(main, options.parse_args())
