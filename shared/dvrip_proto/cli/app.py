"""The commands of `dvrip` in the order of its help. A command's module is loaded when it is called."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Final

import typer

from .exit_codes import CODES_HELP, ExitCode
from .lazy import Group, Row, commands
from .trace import speak

GROUPS: Final = (
    Group(
        "Find and look",
        (
            Row("discover", "Find the devices of this network."),
            Row("devices", "List the devices that have names.", module="devices", does="list_devices"),
            Row("info", "Show what devices are: model, firmware, serial number, disks.", "login"),
            Row("channels", "List the channels of a device: kind, state, resolution, name.", "devices"),
            Row("snapshot", "Take a picture.", "devices", "pictures", writes="file"),
            Row("record", "Record live video without coding it again.", "devices", "pictures", writes="file"),
            Row("watch", "Print alarms until Ctrl-C, one a line.", "login"),
            Row("logs", "Show the log of a device, the oldest entry first.", "devices", writes="export"),
        ),
    ),
    Group(
        "Recordings and sound",
        (
            Row("recordings", "Recordings on the disks of a device: list, days, download."),
            Row("talk", "Say a sound file through the device's loudspeaker.", "device"),
            Row("relay", "Serve the video of a device over RTSP until Ctrl-C.", "login"),
        ),
    ),
    Group(
        "Change",
        (
            Row("show", "Show the settings of a device by their names.", "devices", "settings"),
            Row("set", "Set settings of a device by their names.", "devices", "settings", does="change"),
            Row("config", "Configuration of a device: read, compare, change, take out and put back."),
            Row("time", "Show the clock of a device, or set it.", "devices", "info"),
            Row("osd", "Show or change what is written into the pictures.", "devices"),
            Row("ptz", "Move a camera for a moment, or use its presets.", "devices"),
            Row("outputs", "List the alarm outputs of a device, or switch one.", "devices"),
            Row("users", "Users of a device.", module="accounts"),
            Row("groups", "Groups of a device's users.", module="accounts"),
            Row("storage", "Disks and memory cards of a device."),
            Row("set-address", "Give a device of this network another address, by broadcast.", "login"),
            Row("upgrade", "Put firmware on a device, or only check a file for it.", "devices"),
            Row("reboot", "Restart devices.", "devices", "power"),
            Row("shutdown", "Turn a device off.", "devices", "power"),
            Row("reset", "Set settings to what they were when the device was new.", "devices", "power"),
        ),
    ),
    Group(
        "Listen to devices that call",
        (
            Row("alarm-centre", "Print what devices report until Ctrl-C, one a line."),
            Row("registered", "Print the devices that dial in until Ctrl-C, one a line.", "login"),
        ),
    ),
    Group(
        "Try and report",
        (
            Row("doctor", "Look at a device: does it work, and what is there to report?", "login"),
            Row("simulate", "Simulate devices, with real video, until Ctrl-C."),
            Row(
                "dump",
                "Write what a device is, can and has, without passwords and names.",
                "devices",
                writes="file",
            ),
            Row("request", "Send any message as it is, and show the answer.", "devices"),
        ),
    ),
)

app = typer.Typer(
    cls=commands(GROUPS),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
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
        int,
        typer.Option(
            "--verbose", "-v", count=True, show_default=False, help="Say what happens, on standard error."
        ),
    ] = 0,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Set up what holds for every command."""
    speak(verbose)
