"""`dvrip simulate`: devices in software, for tests of automations and playbooks."""

from __future__ import annotations

import dataclasses
import logging
from typing import Annotated, Final

import typer

from ...errors import UsageError
from ...simulator.profile import Profile, load_profile, profile_names
from ...simulator.quirk_options import switches
from ...simulator.run import Options, write_line
from ...simulator.run import simulate as run
from .. import output
from ..exit_codes import complain, fail
from . import ctl

_COLUMNS: Final = ("quirk", "value", "what", "seen by")

_DEVICES: Final = "dvrip_proto.simulator"

app = typer.Typer(invoke_without_command=True)
app.add_typer(ctl.app, name="ctl")


def _complete_quirk(incomplete: str) -> list[tuple[str, str]]:
    return [(each.name, each.what) for each in switches() if each.name.startswith(incomplete)]


def _complete_profile(incomplete: str) -> list[tuple[str, str]]:
    names = [name for name in profile_names() if name.startswith(incomplete)]
    return [(name, str(load_profile(name).data["title"])) for name in names]


@app.callback()
def simulate(
    context: typer.Context,
    bind: Annotated[str, typer.Option(metavar="ADDR", help="Address of the first device.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="N", help="TCP port; 0 for any free one.")] = 34567,
    discovery_port: Annotated[
        int, typer.Option(metavar="N", help="UDP port of discovery; 0 for none.")
    ] = 34569,
    udp_port: Annotated[
        int, typer.Option(metavar="N", help="UDP port for requests, 34568 on real devices; 0 for none.")
    ] = 0,
    user: Annotated[str, typer.Option(metavar="NAME", help="Name of the administrator.")] = "admin",
    password: Annotated[
        str,
        typer.Option(
            metavar="TEXT",
            help="His password; shown in the list of processes.",
            envvar="DVRIP_SIMULATE_PASSWORD",
        ),
    ] = "",
    profile: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            autocompletion=_complete_profile,
            help="One that `dvrip simulate profiles` lists, or a JSON file.",
        ),
    ] = "ipc",
    channels: Annotated[
        int | None, typer.Option(metavar="N", help="Number of channels; those of the profile without it.")
    ] = None,
    video: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE",
            help="What a channel shows: a file, scene:h264, scene:h265, scene:h265+h264. Repeatable.",
        ),
    ] = None,
    count: Annotated[int, typer.Option(metavar="N", help="Number of devices, each on the next address.")] = 1,
    motion_every: Annotated[
        float, typer.Option(metavar="S", help="Seconds from motion to motion; 0 for none.")
    ] = 0.0,
    motion_for: Annotated[float, typer.Option(metavar="S", help="How long motion lasts.")] = 5.0,
    motion_chance: Annotated[
        float, typer.Option(metavar="P", help="Probability of motion within a minute, 0 to 1.")
    ] = 0.0,
    quirk: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME[=VALUE]",
            autocompletion=_complete_quirk,
            help="A fault or habit of real devices; `dvrip simulate quirks` lists them with where they were "
            "seen. Repeatable.",
        ),
    ] = None,
    state: Annotated[
        str | None, typer.Option(metavar="FILE", help="Keep what is changed in this file, begin with it.")
    ] = None,
    control: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="Serve the control API here.")
    ] = None,
) -> None:
    """Simulate DVRIP devices until Ctrl-C. One line a device says when it is ready."""
    if context.invoked_subcommand is not None:
        return
    # What a device does by itself, as moving to another address, is said even without --verbose.
    logging.getLogger(_DEVICES).setLevel(logging.WARNING)
    options = Options(
        bind=bind,
        port=port,
        discovery_port=discovery_port,
        udp_port=udp_port,
        user=user,
        password=password,
        profile=profile,
        channels=channels,
        videos=tuple(video or ()),
        count=count,
        motion_every_s=motion_every,
        motion_for_s=motion_for,
        motion_chance=motion_chance,
        quirks=tuple(quirk or ()),
        control=control,
        state=state,
    )
    raise typer.Exit(run(options, say=write_line, complain=complain))


@app.command()
def profiles(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="What nobody recorded of this one.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the models that --profile knows, where their values come from, and which nobody has recorded."""
    try:
        found = [load_profile(each) for each in (profile_names() if name is None else [name])]
    except UsageError as error:
        raise fail(error, json=as_json) from error
    if as_json:
        output.as_json([_described(each) for each in found])
    elif name is None:
        rows = [
            (
                each.name,
                each.data["channels"],
                len(each.data["unrecorded"]),
                each.data["title"],
                each.data["source"],
            )
            for each in found
        ]
        output.table(("profile", "channels", "unrecorded", "what", "known from"), rows)
    else:
        output.table(("what", "why it is there"), sorted(found[0].data["unrecorded"].items()))


def _described(profile: Profile) -> dict[str, object]:
    members = ("title", "source", "channels", "unrecorded")
    return {"profile": profile.name, **{member: profile.data.get(member) for member in members}}


@app.command()
def quirks(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List what --quirk can switch, and where it was seen on real devices."""
    listed = list(switches())
    if as_json:
        output.as_json([dataclasses.asdict(switch) for switch in listed])
    else:
        output.table(_COLUMNS, [[switch.name, switch.takes, switch.what, switch.by] for switch in listed])
