"""`dvrip users` and `dvrip groups`: who may do what. Nobody is locked out, see features.users."""

from __future__ import annotations

import os
import sys
from getpass import getpass
from pathlib import Path
from typing import Annotated

import typer

from ...device import Device
from ...errors import UsageError
from .. import output
from ..command import YES, agree, on_devices
from ..lazy import list_first
from ..login import JSON, first_line
from ..plan_output import DRY_RUN, print_plan

_VARIABLE = "DVRIP_NEW_PASSWORD"


users = typer.Typer(
    cls=list_first("list"), no_args_is_help=True, help="Accounts of a device; `dvrip users HOST` lists them."
)
groups = typer.Typer(
    cls=list_first("list"),
    no_args_is_help=True,
    help="Groups of a device: the limits of its accounts; `dvrip groups HOST` lists them.",
)

NAME = Annotated[str, typer.Argument(metavar="NAME", help="Name of it.", show_default=False)]
MEMO = Annotated[str | None, typer.Option("--memo", metavar="TEXT", help="A note.")]
AUTHORITY = Annotated[
    list[str] | None,
    typer.Option("--authority", metavar="NAME", help="What it may do, such as Monitor_01. Repeatable."),
]
SHARABLE = Annotated[
    bool | None, typer.Option("--sharable/--single", help="May be logged in several times at once.")
]
NEW_PASSWORD = Annotated[
    Path | None,
    typer.Option(
        "--new-password-file",
        metavar="FILE",
        help=f"The account's password is the first line of FILE; without it {_VARIABLE}, else you are asked.",
    ),
]


