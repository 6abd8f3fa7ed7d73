"""`dvrip registered`: devices that dial in, from behind a router of theirs."""

from __future__ import annotations

from typing import Annotated

import typer

from ...errors import DvripError
from ...servers.registration import DEFAULT_PORT, RegisteredDevice, RegistrationServer
from .. import output
from ..exit_codes import complain, explained, until_stopped
from ..exit_codes import told as failure
from ..login import JSON, Login, own_address
from .watch import now


async def registered(
    login: Login,
    bind: Annotated[
        str,
        typer.Argument(
            metavar="ADDR",
            callback=own_address,
            help="Own address to listen on, the one that devices are told.",
        ),
    ],
    listen_port: Annotated[
        int, typer.Option("--listen-port", metavar="N", min=0, max=65535, help="TCP port; 0: any free one.")
    ] = DEFAULT_PORT,
    count: Annotated[
        int | None, typer.Option("--count", metavar="N", min=1, help="Stop after so many devices.")
    ] = None,
    json: JSON = False,
) -> None:
    """Print the devices that dial in until Ctrl-C, one a line. User and password are what they must know.

    Tell a device with: dvrip config set 192.168.1.10 NetWork.DAS Enable=true ServerAddr=192.168.1.2
    Port=15000

    A new device has port 9400 there: --listen-port takes another. NetWork.NetARSP is of the same kind. From
    the vendor's paper, untried with a real device.

    Example: dvrip registered 192.168.1.2 --json
    """
    server = RegistrationServer(
        bind, listen_port, username=login.username, password=login.secret(), timeout_s=login.timeout_s
    )
    async with server:
        complain(f"listening on {server.host}:{server.port}")
        await until_stopped(_print(server, count, json=json))


async def _print(server: RegistrationServer, count: int | None, *, json: bool) -> None:
    left = count
    async for arrived in server.devices():
        try:
            told = await _about(arrived)
        except DvripError as error:
            complain(explained(error))
            if json:
                output.as_json({"host": arrived.host, **failure(error)}, compact=True)
            continue
        if json:
            output.as_json(told, compact=True)
        else:
            output.line(
                f"{now()}  {arrived.host}  {arrived.device_id or '-'}  {arrived.device_type or '-'}  "
                f"{arrived.channels} channels  {told['serial']}  {told['firmware']}"
            )
        if left is not None:
            left -= 1
            if left == 0:
                return


async def _about(arrived: RegisteredDevice) -> dict[str, object]:
    info = await arrived.device.system.info()
    return {
        "arrived": now(),
        "host": arrived.host,
        "device_id": arrived.device_id,
        "device_type": arrived.device_type,
        "channels": arrived.channels,
        "serial": info.serial,
        "model": info.model,
        "firmware": info.firmware,
    }
