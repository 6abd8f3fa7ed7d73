"""Say a sound file through a camera's loudspeaker. Needs the extra `av`."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from options import device, parser, run


async def main(options: Namespace) -> None:
    """Say it in real time, to its end."""
    async with device(options) as camera:
        seconds = await camera.talk.say(options.file, volume=options.volume)
    print(f"said {seconds:.1f} s")


if __name__ == "__main__":
    options = parser(__doc__)
    options.add_argument("host")
    options.add_argument("file", type=Path, help="sound in any format, or a video's sound")
    options.add_argument("--volume", type=int, default=100, help="in per cent")
    run(main, options.parse_args())
