"""`dvrip ptz`: move a camera."""

from __future__ import annotations

from typing import Annotated

import typer

from ...device import Device
from ...errors import UsageError
from ...features.ptz import DIRECTIONS
from .. import output
from ..login import CHANNEL, JSON, wire_channel

_PRESETS = ("goto", "set", "clear")


def _known(action: str) -> str:
    known = [*DIRECTIONS, "stop", "presets", *_PRESETS]
    if action not in known:
        raise typer.BadParameter(f"{action!r} is none of {', '.join(known)}")
    return action


def _complete_action(incomplete: str) -> list[str]:
    return [action for action in (*DIRECTIONS, "stop", "presets", *_PRESETS) if action.startswith(incomplete)]


async def ptz(
    device: Device,
    action: Annotated[
        str,
        typer.Argument(
            metavar="ACTION",
            callback=_known,
            autocompletion=_complete_action,
            help=f"{', '.join(DIRECTIONS)}, stop, presets; {', '.join(_PRESETS)} with the number of one.",
        ),
    ],
    number: Annotated[
        int | None, typer.Argument(metavar="[PRESET]", min=0, max=255, help="Number of a preset.")
    ] = None,
    channel: CHANNEL = 1,
    speed: Annotated[int, typer.Option("--speed", metavar="N", min=1, max=8, help="From 1 to 8.")] = 5,
    duration: Annotated[
        float, typer.Option("--duration", metavar="S", min=0.1, max=60, help="How long to move.")
    ] = 0.5,
    json: JSON = False,
) -> None:
    """Move a camera for a moment, or list, go to, store or forget presets. Every movement ends with a stop.

    Example: dvrip ptz 192.168.1.10 left --duration 1
    """
    if (action in _PRESETS) != (number is not None):
        raise UsageError(f"{', '.join(_PRESETS)} need the number of a preset, nothing else has one")
    at = await wire_channel(device, channel)
    if action == "presets":
        await _list_presets(device, at, json=json)
        return
    if action == "stop":
        await device.ptz.stop(channel=at)
    elif action == "goto" and number is not None:
        await device.ptz.goto_preset(number, channel=at)
    elif action == "set" and number is not None:
        await device.ptz.set_preset(number, channel=at)
    elif action == "clear" and number is not None:
        await device.ptz.clear_preset(number, channel=at)
    else:
        await device.ptz.move(action, channel=at, speed=speed, duration_s=duration)
    if json:
        where = f"{device.host}:{device.port}"
        done: dict[str, object] = {"device": where, "channel": channel, "action": action}
        output.as_json(done if number is None else {**done, "preset": number})


async def _list_presets(device: Device, channel: int, *, json: bool) -> None:
    stored = await device.ptz.presets(channel=channel)
    if json:
        output.as_json([{"preset": preset.number, "name": preset.name} for preset in stored])
    else:
        output.table(("PRESET", "NAME"), [(preset.number, preset.name or None) for preset in stored])
