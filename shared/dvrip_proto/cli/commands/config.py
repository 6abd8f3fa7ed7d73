"""Configuration objects, read and written by their names on the device."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...config.catalog import CATALOG, spec_for
from ...config.readable import readable
from ...config.redact import redact
from ...device import Device
from ...errors import RequestError
from .. import output
from ..command import on_device, on_devices, with_login
from ..complete import complete_key, complete_name
from ..lazy import list_first
from ..login import JSON, Login
from ..plan_output import DISCONNECT, DRY_RUN, carry_out, print_plan
from ..wishes import wish
from .backup import export, import_

app = typer.Typer(cls=list_first("list"), no_args_is_help=True, help=__doc__)

NAME = Annotated[
    str,
    typer.Argument(metavar="NAME", help="Object, such as NetWork.NetCommon.", autocompletion=complete_name),
]
CHANNEL = Annotated[
    int | None,
    typer.Option("--channel", "-c", metavar="N", min=1, help="Channel, from 1; all without it."),
]
WORDS = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="KEY=VALUE",
        help="Path and value, such as HostName=Gate or Server.Port=443. true, false, null and what starts "
        'with {, [ or " is JSON. Without any: JSON of --file, or of standard input.',
        autocompletion=complete_key,
    ),
]
FILE = Annotated[
    Path | None, typer.Option("--file", metavar="FILE", help="Read the wish as JSON; - is standard input.")
]
WHOLE = Annotated[bool, typer.Option("--replace", help="The JSON is the whole object: keys it lacks go.")]


async def get(
    device: Device,
    name: NAME,
    channel: CHANNEL = None,
    show_secrets: Annotated[bool, typer.Option("--show-secrets", help="Do not mask passwords.")] = False,
    json: JSON = False,
) -> None:
    """Show a configuration object. Passwords are masked.

    Example: dvrip config get 192.168.1.10 Detect.MotionDetect --channel 2
    """
    spec = spec_for(name)
    tree = await device.settings.get(name, channel=_wire(channel))
    if json:
        output.as_json(tree if show_secrets else redact(tree, spec))
        return
    shown = readable(tree, spec, secrets=show_secrets)
    if spec.per_channel and isinstance(shown, list):
        rows = ((at, *leaf) for at, element in enumerate(shown, 1) for leaf in output.flat(element))
        output.table((spec.element.upper(), "KEY", "VALUE"), rows)
    else:
        output.table(("KEY", "VALUE"), output.flat(shown))


async def change(
    device: Device,
    name: NAME,
    words: WORDS = None,
    channel: CHANNEL = None,
    file: FILE = None,
    replace: WHOLE = False,
    dry_run: DRY_RUN = False,
    allow_disconnect: DISCONNECT = False,
    json: JSON = False,
) -> None:
    """Change a configuration object, and read it back. Nothing is written when nothing differs.

    Example: dvrip config set 192.168.1.10 NetWork.NetNTP Enable=true Server.Name=ntp.example.net
    """
    plan = await device.settings.plan(name, wish(words or (), file), channel=_wire(channel), replace=replace)
    await carry_out(device, [plan], dry_run=dry_run, allow_disconnect=allow_disconnect, json=json)


async def diff(
    device: Device,
    name: NAME,
    words: WORDS = None,
    channel: CHANNEL = None,
    file: FILE = None,
    replace: WHOLE = False,
    json: JSON = False,
) -> None:
    """Show what `set` would change. The exit code is 0 whether something differs or not.

    Example: dvrip config diff @cameras.txt NetWork.NetNTP Server.Name=ntp.example.net
    """
    plan = await device.settings.plan(name, wish(words or (), file), channel=_wire(channel), replace=replace)
    print_plan(plan, None, json=json)


async def names(
    login: Login,
    host: Annotated[
        str | None,
        typer.Argument(metavar="[HOST]", help="Show only what this device has; asks it for everything."),
    ] = None,
    json: JSON = False,
) -> None:
    """List the objects that are known; others work as well, by their names."""
    known = list(CATALOG)
    if host is not None:
        async with login.device(host) as device:
            known = [name for name in known if await _has(device, name)]
    if json:
        output.as_json([_entry(name) for name in known])
    else:
        output.table(
            ("NAME", "PER CHANNEL", "TITLE"),
            ((name, CATALOG[name].per_channel, CATALOG[name].title) for name in known),
        )


def _entry(name: str) -> dict[str, object]:
    spec = CATALOG[name]
    return {"name": name, "title": spec.title, "per_channel": spec.per_channel, "read_only": spec.read_only}


async def _has(device: Device, name: str) -> bool:
    try:
        await device.settings.get(name)
    except RequestError:
        return False
    return True


def _wire(channel: int | None) -> int | None:
    """Return the channel as the device counts: from 0."""
    return None if channel is None else channel - 1


app.command("get")(on_devices(get))
app.command("set")(on_devices(change))
app.command("diff")(on_devices(diff))
app.command("list")(with_login(names))
app.command("export")(on_devices(export, writes="file"))
app.command("import")(on_device(import_))
