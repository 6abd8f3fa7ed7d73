"""The modules `config` and `config_info` together: files, what was delivered, and the way there and back."""

import copy
import json

import yaml

from dvrip_proto.simulator import Quirks
from tests.ansible.conftest import assert_triplet, triplet

CONFIG, INFO = "dvrip.devices.config", "dvrip.devices.config_info"
NAMES = [
    "General.General",
    "General.AutoMaintain",
    "NetWork.NetFTP",
    "NetWork.NetNTP",
    "Detect.MotionDetect",
    "Record",
    "AVEnc.VideoWidget",
    "ChannelTitle",
]


def test_what_is_read_may_be_written_back_and_changes_nothing(make_camera):
    recorder = make_camera(profile="nvr", channels=4)
    recorder.config["NetWork.NetFTP"]["Server"] |= {"UserName": "cam", "Password": "pigeon-secret"}
    before = copy.deepcopy(recorder.config)
    run = recorder.play(
        [
            {"name": "read", INFO: {"name": NAMES, "format": "objects"}, "register": "found"},
            {"name": "same", CONFIG: {"objects": "{{ found.objects }}"}},
            {"name": "exact", CONFIG: {"objects": "{{ found.objects }}", "lists": "replaced"}},
            {"name": "drift", CONFIG: {"name": "Detect.MotionDetect", "channel": 3, "config": {"Level": 1}}},
            {"name": "back", CONFIG: {"objects": "{{ found.objects }}"}, "diff": True},
        ]
    ).ok()
    assert [entry["name"] for entry in run["read"]["objects"]] == NAMES
    assert run["same"]["changed"] is run["exact"]["changed"] is False
    assert [(change["channel"], change["path"]) for change in run["back"]["changes"]] == [(3, "Level")]
    assert {name: recorder.config[name] for name in NAMES} == {name: before[name] for name in NAMES}
    assert "pigeon" not in run.printed


def test_a_file_says_what_a_device_should_have(camera, tmp_path):
    listed, by_name = tmp_path / "site.yml", tmp_path / "site.json"
    wish = [
        {"name": "General.AutoMaintain", "config": {"AutoRebootDay": "Friday"}},
        {"name": "NetWork.NetFTP", "config": {"Server": {"Password": "Heron-secret6"}}},
        {"name": "Camera.Nothing", "config": {"A": 1}, "missing": "skip"},
    ]
    listed.write_text(yaml.safe_dump(wish))
    by_name.write_text(json.dumps({"General.AutoMaintain": {"AutoRebootDay": "Sunday"}}))
    run = camera.play(
        [
            *triplet("config", {"from_file": str(listed)}),
            {"name": "by name", CONFIG: {"from_file": str(by_name)}},
        ],
        "-vvvv",
    )
    assert_triplet(run)
    assert run["again"]["skipped_objects"][0]["name"] == "Camera.Nothing"
    assert camera.config["NetWork.NetFTP"]["Server"]["Password"] == "Heron-secret6"
    assert run["by name"]["changes"][0]["after"] == "Sunday"
    assert "Heron-secret6" not in run.printed + str([outcome.result for outcome in run.outcomes])


def test_a_file_that_cannot_be_right_is_refused_before_anything_is_sent(camera, tmp_path):
    texts = {
        "text": ("Secret-text7", "a list of objects is needed"),
        "no YAML": ("a: [Secret-text7", "this is no YAML at line"),
        "no name": ("- config: {A: 1}", "object 1: missing required arguments: name"),
        "unknown key": ("- {name: A, config: {}, wish: 1}", "object 1: wish"),
        "no config": ("- {name: General.General}", "General.General: state merged needs a config"),
    }
    tasks = []
    for name, (text, _) in texts.items():
        (tmp_path / name).write_text(text)
        tasks.append({"name": name, CONFIG: {"from_file": str(tmp_path / name)}, "ignore_errors": True})
    tasks.append({"name": "none", CONFIG: {"from_file": str(tmp_path / "x")}, "ignore_errors": True})
    run = camera.play(tasks).ok()
    for name, (_, words) in {**texts, "none": ("", "No such file")}.items():
        assert run[name].outcome == "failed", name
        assert words in run[name]["msg"], run[name]["msg"]
    assert "Secret-text7" not in run.printed
    assert not [name for message_id, name, _ in camera.simulator.requests if message_id == 1040]


def test_what_was_changed_since_delivery_is_told_and_undone(make_camera):
    recorder = make_camera(profile="nvr", channels=4)
    names = ["General.AutoMaintain", "General.Location", "Detect.MotionDetect"]
    delivered = {name: copy.deepcopy(recorder.config[name]) for name in names}
    recorder.config["General.AutoMaintain"]["AutoRebootHour"] = 17
    for channel in (1, 3):
        recorder.config["Detect.MotionDetect"][channel]["Level"] = 1
    info = {"name": names, "only_changed": True, "format": "objects"}
    run = recorder.play(
        [
            {"name": "read", INFO: info, "register": "drift"},
            {"name": "one channel", INFO: info | {"name": "Detect.MotionDetect", "channel": 4}},
            {"name": "same", CONFIG: {"objects": "{{ drift.objects }}"}},
            {"name": "one", CONFIG: {"name": "Detect.MotionDetect", "channel": [2], "state": "default"}},
            *triplet("config", {"objects": [{"name": name} for name in names], "state": "default"}),
            {"name": "redo", CONFIG: {"objects": "{{ drift.objects }}"}},
            {"name": "some", CONFIG: {"name": "Detect.MotionDetect", "channel": [1, 4], "state": "default"}},
            {"name": "both", CONFIG: {"name": "General.General", "config": {}, "state": "default"}, "ignore_errors": True},
        ]
    )  # fmt: skip
    assert_triplet(run)
    assert run["read"]["objects"] == [
        {"name": "General.AutoMaintain", "config": {"AutoRebootHour": 17}},
        {"name": "Detect.MotionDetect", "config": [None, {"Level": 1}, None, {"Level": 1}]},
    ]
    assert run["one channel"]["objects"][0]["config"] == {"Level": 1}
    assert run["same"]["changed"] is False
    assert [(change["channel"], change["path"]) for change in run["one"]["changes"]] == [(2, "Level")]
    assert [change["path"] for change in run["apply"]["changes"]] == ["AutoRebootHour", "Level"]
    assert run["redo"]["changed"] is run["some"]["changed"] is True
    assert recorder.config["Detect.MotionDetect"][1]["Level"] == 1
    assert recorder.config["Detect.MotionDetect"][3] == delivered["Detect.MotionDetect"][3]
    assert "state default takes no config" in run["both"]["msg"]


def test_a_device_that_tells_no_defaults_is_left_alone(make_camera):
    camera = make_camera(quirks=Quirks(mute=frozenset({1044})))
    wish = {"name": "General.AutoMaintain", "state": "default"}
    run = camera.play([{"name": "x", CONFIG: wish | {"timeout": 1}, "ignore_unreachable": True}])
    assert run["x"].outcome in ("unreachable", "failed")
    assert "General.AutoMaintain" in run["x"]["msg"]
    assert "written" not in run["x"].result
