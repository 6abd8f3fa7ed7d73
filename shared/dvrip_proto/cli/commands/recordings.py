"""Recordings on the disks of a device: what there is, and home with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from ...device import Device
from ...errors import DvripError, ProtocolError, RequestError, UsageError
from ...features.recordings.download import Saved
from ...features.recordings.recording import EVENT_NAMES, Recording
from ...media.container import import_av
from .. import output
from ..command import on_devices
from ..exit_codes import ExitCode, complain, explained, told
from ..lazy import list_first
from ..login import CHANNEL, JSON, wire_channel
from ..moments import DAY, FROM, MONTH, TO
from ..new_file import folder
from ..progress import Bar
from ..streams import STREAM, Stream

app = typer.Typer(cls=list_first("list"), no_args_is_help=True, help=__doc__)

_LAST_SECOND = time(23, 59, 59)
_MIB_KIB = 1024
_EARLY = timedelta(seconds=15)  # key frames are rarely further apart


class Event(StrEnum):
    """What the device recorded for: the names of EVENT_NAMES."""

    REGULAR = "regular"
    MOTION = "motion"
    ALARM = "alarm"
    MANUAL = "manual"
    IMPORTANT = "important"


EVENT = Annotated[
    list[Event] | None, typer.Option("--event", help="Only what was recorded for this; may be repeated.")
]
PICTURES = Annotated[bool, typer.Option("--pictures", help="Pictures instead of video.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Selection:
    """What the options ask for."""

    day: datetime | None
    since: datetime | None
    until: datetime | None
    channel: int
    stream: Stream
    events: list[Event] | None
    pictures: bool

    async def search(self, device: Device) -> AsyncIterator[Recording]:
        """Find it; a day without a date is the device's own."""
        if self.day is not None and (self.since is not None or self.until is not None):
            raise UsageError("give --day, or --from and --to")
        day = self.day or self.since or self.until or await device.system.time()
        async for recording in device.recordings.search(
            self.since or datetime.combine(day, time.min),
            self.until or datetime.combine(day, _LAST_SECOND),
            channel=await wire_channel(device, self.channel),
            stream=self.stream.wire,
            kind="jpg" if self.pictures else "h264",
            events=self.events or None,
        ):
            yield recording


@app.command("list")
@on_devices
async def listing(
    device: Device,
    day: DAY = None,
    since: FROM = None,
    until: TO = None,
    channel: CHANNEL = 1,
    stream: STREAM = Stream.MAIN,
    event: EVENT = None,
    pictures: PICTURES = False,
    json: JSON = False,
) -> None:
    """List the recordings of a channel. Times are the device's own.

    Example: dvrip recordings list 192.168.1.10 --from "2026-11-20 20:00" --event motion
    """
    selection = _Selection(
        day=day, since=since, until=until, channel=channel, stream=stream, events=event, pictures=pictures
    )
    found = [recording async for recording in selection.search(device)]
    if json:
        output.as_json([_fields(recording) for recording in found])
        return
    output.table(
        ("BEGIN", "END", "MIB", "EVENT", "NAME"),
        ((r.begin, r.end, f"{r.size_kib / _MIB_KIB:.1f}", _events(r), r.name) for r in found),
    )


@app.command("days")
@on_devices
async def days(
    device: Device,
    month: MONTH = None,
    pictures: PICTURES = False,
    json: JSON = False,
) -> None:
    """List the days of a month that have recordings."""
    when = month or await device.system.time()
    found = await device.recordings.calendar(when.year, when.month, kind="jpg" if pictures else "h264")
    texts = [day.isoformat() for day in sorted(found)]
    if json:
        output.as_json(texts)
    else:
        for text in texts:
            output.line(text)


