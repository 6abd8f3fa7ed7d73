"""Every line of `dvrip` on a page is one that the command line takes: commands, options, names of settings."""

from __future__ import annotations

import re
import shlex
from typing import Any

import pytest
import typer

from dvrip_proto import CONTROLS, UsageError, control
from dvrip_proto.cli.app import app

from .test_documents import PAGES, ROOT

WRITTEN = ("commands.md", "ansible-modules.md", "api.md", "CHANGELOG.md")
MORE = [ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", ROOT / "examples" / "README.md"]


def lines() -> list[tuple[str, str]]:
    """Page and line, of blocks and of text."""
    found = []
    for page in (*PAGES, *MORE):
        if page.name in WRITTEN:
            continue
        text = page.read_text(encoding="utf-8")
        whole = re.findall(r"^(?:    |\$ )(?:\S+/)?(dvrip .*)$", text, re.MULTILINE)
        inline = re.findall(r"`(dvrip [^`]+)`", text)
        found += [(page.name, " ".join(line.split())) for line in (*whole, *inline)]
    return found


def mistake(line: str) -> str:
    """What the command line would not take, or ""."""
    words = shlex.split(line.partition(" | ")[0].partition(" && ")[0], comments=True)[1:]
    command: Any = typer.main.get_command(app)
    context = typer.Context(command)
    while words and hasattr(command, "get_command"):
        if words[0].startswith("-"):
            break
        if not re.fullmatch(r"[a-z][a-z-]*", words[0]):
            words = words[1:]  # an address before the command, or in place of it
            continue
        found = command.get_command(context, words[0])
        if found is None:
            return "" if getattr(command, "invoke_without_command", False) else f"no command {words[0]}"
        command, words = found, words[1:]
    known = {"--help", "-h", "--install-completion", "--show-completion"}
    for param in command.get_params(context):
        known |= {*param.opts, *param.secondary_opts}
    for word in words:
        name = word.partition("=")[0]
        if re.match(r"--?[a-z]", word) and name not in known and not re.fullmatch(r"-v+", word):
            return f"no option {name}"
    return _unknown_key(command.name, words[1:])


def _unknown_key(command: str, words: list[str]) -> str:
    for word in words if command in ("set", "show") else ():
        key = word.partition("=")[0]
        if re.fullmatch(r"[a-z][a-z0-9_]*", key) and ("=" in word or command == "show"):
            try:
                control(key)
            except UsageError as error:
                return str(error)
    return ""


def test_there_are_lines_to_look_at() -> None:
    assert len(lines()) > 80


@pytest.mark.parametrize(("page", "line"), sorted(set(lines())))
def test_a_line_is_one_that_is_taken(page: str, line: str) -> None:
    assert mistake(line) == "", page


@pytest.mark.parametrize(
    "line",
    [
        "dvrip look x",
        "dvrip info x --jsn",
        "dvrip set x sub_codec=H.264",
        "dvrip show x sub_codec",
        "dvrip config got x",
    ],
)
def test_a_line_that_is_not_is_found(line: str) -> None:
    assert mistake(line) != ""
    assert CONTROLS


def test_the_page_of_the_simulator_names_every_option_and_command_of_it() -> None:
    program: Any = typer.main.get_command(app)
    context = typer.Context(program)
    simulate = program.get_command(context, "simulate")
    page = (ROOT / "docs" / "simulator.md").read_text(encoding="utf-8")
    options = [param.opts[-1] for param in simulate.params if param.name != "help"]
    assert "--state" in options
    assert [name for name in options if name not in page] == []
    words = set(re.findall(r"[a-z-]+", page))
    assert [name for name in simulate.commands["ctl"].commands if name not in words] == []
