"""The module `settings`: named settings, from the rows of the library."""

import subprocess
import sys

import yaml

from ansible_collections.dvrip.devices.plugins.modules import settings
from dvrip_proto import CONTROLS
from dvrip_proto.simulator import Quirks
from tests.ansible.conftest import assert_triplet, triplet
from tests.ansible.stage import ROOT

SETTINGS = "dvrip.devices.settings"


def writes(camera):
    return [name for message_id, name, _ in camera.simulator.requests if message_id == 1040]


def test_its_options_and_pages_are_what_the_rows_say():
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "ansible_settings.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"run tools/ansible_settings.py:\n{done.stdout}{done.stderr}"


def test_every_control_is_an_option():
    lists = {name: option["options"] for name, option in settings.SPEC.options.items() if "options" in option}
    listed = {key for options in lists.values() for key in options} - {"channel", "number"}
    assert {control.key for control in CONTROLS if control.per_channel} == listed
    assert {control.key for control in CONTROLS if not control.per_channel} <= set(settings.SPEC.options)


def test_its_examples_are_valid():
    for task in yaml.safe_load(settings.EXAMPLES):
        assert not settings.SPEC.validate(task[SETTINGS]).error_messages


def test_device_wide_settings_are_set_once(camera):
    wish = {"device_name": "gate", "ntp": True, "restart_day": "Friday", "restart_hour": 4}
    run = camera.play(triplet("settings", wish))
    assert_triplet(run)
    assert camera.config["General.General"]["MachineName"] == "gate"
    assert camera.config["General.AutoMaintain"]["AutoRebootHour"] == 4
    parts = {part["after_header"]: part["after"] for part in run["apply"]["diff"]}
    assert "AutoRebootDay: Friday\n" in parts["cam General.AutoMaintain"]
    assert len(writes(camera)) == len(parts)


def test_channels_are_one_several_or_all_and_one_wins_over_all(make_camera):
    recorder = make_camera(profile="nvr", channels=4)
    for element in recorder.config["Detect.MotionDetect"]:
        element |= {"Level": 3, "Enable": False}
    wish = {
        "channels": [
            {"channel": "all", "motion_sensitivity": 2},
            {"channel": [1, 3], "motion_detection": True},
            {"channel": 4, "motion_sensitivity": 6},
        ]
    }
    run = recorder.play(triplet("settings", wish))
    assert_triplet(run)
    found = recorder.config["Detect.MotionDetect"]
    assert [element["Level"] for element in found] == [2, 2, 2, 6]
    assert [element["Enable"] for element in found] == [True, False, True, False]
    assert {"object": "Detect.MotionDetect", "channel": 4, "path": "Level", "before": 3, "after": 6} in run[
        "apply"
    ]["changes"]
    found[1]["Level"] = 5
    drifted = recorder.play([{"name": "repair", SETTINGS: wish}]).ok()
    assert [(row["channel"], row["after"]) for row in drifted["repair"]["changes"]] == [(2, 2)]


def test_what_is_wrong_is_refused_before_anything_is_sent(make_camera):
    recorder = make_camera(profile="nvr", channels=4)

    def entry(channel, **values):
        return {"channels": [{"channel": channel, **values}]}

    cases = {
        "range": (entry(2, motion_sensitivity=9), "channel 2: Level: 9 is not possible"),
        "word": ({"restart_day": "Someday"}, "value of restart_day must be one of"),
        "type": (entry(1, motion_sensitivity="much"), "motion_sensitivity"),
        "channel": (entry(5, motion_sensitivity=3), "there is no channel 5, the device has 4"),
        "zero": (entry(0, motion_sensitivity=3), "channel 0 is not possible"),
        "unknown": (entry(1, motion_sensitivty=3), "motion_sensitivty"),
        "twice": (
            {"channels": [{"channel": 1, "motion_sensitivity": level} for level in (2, 3)]},
            "motion_sensitivity is there twice",
        ),
        "later": ({**entry(2, motion_sensitivity=9), "device_name": "gate"}, "is not possible"),
    }  # fmt: skip
    run = recorder.play(
        [{"name": name, SETTINGS: wish, "ignore_errors": True} for name, (wish, _) in cases.items()]
    ).ok()
    for name, (_, words) in cases.items():
        assert run[name].outcome == "failed", name
        assert words in run[name]["msg"], run[name]["msg"]
    assert writes(recorder) == []


def test_a_model_without_a_setting_fails_or_is_skipped(make_camera):
    recorder = make_camera(profile="hvr", channels=4)
    recorder.config.pop("Detect.HumanDetection", None)
    wish = {
        "channels": [{"channel": "all", "person_detection": True, "motion_sensitivity": 5}],
        "white_light": "Close",
    }
    run = recorder.play(
        [
            {"name": "fails", SETTINGS: wish, "ignore_errors": True},
            *triplet("settings", wish | {"missing": "skip"}),
        ]
    )
    assert_triplet(run)
    assert run["fails"].outcome == "failed"
    assert {entry["setting"] for entry in run["apply"]["skipped_settings"]} == {
        "person_detection",
        "white_light",
    }
    assert {element["Level"] for element in recorder.config["Detect.MotionDetect"]} == {5}


def test_a_device_that_does_not_keep_it_is_named(make_camera):
    camera = make_camera(quirks=Quirks(ignore_writes=frozenset({"General.General"})))
    run = camera.play([{"name": "apply", SETTINGS: {"device_name": "gate"}, "ignore_errors": True}]).ok()
    assert run["apply"].outcome == "failed"
    assert run["apply"]["failure"]["type"] == "NotAppliedError"
    assert "MachineName" in run["apply"]["msg"]


def test_a_secret_setting_shows_nowhere(camera):
    wish = {"mail_password": "Pigeon-post4", "mail_server": "mail.example.net"}
    run = camera.play(triplet("settings", wish), "-vvvv")
    assert_triplet(run)
    assert camera.config["NetWork.NetEmail"]["MailServer"]["Password"] == "Pigeon-post4"
    everything = run.printed + str([outcome.result for outcome in run.outcomes])
    assert "Pigeon-post4" not in everything
    assert "Password: (new secret)" in run["apply"]["diff"][0]["after"]
