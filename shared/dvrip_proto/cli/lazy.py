"""Commands as rows: named and described without their modules, which are loaded when a command is called."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from typing import Any, Final, Literal, override

import typer
from typer.core import TyperCommand, TyperGroup

from .exit_codes import written
from .misuse import belonging_to, refuse_order, refused
from .trace import finish, shared

type Opens = Literal["", "login", "device", "devices"]


@dataclass(frozen=True, slots=True)
class Row:
    """One command, or family of them: `opens` says what it is given, `writes` its option of a file.

    `does` is its function, where that has another name.
    """

    name: str
    summary: str
    opens: Opens = ""
    module: str = ""
    writes: str = ""
    does: str = ""

    @property
    def function(self) -> str:
        """Name in Python."""
        return self.does or self.name.replace("-", "_")


@dataclass(frozen=True, slots=True)
class Group:
    """Commands under one heading of the help."""

    title: str
    rows: tuple[Row, ...]


_WORDS: Final = "dvrip.words"
_ALL_WORDS: Final = "dvrip.all_words"
_ADDRESS: Final = re.compile(r"^[^-].*[.:@]|^@")
_NAMES: Final = (  # what typer writes of a type, and what is kept of it
    (r"^\{([^{}|]+)\}|( <[^>|]+>)+$", r"\1"),
    (r" <([^>]+)>$", r" \1"),
    (r" list\[([^\[\]]+)\]$", r" \1"),
    (r"^(\[[^\[\]]+\]) \S+$", r"\1"),
)


@cache
def _shared_options() -> tuple[Any, ...]:
    holder = typer.Typer(add_completion=False, rich_markup_mode=None)
    holder.command()(shared)
    found = tuple(
        param for param in typer.main.get_command(holder).params if param.name in ("verbose", "trace")
    )
    for param in found:
        param.expose_value = False  # their callbacks have done it
    return found


class PlainCommand(TyperCommand):
    """A command with the options that all have, whose usage names arguments as they are typed: HOST."""

    @override
    def get_params(self, ctx: Any) -> list[Any]:
        return [*super().get_params(ctx), *_shared_options()]

    @override
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        ctx.meta[_WORDS] = [*ctx.command_path.split()[1:], *args]
        with belonging_to(ctx):
            return super().parse_args(ctx, args)

    @override
    def format_options(self, ctx: Any, formatter: Any) -> None:
        records = [
            (param, record) for param in self.get_params(ctx) if (record := param.get_help_record(ctx))
        ]
        for title, kind in (("Arguments", "argument"), ("Options", "option")):
            rows = [plain_record(*record) for param, record in records if param.param_type_name == kind]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)

    @override
    def invoke(self, ctx: Any) -> Any:
        code = 1
        try:
            result = super().invoke(ctx)
            code = 0
        except typer.Exit as end:
            code = end.exit_code
            raise
        finally:
            finish(ctx.meta[_WORDS], code)
        return result

    @override
    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return [_plain(piece) for piece in super().collect_usage_pieces(ctx)]


class PlainGroup(TyperGroup):
    """Commands with an argument before their names, which the usage names as it is typed."""

    @override
    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return [_plain(piece) for piece in super().collect_usage_pieces(ctx)]


def list_first(first: str) -> type[TyperGroup]:
    """Return the class of commands of which one needs no name: `dvrip users HOST` lists them."""

    class ListFirst(TyperGroup):
        @override
        def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
            if args and args[0] not in {*self.commands, "--help", "-h"}:
                refuse_order(ctx, args, self.commands)
                if not _is_misspelt(args, self.commands):
                    args = [first, *args]
            return super().parse_args(ctx, args)

    return ListFirst


def _is_misspelt(args: Sequence[str], names: Collection[str]) -> bool:
    """Whether a word is more likely a command than a device: nearly its letters, or an address behind it."""
    if get_close_matches(args[0], names, cutoff=0.75):
        return True
    return args[0].isalpha() and any(_ADDRESS.search(word) for word in args[1:2])


class _Told(TyperGroup):
    """A program whose mistakes are told as its commands' own errors are."""

    @override
    def make_context(self, info_name: str | None, args: list[str], *others: Any, **more: Any) -> Any:
        words = tuple(args)
        with refused(words):
            context = super().make_context(info_name, args, *others, **more)
        context.meta[_ALL_WORDS] = words
        return context

    @override
    def invoke(self, ctx: Any) -> Any:
        with written(), refused(ctx.meta[_ALL_WORDS]):
            return super().invoke(ctx)


