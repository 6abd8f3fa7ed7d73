"""The help names every command in an order that can be guessed, and each command is there."""

from __future__ import annotations

import re

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


async def test_an_unknown_command_is_refused_with_the_nearest(dvrip: Dvrip) -> None:
    refused = await dvrip("inf", "127.0.0.1")
    assert refused.code == 2
    assert "info" in refused.err
