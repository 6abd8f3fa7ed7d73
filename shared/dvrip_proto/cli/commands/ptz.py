"""`dvrip ptz`: move a camera."""

from __future__ import annotations

from typing import Annotated

import typer

from ...device import Device
from ...errors import UsageError
from ...features.ptz import DIRECTIONS, Ptz, Tour
from .. import output
from ..login import CHANNEL, JSON, wire_channel

_PRESETS = ("goto", "set", "clear")
_OTHERS = ("tour", "aux-on", "aux-off")
_NUMBERED = (*_PRESETS, *_OTHERS)
_UNNUMBERED = (*DIRECTIONS, "stop", "presets", "tours", "end-tour")
_ACTIONS = (*_UNNUMBERED, *_NUMBERED)


def _known(action: str) -> str:
    if action not in _ACTIONS:
        raise typer.BadParameter(f"{action!r} is none of {', '.join(_ACTIONS)}")
    return action


def _complete_action(incomplete: str) -> list[str]:
    return [action for action in _ACTIONS if action.startswith(incomplete)]


async def ptz(
    device: Device,
    action: Annotated[
        str,
        typer.Argument(
            metavar="ACTION",
            callback=_known,
            autocompletion=_complete_action,
            help=f"{', '.join(_UNNUMBERED)}; with a number: {', '.join(_NUMBERED)}.",
        ),
    ],
    number: Annotated[
        int | None,
        typer.Argument(
            metavar="[NUMBER]", min=0, max=255, help="Of a preset, a tour, or an auxiliary output."
        ),
    ] = None,
    channel: CHANNEL = 1,
    speed: Annotated[int, typer.Option("--speed", metavar="N", min=1, max=8, help="From 1 to 8.")] = 5,
    duration: Annotated[
        float, typer.Option("--duration", metavar="S", min=0.1, max=60, help="How long to move.")
    ] = 0.5,
    again: Annotated[
        float | None,
        typer.Option(
            "--again",
            metavar="S",
            min=0.1,
            max=60,
            help="Send the start again so often, for drives that stop by themselves.",
        ),
    ] = None,
    json: JSON = False,
) -> None:
    """Move a camera for a moment; use its presets and tours. Every movement but a tour ends with a stop.

    Example: dvrip ptz 192.168.1.10 left --duration 1
    """
    if (action in _NUMBERED) != (number is not None):
        raise UsageError(
            f"{', '.join(_NUMBERED)} need the number of a preset, a tour or an output, nothing else has one"
        )
    at = await wire_channel(device, channel)
    if action in ("presets", "tours"):
        await _list(device, action, at, json=json)
        return
    if number is not None:
        await _numbered(device.ptz, action, number, at)
    elif action == "stop":
        await device.ptz.stop(channel=at)
    elif action == "end-tour":
        await device.ptz.stop_tour(channel=at)
    else:
        await device.ptz.move(action, channel=at, speed=speed, duration_s=duration, again_s=again)
    if json:
        where = f"{device.host}:{device.port}"
        done: dict[str, object] = {"device": where, "channel": channel, "action": action}
        output.as_json(done if number is None else {**done, _what(action): number})


def _what(action: str) -> str:
    return "preset" if action in _PRESETS else action.partition("-")[0]


async def _numbered(ptz: Ptz, action: str, number: int, channel: int) -> None:
    if action.startswith("aux-"):
        await ptz.auxiliary(number, on=action == "aux-on", channel=channel)
        return
    calls = {
        "goto": ptz.goto_preset,
        "set": ptz.set_preset,
        "clear": ptz.clear_preset,
        "tour": ptz.start_tour,
    }
    await calls[action](number, channel=channel)


async def _list(device: Device, what: str, channel: int, *, json: bool) -> None:
    if what == "presets":
        presets = await device.ptz.presets(channel=channel)
        rows = [{"preset": preset.number, "name": preset.name} for preset in presets]
    else:
        tours = await device.ptz.tours(channel=channel)
        rows = [{"tour": tour.number, "name": tour.name, "stops": _stops(tour, json=json)} for tour in tours]
    if json:
        output.as_json(rows)
    else:
        head = ("PRESET", "NAME") if what == "presets" else ("TOUR", "NAME", "STOPS")
        output.table(head, [tuple(value or None for value in row.values()) for row in rows])


def _stops(tour: Tour, *, json: bool) -> object:
    if json:
        return [{"preset": preset, "seconds": seconds} for preset, seconds in tour.stops]
    return ", ".join(f"{preset} ({seconds} s)" for preset, seconds in tour.stops)
