"""`dvrip relay`: RTSP for devices that have none, or too few connections."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Annotated, Any

import typer

from ...device import Device
from ...errors import AuthenticationError, DvripError, TransportError, UsageError
from ...keeper import Keeper
from ...relay import MAX_VIEWERS, Hub, Relay, Voice
from ...relay.source import OpenStream
from .. import output
from ..exit_codes import complain, explained, stop_signal
from ..login import HOST, JSON, Login
from .pictures import Stream

_TOKEN_VARIABLE = "DVRIP_RELAY_TOKEN"


async def relay(
    login: Login,
    host: HOST,
    channel: Annotated[
        list[int] | None,
        typer.Option(
            "--channel", "-c", metavar="N", min=1, help="Channel, from 1. Repeatable; all without it."
        ),
    ] = None,
    stream: Annotated[
        list[Stream] | None, typer.Option("--stream", help="Repeatable; both without it.")
    ] = None,
    bind: Annotated[str, typer.Option("--bind", metavar="ADDR", help="Address to serve on.")] = "127.0.0.1",
    rtsp_port: Annotated[
        int, typer.Option("--rtsp-port", metavar="N", min=0, max=65535, help="TCP port; 0 for any free one.")
    ] = 8554,
    advertise: Annotated[
        str | None,
        typer.Option("--advertise", metavar="HOST", help="Name of this computer in the addresses printed."),
    ] = None,
    talk: Annotated[
        bool, typer.Option("--talk/--no-talk", help="Let viewers talk to the device, one at a time.")
    ] = True,
    max_viewers: Annotated[
        int, typer.Option("--max-viewers", metavar="N", min=1, help="Viewers of one stream at a time.")
    ] = MAX_VIEWERS,
    json: JSON = False,
) -> None:
    """Serve the video of a device over RTSP until Ctrl-C, and print the addresses.

    A viewer that knows RTSP's way back (ONVIF backchannel; go2rtc, Home Assistant) can talk to the device.
    The addresses hold a token that is new each time; DVRIP_RELAY_TOKEN (16 characters or more) makes
    it last.
    """
    if not logging.getLogger().isEnabledFor(logging.WARNING):
        logging.getLogger("dvrip_proto.relay").setLevel(logging.WARNING)
    lost: asyncio.Future[DvripError] = asyncio.get_running_loop().create_future()
    serving = asyncio.Event()
    keeper = Keeper(partial(login.device, host), on_up=_ignore, on_down=partial(_down, lost, serving))
    stopped = asyncio.create_task(stop_signal().wait())
    await keeper.start()
    server = Relay(token=os.environ.get(_TOKEN_VARIABLE) or None)
    try:
        await server.start(bind, rtsp_port)
        channels = channel or await _all_channels(keeper)
        add = partial(
            server.add, max_viewers=max_viewers, open_talk=partial(_talk, host, keeper) if talk else None
        )
        paths = [
            (number, kind, _serve(add, keeper, number, kind))
            for number in dict.fromkeys(channels)
            for kind in stream or list(Stream)
        ]
        addresses = [
            {"channel": number, "stream": kind.value, "url": server.url(path, host=advertise)}
            for number, kind, path in paths
        ]
        if json:
            output.as_json(addresses)
        else:
            output.table(("CHANNEL", "STREAM", "ADDRESS"), (tuple(entry.values()) for entry in addresses))
            sys.stdout.flush()
        serving.set()
        ends: list[asyncio.Future[Any]] = [stopped, lost]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        if lost.done():
            raise lost.result()
    finally:
        stopped.cancel()
        await server.close()
        await keeper.stop()


def _serve(add: Callable[[str, OpenStream], Hub], keeper: Keeper, channel: int, stream: Stream) -> str:
    path = f"{channel}/{stream.value}"
    add(path, partial(keeper.monitor, channel - 1, stream.wire))
    return path


@asynccontextmanager
async def _talk(host: str, keeper: Keeper) -> AsyncIterator[Voice]:
    """Talk to the device that is connected now, whichever channel is watched: it has one loudspeaker."""
    if keeper.device is None:
        raise TransportError(f"{host}: not connected")
    async with keeper.device.talk.open() as voice:
        yield voice


async def _all_channels(keeper: Keeper) -> list[int]:
    if keeper.device is None:
        raise UsageError("the device went away: name the channels with --channel")
    found = await keeper.device.system.info()
    return list(range(1, found.channel_count + 1))


async def _ignore(_device: Device) -> None:
    """Nothing to prepare on a device that is only watched."""


def _down(lost: asyncio.Future[DvripError], serving: asyncio.Event, error: DvripError | None) -> None:
    """Say that the device is away; only a refused login, which a keeper does not repeat, is the end."""
    if serving.is_set():  # before, the command fails of it, and says so
        complain(explained(error) if error else "the device closed the connection")
    if isinstance(error, AuthenticationError) and not lost.done():
        lost.set_result(error)
