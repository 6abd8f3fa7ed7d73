"""`dvrip channels`: which channels a device has, and whether their cameras are there."""

from __future__ import annotations

from ...device import Device
from .. import output
from ..login import JSON


async def channels(device: Device, json: JSON = False) -> None:
    """List the channels of a device: kind, state, resolution, name. A recorder's empty slots too."""
    found = await device.system.channels()
    if json:
        output.as_json(
            [
                {
                    "channel": each.number + 1,
                    "kind": each.kind,
                    "state": each.state,
                    "word": each.word,
                    "exists": each.exists,
                    "reachable": each.reachable,
                    "resolution": each.resolution,
                    "max_resolution": each.max_resolution,
                    "name": each.name,
                }
                for each in found
            ]
        )
        return
    rows = [
        (each.number + 1, each.kind, each.word or each.state, each.resolution or None, each.name or None)
        for each in found
    ]
    output.table(("CHANNEL", "KIND", "STATE", "RESOLUTION", "NAME"), rows)
