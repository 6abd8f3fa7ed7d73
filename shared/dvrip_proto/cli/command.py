"""How functions become commands: the options of a login, and HOST, which may be many devices.

`@FILE` in place of HOST means every device of a file. What a command shows is then kept for each and printed
in their order; a file that is written for each has {host} in its name.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from ..connection import DEFAULT_PORT
from ..device import Device
from ..errors import UsageError
from . import book, output
from .complete import complete_device
from .exit_codes import ExitCode, interruptible, run, told
from .fleet import HOSTS_HELP, PARALLEL, Answer, Place, ask, read_hosts, worst
from .login import ENCRYPTION, HOST, PASSWORD_FILE, PORT, TIMEOUT, USER, Login

type Work = Callable[..., Coroutine[None, None, ExitCode | None]]

HOSTS = Annotated[
    str,
    typer.Argument(
        metavar="HOST",
        help=HOSTS_HELP,
        show_default=False,
        autocompletion=complete_device,
    ),
]


def _option(name: str, annotation: object, default: object = inspect.Parameter.empty) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)


_LOGIN = [
    _option("port", PORT, None),
    _option("user", USER, None),
    _option("password_file", PASSWORD_FILE, None),
    _option("timeout", TIMEOUT, 10.0),
    _option("encryption", ENCRYPTION, None),
]


YES = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def with_login(work: Work) -> Callable[..., None]:
    """Return a command with the options of a login, besides those of `work(login, ...)`."""
    return _command(work, work, [], [])


def on_device(work: Work) -> Callable[..., None]:
    """Return a command that opens HOST for `work(device, ...)`, with the options for that besides its own."""

    async def open_first(login: Login, *, host: str, **options: Any) -> ExitCode | None:
        if host.startswith("@"):
            raise UsageError(f"{host}: this command takes one device")
        async with login.device(host) as device:
            return await work(device, **login.filled(host, options))

    return _command(open_first, work, [_option("host", HOST)], [])


def on_devices(work: Work, *, writes: str = "", at_once: bool = False) -> Callable[..., None]:
    """Return a command as `on_device` does whose HOST may be @FILE; `writes` is its option of a file.

    `at_once` is for one that takes long and says a line now and then: of many, each is printed as it comes.
    """

    async def open_first(login: Login, *, host: str, parallel: int, **options: Any) -> ExitCode | None:
        if host.startswith("@"):
            many = _Many(login, work, writes, at_once)
            return await many.ask(Path(host[1:]), options, parallel)
        if writes and "{host}" in str(options[writes]):
            options[writes] = _filled(login, host, str(options[writes]))
        async with login.device(host) as device:
            return await work(device, **login.filled(host, options))

    return _command(open_first, work, [_option("host", HOSTS)], [_option("parallel", PARALLEL, 32)])


def agree(question: str, *, yes: bool) -> None:
    """Ask before what cannot be undone. UsageError when nobody is there to be asked; Abort for a no."""
    if yes:
        return
    if output.keeps() or not sys.stdin.isatty():
        raise UsageError(f"{question} Nobody can be asked here: give --yes")
    with interruptible():
        sys.stderr.write(f"{question} [y/N]: ")
        sys.stderr.flush()
        agreed = sys.stdin.readline().strip().casefold() in ("y", "yes")
    if not agreed:
        raise typer.Abort


@dataclass(frozen=True, slots=True)
class _Many:
    """A command of many devices: see `on_devices`."""

    login: Login
    work: Work
    writes: str
    at_once: bool

    async def ask(self, hosts: Path, options: dict[str, Any], parallel: int) -> ExitCode:
        """Ask all of a file, print what they answer, and say which failed."""
        template = options[self.writes] if self.writes else None
        if template is not None and "{host}" not in str(template):
            raise UsageError(f"{template}: one place for many devices: put {{host}} into its name")
        found = read_hosts(hosts)
        files = {} if template is None else _files(self.login, found, str(template))

        async def one(device: Device, name: str) -> tuple[output.Kept, ExitCode]:
            own = self.login.filled(name, options)
            if template is not None:
                own[self.writes] = files[name]
            kept = output.keep(name if self.at_once else "")
            return kept, await self.work(device, **own) or ExitCode.DONE

        answers = await ask(self.login, found, one, parallel=parallel)
        self._print(answers, json=bool(options.get("json")))
        codes = [answer.value[1] for answer in answers if answer.value]
        return max(worst(answers), *codes, ExitCode.DONE)

    def _print(self, answers: list[Answer[tuple[output.Kept, ExitCode]]], *, json: bool) -> None:
        if not json:
            output.of_many({answer.host: answer.value[0] for answer in answers if answer.value})
        elif not self.at_once:
            output.as_json([_entry(answer) for answer in answers])
        else:
            for answer in answers:
                if answer.value is None:
                    output.as_json(_entry(answer), compact=True)


def _entry(answer: Answer[tuple[output.Kept, ExitCode]]) -> dict[str, object]:
    if answer.value is None:
        return {"host": answer.host, **({} if answer.error is None else told(answer.error))}
    values = answer.value[0].values
    return {"host": answer.host, "value": values[0] if len(values) == 1 else values}


def _files(login: Login, found: list[Place], template: str) -> dict[str, Path]:
    """The file of each device, by how it is called. UsageError where two would write the same one."""
    files: dict[str, Path] = {}
    writers: dict[Path, str] = {}
    for place in found:
        file = _filled(login, place.host, template)
        if (other := writers.setdefault(file, place.host)) != place.host:
            raise UsageError(f"{other} and {place.host}: both would be written to {file}")
        files[place.host] = file
    return files


def _filled(login: Login, name: str, template: str) -> Path:
    return Path(template.replace("{host}", _file_name(login, name)))


def _file_name(login: Login, name: str) -> str:
    if book.find(name) is not None:
        return name
    address = login.where(name)[0]
    port = "" if address.port == DEFAULT_PORT else f"_{address.port}"
    return re.sub(r"[^\w.-]", "_", address.host) + port


def _command(
    go: Work, described: Work, first: list[inspect.Parameter], last: list[inspect.Parameter]
) -> Callable[..., None]:
    """Make what typer reads: name and help of `described`, and a signature out of their parts."""
    own = list(inspect.signature(described, eval_str=True).parameters.values())[1:]

    def command(
        *,
        context: typer.Context,
        port: int | None,
        user: str | None,
        password_file: Path | None,
        timeout: float,
        encryption: str | None,
        **options: Any,
    ) -> None:
        login = Login(
            port=port, user=user, password_file=password_file, timeout_s=timeout, encryption=encryption
        )
        source = context.get_parameter_source("channel")
        login.channel_chosen = source is not None and source.name != "DEFAULT"
        run(go(login, **options), json=bool(options.get("json")))

    command.__name__ = described.__name__
    command.__doc__ = described.__doc__
    context = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    parameters = [
        context,
        *first,
        *(p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own),
        *last,
        *_LOGIN,
    ]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined] # typer reads it
    return command
