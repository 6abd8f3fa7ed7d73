"""Settings by the names that people give them: shown, and set."""

from __future__ import annotations

import json as json_text
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from ...config.controls import control
from ...config.present import Present
from ...device import Device
from ...errors import UsageError
from .. import output
from ..complete import complete_control, complete_value
from ..login import JSON, wire_channel
from ..plan_output import DISCONNECT, DRY_RUN, carry_out
from .config import CHANNEL

_MASKED = "********"


async def show(
    device: Device,
    keys: Annotated[
        list[str] | None,
        typer.Argument(metavar="KEY", help="Only these.", autocompletion=complete_control),
    ] = None,
    channel: CHANNEL = None,
    json: JSON = False,
) -> None:
    """Show the settings that a device has, by their names. Passwords are masked.

    Example: dvrip show 192.168.1.10 motion_detection motion_sensitivity --channel 2
    """
    found = await device.controls.present(keys or ())
    if channel is not None and not any(row.channel == channel - 1 for row in found):
        await wire_channel(device, channel)
    rows = [row for row in found if channel is None or row.channel in (None, channel - 1)]
    if json:
        output.as_json([_entry(row) for row in rows])
        return
    output.table(
        ("KEY", "CHANNEL", "VALUE", "UNIT", "WHAT"),
        ((row.control.key, _from_one(row), _shown(row), row.kind.unit, row.control.title) for row in rows),
    )
    missing = [key for key in keys or () if key not in {row.control.key for row in found}]
    if missing:
        output.line(f"this device has no {', '.join(missing)}")


async def change(
    device: Device,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="KEY=VALUE",
            help='Such as motion_sensitivity=4. A value that starts with {, [ or " is JSON.',
            autocompletion=complete_value,
        ),
    ],
    channel: CHANNEL = None,
    dry_run: DRY_RUN = False,
    allow_disconnect: DISCONNECT = False,
    json: JSON = False,
) -> None:
    """Set settings by their names, and read them back. Nothing is written when nothing differs.

    Example: dvrip set @cameras.txt motion_detection=on motion_sensitivity=4 --channel 2
    """
    wanted = None if channel is None else channel - 1
    plans = await device.controls.plan(_values(words), channel=wanted)
    await carry_out(
        device, plans, dry_run=dry_run, allow_disconnect=allow_disconnect, json=json, several=True
    )


def _values(words: Sequence[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for word in words:
        key, equals, text = word.partition("=")
        if not key or not equals:
            raise UsageError(f"{word!r} is not KEY=VALUE")
        if key in values:
            raise UsageError(f"{key}: is given twice")
        values[control(key).key] = _value(key, text)
    return values


def _value(key: str, text: str) -> Any:
    if not text.startswith(("{", "[", '"')):
        return text
    try:
        return json_text.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{key}: {text!r} is no JSON: {error}") from error


def _entry(row: Present) -> dict[str, object]:
    told: dict[str, object] = {
        "key": row.control.key,
        "title": row.control.title,
        "channel": _from_one(row),
        "value": _shown(row),
    }
    if row.kind.unit:
        told["unit"] = row.kind.unit
    if row.kind.options:
        told["options"] = list(row.kind.options)
    if row.kind.bounds is not None:
        told["least"], told["most"] = row.kind.bounds
    return told


def _shown(row: Present) -> Any:
    return _MASKED if row.kind.secret else row.value


def _from_one(row: Present) -> int | None:
    return None if row.channel is None else row.channel + 1
