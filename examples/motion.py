"""Say when something moves, until Ctrl-C; a device that restarts is waited for."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from datetime import datetime
from functools import partial

from options import device, parser, run

from dvrip_proto import AlarmEvent, AlarmKind, AuthenticationError, Device, DvripError, Keeper

WANTED = {AlarmKind.MOTION, AlarmKind.PERSON, AlarmKind.FACE, AlarmKind.VEHICLE}


def tell(event: AlarmEvent) -> None:
    """Print what moves, and where."""
    if event.kind in WANTED:
        state = "ends" if event.active is False else "begins"
        print(
            f"{datetime.now():%H:%M:%S} channel {event.channel + 1}: {event.kind.value} {state}", flush=True
        )


async def up(camera: Device) -> None:
    """Listen, and ask the device to tell: after each login anew."""
    camera.alarms.subscribe(tell)
    await camera.alarms.arm()
    print("watching", camera.host, flush=True)


def down(refused: asyncio.Future[None], error: DvripError | None) -> None:
    """Say that the device is away. After a refused login the keeper has stopped."""
    print("away:", error, flush=True)
    if isinstance(error, AuthenticationError) and not refused.done():
        refused.set_exception(error)


async def main(options: Namespace) -> None:
    """Keep the device connected until Ctrl-C, or until it refuses the login."""
    refused: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    keeper = Keeper(lambda: device(options), on_up=up, on_down=partial(down, refused))
    await keeper.start()
    try:
        await refused
    finally:
        await keeper.stop()


if __name__ == "__main__":
    options = parser(__doc__)
    options.add_argument("host")
    run(main, options.parse_args())
