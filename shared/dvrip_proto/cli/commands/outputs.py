"""`dvrip outputs`: the relay contacts of a device."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from ...device import Device
from ...errors import UsageError
from ...features.outputs import OutputMode
from .. import output
from ..login import JSON


class State(StrEnum):
    """Who decides about an output, in words."""

    ON = "on"
    OFF = "off"
    AUTO = "auto"

    @property
    def mode(self) -> OutputMode:
        """The library's word."""
        return OutputMode[self.name]


async def outputs(
    device: Device,
    number: Annotated[
        int | None, typer.Argument(metavar="[NUMBER]", min=1, help="An output, from 1.", show_default=False)
    ] = None,
    state: Annotated[
        State | None,
        typer.Argument(metavar="[on|off|auto]", help="Hold it on or off, or leave it to events."),
    ] = None,
    json: JSON = False,
) -> None:
    """List the alarm outputs of a device, or switch one: on, off, or auto for the events linked to it.

    Example: dvrip outputs 192.168.1.10 1 on
    """
    if (number is None) != (state is None):
        raise UsageError("to switch an output takes its number and on, off or auto")
    if number is not None and state is not None:
        await device.outputs.switch(number - 1, state.mode)
    found = await device.outputs.list()
    rows = [(each.number + 1, each.mode and each.mode.name.lower(), each.energised) for each in found]
    if json:
        output.as_json([{"output": at, "mode": mode, "energised": on} for at, mode, on in rows])
    else:
        output.table(("OUTPUT", "MODE", "ENERGISED"), rows)
