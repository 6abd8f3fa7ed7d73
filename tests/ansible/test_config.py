"""The modules `config` and `config_info`."""

import copy

from dvrip_proto.simulator import Quirks
from tests.ansible.conftest import assert_triplet, triplet


def test_one_object_is_changed_once(camera):
    before = copy.deepcopy(camera.config["General.AutoMaintain"])
    run = camera.play(
        [
            *triplet(
                "config",
                {
                    "name": "General.AutoMaintain",
                    "config": {"AutoRebootDay": "friday", "AutoRebootHour": 4},
                    "return": "full",
                },
            ),
            {"name": "read", "dvrip.devices.config_info": {"name": "General.AutoMaintain"}},
        ]
    )
    assert_triplet(run)
    wanted = before | {"AutoRebootDay": "Friday", "AutoRebootHour": 4}
    assert camera.config["General.AutoMaintain"] == wanted
    assert run["apply"]["before"] == before
    assert run["apply"]["after"] == wanted
    assert run["apply"]["reboot_required"] is False
    assert [change["path"] for change in run["apply"]["changes"]] == ["AutoRebootDay", "AutoRebootHour"]
    (part,) = run["check"]["diff"]
    assert part["before_header"] == part["after_header"] == "cam General.AutoMaintain"
    assert part["before"] == "AutoRebootDay: {AutoRebootDay}\nAutoRebootHour: {AutoRebootHour}\n".format(
        **before
    )
    assert part["after"] == "AutoRebootDay: Friday\nAutoRebootHour: 4\n"
    assert run["read"]["objects"] == {"General.AutoMaintain": wanted}
    assert [name for message_id, name, _ in camera.simulator.requests if message_id == 1040] == [
        "General.AutoMaintain"
    ]


def test_channels_count_from_one(make_camera):
    recorder = make_camera(profile="nvr", channels=4)
    wish = {"name": "Detect.MotionDetect", "channel": 4, "config": {"Enable": True, "Level": 6}}
    before = copy.deepcopy(recorder.config["Detect.MotionDetect"])
    before[3]["Enable"] = recorder.config["Detect.MotionDetect"][3]["Enable"] = False
    run = recorder.play(
        [
            *triplet("config", wish),
            {"name": "read", "dvrip.devices.config_info": {"name": "Detect.MotionDetect", "channel": 4}},
            {"name": "zero", "dvrip.devices.config": wish | {"channel": 0}, "ignore_errors": True},
            {"name": "five", "dvrip.devices.config": wish | {"channel": 5}, "ignore_errors": True},
        ]
    )
    assert_triplet(run)
    assert run["apply"]["channel"] == 4
    assert recorder.config["Detect.MotionDetect"][:3] == before[:3]
    assert recorder.config["Detect.MotionDetect"][3] == before[3] | {"Enable": True, "Level": 6}
    assert run["read"]["objects"]["Detect.MotionDetect"]["Level"] == 6
    assert "Detect.MotionDetect: channel 0 is not possible" in run["zero"]["msg"]
    assert "channel 5" in run["five"]["msg"]


def test_titles_are_a_list_or_one_of_a_channel(make_camera):
    recorder = make_camera(profile="nvr", channels=4)
    titles = ["Gate", "Yard", "Söller", "Pond"]
    run = recorder.play(
        [
            *triplet("config", {"name": "ChannelTitle", "config": titles, "return": "full"}),
            {
                "name": "one",
                "dvrip.devices.config": {
                    "name": "ChannelTitle",
                    "channel": 2,
                    "config": "Shed",
                    "return": "full",
                },
            },
            {
                "name": "again one",
                "dvrip.devices.config": {
                    "name": "ChannelTitle",
                    "channel": 2,
                    "config": "Shed",
                    "return": "full",
                },
            },
        ]
    )
    assert_triplet(run)
    assert run["apply"]["after"] == titles
    assert (run["one"]["before"], run["one"]["after"]) == ("Yard", "Shed")
    assert run["again one"]["changed"] is False
    assert recorder.simulator.state.titles == ["Gate", "Shed", "Söller", "Pond"]
    assert "[WARNING]" not in run.printed


def test_several_objects_share_one_login(camera):
    objects = [
        {"name": "General.General", "config": {"MachineName": "gate"}},
        {"name": "System.TimeZone", "config": {"timeMin": "+01:00"}},
        {"name": "NetWork.NetDNS", "config": {"Address": "9.9.9.9"}},
    ]
    run = camera.play(triplet("config", {"objects": objects, "return": "full"}))
    assert_triplet(run)
    assert [entry["name"] for entry in run["apply"]["objects"]] == [entry["name"] for entry in objects]
    assert camera.config["General.General"]["MachineName"] == "gate"
    assert camera.config["System.TimeZone"]["timeMin"] == -60
    assert camera.config["NetWork.NetDNS"]["Address"] == "0x09090909"
    assert run["apply"]["objects"][2]["after"]["Address"] == "9.9.9.9"
    assert camera.logins() == 3


