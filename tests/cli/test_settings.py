"""`dvrip show` and `dvrip set`: settings by the names that people give them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dvrip_proto.cli.complete import complete_control, complete_value
from dvrip_proto.simulator import Simulator
from tests.cli.conftest import Dvrip


async def test_what_a_device_has_is_shown(dvrip: Dvrip, at: str) -> None:
    shown = await dvrip("show", at, "motion_sensitivity", "recording", "ntp", "mail_password", "--json")
    told = {(row["key"], row["channel"]): row for row in shown.json}
    assert told["motion_sensitivity", 1]["least"] == 1
    assert told["motion_sensitivity", 1]["most"] == 6
    assert told["ntp", None]["value"] in (True, False)
    assert "ConfigRecord" in told["recording", 4]["options"]
    assert {row["value"] for key, row in told.items() if key[0] == "mail_password"} <= {"********"}


async def test_everything_is_shown_as_a_table(dvrip: Dvrip, at: str) -> None:
    shown = await dvrip("show", at, "--channel", 2)
    assert shown.out.splitlines()[0].split() == ["KEY", "CHANNEL", "VALUE", "UNIT", "WHAT"]
    channels = {line.split()[1] for line in shown.out.splitlines() if line.startswith("motion_")}
    assert channels == {"2"}
    absent = await dvrip("show", at, "privacy")
    assert "this device has no privacy" in absent.out


async def test_settings_of_several_objects_are_set_once(dvrip: Dvrip, at: str, device: Simulator) -> None:
    words = (
        "set",
        at,
        "motion_sensitivity=5",
        "recording=ManualRecord",
        "ntp_server=ntp.example.net",
        "-c",
        2,
    )
    dry = await dvrip(*words, "--dry-run", "--json")
    assert [plan["written"] for plan in dry.json] == [False] * 3
    first = await dvrip(*words, "--json")
    assert [(plan["name"], plan["written"]) for plan in first.json] == [
        ("Detect.MotionDetect", True),
        ("Record", True),
        ("NetWork.NetNTP", True),
    ]
    assert first.json[0]["changes"][0]["channel"] == 2
    config = device.state.config
    assert [element["Level"] for element in config["Detect.MotionDetect"]].count(5) == 1
    assert config["Detect.MotionDetect"][1]["Level"] == 5
    assert config["NetWork.NetNTP"]["Server"]["Name"] == "ntp.example.net"
    assert [plan["written"] for plan in (await dvrip(*words, "--json")).json] == [False] * 3
    again = await dvrip(*words)
    assert "Detect.MotionDetect channel 2: nothing differs" in again.out


async def test_a_title_is_a_setting_too(dvrip: Dvrip, at: str, device: Simulator) -> None:
    before = list(device.state.config["ChannelTitle"])
    assert (await dvrip("set", at, "channel_name=Back door", "-c", 3)).code == 0
    assert device.state.config["ChannelTitle"] == [*before[:2], "Back door", *before[3:]]


async def test_settings_within_lists_are_set_on_every_channel(
    dvrip: Dvrip, at: str, device: Simulator
) -> None:
    assert (await dvrip("set", at, "brightness=33", "privacy_mask_2=on")).code == 0
    config = device.state.config
    assert [colours[0]["VideoColorParam"]["Brightness"] for colours in config["AVEnc.VideoColor"]] == [33] * 4
    assert [widget["Covers"][1]["EncodeBlend"] for widget in config["AVEnc.VideoWidget"]] == [True] * 4


async def test_each_table_says_which_object_of_which_channel_it_is_of(dvrip: Dvrip, at: str) -> None:
    shown = await dvrip("set", at, "motion_sensitivity=5", "-c", 2)
    assert shown.out.splitlines()[0] == "Detect.MotionDetect channel 2"
    assert shown.out.splitlines()[1].split() == ["KEY", "BEFORE", "AFTER"]


async def test_a_channel_that_is_not_there_has_no_settings(dvrip: Dvrip, at: str) -> None:
    refused = await dvrip("show", at, "motion_sensitivity", "-c", 9)
    assert refused.code == 2
    assert refused.err == f"dvrip: {at}: there is no channel 9, the device has 4\n"
    shown = await dvrip("show", at, "motion_sensitivity", "-c", 4, "--json")
    assert [row["channel"] for row in shown.json] == [4]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("motion_sensitivity=9", "-c", 2), "{at}: Detect.MotionDetect channel 2: Level: 9 is not possible, it must be a whole number from 1 to 6"),
        (("motion_sensitivity=3", "-c", 9), "{at}: Detect.MotionDetect: there is no channel 9, the device has 4"),
        (("motion_sensitivty=3",), "there is no setting 'motion_sensitivty', did you mean motion_sensitivity"),
        (("motion_sensitivity",), "'motion_sensitivity' is not KEY=VALUE"),
        (("flip=1", "flip=0"), "flip: is given twice"),
    ],
)  # fmt: skip
async def test_mistakes_are_told_and_nothing_is_written(
    dvrip: Dvrip, at: str, device: Simulator, words: tuple[str, ...], text: str
) -> None:
    shown = await dvrip("set", at, "ntp_server=elsewhere.example", *words)
    assert (shown.code, text.format(at=at) in shown.err) == (2, True), shown.err
    assert device.state.config["NetWork.NetNTP"]["Server"]["Name"] != "elsewhere.example"


async def test_a_danger_is_shown_and_refused_unless_it_is_allowed(
    dvrip: Dvrip, at: str, device: Simulator
) -> None:
    words = ("config", "set", at, "NetWork.NetIPFilter", "Enable=true", 'Trusted=["10.0.0.1"]')
    refused = await dvrip(*words)
    said = "the device would refuse this computer: Trusted does not have its address 127.0.0.1"
    assert refused.code == 2
    assert f"danger: {said}" in refused.out
    assert f"{at}: NetWork.NetIPFilter: {said}" in refused.err
    assert not device.state.config["NetWork.NetIPFilter"]["Enable"]
    assert (await dvrip(*words, "--dry-run", "--json")).json["dangers"] == [said]
    assert (await dvrip(*words, "--allow-disconnect")).code == 0
    assert device.state.config["NetWork.NetIPFilter"]["Enable"]


async def test_many_devices_are_set_at_once(dvrip: Dvrip, at: str, device: Simulator, tmp_path: Path) -> None:
    (tmp_path / "hosts").write_text(f"{at}\n")
    shown = await dvrip("set", f"@{tmp_path / 'hosts'}", "motion_sensitivity=2", "--json")
    assert shown.json[0]["value"][0]["written"] is True
    assert {element["Level"] for element in device.state.config["Detect.MotionDetect"]} == {2}


async def test_a_zone_by_its_name_sets_the_rule_as_well(dvrip: Dvrip, at: str, device: Simulator) -> None:
    assert (await dvrip("set", at, "time_zone=Europe/Berlin")).code == 0
    assert device.state.config["System.TimeZone"]["timeMin"] == -60
    assert device.state.config["General.Location"]["DSTRule"] == "On"
    assert device.state.config["General.Location"]["DSTStart"]["Month"] == 3


def test_keys_and_values_are_completed() -> None:
    assert ("motion_sensitivity", "Motion sensitivity") in complete_control("motion_s")
    assert ("motion_sensitivity=", "Motion sensitivity") in complete_value("motion_s")
    assert complete_value("restart_day=S") == [("restart_day=Sunday", ""), ("restart_day=Saturday", "")]
    assert complete_value("flip=") == [("flip=true", ""), ("flip=false", "")]
    assert complete_value("nothing=") == []
