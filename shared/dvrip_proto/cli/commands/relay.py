"""`dvrip relay`: RTSP for devices that have none, or too few connections."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from enum import StrEnum
from typing import Annotated, Any

import typer

from ...errors import UsageError
from ...relay import MAX_VIEWERS, Relay
from .. import output, samples
from ..complete import complete_device
from ..exit_codes import ExitCode, code_of, complain, stop_signal
from ..login import JSON, Login
from ..serving import Path, Serving, Wishes, named
from ..streams import Stream

_TOKEN_VARIABLE = "DVRIP_RELAY_TOKEN"


class Format(StrEnum):
    """What is printed of what is served."""

    TABLE = "table"
    GO2RTC = "go2rtc"
    FRIGATE = "frigate"


async def relay(
    login: Login,
    host: Annotated[
        list[str],
        typer.Argument(
            metavar="[NAME=]HOST",
            help="Any number of devices, such as gate=192.168.1.10; @FILE is those of a file, one a line.",
            show_default=False,
            autocompletion=complete_device,
        ),
    ],
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
    format_: Annotated[
        Format, typer.Option("--format", help="Addresses, or the configuration of a program that reads them.")
    ] = Format.TABLE,
    json: JSON = False,
) -> ExitCode:
    """Serve the video of devices over RTSP until Ctrl-C, and print the addresses.

    Devices may be away: they are tried again, and it is said when they are back. One that refuses the
    password is not tried again; when none is left, that ends it. A viewer that knows RTSP's way back (ONVIF
    backchannel; go2rtc, Home Assistant) can talk to the device. The addresses hold a token that is new each
    time; DVRIP_RELAY_TOKEN (16 characters or more) makes it last.

    Example: dvrip relay gate=192.168.1.10 yard=192.168.1.11 --format frigate
    """
    if not logging.getLogger().isEnabledFor(logging.WARNING):
        logging.getLogger("dvrip_proto.relay").setLevel(logging.WARNING)
    if json and format_ is not Format.TABLE:
        raise UsageError("--json or --format: one of them")
    devices = named(host)
    login.ready(place.host for place in devices.values() if place.password is None)
    wishes = Wishes(
        channels=tuple(dict.fromkeys(channel or ())),
        streams=tuple(dict.fromkeys(each.value for each in stream or list(Stream))),
        talk=talk,
        max_viewers=max_viewers,
    )
    server = Relay(token=os.environ.get(_TOKEN_VARIABLE) or None)
    show = _Show(server, advertise, format_, json=json)
    return await _serve(devices, login, server, wishes, show, (bind, rtsp_port))


class _Show:
    """Prints what is served: all of it once, later streams of tables when they are known."""

    def __init__(self, server: Relay, advertise: str | None, format_: Format, *, json: bool) -> None:
        self._server = server
        self._advertise = advertise
        self._format = format_
        self._json = json
        self._begun = False

    def all(self, paths: list[Path]) -> None:
        self._begun = True
        if self._json:
            output.as_json([self._entry(path) for path in paths])
        elif self._format is Format.TABLE:
            self._table(paths)
        else:
            urls = {samples.name(path): self._url(path) for path in paths}
            text = samples.go2rtc(urls) if self._format is Format.GO2RTC else samples.frigate(paths, urls)
            sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    def later(self, path: Path) -> None:
        if self._begun and not self._json and self._format is Format.TABLE:
            self._table([path])
            sys.stdout.flush()

    def _table(self, paths: list[Path]) -> None:
        named = any(path.device for path in paths)
        head = ("DEVICE",) if named else ()
        rows = [
            (*((path.device,) if named else ()), path.channel, path.stream, self._url(path)) for path in paths
        ]
        output.table((*head, "CHANNEL", "STREAM", "ADDRESS"), rows)

    def _entry(self, path: Path) -> dict[str, object]:
        entry: dict[str, object] = {"device": path.device} if path.device else {}
        return {**entry, "channel": path.channel, "stream": path.stream, "url": self._url(path)}

    def _url(self, path: Path) -> str:
        return self._server.url(path.path, host=self._advertise)


async def _serve(
    devices: dict[str, Any],
    login: Login,
    server: Relay,
    wishes: Wishes,
    show: _Show,
    where: tuple[str, int],
) -> ExitCode:
    ended = asyncio.Event()
    codes: list[ExitCode] = []
    serving = [
        Serving(name, place, login, server, wishes, on_new=show.later, on_end=ended.set)
        for name, place in devices.items()
    ]
    stopped = asyncio.create_task(stop_signal().wait())
    starting = asyncio.gather(server.start(*where), *(each.start() for each in serving))
    try:
        await _either(stopped, starting)
        if starting.done():
            starting.result()
        left = [each for each in serving if each.error is None]
        if left and not stopped.done():
            show.all([path for each in left for path in each.paths])
        while not stopped.done():
            ended.clear()  # before looking: another may end while one is forgotten
            for each, error in [(each, each.error) for each in serving if each.error is not None]:
                complain(each.told())
                await _forget(server, each)
                serving.remove(each)
                codes.append(code_of(error))
                if not serving:  # whoever starts it again must hear of a refusal: devices lock accounts
                    return ExitCode.AUTHENTICATION if ExitCode.AUTHENTICATION in codes else max(codes)
            waiting = asyncio.create_task(ended.wait())
            await _either(stopped, waiting)
            waiting.cancel()
        return ExitCode.DONE
    finally:
        stopped.cancel()
        starting.cancel()
        await server.close()
        await asyncio.gather(*(each.stop() for each in serving))


async def _either(one: asyncio.Future[Any], other: asyncio.Future[Any]) -> None:
    await asyncio.wait([one, other], return_when=asyncio.FIRST_COMPLETED)


async def _forget(server: Relay, ended: Serving) -> None:
    """Serve nothing of a device that is not tried any more."""
    for path in ended.paths:
        await server.remove(path.path)
    await ended.stop()