def commands(groups: Sequence[Group]) -> type[TyperGroup]:
    """Return the class of a program with these commands."""
    rows: Final = {row.name: row for group in groups for row in group.rows}

    class Program(_Told):
        @override
        def list_commands(self, ctx: Any) -> list[str]:
            return list(rows)

        @override
        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            if cmd_name not in self.commands and cmd_name in rows:
                self.commands[cmd_name] = _load(rows[cmd_name])
            return self.commands.get(cmd_name)

        @override
        def resolve_command(self, ctx: Any, args: list[str]) -> Any:
            if args and args[0] not in rows:
                refuse_order(ctx, args, rows)
                for name in rows:  # what is refused is compared with all of them
                    self.get_command(ctx, name)
            return super().resolve_command(ctx, args)

        @override
        def format_commands(self, ctx: Any, formatter: Any) -> None:
            width = max(map(len, rows))
            for group in groups:
                with formatter.section(group.title):
                    formatter.write_dl([(row.name.ljust(width), row.summary) for row in group.rows])

    return Program


def _load(row: Row) -> Any:
    """Click's command of a row."""
    holder = typer.Typer(add_completion=False, rich_markup_mode=None)
    holder.callback()(lambda: None)
    module = import_module(f".commands.{row.module or row.function}", __package__)
    found = getattr(module, "app", None) or getattr(module, row.function)
    if isinstance(found, typer.Typer):
        _plainly(found)
        holder.add_typer(found, name=row.name)
    else:
        holder.command(row.name, cls=PlainCommand)(_opened(row, found))
    program: Any = typer.main.get_command(holder)
    return program.commands[row.name]


def _opened(row: Row, work: Any) -> Any:
    """Function that typer reads: with the options of a login, and HOST where it opens devices."""
    if not row.opens:
        return work
    from .command import on_device, on_devices, with_login

    if row.opens == "login":
        return with_login(work)
    return on_device(work) if row.opens == "device" else on_devices(work, writes=row.writes)


def _plainly(app: typer.Typer) -> None:
    for command in app.registered_commands:
        command.cls = PlainCommand
    for group in app.registered_groups:
        if group.typer_instance is not None:
            _plainly(group.typer_instance)


def plain_record(name: str, told: str) -> tuple[str, str]:
    """An argument or option as its help shows it: without the names of types, with its limits in words."""
    for pattern, kept in _NAMES:
        name = re.sub(pattern, kept, name)
    return name, re.sub(r" *\[([^\[\]]+)\]$", _limits, " ".join(told.split()))


def _limits(found: re.Match[str]) -> str:
    told = []
    for part in found[1].split("; "):
        if part == "required":
            continue
        text = re.sub(r"^default: \(?(.+?)\)?$", r"default \1", part)
        text = re.sub(r"^(default \d+)\.0$", r"\1", text)
        text = re.sub(r"^env var: (\S+)$", r"default \1", text)
        text = re.sub(r"^(\S+)<=x<=(\S+)$", r"from \1 to \2", text)
        told.append(re.sub(r"^x>=(\S+)$", r"at least \1", text))
    return f" ({', '.join(told)})" if told else ""


def _plain(piece: str) -> str:
    """{HOST} is HOST, {HOST}... is HOST..., [[PRESET]] is [PRESET]; {a|b} stays a choice."""
    return re.sub(r"^(?:\{([^{}|]+)\}|\[(\[.+\])\])", r"\1\2", piece)
