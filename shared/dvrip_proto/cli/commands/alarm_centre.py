"""`dvrip alarm-centre`: what devices report here by themselves, without a login."""

from __future__ import annotations

from typing import Annotated

import typer

from ...servers.alarm_centre import DEFAULT_PORT, AlarmCentre, AlarmReport
from .. import output
from ..exit_codes import ExitCode, complain, run, until_stopped
from ..login import JSON, own_address
from .watch import now, place_word, state_word


def alarm_centre(
    bind: Annotated[
        str,
        typer.Argument(
            metavar="ADDR",
            callback=own_address,
            help="Own address to listen on, the one that devices are told.",
        ),
    ],
    listen_port: Annotated[
        int,
        typer.Option("--listen-port", metavar="N", min=0, max=65535, help="TCP port; 0: any free one."),
    ] = DEFAULT_PORT,
    count: Annotated[
        int | None, typer.Option("--count", metavar="N", min=1, help="Stop after so many reports.")
    ] = None,
    json: JSON = False,
) -> None:
    """Print what devices report until Ctrl-C, one a line. Nobody logs in: a report is a hint, no proof.

    Tell a device with: dvrip config set 192.168.1.10 NetWork.AlarmServer
    '[0].Enable=true' '[0].Server.Name=192.168.1.2' '[0].Server.Port=15002'; of motion it reports with
    dvrip set 192.168.1.10 motion_report=on

    Example: dvrip alarm-centre 192.168.1.2 --json
    """
    run(_serve(bind, listen_port, count, json=json), json=json)


async def _serve(bind: str, port: int, count: int | None, *, json: bool) -> ExitCode:
    async with AlarmCentre(bind, port) as centre:
        complain(f"listening on {centre.host}:{centre.port}")
        await until_stopped(_print(centre, count, json=json))
    return ExitCode.DONE


async def _print(centre: AlarmCentre, count: int | None, *, json: bool) -> None:
    left = count
    async for report in centre.reports():
        if json:
            output.as_json(_fields(report), compact=True)
        else:
            what = "log" if report.is_log else state_word(report)
            said = f"  {report.text}" if report.text else ""
            output.line(
                f"{now()}  {report.host}  {report.serial or '-'}  {place_word(report)}  "
                f"{report.kind.value}  {what}  {report.event}{said}"
            )
        if left is not None:
            left -= 1
            if left == 0:
                return


def _fields(report: AlarmReport) -> dict[str, object]:
    return {
        "received": now(),
        "host": report.host,
        "serial": report.serial,
        "channel": None if report.channel is None else report.channel + 1,
        "kind": report.kind.value,
        "active": report.active,
        "event": report.event,
        "log": report.is_log,
        "started": report.started,
        "text": report.text,
        "unclear": report.unclear,
    }
