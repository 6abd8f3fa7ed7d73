"""The roles of the collection, each with a few devices: what they change, what stops them, what they report."""

import json
import os
import signal
import subprocess
import time

import yaml

from ansible_collections.dvrip.devices.plugins.module_utils._site import mistakes
from dvrip_proto.simulator import Quirks
from tests.ansible.conftest import PASSWORD
from tests.ansible.stage import BIN, ROOT, environment

NEW = "Heron-gate5"
SITE = yaml.safe_load((ROOT / "examples" / "site" / "site.yml").read_text())["site"]
SITE["accounts"]["users"][0]["password"] = "Otter-moon3"
NEW_FILE = "XM530_V5.00.R02.20260102.bin"


def states(run, word):
    return {outcome.host for outcome in run.outcomes if outcome.outcome == word}


def changed(run):
    return {outcome.host for outcome in run.outcomes if outcome.result.get("changed")}


def test_provision_checks_applies_and_then_changes_nothing_on_a_mixed_fleet(fleet):
    fleet.add("gate", quirks=Quirks(restart={"General.AutoMaintain": 603})).downtime_s = 0.3
    fleet.add("recorder", profile="nvr", channels=4)
    fleet.add("dark", profile="hi3516")
    fleet.off("dark")
    told = {"provision_site": SITE}
    check = fleet.run("provision", "--check", **told)
    apply = fleet.run("provision", **told)
    again = fleet.run("provision", **told)
    for run in (check, apply, again):
        assert run.rc == 4, run.printed
        assert states(run, "failed") == set()
        assert states(run, "unreachable") == {"dark"}
    assert changed(check) == changed(apply) == {"gate", "recorder"}
    assert changed(again) == set()
    assert "Otter-moon3" not in check.printed + apply.printed
    gate = fleet.devices["gate"].state
    assert gate.config["ChannelTitle"] == ["Gate"]
    assert [channel["Level"] for channel in gate.config["Detect.MotionDetect"]] == [6]
    recorder = fleet.devices["recorder"].state.config
    assert [channel["Level"] for channel in recorder["Detect.MotionDetect"]] == [4] * 4
    assert "night" in gate.users


def test_a_site_is_checked_without_a_device():
    assert mistakes(SITE) == []
    wrong = {
        "tme": {},
        "time": {"timezone": "Europe/Berlinn"},
        "accounts": {"users": [{"name": "night", "group": "gards", "password": "Secret-word1"}]},
        "settings": {"channels": [{"channel": "all", "motion_sensitivity": 70}]},
        "objects": [
            {"name": "Detect.MotionDetekt", "config": {}},
            {"name": "Detect.MotionDetect", "config": {"Level": 99}},
            {"name": "NetWork.NetNTP", "channel": 0, "config": {"Enable": True}},
        ],
        "devices": {
            "gate": {"network": {"dhcpp": True}},
            "yard": {"settings": {"device_nam": "yard", "channels": [{"chanel": 1}]}},
        },
    }
    found = mistakes(wrong)
    for words in (
        "tme: there is no such part, did you mean time?",
        "Europe/Berlinn",
        "there is no group gards",
        "motion_sensitivity: 70 is not possible",
        "did you mean Detect.MotionDetect?",
        "Detect.MotionDetect Level: 99 is not possible",
        "channel 0 is not possible",
        "devices.gate.network: dhcpp: there is no such option, did you mean dhcp?",
        "devices.yard.settings: device_nam: there is no such option, did you mean device_name?",
        "devices.yard.settings: channels.chanel: there is no such option, did you mean channel?",
    ):
        assert any(words in text for text in found), (words, found)
    assert max(map(len, found)) < 200, found
    assert "Secret-word1" not in str(found)
    assert mistakes(None) == ["the site is no dictionary"]


def test_a_site_with_a_mistake_reaches_no_device(fleet):
    camera = fleet.add("gate")
    run = fleet.run("provision", provision_site={"time": {"timezone": "Mars/Base"}})
    assert run.rc == 2
    assert "Mars/Base" in run.printed
    assert not camera.requests


def test_every_site_of_a_play_is_checked_and_not_that_of_the_first_device_only(fleet):
    gate, yard = fleet.add("gate"), fleet.add("yard")
    good, wrong = {"time": {"ntp": True}}, {"time": {"ntp": True}, "settings": {"device_nam": "yard"}}
    sites = {"gate": {"provision_site": good}, "yard": {"provision_site": wrong}}
    run = fleet.run("provision", hosts=sites)
    assert states(run, "failed") == {"yard"}, run.printed
    assert "settings: device_nam: there is no such option, did you mean device_name?" in run.printed
    assert gate.requests
    assert not yard.requests


