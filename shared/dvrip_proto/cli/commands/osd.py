"""`dvrip osd`: what a device writes into its pictures."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from ...config.merge import merged
from ...config.plan import Plan
from ...config.spec import Setting
from ...device import Device
from ...errors import UnsupportedError, UsageError
from .. import output
from ..login import CHANNEL, JSON, wire_channel
from ..plan_output import DISCONNECT, DRY_RUN, carry_out

_TITLE, _TEXT, _LOOK = "ChannelTitle", "fVideo.OSDInfo", "AVEnc.VideoWidget"
_SWITCHES = {
    "title_shown": "ChannelTitleAttribute.EncodeBlend",
    "time_shown": "TimeTitleAttribute.EncodeBlend",
}
_LINES, _LINES_SHOWN = "OSDInfo[0].Info", "OSDInfo[0].OSDInfoWidget.EncodeBlend"


async def osd(
    device: Device,
    title: Annotated[str | None, typer.Option("--title", metavar="TEXT", help="Name of the channel.")] = None,
    text: Annotated[
        list[str] | None,
        typer.Option("--text", metavar="LINE", help="A line besides; repeatable, '' for none."),
    ] = None,
    show_title: Annotated[
        bool | None, typer.Option("--show-title/--hide-title", help="Title in the picture.")
    ] = None,
    show_time: Annotated[
        bool | None, typer.Option("--show-time/--hide-time", help="Clock in the picture.")
    ] = None,
    channel: CHANNEL = 1,
    dry_run: DRY_RUN = False,
    allow_disconnect: DISCONNECT = False,
    json: JSON = False,
) -> None:
    """Show what is written into the pictures of a channel, or change it. Devices draw what their font has.

    Example: dvrip osd 192.168.1.10 --channel 2 --title Garage --hide-time
    """
    at = await wire_channel(device, channel)
    plans: list[Plan] = []
    look = {"title_shown": show_title, "time_shown": show_time}
    wishes = {_SWITCHES[name]: on for name, on in look.items() if on is not None}
    if wishes:
        plans.append(await device.settings.plan(_LOOK, _tree(wishes), channel=at))
    if text is not None:
        lines = await _lines(device, [line for line in text if line])
        plans.append(await device.settings.plan(_TEXT, _tree({_LINES: lines, _LINES_SHOWN: any(lines)})))
    if title is not None:  # the last: the object before has the title as it was
        plans.append(await device.settings.plan(_TITLE, title, channel=at))
    if plans:
        await carry_out(
            device, plans, dry_run=dry_run, allow_disconnect=allow_disconnect, json=json, several=True
        )
        return
    told: dict[str, object] = {"channel": channel, "title": await _read(device, _TITLE, "", at)}
    for name, path in _SWITCHES.items():
        told[name] = await _read(device, _LOOK, path, at)
    told["text"] = [line for line in await _kept(device) if line]
    if json:
        output.as_json(told)
    else:
        output.fields({name.replace("_", " "): value for name, value in told.items()})


def _tree(values: dict[str, Any]) -> Any:
    tree: Any = None
    for path, value in values.items():
        patch = Setting(_TEXT, path).patch(value)
        tree = patch if tree is None else merged(tree, patch, path)
    return tree


async def _lines(device: Device, wanted: list[str]) -> list[str]:
    """Return as many lines as the device keeps: those that are not wanted are empty."""
    kept = await _kept(device)
    if len(wanted) > len(kept) > 0:
        raise UsageError(f"{device.host}: the device has {len(kept)} lines of text")
    return [*wanted, *[""] * (len(kept) - len(wanted))]


async def _kept(device: Device) -> list[str]:
    kept = await _read(device, _TEXT, _LINES, None)
    return [str(line) for line in kept] if isinstance(kept, list) else []


async def _read(device: Device, name: str, path: str, channel: int | None) -> object:
    try:
        return await device.settings.value(Setting[Any](name, path), channel=channel)
    except UnsupportedError:
        return None
