"""What a command says when the device takes one change and refuses the next."""

from __future__ import annotations

from pathlib import Path

from dvrip_proto.simulator import Quirks, Simulator
from tests.cli.conftest import PASSWORD, Dvrip

WORDS = ("motion_sensitivity=5", "recording=ManualRecord", "-c", 2)


async def test_a_program_is_told_what_was_written_before_an_error(
    dvrip: Dvrip, at: str, device: Simulator
) -> None:
    device.quirks = Quirks(ignore_writes=frozenset({"Record"}))
    ran = await dvrip("set", at, *WORDS, "--json")
    assert ran.code == 1
    assert ran.json["written"] == ["Detect.MotionDetect channel 2"]
    assert "Record: the device accepted the change but does not have it" in ran.json["error"]
    assert device.state.config["Detect.MotionDetect"][1]["Level"] == 5


async def test_a_person_is_told_too(dvrip: Dvrip, at: str, device: Simulator) -> None:
    device.quirks = Quirks(ignore_writes=frozenset({"Record"}))
    ran = await dvrip("set", at, *WORDS)
    assert ran.code == 1
    assert ran.out.splitlines()[0] == "Detect.MotionDetect channel 2"
    assert ran.out.splitlines()[-1] == "written"
    assert ran.err.endswith("; written: Detect.MotionDetect channel 2\n")
    again = await dvrip("set", at, *WORDS)
    assert "written" not in again.err, "the second time that is as wanted already"


async def test_one_of_many_devices_tells_it_as_well(
    dvrip: Dvrip, at: str, device: Simulator, tmp_path: Path
) -> None:
    hosts = tmp_path / "cameras.txt"
    async with Simulator(profile="nvr", users={"admin": PASSWORD}) as other:
        device.quirks = Quirks(ignore_writes=frozenset({"Record"}))
        hosts.write_text(f"{at}\n{other.host}:{other.port}\n", encoding="utf-8")
        ran = await dvrip("set", f"@{hosts}", *WORDS, "--json")
    told = {entry["host"]: entry for entry in ran.json}
    assert ran.code == 1
    assert told[at]["written"] == ["Detect.MotionDetect channel 2"]
    assert [plan["written"] for plan in told[f"{other.host}:{other.port}"]["value"]] == [True, True]
