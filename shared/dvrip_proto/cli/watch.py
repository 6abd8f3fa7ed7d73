"""`dvrip watch`: alarms as they come."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated

import typer

from ..device import Device
from ..features.alarms import AlarmEvent
from . import show
from .door import stop_signal
from .reach import JSON

_STATES = {True: "start", False: "stop", None: "event"}


async def watch(
    device: Device,
    seconds: Annotated[
        float | None, typer.Option("--seconds", metavar="S", min=0.1, help="Stop after this time.")
    ] = None,
    count: Annotated[
        int | None, typer.Option("--count", metavar="N", min=1, help="Stop after so many alarms.")
    ] = None,
    json: JSON = False,
) -> None:
    """Print alarms until Ctrl-C, one a line. The end of the connection is an error."""
    stopped = asyncio.create_task(stop_signal().wait())
    printing = asyncio.create_task(_print(device, count, json=json))
    await asyncio.sleep(0)  # it listens now
    try:
        await device.alarms.arm()
        await asyncio.wait({stopped, printing}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if printing.done():
            await printing
    finally:
        stopped.cancel()
        printing.cancel()


async def _print(device: Device, count: int | None, *, json: bool) -> None:
    left = count
    async for event in device.alarms.events():
        if json:
            show.as_json(_fields(event), compact=True)
        else:
            now = datetime.now().strftime("%Y-%m-%d %H:%M:%S")
            state = _STATES[event.active]
            show.line(f"{now}  channel {event.channel + 1}  {event.kind.value}  {state}  {event.event}")
        if left is not None:
            left -= 1
            if left == 0:
                return


def _fields(event: AlarmEvent) -> dict[str, object]:
    return {
        "received": datetime.now().isoformat(timespec="milliseconds"),
        "channel": event.channel + 1,
        "kind": event.kind.value,
        "active": event.active,
        "event": event.event,
        "started": event.started,
    }