def rotation(secret=NEW):
    candidates = {"ansible_dvrip_passwords": [PASSWORD, secret]}
    return {"rotate_passwords_new": secret, "inventory": candidates}


def test_a_rotation_that_was_killed_half_way_heals_and_locks_nobody_out(fleet):
    names = [f"cam{at}" for at in range(5)]
    for name in names:
        fleet.add(name)
    playing = subprocess.Popen(
        [BIN / "ansible-playbook", "-f", "1", *fleet.prepared("rotate_passwords", rotation())],
        cwd=fleet.folder,
        env=environment(fleet.folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    ends_at = time.monotonic() + 60
    while not any(1488 in [one[0] for one in fleet.devices[name].requests] for name in names[1:]):
        assert time.monotonic() < ends_at
        time.sleep(0.01)
    os.killpg(playing.pid, signal.SIGKILL)
    playing.wait(10)
    run = fleet.run("rotate_passwords", **rotation()).ok()
    assert states(run, "failed") | states(run, "unreachable") == set()
    again = fleet.run("rotate_passwords", **rotation()).ok()
    assert changed(again) == set()
    info = fleet.run(
        "backup_all", backup_all_dest=str(fleet.folder / "b"), inventory={"ansible_password": NEW}
    )
    info.ok()
    assert NEW not in run.printed
    assert sorted(path.stem for path in (fleet.folder / "b").glob("*.zip")) == names


def test_a_recorder_is_told_the_new_passwords_of_its_cameras(fleet):
    fleet.add("gate")
    recorder = fleet.add("recorder", profile="nvr", channels=4)
    cameras = {"recorder": {"rotate_passwords_cameras": [{"channel": 1, "camera": "gate"}]}}
    bind = {"devices": {"recorder": {"recorder_channels": [
        {"channel": 1, "address": "127.0.0.1", "username": "admin", "password": PASSWORD}
    ]}}}  # fmt: skip
    fleet.run("provision", provision_site=bind).ok()
    # As a credential of AWX may have it: what a play sets itself does not change such a variable.
    given = ["-e", json.dumps({"ansible_password": PASSWORD})]
    fleet.add("dark")
    fleet.off("dark")
    run = fleet.run("rotate_passwords", *given, "-vvvv", hosts=cameras, **rotation())
    assert run.rc == 4, run.printed
    assert states(run, "failed") == set()
    assert "nothing listens on this port" in run.printed, "why one was left out"
    assert NEW not in run.printed
    assert NEW in json.dumps(recorder.state.config["NetWork.RemoteDeviceV3"])


def test_who_leaves_is_wiped_and_nobody_else_is(fleet):
    camera = fleet.add("gate")
    camera.downtime_s = 0.3
    fleet.run("provision", provision_site=SITE).ok()
    wrong = fleet.run("decommission", decommission_confirm="0000", decommission_erase=False)
    assert "nothing was done" in wrong.printed
    assert "night" in camera.state.users
    told = {"decommission_confirm": camera.serial, "decommission_factory_password": PASSWORD}
    fleet.run("decommission", **told).ok()
    partitions = [part for disk in camera.state.profile.data["storage"] for part in disk["Partition"]]
    erased = [name for _, name, _ in camera.requests if name == "OPStorageManager"]
    assert len(erased) == len(partitions) > 0
    assert set(camera.state.users) == {"admin"}
    assert camera.state.config["ChannelTitle"] != ["Gate"]


def test_a_device_that_keeps_its_password_is_not_proved_to_be_wiped(fleet):
    camera = fleet.add("gate")
    camera.downtime_s = 0.3
    run = fleet.run("decommission", decommission_confirm=camera.serial, decommission_erase="false")
    assert run.rc == 2
    assert not [name for _, name, _ in camera.requests if name == "OPStorageManager"]
    assert "not proved to be wiped: it still lets in with the password of before" in run.printed.replace(
        "\n", " "
    )


def test_a_device_whose_new_password_is_among_those_that_are_tried_is_proved_to_be_wiped(fleet):
    camera = fleet.add("gate")
    camera.downtime_s = 0.3
    camera.state.accounts._passwords = {"admin": ""}
    tried = {"inventory": {"ansible_dvrip_passwords": ["", "Otter-moon3"]}}
    fleet.run("decommission", decommission_confirm=camera.serial, decommission_erase=False, **tried).ok()
