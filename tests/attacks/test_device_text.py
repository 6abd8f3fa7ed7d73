"""What a device says is shown by the command line, never obeyed, in every form of output."""

from __future__ import annotations

import asyncio
import json
import logging
import sys

import pytest

from dvrip_proto import shown_text
from dvrip_proto.cli import output
from dvrip_proto.cli.trace import _Printed
from dvrip_proto.simulator import Simulator
from tests.cli.conftest import PASSWORD

EVIL = "a\x1b[2J\x9b31m\x07\x7f\x85\u202egpj.exe\u2066\u2028\u200b\U000e0041\r\nb"
DANGEROUS = [c for c in dict.fromkeys(EVIL) if not c.isprintable() and c != "\n"]


def test_text_for_people_is_printable_and_short():
    assert shown_text(EVIL) == "a[2J31m gpj.exe b"
    assert shown_text("x" * 65) == "x" * 63 + "…"
    assert shown_text("x" * 64) == "x" * 64
    assert shown_text(True) == shown_text({}) == shown_text(None) == ""


@pytest.mark.parametrize("compact", [True, False])
def test_json_says_the_same_and_commands_no_terminal(capsys, compact):
    output.as_json({EVIL: [EVIL, "Tür 门", "\ud800"]}, compact=compact)
    printed = capsys.readouterr().out
    assert json.loads(printed) == {EVIL: [EVIL, "Tür 门", "\ud800"]}
    assert "Tür 门" in printed
    assert not [c for c in DANGEROUS if c in printed]


def test_logs_command_no_terminal():
    record = logging.LogRecord("dvrip_proto", logging.DEBUG, "", 0, "%s", (EVIL,), None)
    shown = _Printed("%(message)s").format(record)
    assert not [c for c in DANGEROUS if c in shown]


@pytest.mark.parametrize(
    "words",
    [
        ("info",),
        ("info", "--json"),
        ("channels",),
        ("channels", "--json"),
        ("config", "get", "ChannelTitle"),
        ("config", "get", "ChannelTitle", "--json"),
        ("config", "get", "General.General"),
        ("request", "1048", "ChannelTitle"),
        ("request", "1042", "General.General", "--json"),
        ("dump", "-"),
    ],
    ids=" ".join,
)
async def test_no_command_hands_a_device_s_controls_to_the_terminal(words):
    async with Simulator(profile="nvr", channels=2, users={"admin": PASSWORD}) as sim:
        sim.state.config["ChannelTitle"] = [EVIL, EVIL]
        sim.state.config["General.General"]["MachineName"] = EVIL
        sim.state.config["General.General"]["Unheard"] = EVIL
        command, *rest = words
        if command == "config":
            command, rest = "config get", rest[1:]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "dvrip_proto", *command.split(), f"{sim.host}:{sim.port}", *rest,
            env={"DVRIP_PASSWORD": PASSWORD, "PYTHONPATH": "shared", "PYTHONUTF8": "1"},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, err = await process.communicate()
        printed = out.decode() + err.decode()
        assert "Traceback" not in printed
        assert process.returncode == 0, printed
        assert not [c for c in DANGEROUS if c in printed]
