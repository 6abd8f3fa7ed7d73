"""The commands of `dvrip` and their order in its help."""

from __future__ import annotations

import logging
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

import typer

from .command import on_device, on_devices, with_login
from .commands import (
    accounts,
    alarm_centre,
    channels,
    config,
    discover,
    dump,
    info,
    logs,
    pictures,
    ptz,
    recordings,
    registered,
    relay,
    request,
    set_address,
    simulate,
    storage,
    talk,
    upgrade,
    watch,
)
from .exit_codes import CODES_HELP, ExitCode

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=f"Cameras and recorders that speak DVRIP (Sofia, NETsurveillance, XMEye).\n\n{CODES_HELP}",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        try:
            typer.echo(f"dvrip {version('dvrip-proto')}")
        except PackageNotFoundError:
            typer.echo("dvrip, not installed as a package")
        raise typer.Exit(ExitCode.DONE)


@app.callback()
def options(
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Say what happens, on standard error.")
    ] = False,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Set up what holds for every command."""
    logging.basicConfig(level=logging.DEBUG if verbose else logging.CRITICAL, format="%(name)s: %(message)s")


app.command()(discover.discover)
app.command()(with_login(set_address.set_address))
app.command()(with_login(info.info))
app.command()(on_devices(channels.channels))
app.add_typer(config.app, name="config")
app.add_typer(accounts.users, name="users")
app.add_typer(accounts.groups, name="groups")
app.command()(on_devices(info.time))
app.command()(on_device(ptz.ptz))
app.command()(on_devices(pictures.snapshot, writes="file"))
app.command()(with_login(watch.watch))
app.command("alarm-centre")(alarm_centre.alarm_centre)
app.command()(with_login(registered.registered))
app.command()(on_device(pictures.record))
app.add_typer(recordings.app, name="recordings")
app.add_typer(storage.app, name="storage")
app.command()(on_devices(logs.logs, writes="export"))
app.command()(on_device(talk.talk))
app.command()(with_login(relay.relay))
app.command()(on_devices(info.reboot))
app.command()(on_device(upgrade.upgrade))
app.command()(on_devices(dump.dump, writes="file"))
app.command()(on_devices(request.request))
app.add_typer(simulate.app, name="simulate")
