"""`dvrip users` and `dvrip groups`: who may do what."""

from __future__ import annotations

from ..device import Device
from . import show
from .reach import JSON


async def users(device: Device, json: JSON = False) -> None:
    """List the accounts of a device."""
    found = await device.users.list()
    if json:
        show.as_json(
            [
                {
                    "name": user.name,
                    "group": user.group,
                    "memo": user.memo,
                    "reserved": user.reserved,
                    "sharable": user.sharable,
                    "authorities": user.authorities,
                }
                for user in found
            ]
        )
        return
    show.table(
        ("USER", "GROUP", "AUTHORITIES", "RESERVED", "SHARABLE", "MEMO"),
        ((u.name, u.group, len(u.authorities), u.reserved, u.sharable, u.memo) for u in found),
    )


async def groups(device: Device, json: JSON = False) -> None:
    """List the groups of a device: the limits of its accounts."""
    found = await device.users.groups()
    if json:
        show.as_json(
            [{"name": group.name, "memo": group.memo, "authorities": group.authorities} for group in found]
        )
        return
    show.table(("GROUP", "AUTHORITIES", "MEMO"), ((g.name, len(g.authorities), g.memo) for g in found))
