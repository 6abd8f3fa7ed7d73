"""`dvrip request`: one message as it is, for what has no command."""

from __future__ import annotations

import json as js
from typing import Annotated, Any

import typer

from ...config.catalog import spec_for
from ...config.redact import MASKED, redact, secret_key
from ...connection import ABSENT
from ...device import Device
from ...errors import ProtocolError, UsageError
from ...wire.ids import MessageId
from ...wire.ret import SUCCESS
from ...wire.ret import text as ret_text
from .. import output
from ..exit_codes import ExitCode, complain
from ..login import JSON


def _message(text: str) -> int:
    """Return the number of a message, by its number or its name in docs/messages.md."""
    if text.isdecimal():
        return int(text)
    if text.upper() in MessageId.__members__:
        return MessageId[text.upper()].value
    raise typer.BadParameter(f"{text!r} is neither a number nor the name of a message")


def _names(incomplete: str) -> list[str]:
    names = (name for name in MessageId.__members__ if not name.endswith("_REPLY"))
    return [name for name in names if name.startswith(incomplete.upper())]


async def request(
    device: Device,
    message: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="Number or name of the message: 1020, SYSINFO; docs/messages.md lists them.",
            autocompletion=_names,
        ),
    ],
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="What the message names.")] = "",
    value: Annotated[
        str | None, typer.Argument(metavar="[JSON]", help="What it says under this name; nothing without it.")
    ] = None,
    show_secrets: Annotated[bool, typer.Option("--show-secrets", help="Do not mask passwords.")] = False,
    json: JSON = False,
) -> ExitCode:
    """Send a message as it is, and show the reply as JSON with passwords masked. For what has no command.

    It is sent unchecked: `dvrip config set` is the safe way to change settings. The exit code is 1 when the
    device says no.

    Example: dvrip request 192.168.1.10 1020 WorkState
    """
    body = await _ask(device, _message(message), name, value)
    if not show_secrets:
        spec = spec_for(name)
        body = {
            key: MASKED if secret_key(key) else redact(part, spec if key == name else None)
            for key, part in body.items()
        }
    output.as_json(body, compact=json)
    ret = body.get("Ret")
    if isinstance(ret, int) and ret not in SUCCESS:
        complain(f"{device.connection.where}: {ret_text(ret)} (Ret {ret})")
        return ExitCode.REFUSED
    return ExitCode.DONE


async def _ask(device: Device, message: int, name: str, value: str | None) -> dict[str, Any]:
    tree = ABSENT
    if value is not None:
        try:
            tree = js.loads(value)
        except (ValueError, RecursionError) as error:
            raise UsageError(f"{value!r} is no JSON: {error}") from error
    reply = await device.messages.send(message, name, tree)
    if not reply.body and reply.raw:
        raise ProtocolError(f"{device.connection.where}: the reply is no JSON: {len(reply.raw)} bytes")
    return {key: part for key, part in reply.body.items() if key != "SessionID"}
