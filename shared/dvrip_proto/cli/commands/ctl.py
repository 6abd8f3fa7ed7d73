"""`dvrip simulate ctl`: what happens to running simulated devices, through their control API."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import quote, urlsplit

import typer

from ...errors import DvripError, ProtocolError, TransportError, UsageError
from .. import output
from ..exit_codes import fail
from ..lazy import PlainGroup
from ..new_file import writable, write_whole

_TIMEOUT_S: Final = 10.0
_COLUMNS: Final = ("serial", "host", "port", "profile", "channels", "up", "plugged", "sessions")

app = typer.Typer(
    cls=PlainGroup,
    no_args_is_help=True,
    help="Control running simulated devices; URL is the `control=` they said.",
)

Serial = Annotated[str, typer.Argument(metavar="SERIAL", help="The device, as `list` names it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.callback()
def control(
    context: typer.Context, url: Annotated[str, typer.Argument(metavar="URL", help="The control API.")]
) -> None:
    """Remember where the API is."""
    context.obj = url.rstrip("/")


@app.command("list")
def list_devices(context: typer.Context, as_json: AsJson = False) -> None:
    """List the devices."""
    devices = _ask(context, "/devices", as_json=as_json)
    if as_json:
        output.as_json(devices)
    else:
        output.table(_COLUMNS, [[device.get(column) for column in _COLUMNS] for device in devices])


@app.command("show")
def show_device(context: typer.Context, serial: Serial) -> None:
    """Show as JSON what a device is and what was done to it."""
    output.as_json(_ask(context, f"/devices/{quote(serial, safe='')}"))


@app.command()
def alarm(
    context: typer.Context,
    serial: Serial,
    event: Annotated[
        str,
        typer.Argument(
            metavar="EVENT",
            help="motion, blind, loss, input, person, disk-low, network-abort ... or the wire's own name.",
        ),
    ] = "motion",
    channel: Annotated[int, typer.Option(metavar="N", min=1, help="Channel.")] = 1,
    seconds: Annotated[float, typer.Option(metavar="S", help="How long; 0 until --end.")] = 5.0,
    end: Annotated[bool, typer.Option("--end", help="End the alarm.")] = False,
) -> None:
    """Begin an alarm, or end it."""
    wish = {"channel": channel - 1, "event": event, "active": not end, "duration_s": 0.0 if end else seconds}
    _act(context, serial, "alarm", wish, channel=channel)


@app.command()
def reboot(
    context: typer.Context,
    serial: Serial,
    seconds: Annotated[float, typer.Option(metavar="S", help="How long it is away.")] = 2.0,
) -> None:
    """Reboot a device."""
    _act(context, serial, "reboot", {"downtime_s": seconds})


@app.command()
def drop(context: typer.Context, serial: Serial) -> None:
    """Reset every connection of a device."""
    _act(context, serial, "drop", {})


@app.command()
def logout(
    context: typer.Context,
    serial: Serial,
    user: Annotated[str, typer.Option(metavar="NAME", help="Only this user.")] = "",
    session: Annotated[int, typer.Option(metavar="N", help="Only this session, as `show` numbers it.")] = 0,
) -> None:
    """Throw out who is logged in: everybody, a user, or a session."""
    _act(context, serial, "logout", {"user": user, "session": session})


@app.command()
def unplug(
    context: typer.Context,
    serial: Serial,
    seconds: Annotated[float, typer.Option(metavar="S", help="How long; 0 until `plug`.")] = 0.0,
) -> None:
    """Pull the network cable: connections fall silent, new ones get no answer."""
    _act(context, serial, "unplug", {"duration_s": seconds})


@app.command()
def plug(context: typer.Context, serial: Serial) -> None:
    """Put the network cable back in."""
    _act(context, serial, "plug", {})


@app.command()
def disk(
    context: typer.Context,
    serial: Serial,
    state: Annotated[str, typer.Argument(metavar="STATE", help="full, missing or good.")] = "full",
) -> None:
    """Fill the disk, take it out, or make it good again."""
    _act(context, serial, "disk", {"state": state})


@app.command()
def link(
    context: typer.Context,
    serial: Serial,
    state: Annotated[
        str,
        typer.Argument(
            metavar="STATE", help="Connected, LoginFailed, NoLogin, Offline, NoConfig; none for as before."
        ),
    ] = "",
    channel: Annotated[int, typer.Option(metavar="N", min=1, help="Channel.")] = 1,
) -> None:
    """Let the camera of a recorder's digital channel go or come."""
    _act(context, serial, "link", {"channel": channel - 1, "state": state}, channel=channel)


@app.command(context_settings={"ignore_unknown_options": True})
def clock(
    context: typer.Context,
    serial: Serial,
    seconds: Annotated[float, typer.Argument(metavar="S", help="Seconds ahead; negative is behind.")],
) -> None:
    """Set the clock wrong."""
    _act(context, serial, "clock", {"error_s": seconds})


@app.command()
def heard(
    context: typer.Context,
    serial: Serial,
    file: Annotated[Path, typer.Argument(metavar="FILE", callback=writable, help="The WAV file to write.")],
) -> None:
    """Save what was said to a device last: two-way audio, at most ten minutes."""
    sound: bytes = _ask(context, f"/devices/{quote(serial, safe='')}/talk.wav", read=bytes)
    try:
        write_whole(file, sound)
    except UsageError as error:
        raise fail(error) from error
    output.line(f"{file}: {len(sound)} bytes")


def _act(context: typer.Context, serial: str, action: str, wish: dict[str, object], **shown: object) -> None:
    done = {**_ask(context, f"/devices/{quote(serial, safe='')}/{action}", wish), **shown}
    output.line(" ".join(f"{name}={_told(value)}" for name, value in done.items()))


def _told(value: object) -> str:
    return output.clean(",".join(map(str, value)) or None if isinstance(value, list) else value)


def _ask(
    context: typer.Context,
    path: str,
    wish: dict[str, object] | None = None,
    *,
    as_json: bool = False,
    read: Callable[[bytes], Any] = json.loads,
) -> Any:
    try:
        return _answer(str(context.obj), path, wish, read)
    except DvripError as error:
        raise fail(error, json=as_json) from error


def _answer(url: str, path: str, wish: dict[str, object] | None, read: Callable[[bytes], Any]) -> Any:
    """An answer, as `read` reads it. Errors: DvripError with the server's own words where it has some."""
    try:
        where = urlsplit(url)
        if where.scheme != "http" or not where.hostname or where.port == 0:
            raise ValueError(url)
    except ValueError as error:
        raise UsageError(f"url: {url!r} is not http://HOST:PORT") from error
    data = None if wish is None else json.dumps(wish).encode()
    request = urllib.request.Request(url + path, data, {"Content-Type": "application/json"})
    # No proxy: the server answers on this computer only.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=_TIMEOUT_S) as response:
            return read(response.read())
    except urllib.error.HTTPError as error:
        raise _refusal(where.netloc, error) from error
    except urllib.error.URLError as error:
        raise TransportError(f"{where.netloc}: {_why(error.reason)}") from error
    except OSError as error:
        raise TransportError(f"{where.netloc}: {_why(error)}") from error
    except (ValueError, HTTPException) as error:
        raise ProtocolError(f"{where.netloc}: not the control API of a simulator") from error


def _why(error: str | BaseException) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _refusal(where: str, error: urllib.error.HTTPError) -> DvripError:
    try:
        text = json.loads(error.read())["error"]
    except (ValueError, LookupError, TypeError, OSError):
        return ProtocolError(f"{where}: not the control API of a simulator: HTTP {error.code}")
    return UsageError(f"{where}: {text}")
