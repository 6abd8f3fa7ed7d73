"""`dvrip reboot`, `dvrip shutdown` and `dvrip reset`: what ends a device's work, or its settings."""

from __future__ import annotations

from typing import Annotated

import typer

from ...device import Device
from ...errors import DangerError
from ...features.system import DEFAULT_PARTS
from .. import output
from ..command import YES, agree
from ..login import JSON
from ..plan_output import DISCONNECT

_MOVES = {"network": "its address may become another", "accounts": "its accounts and passwords are undone"}


async def reboot(device: Device, yes: YES = False, json: JSON = False) -> None:
    """Restart a device. It is away for one or two minutes, and records nothing meanwhile.

    A recorder cannot be told to restart one of its cameras: give the camera's own address.
    """
    where = _where(device)
    agree(f"Restart {where}?", yes=yes)
    await device.system.reboot()
    output.result(f"{where}: restarts", {"device": where, "restarts": True}, json=json)


async def shutdown(device: Device, yes: YES = False, json: JSON = False) -> None:
    """Turn a device off. Only somebody beside it can turn it on again; many cameras just restart."""
    where = _where(device)
    agree(f"Turn {where} off? Only somebody beside it can turn it on again.", yes=yes)
    await device.system.shutdown()
    output.result(f"{where}: was told to turn off", {"device": where, "off": True}, json=json)


def _known(parts: list[str] | None) -> list[str] | None:
    for part in parts or ():
        if part not in DEFAULT_PARTS:
            raise typer.BadParameter(f"{part!r} is none of {', '.join(DEFAULT_PARTS)}")
    return parts


def _complete_part(incomplete: str) -> list[str]:
    return [part for part in DEFAULT_PARTS if part.startswith(incomplete)]


async def reset(
    device: Device,
    parts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PART",
            callback=_known,
            help=f"What to set: {', '.join(DEFAULT_PARTS)}.",
            autocompletion=_complete_part,
        ),
    ] = None,
    factory: Annotated[
        bool, typer.Option("--factory", help="Everything: accounts, passwords and address too.")
    ] = False,
    allow_disconnect: DISCONNECT = False,
    yes: YES = False,
    json: JSON = False,
) -> None:
    """Set parts of the settings, or all, to what they were when the device was new.

    `dvrip config export` keeps what is there now. Network, accounts and --factory may lock this computer out:
    they need --allow-disconnect.

    Example: dvrip reset 192.168.1.10 encoding recording
    """
    where = _where(device)
    if factory == bool(parts):
        raise typer.BadParameter("name the parts to reset, or give --factory")
    chosen = list(DEFAULT_PARTS) if factory else list(dict.fromkeys(parts or ()))
    dangers = tuple(text for part, text in _MOVES.items() if part in chosen)
    if dangers and not allow_disconnect:
        raise DangerError(f"{where}: {'; '.join(dangers)} (not done: --allow-disconnect)", dangers=dangers)
    what = "everything" if factory else ", ".join(chosen)
    agree(f"Set {what} of {where} to what it was when new?", yes=yes)
    restart = await (device.system.restore_factory() if factory else device.system.restore_defaults(chosen))
    done = f"{where}: {what} is as it was when new"
    told = {"device": where, "parts": chosen, "factory": factory, "reboot_needed": restart}
    output.result(f"{done}; takes effect after a reboot" if restart else done, told, json=json)


def _where(device: Device) -> str:
    return f"{device.host}:{device.port}"