@app.command("download")
@partial(on_devices, writes="output", at_once=True)
async def download(
    device: Device,
    day: DAY = None,
    since: FROM = None,
    until: TO = None,
    channel: CHANNEL = 1,
    stream: STREAM = Stream.MAIN,
    event: EVENT = None,
    pictures: PICTURES = False,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="DIR",
            callback=folder,
            help="Folder to write into, made where it is missing. Of many devices, {host} is in its name.",
        ),
    ] = Path(),
    mp4: Annotated[bool, typer.Option("--mp4", help="MP4 with sound, not the bare video.")] = False,
    headers: Annotated[
        bool, typer.Option("--headers", help="As the device sends it, with its headers and sound.")
    ] = False,
    any_time: Annotated[
        bool,
        typer.Option(
            "--any-time",
            help="Also pictures of another time than the list says: a camera's clock may be wrong.",
        ),
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Also what is there already.")] = False,
    json: JSON = False,
) -> ExitCode:
    """Download the recordings of a channel. A download that was broken off goes on where it was.

    Example: dvrip recordings download 192.168.1.10 --day 2026-11-20 --mp4 --output night

    Example: dvrip recordings download @cameras.txt --event motion --output 'today/{host}'
    """
    if mp4 and headers:
        raise UsageError("give --mp4 or --headers")
    if mp4:
        await asyncio.to_thread(import_av)
    selection = _Selection(
        day=day, since=since, until=until, channel=channel, stream=stream, events=event, pictures=pictures
    )
    found = [recording async for recording in selection.search(device)]
    suffix = ".jpg" if pictures else ".mp4" if mp4 else ".dvrip" if headers else ".h264"
    if not found:
        _fail(RequestError(f"{device.host}:{device.port}: there are no such recordings"), json=json)
        return ExitCode.REFUSED
    _make(output)
    code = ExitCode.DONE
    for recording, file in zip(found, _names(found, output, suffix), strict=True):
        if not overwrite and (file.exists() or file.with_suffix(".h265").exists()):
            _tell(file, new=False, json=json)
            continue
        try:
            _tell(await _bring(device, recording, file, any_time=any_time), new=True, json=json)
        except (RequestError, ProtocolError) as error:
            _fail(error, json=json)
            code = ExitCode.REFUSED
    return code


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder}: is no directory") from error


def _fail(error: DvripError, *, json: bool) -> None:
    complain(explained(error))
    if json:
        output.as_json(told(error), compact=True)


def _tell(file: Path, *, new: bool, json: bool) -> None:
    size = file.stat().st_size if file.exists() else None
    if json:
        output.as_json({"file": str(file), "bytes": size, "new": new}, compact=True)
    else:
        output.line(f"{file}: {size} bytes" if new else f"{file}: is there already")


async def _bring(device: Device, recording: Recording, file: Path, *, any_time: bool) -> Path:
    """Download one recording into a file."""
    with Bar(file.name) as bar:
        saved = await device.recordings.save(
            recording,
            file,
            headers=file.suffix == ".dvrip",
            progress=bar.move,
            resume=True,
            any_time=any_time,
        )
    if file.suffix == ".h264" and saved.codec == "h265":
        file = await asyncio.to_thread(file.replace, file.with_suffix(".h265"))
    _warn_of_gap(recording, saved, file)
    return file


def _warn_of_gap(recording: Recording, saved: Saved, file: Path) -> None:
    if recording.end is not None and saved.end is not None and recording.end - saved.end > _EARLY:
        complain(f"{file}: ends at {saved.end}, the recording at {recording.end}")


def _names(found: list[Recording], folder: Path, suffix: str) -> list[Path]:
    """Return a file for each recording: by its time and channel, never by what the device calls it."""
    names: list[Path] = []
    taken: set[str] = set()
    for recording in found:
        when = f"{recording.begin:%Y-%m-%d_%H-%M-%S}" if recording.begin else "unknown"
        stem = f"{when}_channel{recording.channel + 1}"
        stem += "" if recording.stream == "Main" else "_sub"
        number = next(n for n in range(1, len(found) + 2) if f"{stem}_{n}" not in taken)
        taken.add(f"{stem}_{number}")
        names.append(folder / f"{stem}{f'_{number}' if number > 1 else ''}{suffix}")
    return names


def _events(recording: Recording) -> str:
    return ", ".join(EVENT_NAMES.get(letter, letter) for letter in sorted(recording.events))


def _fields(recording: Recording) -> dict[str, object]:
    return {
        "begin": recording.begin,
        "end": recording.end,
        "channel": recording.channel + 1,
        "stream": "main" if recording.stream == "Main" else "sub",
        "size_kib": recording.size_kib,
        "events": [EVENT_NAMES.get(letter, letter) for letter in sorted(recording.events)],
        "name": recording.name,
    }
