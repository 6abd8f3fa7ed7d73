"""Serve live video to VLC and others by RTSP until Ctrl-C. The device sends each stream once."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from functools import partial

from options import device, parser, run

from dvrip_proto import Device, DvripError, Keeper, Relay


async def up(camera: Device) -> None:
    """Say that the device is there."""
    print("connected to", camera.host, flush=True)


def down(error: DvripError | None) -> None:
    """Say that the device is away; viewers stay for a while."""
    print("away:", error, flush=True)


async def main(options: Namespace) -> None:
    """Print the addresses; open one with `vlc ADDRESS`."""
    keeper = Keeper(lambda: device(options), on_up=up, on_down=down)
    relay = Relay()
    try:
        await keeper.start()
        await relay.start("127.0.0.1", options.rtsp_port)
        for name, stream in (("main", "Main"), ("sub", "Extra1")):
            path = f"{options.channel}/{name}"
            relay.add(path, partial(keeper.monitor, options.channel - 1, stream))
            print(relay.url(path), flush=True)
        await asyncio.Event().wait()
    finally:
        await relay.close()
        await keeper.stop()


if __name__ == "__main__":
    options = parser(__doc__)
    options.add_argument("host")
    options.add_argument("--channel", type=int, default=1)
    options.add_argument("--rtsp-port", type=int, default=8554)
    run(main, options.parse_args())