def test_replaced_leaves_nothing_else(camera):
    camera.config["NetWork.NetDNS"]["Extra"] = 1
    wish = {
        "name": "NetWork.NetDNS",
        "state": "replaced",
        "return": "full",
        "config": {"Address": "9.9.9.9", "SpareAddress": "1.1.1.1"},
    }
    run = camera.play(
        [
            {"name": "check", "dvrip.devices.config": wish, "check_mode": True},
        ]
    ).ok()
    assert run["check"]["after"] == {"Address": "9.9.9.9", "SpareAddress": "1.1.1.1"}
    assert run["check"]["changed"] is True


def test_an_unknown_object_works_as_it_is(camera):
    camera.config["Vendor.Thing"] = {"Mode": "0x00000001", "Deep": {"On": False, "Text": "a"}}
    from_command_line = {"name": "Vendor.Thing", "config": '{"Deep": {"Text": "b"}}'}
    run = camera.play(
        [
            *triplet("config", {"name": "Vendor.Thing", "config": {"Mode": 2, "Deep": {"On": True}}}),
            {"name": "JSON text", "dvrip.devices.config": from_command_line},
        ]
    )
    assert_triplet(run)
    assert run["JSON text"]["changed"] is True
    assert camera.config["Vendor.Thing"] == {"Mode": "0x00000002", "Deep": {"On": True, "Text": "b"}}


def test_a_change_that_needs_a_restart_says_so(make_camera):
    camera = make_camera(quirks=Quirks(restart={"General.Location": 603}))
    run = camera.play(triplet("config", {"name": "General.Location", "config": {"Language": "German"}}))
    assert_triplet(run)
    assert run["apply"]["reboot_required"] is True


def test_mistakes_name_device_object_and_value(make_camera):
    camera = make_camera(quirks=Quirks(ignore_writes=frozenset({"General.General"})))
    cases = {
        "no such object": {"name": "No.Such", "config": {"A": 1}},
        "no such key": {"name": "General.AutoMaintain", "config": {"AutoRebootDays": "Friday"}},
        "no such value": {"name": "General.AutoMaintain", "config": {"AutoRebootHour": 25}},
        "a list for an object": {"name": "General.AutoMaintain", "config": [1]},
        "not kept": {"name": "General.General", "config": {"MachineName": "gate"}},
        "twice": {
            "objects": [{"name": "NetWork.NetDNS", "config": {"Address": a}} for a in ("9.9.9.9", "8.8.8.8")]
        },
        "nothing asked": {},
        "both forms": {"name": "A", "config": {}, "objects": []},
        "unknown option": {"name": "A", "config": {}, "value": 1},
    }
    run = camera.play(
        [{"name": name, "dvrip.devices.config": wish, "ignore_errors": True} for name, wish in cases.items()]
    ).ok()
    messages = {name: run[name]["msg"] for name in cases}
    where = f"127.0.0.1:{camera.simulator.port}"
    assert all(run[name].outcome == "failed" for name in cases)
    for name, parts in {
        "no such object": (where, "No.Such"),
        "no such key": ("General.AutoMaintain", "'AutoRebootDays'", "AutoRebootDay"),
        "no such value": ("General.AutoMaintain", "AutoRebootHour", "25", "23"),
        "a list for an object": ("General.AutoMaintain",),
        "not kept": (where, "General.General", "MachineName"),
        "twice": ("NetWork.NetDNS",),
        "nothing asked": ("name, objects",),
        "both forms": ("mutually exclusive",),
        "unknown option": ("Unsupported parameters for (dvrip.devices.config) module: value",),
    }.items():
        assert all(part in messages[name] for part in parts), messages[name]
    assert run["not kept"]["failure"]["type"] == "NotAppliedError"
    assert camera.config["General.AutoMaintain"]["AutoRebootHour"] != 25


def test_info_reads_what_is_and_what_was_delivered(camera):
    delivered = copy.deepcopy(camera.config["General.AutoMaintain"])
    camera.config["General.AutoMaintain"]["AutoRebootHour"] = 17
    camera.config["NetWork.NetEmail"]["MailServer"] |= {"UserName": "post", "Password": "pigeon-secret"}
    run = camera.play(
        [
            {
                "name": "now",
                "dvrip.devices.config_info": {"name": ["General.AutoMaintain", "NetWork.NetEmail"]},
            },
            {
                "name": "factory",
                "dvrip.devices.config_info": {"name": "General.AutoMaintain", "factory_default": True},
            },
        ]
    ).ok()
    assert run["now"]["changed"] is False
    assert run["now"]["objects"]["General.AutoMaintain"]["AutoRebootHour"] == 17
    assert run["now"]["objects"]["NetWork.NetEmail"]["MailServer"]["UserName"] == "post"
    assert "pigeon" not in str(run["now"].result)
    assert run["factory"]["objects"]["General.AutoMaintain"] == delivered


def test_a_word_that_no_known_device_understands_is_written_with_a_warning(camera):
    wish = {"name": "Camera.WhiteLight", "config": {"WorkMode": "Bogus"}}
    run = camera.play(triplet("config", wish))
    assert_triplet(run)
    assert camera.config["Camera.WhiteLight"]["WorkMode"] == "Bogus"
    for name in ("check", "apply"):
        (warning,) = run[name]["warnings"]
        assert "Camera.WhiteLight: WorkMode: no known device understands 'Bogus'" in warning
    assert "warnings" not in run["again"].result