async def list_users(device: Device, json: JSON = False) -> None:
    """List the accounts of a device."""
    found = await device.users.list()
    if json:
        output.as_json(
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
    output.table(
        ("USER", "GROUP", "AUTHORITIES", "RESERVED", "SHARABLE", "MEMO"),
        ((u.name, u.group, len(u.authorities), u.reserved, u.sharable, u.memo) for u in found),
    )


async def add_user(
    device: Device,
    name: NAME,
    group: Annotated[str, typer.Option("--group", metavar="NAME", help="Its group.", show_default=False)],
    memo: MEMO = None,
    authority: AUTHORITY = None,
    sharable: SHARABLE = None,
    new_password_file: NEW_PASSWORD = None,
    dry_run: DRY_RUN = False,
    json: JSON = False,
) -> None:
    """Add an account, and prove it by a login. Without --authority it may do what its group may.

    Example: dvrip users add 192.168.1.10 viewer --group user --authority Monitor_01
    """
    if await device.users.get(name) is not None:
        raise UsageError(f"{device.connection.where}: user {name} is there already: see modify and password")
    password = _new_password(name, new_password_file)
    plan = await device.users.plan_user(
        name, group=group, memo=memo, sharable=sharable, authorities=authority, password=password
    )
    print_plan(plan, None if dry_run else await device.users.apply(plan), json=json)


async def modify_user(
    device: Device,
    name: NAME,
    group: Annotated[str | None, typer.Option("--group", metavar="NAME", help="Another group.")] = None,
    memo: MEMO = None,
    authority: AUTHORITY = None,
    sharable: SHARABLE = None,
    dry_run: DRY_RUN = False,
    json: JSON = False,
) -> None:
    """Change an account; what is not given stays. The account in use here keeps the right to manage.

    Example: dvrip users modify 192.168.1.10 viewer --authority Monitor_01 --authority Replay_01
    """
    if await device.users.get(name) is None:
        raise UsageError(f"{device.connection.where}: there is no user {name}")
    plan = await device.users.plan_user(
        name, group=group, memo=memo, sharable=sharable, authorities=authority
    )
    print_plan(plan, None if dry_run else await device.users.apply(plan), json=json)


async def set_password(
    device: Device, name: NAME, new_password_file: NEW_PASSWORD = None, json: JSON = False
) -> None:
    """Change a password, and prove it by a login: if that refuses it, the old one still counts.

    Example: dvrip users password @cameras.txt admin --new-password-file new.txt
    """
    password = _new_password(name, new_password_file)
    was_changed = await device.users.set_password(name, password)
    text = f"{name}: has the new password" if was_changed else f"{name}: had this password"
    output.result(text, {"name": name, "changed": was_changed}, json=json)


async def remove_user(
    device: Device, name: NAME, yes: YES = False, dry_run: DRY_RUN = False, json: JSON = False
) -> None:
    """Remove an account; one that is not there is no error. The last administrator stays."""
    plan = await device.users.plan_removal(name)
    if plan.changed and not dry_run:
        agree(f"Remove the user {name} of {device.connection.where}?", yes=yes)
    print_plan(plan, None if dry_run else await device.users.apply(plan), json=json)


async def list_groups(device: Device, json: JSON = False) -> None:
    """List the groups of a device."""
    found = await device.users.groups()
    if json:
        output.as_json(
            [{"name": group.name, "memo": group.memo, "authorities": group.authorities} for group in found]
        )
        return
    output.table(("GROUP", "AUTHORITIES", "MEMO"), ((g.name, len(g.authorities), g.memo) for g in found))


async def list_authorities(device: Device, json: JSON = False) -> None:
    """List the authorities that a device knows: what --authority takes."""
    found = await device.users.authorities()
    if json:
        output.as_json(found)
        return
    for name in found:
        output.line(name)


async def add_group(
    device: Device,
    name: NAME,
    authority: AUTHORITY = None,
    memo: MEMO = None,
    dry_run: DRY_RUN = False,
    json: JSON = False,
) -> None:
    """Add a group.

    Example: dvrip groups add 192.168.1.10 guards --authority Monitor_01 --authority Replay_01
    """
    if await device.users.get_group(name) is not None:
        raise UsageError(f"{device.connection.where}: group {name} is there already: see modify")
    plan = await device.users.plan_group(name, memo=memo, authorities=authority or [])
    print_plan(plan, None if dry_run else await device.users.apply(plan), json=json)


async def modify_group(
    device: Device,
    name: NAME,
    authority: AUTHORITY = None,
    memo: MEMO = None,
    dry_run: DRY_RUN = False,
    json: JSON = False,
) -> None:
    """Change a group; what is not given stays. It keeps what its users have."""
    if await device.users.get_group(name) is None:
        raise UsageError(f"{device.connection.where}: there is no group {name}")
    plan = await device.users.plan_group(name, memo=memo, authorities=authority)
    print_plan(plan, None if dry_run else await device.users.apply(plan), json=json)


async def remove_group(
    device: Device, name: NAME, yes: YES = False, dry_run: DRY_RUN = False, json: JSON = False
) -> None:
    """Remove a group without users; one that is not there is no error."""
    plan = await device.users.plan_group_removal(name)
    if plan.changed and not dry_run:
        agree(f"Remove the group {name} of {device.connection.where}?", yes=yes)
    print_plan(plan, None if dry_run else await device.users.apply(plan), json=json)


def _new_password(name: str, file: Path | None) -> str:
    """Return the password to set, of a file, the environment, or twice of whoever sits at the terminal."""
    if file is not None:
        return first_line(file)
    if (password := os.environ.get(_VARIABLE)) is not None:
        return password
    if output.keeps() or not sys.stdin.isatty():
        raise UsageError(f"no new password: set {_VARIABLE} or give --new-password-file")
    password = getpass(f"New password of {name}: ")
    if getpass("Again: ") != password:
        raise UsageError("the two are not the same")
    return password


users.command("list")(on_devices(list_users))
users.command("add")(on_devices(add_user))
users.command("modify")(on_devices(modify_user))
users.command("password")(on_devices(set_password))
users.command("remove")(on_devices(remove_user))
groups.command("list")(on_devices(list_groups))
groups.command("authorities")(on_devices(list_authorities))
groups.command("add")(on_devices(add_group))
groups.command("modify")(on_devices(modify_group))
groups.command("remove")(on_devices(remove_group))
