"""`dvrip watch`: alarms as they come, of one device or of many."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

import typer

from ...device import Device
from ...errors import DvripError, TransportError
from ...features.alarms import AlarmEvent
from ...servers.alarm_centre import AlarmReport
from ...wire.alarm_words import OwnerKind
from .. import output
from ..command import HOSTS
from ..exit_codes import ExitCode, code_of, complain, explained, stop_signal, told
from ..fleet import PARALLEL, Place, places
from ..login import JSON, Login

_STATES = {True: "start", False: "stop", None: "event"}


@dataclass(slots=True, kw_only=True)
class _Printer:
    """Prints alarms until so many have come; names the device when there are many."""

    count: int | None
    json: bool
    many: bool
    full: asyncio.Event = field(default_factory=asyncio.Event)
    heard: set[str] = field(default_factory=set)  # devices that were there
    lost: set[str] = field(default_factory=set)

    def failed(self, host: str, error: DvripError) -> None:
        """Say why no more comes of one."""
        self.lost.add(host)
        complain(explained(error))
        if self.json:
            output.as_json({**({"host": host} if self.many else {}), **told(error)}, compact=True)

    def tell(self, host: str, event: AlarmEvent) -> None:
        """Print one."""
        if self.full.is_set():
            return
        if self.json:
            output.as_json({**({"host": host} if self.many else {}), **_fields(event)}, compact=True)
        else:
            where = f"{host}  " if self.many else ""
            what = f"{event.kind.value}  {state_word(event)}  {event.event}"
            output.line(f"{now()}  {where}{place_word(event)}  {what}")
        if self.count is not None:
            self.count -= 1
            if self.count == 0:
                self.full.set()


async def watch(
    login: Login,
    host: HOSTS,
    seconds: Annotated[
        float | None, typer.Option("--seconds", metavar="S", min=0.1, help="Stop after this time.")
    ] = None,
    count: Annotated[
        int | None, typer.Option("--count", metavar="N", min=1, help="Stop after so many alarms.")
    ] = None,
    parallel: PARALLEL = 32,
    json: JSON = False,
) -> ExitCode:
    """Print alarms until Ctrl-C, one a line. The end of a connection is an error; others go on.

    Example: dvrip watch 192.168.1.10 --json
    """
    named = places([host])
    late = False
    login.ready(place.host for place in named if place.password is None)
    printer = _Printer(count=count, json=json, many=host.startswith("@"))
    turns = asyncio.Semaphore(parallel)
    watching = [asyncio.create_task(_one(login, place, printer, turns)) for place in named]
    everything = asyncio.gather(*watching)
    ends = [asyncio.create_task(stop_signal().wait()), asyncio.create_task(printer.full.wait())]
    try:
        waited: list[asyncio.Future[Any]] = [everything, *ends]
        done, _ = await asyncio.wait(waited, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        late = not done
    finally:
        for task in (*watching, *ends):
            task.cancel()
        await asyncio.wait(watching)
    await asyncio.gather(everything, return_exceptions=True)
    codes = [task.result() for task in watching if not task.cancelled()]
    for place in named if late else ():
        if place.host not in printer.heard | printer.lost:
            printer.failed(place.host, TransportError(f"{place.host}: was not there within {seconds:g} s"))
            codes.append(ExitCode.NETWORK)
    return max(codes, default=ExitCode.DONE)


async def _one(login: Login, place: Place, printer: _Printer, turns: asyncio.Semaphore) -> ExitCode:
    try:
        device = login.device(place.host, place.password)
        async with turns:
            await device.open()
        printer.heard.add(place.host)
        try:
            await _print(device, place.host, printer)
        finally:
            await device.close()
    except DvripError as error:
        printer.failed(place.host, error)
        return code_of(error)
    return ExitCode.DONE


async def _print(device: Device, host: str, printer: _Printer) -> None:
    async def listen() -> None:
        async for event in device.alarms.events():
            printer.tell(host, event)

    listening = asyncio.create_task(listen())
    await asyncio.sleep(0)  # it listens now
    try:
        await device.alarms.arm()
        await listening
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


def place_word(event: AlarmEvent | AlarmReport) -> str:
    """Return the channel, input or disk of an alarm, as lines show it; counted from 1."""
    if event.channel is None:
        return "device"
    owner = event.owner(event.channel + 1).kind
    return f"{OwnerKind.CHANNEL.value if owner is OwnerKind.DEVICE else owner.value} {event.channel + 1}"


def state_word(event: AlarmEvent | AlarmReport) -> str:
    """Return whether an alarm begins or ends, as lines show it."""
    return "unclear" if event.unclear else _STATES[event.active]


def now() -> str:
    """Return this moment, as lines show it."""
    return datetime.now().isoformat(" ", "seconds")


def _fields(event: AlarmEvent) -> dict[str, object]:
    return {
        "received": datetime.now().isoformat(" ", "milliseconds"),
        "channel": None if event.channel is None else event.channel + 1,
        "kind": event.kind.value,
        "active": event.active,
        "event": event.event,
        "started": event.started,
        "unclear": event.unclear,
    }
