"""The help names every command in an order that can be guessed, and each command is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from dvrip_proto.cli.app import GROUPS, app
from tests.cli.conftest import Dvrip

PROGRAM = typer.main.get_command(app)
COMMANDS = [row.name for group in GROUPS for row in group.rows]


async def test_the_help_has_every_command_under_its_heading(dvrip: Dvrip) -> None:
    shown = (await dvrip("--help")).out
    for group in GROUPS:
        section = shown.partition(f"{group.title}:\n")[2].partition("\n\n")[0]
        assert [line.split()[0] for line in section.splitlines() if line[2] != " "] == [
            row.name for row in group.rows
        ]


@pytest.mark.parametrize("name", COMMANDS)
async def test_a_command_says_what_it_takes_as_it_is_typed(dvrip: Dvrip, name: str) -> None:
    shown = await dvrip(name, "--help")
    assert shown.code == 0
    usage = shown.out.partition("\n\n")[0]
    assert not re.search(r"[{}]|\[\[", usage), usage
    assert "<bool>" not in shown.out


def test_the_page_of_commands_says_defaults_and_choices_as_they_are_typed() -> None:
    page = (Path(__file__).parents[2] / "docs" / "commands.md").read_text()
    assert "| `-t, --timeout S` | Seconds to wait for an answer. (default 10, at least 0.1) |" in page
    assert "| `--interface ADDR` | Own address to ask from. (default 0.0.0.0) |" in page
    assert "<code>--event regular&#124;motion&#124;alarm&#124;manual&#124;important</code>" in page
    assert "| <code>[on&#124;off&#124;auto]</code> |" in page
    assert "env var" not in page


async def test_an_unknown_command_is_refused_with_the_nearest(dvrip: Dvrip) -> None:
    refused = await dvrip("inf", "127.0.0.1")
    assert refused.code == 2
    assert "info" in refused.err
