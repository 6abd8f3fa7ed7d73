"""Write docs/commands.md: every command of `dvrip` with its arguments and options, as its help has them.

`--check` fails when the page is not what it would be.
"""

from __future__ import annotations

import inspect
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "commands.md"
sys.path[:0] = [str(ROOT), str(ROOT / "shared")]
for _name in [name for name in os.environ if name.startswith("DVRIP_")]:
    del os.environ[_name]

import typer  # noqa: E402 - found by the line above

from dvrip_proto.cli.app import GROUPS, app  # noqa: E402 - found by the line above
from dvrip_proto.cli.fleet import HOSTS_HELP  # noqa: E402 - found by the line above
from dvrip_proto.cli.lazy import plain_record  # noqa: E402 - found by the line above
from tools.written import write_or_check  # noqa: E402 - found by the line above

_HEAD: Final = """\
<!-- Written by tools/command_pages.py: change the commands in shared/dvrip_proto/cli/commands/, run it. -->

# Commands

All commands of `dvrip`, as `dvrip COMMAND --help` shows them. [What they have in common](command-line.md):
names of devices, passwords, files of devices, JSON, exit codes.

Commands that reach a device have these options besides their own; they are not repeated below.

"""
_LOGIN: Final = ("port", "user", "password_file", "timeout", "encryption")
_EVERY: Final = ("verbose", "trace", "help")
_HOSTS: Final = "A device, or `@FILE` for all of a file."
_TABLE: Final = "| option | what |\n|---|---|\n"


def page() -> str:
    """Text of docs/commands.md."""
    program: Any = typer.main.get_command(app)
    context = program.make_context("dvrip", ["info", "x"], resilient_parsing=True)
    info = program.get_command(context, "info")
    shared = {param.name: param for param in info.get_params(context)}
    text = _HEAD + _TABLE + "".join(_row(shared[name], context) for name in (*_LOGIN, "verbose", "trace"))
    for group in GROUPS:
        text += f"\n## {group.title}\n"
        for row in group.rows:
            text += "".join(_section(f"dvrip {row.name}", program.get_command(context, row.name), context))
    return text


def _section(path: str, command: Any, context: Any) -> Iterator[str]:
    login = any(param.name == "password_file" for param in command.get_params(context))
    known = (*_LOGIN, *_EVERY) if login else _EVERY
    own = [param for param in command.get_params(context) if param.name not in known]
    yield f"\n### {path}\n"
    commands = getattr(command, "commands", None)
    if commands and not command.invoke_without_command:
        yield f"\n{_prose(command.help or '')}\n"
        for name, each in commands.items():
            yield from _section(f"{path} {name}", each, context)
        return
    words = " ".join(
        re.sub(r"^\{([^{}|]+)\}|^\[(\[.+\])\]", r"\1\2", piece) for piece in _usage(command, context)
    )
    yield f"\n    {path} {words}\n\n{_prose(command.help or '')}\n"
    if own:
        yield "\n" + _TABLE + "".join(_row(param, context) for param in own)
    if login:
        yield "\nReaches a device: the options at the top of this page.\n"
    for name, each in (commands or {}).items():
        yield from _section(f"{path} {name}", each, context)


def _usage(command: Any, context: Any) -> list[str]:
    return [piece for piece in command.collect_usage_pieces(context) if piece != "[OPTIONS]"] + ["[OPTIONS]"]


def _prose(text: str) -> str:
    """Help as paragraphs; what stays as it is, and examples, as code."""
    told = []
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        if paragraph.startswith("\b"):
            told.append("\n".join(f"    {line}" for line in paragraph.split("\n")[1:]))
        elif paragraph.startswith("Example: "):
            if "Such as" not in told:
                told.append("Such as")
            told.append(f"    {paragraph.removeprefix('Example: ')}")
        else:
            told.append(_safe(" ".join(paragraph.split())))
    return "\n\n".join(told)


def _row(param: Any, context: Any) -> str:
    name, told = plain_record(*(param.get_help_record(context) or (param.name, "")))
    told = told.replace(HOSTS_HELP, _HOSTS)
    if "|" in name:  # in a code span, the site and the repository read an escaped one differently
        return f"| <code>{name.replace('|', '&#124;')}</code> | {_safe(told)} |\n"
    return f"| `{name}` | {_safe(told)} |\n"


def _safe(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("{host}", "`{host}`")


if __name__ == "__main__":
    sys.exit(write_or_check({PAGE: page()}))
