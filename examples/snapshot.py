"""Log in, say what the device is, and save a picture."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from options import device, parser, run

from dvrip_proto import take_picture


async def main(options: Namespace) -> None:
    """Save a picture of one channel."""
    async with device(options) as camera:
        info = await camera.system.info()
        print(info.model or info.hardware, "serial number", info.serial, "firmware", info.firmware)
        picture = await take_picture(camera, options.channel - 1)
    options.file.write_bytes(picture)
    print(options.file, len(picture), "bytes")


if __name__ == "__main__":
    options = parser(__doc__)
    options.add_argument("host")
    options.add_argument("file", type=Path, help="JPEG file to write")
    options.add_argument("--channel", type=int, default=1)
    run(main, options.parse_args())
