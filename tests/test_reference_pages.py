"""The reference pages are what their tools write, and leave nothing out."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest

import dvrip_proto
from dvrip_proto.cli.app import GROUPS
from tools import action_pages, ansible_pages, api_reference, command_pages

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    "tool", [action_pages, ansible_pages, api_reference, command_pages], ids=lambda tool: tool.__name__
)
def test_a_page_is_what_its_tool_writes(tool: ModuleType) -> None:
    page = tool.page()
    assert tool.PAGE.read_text("utf-8") == page, f"run python {tool.__name__.replace('.', '/')}.py"
    assert not re.findall(r" at 0x[0-9a-f]+|<(?:function|class|object) ", page)


def test_every_public_name_is_on_the_page_of_the_library_once() -> None:
    page = api_reference.PAGE.read_text("utf-8")
    assert {name for name in dvrip_proto.__all__ if page.count(f"\n### {name}\n") != 1} == set()


def test_every_command_is_on_the_page_of_commands_once() -> None:
    page = command_pages.PAGE.read_text("utf-8")
    names = [f"dvrip {row.name}" for group in GROUPS for row in group.rows]
    assert {name for name in names if page.count(f"\n### {name}\n") != 1} == set()


def test_every_module_and_action_has_its_part() -> None:
    modules = {
        file.stem for file in (ROOT / "ansible_collections/dvrip/devices/plugins/modules").glob("[a-z]*.py")
    }
    page = ansible_pages.PAGE.read_text("utf-8")
    assert {name for name in modules if page.count(f"\n## {name}\n") != 1} == set()
    assert not re.findall(r"\b[COVBM]\([a-z]", page), "marks of Ansible that were not read"


def test_quirks_have_their_table() -> None:
    assert "<!-- quirks: " in (ROOT / "docs" / "simulator.md").read_text("utf-8")
