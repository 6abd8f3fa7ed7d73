"""Every trace of this folder, played to the command that wrote it: it ends as it did."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from dvrip_proto.simulator import Quirks, Simulator
from tests.cli.conftest import Dvrip, dvrip

from .player import Trace, played

__all__ = ["dvrip"]
FOLDER = Path(__file__).parent
TRACES = sorted(FOLDER.glob("*.jsonl"))
SECRET = "s3cret pass"


@pytest.mark.parametrize("file", TRACES, ids=lambda file: file.stem)
async def test_a_trace_ends_as_it_did(dvrip: Dvrip, file: Path) -> None:
    trace = Trace(file)
    async with played(trace) as (at, strange):
        shown = await dvrip(*(word.replace("{at}", at) for word in trace.command), "--timeout", 3)
    assert shown.code == trace.exit, shown.err
    assert strange == []


async def test_a_trace_holds_no_secret_and_nothing_of_whose_it_is(dvrip: Dvrip, tmp_path: Path) -> None:
    file = tmp_path / "trace.jsonl"
    async with Simulator(profile="nvr", bind="127.0.0.23", users={"admin": SECRET}) as device:
        device.state.config["NetWork.NetNTP"]["Server"]["Password"] = "ntp secret"
        device.state.config["NetWork.NetCommon"]["HostName"] = "Gate of Ann"
        at = f"{device.host}:{device.port}"
        for words in (("config", "get", at, "NetWork"), ("info", at), ("users", at)):
            shown = await dvrip(*words, "-u", "admin", "--trace", file)
            assert shown.code == 0
            text = file.read_text()
            for private in (
                SECRET,
                "ntp secret",
                device.serial,
                device.host,
                f"{device.host}:{device.port}",
                "Gate of Ann",
            ):
                assert private not in text
            assert json.loads(text.splitlines()[-1])["command"][-2 if words[0] == "config" else -1] == "{at}"


async def test_a_trace_of_a_strange_camera_is_a_test_at_once(dvrip: Dvrip, tmp_path: Path) -> None:
    file = tmp_path / "trace.jsonl"
    quirks = Quirks(mute=frozenset({1042}))
    async with Simulator(profile="ipc", users={"admin": SECRET}, quirks=quirks) as device:
        at = f"{device.host}:{device.port}"
        shown = await dvrip("config", "get", at, "NetWork.NetCommon", "--timeout", 2, "--trace", file)
        assert shown.code == 4
    trace = Trace(file)
    assert (trace.exit, trace.command) == (4, ["config", "get", "{at}", "NetWork.NetCommon"])
    async with played(trace) as (at, strange):
        again = await dvrip(*(word.replace("{at}", at) for word in trace.command), "--timeout", 2)
    assert (again.code, strange) == (4, [])
    assert again.err.partition(": ")[2].partition(": ")[2] == shown.err.partition(": ")[2].partition(": ")[2]


async def test_the_log_of_the_wire_masks_passwords(dvrip: Dvrip, caplog: pytest.LogCaptureFixture) -> None:
    async with Simulator(profile="ipc", users={"admin": SECRET}) as device:
        with caplog.at_level(logging.DEBUG, "dvrip_proto.wire"):
            assert (await dvrip("info", f"{device.host}:{device.port}")).code == 0
    said = [record.getMessage() for record in caplog.records if record.name == "dvrip_proto.wire"]
    assert any(" > 1000 LOGIN " in line and '"PassWord": "********"' in line for line in said)
    assert any(" < 1021 SYSINFO_REPLY " in line for line in said)
    assert not any(SECRET in line for line in said)
