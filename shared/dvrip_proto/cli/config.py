"""Configuration objects, read and written by their names on the device."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ..config.catalog import CATALOG, spec_for
from ..config.plan import Plan
from ..config.redact import MASKED, redact, secret_key
from ..config.spec import Spec, join
from ..device import Device
from ..errors import RequestError, UnsupportedError, UsageError
from ..features.settings import Applied
from . import show
from .assign import wish
from .door import ExitCode, run
from .fleet import HOSTS_FILE, PARALLEL, Answer, ask, read_hosts, worst
from .reach import JSON, PASSWORD_FILE, PORT, TIMEOUT, USER, Login, find_password, on_device, with_login

app = typer.Typer(no_args_is_help=True, help=__doc__)

NAME = Annotated[str, typer.Argument(metavar="NAME", help="Object, such as NetWork.NetCommon.")]
CHANNEL = Annotated[
    int | None,
    typer.Option("--channel", "-c", metavar="N", min=1, help="Channel, from 1; all without it."),
]
WORDS = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="KEY=VALUE",
        help="Path and value, such as HostName=Gate or Server.Port=443. true, false, null and what starts "
        'with {, [ or " is JSON. Without any: JSON of --file, or of standard input.',
    ),
]
FILE = Annotated[
    Path | None, typer.Option("--file", metavar="FILE", help="Read the wish as JSON; - is standard input.")
]
WHOLE = Annotated[bool, typer.Option("--replace", help="The JSON is the whole object: keys it lacks go.")]


@app.command("get")
@with_login
async def get(
    login: Login,
    words: Annotated[
        list[str], typer.Argument(metavar="HOST NAME", help="Device and object; with --hosts-file only NAME.")
    ],
    channel: CHANNEL = None,
    show_secrets: Annotated[bool, typer.Option("--show-secrets", help="Do not mask passwords.")] = False,
    hosts_file: HOSTS_FILE = None,
    parallel: PARALLEL = 32,
    json: JSON = False,
) -> ExitCode:
    """Show a configuration object. Passwords are masked."""
    hosts = read_hosts(hosts_file) if hosts_file else words[:1]
    if len(words) != (1 if hosts_file else 2):
        raise UsageError("give HOST and NAME, or --hosts-file and NAME")
    name = words[-1]

    async def question(device: Device) -> Any:
        tree = await device.settings.get(name, channel=_wire(channel))
        if show_secrets:
            return tree
        return MASKED if secret_key(name) else redact(tree, spec_for(name))

    answers = await ask(login, hosts, question, parallel=parallel)
    _print(answers, spec_for(name), many=hosts_file is not None, json=json)
    return worst(answers)


def _print(answers: list[Answer[Any]], spec: Spec, *, many: bool, json: bool) -> None:
    done = [answer for answer in answers if answer.error is None]
    if json and many:
        show.as_json([_result(answer) for answer in answers])
    elif json:
        for answer in done:
            show.as_json(answer.value)
    elif many:
        rows = ((answer.host, *leaf) for answer in done for leaf in show.flat(_readable(answer.value, spec)))
        show.table(("DEVICE", "KEY", "VALUE"), rows)
    else:
        for answer in done:
            show.table(("KEY", "VALUE"), show.flat(_readable(answer.value, spec)))


def _readable(tree: Any, spec: Spec, path: str = "") -> Any:
    """Return a tree with the values that the catalog knows in the spelling of people."""
    if path == "" and spec.per_channel and isinstance(tree, list):
        return [_readable(element, spec, "") for element in tree]
    if (row := spec.row(path)) is not None:
        return row.kind.canon(tree)
    if isinstance(tree, dict):
        return {key: _readable(value, spec, join(path, str(key))) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_readable(value, spec, f"{path}[]") for value in tree]
    return tree


def _result(answer: Answer[Any]) -> dict[str, object]:
    if answer.error is not None:
        return {"host": answer.host, "error": str(answer.error)}
    return {"host": answer.host, "value": answer.value}


@app.command("set")
@on_device
async def change(
    device: Device,
    name: NAME,
    words: WORDS = None,
    channel: CHANNEL = None,
    file: FILE = None,
    replace: WHOLE = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change, write nothing.")
    ] = False,
    json: JSON = False,
) -> None:
    """Change a configuration object, and read it back. Nothing is written when nothing differs."""
    plan = await device.settings.plan(name, wish(words or (), file), channel=_wire(channel), replace=replace)
    if dry_run:
        _print_plan(plan, None, json=json)
        return
    _print_plan(plan, await device.settings.apply(plan), json=json)


@app.command("diff")
@on_device
async def diff(
    device: Device,
    name: NAME,
    words: WORDS = None,
    channel: CHANNEL = None,
    file: FILE = None,
    replace: WHOLE = False,
    json: JSON = False,
) -> None:
    """Show what `set` would change. The exit code is 0 whether something differs or not."""
    plan = await device.settings.plan(name, wish(words or (), file), channel=_wire(channel), replace=replace)
    _print_plan(plan, None, json=json)


def _print_plan(plan: Plan, applied: Applied | None, *, json: bool) -> None:
    if json:
        changes = [
            {"path": c.path, "before": c.before, "after": c.after, "secret": c.secret} for c in plan.changes
        ]
        written = plan.changed and applied is not None
        told = {"name": plan.name, "channel": plan.channel, "changed": plan.changed, "written": written}
        if applied is not None:
            told |= {"reboot_needed": applied.reboot_needed, "verified": applied.verified}
        show.as_json({**told, "changes": changes})
        return
    if not plan.changed:
        show.line("nothing differs")
        return
    show.table(("KEY", "BEFORE", "AFTER"), ((c.path, c.before, c.after) for c in plan.changes))
    if applied is None:
        show.line("not written")
        return
    reboot = ", takes effect after a reboot" if applied.reboot_needed else ""
    show.line(f"written{reboot}{'' if applied.verified else ', cannot be read back'}")


@app.command("list")
def names(
    host: Annotated[
        str | None,
        typer.Argument(metavar="[HOST]", help="Show only what this device has; asks it for everything."),
    ] = None,
    port: PORT = 34567,
    user: USER = "admin",
    password_file: PASSWORD_FILE = None,
    timeout: TIMEOUT = 10.0,
    json: JSON = False,
) -> None:
    """List the objects that are known; others work as well, by their names."""

    async def work() -> ExitCode:
        known = list(CATALOG)
        if host is not None:
            password = find_password(user, password_file)
            login = Login(port=port, user=user, password=password, timeout_s=timeout)
            async with login.device(host) as device:
                known = [name for name in known if await _has(device, name)]
        if json:
            show.as_json([_entry(name) for name in known])
        else:
            show.table(
                ("NAME", "PER CHANNEL", "TITLE"),
                ((name, CATALOG[name].per_channel, CATALOG[name].title) for name in known),
            )
        return ExitCode.DONE

    run(work())


def _entry(name: str) -> dict[str, object]:
    spec = CATALOG[name]
    return {"name": name, "title": spec.title, "per_channel": spec.per_channel, "read_only": spec.read_only}


async def _has(device: Device, name: str) -> bool:
    try:
        await device.settings.get(name)
    except (UnsupportedError, RequestError):
        return False
    return True


def _wire(channel: int | None) -> int | None:
    """Return the channel as the device counts: from 0."""
    return None if channel is None else channel - 1
