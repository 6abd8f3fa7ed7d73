"""Tables at a narrow terminal: nothing is cut, and what is typed next keeps its line."""

from __future__ import annotations

import re
import sys
from unittest.mock import patch

import pytest

from dvrip_proto.cli import output

ADDRESS = "127.123.123.123:34567"
SERIAL = "883d2c4cd35e1f27aa5d"


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_no_table_cuts_what_it_shows(width: int, capsys: pytest.CaptureFixture[str]) -> None:
    terminal = patch.object(sys.stdout, "isatty", return_value=True)
    with patch.dict("os.environ", {"COLUMNS": str(width)}), terminal:
        output.table(
            ("ADDRESS", "NAME", "SERIAL", "FIRMWARE"),
            [
                (ADDRESS, "camera_7a2a", SERIAL, "V5.00.R02.00030751.10010.348717.0000000"),
                (ADDRESS, None, "", "x"),
            ],
        )
    shown = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out)
    assert "…" not in shown
    letters = "".join(shown.split())
    assert sorted(letters) == sorted(
        "".join(
            (
                "ADDRESS NAME SERIAL FIRMWARE "
                + f"{ADDRESS} camera_7a2a {SERIAL} V5.00.R02.00030751.10010.348717.0000000 {ADDRESS} - x"
            ).split()
        )
    )
    assert ADDRESS in shown
    assert "camera_7a2a" in shown


@pytest.mark.parametrize("width", [20, 40, 200])
def test_names_and_values_are_not_cut_either(width: int, capsys: pytest.CaptureFixture[str]) -> None:
    firmware = "V4.03.R11.061B0197.12001.130000.0000000"
    terminal = patch.object(sys.stdout, "isatty", return_value=True)
    with patch.dict("os.environ", {"COLUMNS": str(width)}), terminal:
        output.fields({"address": ADDRESS, "firmware": firmware, "model": ""})
    shown = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out)
    assert [line.split() for line in shown.splitlines()] == [
        ["address", ADDRESS],
        ["firmware", firmware],
        ["model", "-"],
    ]


def test_a_table_without_rows_has_its_headings(capsys: pytest.CaptureFixture[str]) -> None:
    output.table(("ADDRESS", "NAME"), [])
    assert capsys.readouterr().out.split() == ["ADDRESS", "NAME"]


def test_a_table_in_a_pipe_has_no_blanks_at_its_ends(capsys: pytest.CaptureFixture[str]) -> None:
    output.table(("NAME", "NOTE"), [("a long name", "x"), ("b", "a long note")])
    lines = capsys.readouterr().out.split("\n")
    assert [line.split() for line in lines] == [
        ["NAME", "NOTE"],
        ["a", "long", "name", "x"],
        ["b", "a", "long", "note"],
        [],
    ]
    assert [line.rstrip() for line in lines] == lines
