"""One row added on a scratch copy, for a field that has none, is there at every door: nothing else is written.

A door is a function that is given the scratch copy and a simulated camera; add one to DOORS.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dvrip_proto import CONTROLS
from dvrip_proto.simulator import Simulator

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "one row"
OBJECT, PATH, KEY, TITLE = "General.AppBindFlag", "BeBinded", "bound_to_app", "Bound to an app"
NUMBER = "screen_text_size"  # a second one, which has a range
ROWS = f'''    Control("{KEY}", "{OBJECT}", "{PATH}", "{TITLE}"),
    Control("{NUMBER}", "General.General", "FontSize", "Size of the text on the screen"),
'''
PARTS = ("shared", "tools", "docs", "custom_components", "ansible_collections", "tests")
WRITERS = ("settings_table", "entity_texts", "ansible_settings")


@dataclass(frozen=True)
class Scratch:
    """A copy of the project with the row in it, and programs run in that copy."""

    root: Path
    sim: Simulator

    def run(self, *words: object, code: int = 0) -> str:
        """Run python with some words; what it printed, after a check of its exit code."""
        path = os.pathsep.join((str(self.root / "shared"), str(self.root)))
        done = subprocess.run(
            [sys.executable, *map(str, words)],
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": path, "DVRIP_PASSWORD": PASSWORD, "ROW": KEY, "NUMBER": NUMBER},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def dvrip(self, *words: object, code: int = 0) -> str:
        """Run the command line against the camera."""
        command, *rest = words
        return self.run("-m", "dvrip_proto", command, f"{self.sim.host}:{self.sim.port}", *rest, code=code)

    def pytest(self, *words: str) -> None:
        """Run tests of the copy; one must be there, and pass."""
        told = self.run("-m", "pytest", "-q", "-p", "no:cacheprovider", *words)
        assert "1 passed" in told, told

    @property
    def value(self) -> Any:
        """What the camera has."""
        return self.sim.state.config[OBJECT][PATH]


@pytest.fixture
async def scratch(tmp_path: Path) -> AsyncIterator[Scratch]:
    unwanted = shutil.ignore_patterns("__pycache__", "*.pyc")
    for part in PARTS:
        shutil.copytree(ROOT / part, tmp_path / part, ignore=unwanted)
    shutil.copy2(ROOT / "pyproject.toml", tmp_path)
    rows = tmp_path / "shared" / "dvrip_proto" / "config" / "controls" / "system.py"
    text = rows.read_text("utf-8")
    begin = "ROWS: tuple[Control, ...] = (\n"
    assert begin in text
    rows.write_text(text.replace(begin, begin + ROWS), "utf-8")
    async with Simulator(profile="ipc", users={"admin": PASSWORD}) as sim:
        yield Scratch(tmp_path, sim)


def library(scratch: Scratch) -> None:
    told = scratch.run(
        "-c", f"import dvrip_proto as d; print(d.control({KEY!r}).title, d.wishes({{{KEY!r}: True}}))"
    )
    assert told.strip() == f"{TITLE} {{'{OBJECT}': {{'{PATH}': True}}}}"


def documents(scratch: Scratch) -> None:
    page = (scratch.root / "docs" / "settings.md").read_text("utf-8")
    assert f"| `{KEY}` | {TITLE} | true or false | entity | `{PATH}` |" in page


def texts_and_options(scratch: Scratch) -> None:
    strings = json.loads((scratch.root / "custom_components/dvrip/strings.json").read_text("utf-8"))
    assert strings["entity"]["switch"][KEY]["name"] == TITLE
    plugins = scratch.root / "ansible_collections/dvrip/devices/plugins"
    assert KEY in (plugins / "doc_fragments" / "_settings.py").read_text("utf-8")


def command_line(scratch: Scratch) -> None:
    (shown,) = json.loads(scratch.dvrip("show", KEY, "--json"))
    before = bool(scratch.value)
    assert (shown["title"], shown["value"], shown["channel"]) == (TITLE, before, None)
    wish = f"{KEY}={'off' if before else 'on'}"
    assert json.loads(scratch.dvrip("set", wish, "--dry-run", "--json"))[0]["changed"] is True
    assert bool(scratch.value) is before
    assert json.loads(scratch.dvrip("set", wish, "--json"))[0]["written"] is True
    assert bool(scratch.value) is not before
    assert json.loads(scratch.dvrip("set", wish, "--json"))[0]["changed"] is False
    assert "it must be true or false" in scratch.dvrip("set", f"{KEY}=maybe", code=2)
    assert "0 to 255" in scratch.dvrip("set", f"{NUMBER}=256", code=2)


def home_assistant(scratch: Scratch) -> None:
    scratch.pytest("tests/homeassistant/new_row.py")


def ansible(scratch: Scratch) -> None:
    scratch.pytest("-p", "no:homeassistant", "tests/ansible/new_row.py")


DOORS: tuple[Callable[[Scratch], None], ...] = (
    library,
    documents,
    texts_and_options,
    command_line,
    home_assistant,
    ansible,
)


@pytest.mark.timeout(600)  # a dozen programs, one after another
async def test_one_row_is_a_setting_at_every_door(scratch: Scratch) -> None:
    assert not {KEY, NUMBER} & {row.key for row in CONTROLS}, "the field has a row now: take another"
    for tool in WRITERS:
        await asyncio.to_thread(scratch.run, f"tools/{tool}.py")
    for door in DOORS:
        await asyncio.to_thread(door, scratch)
