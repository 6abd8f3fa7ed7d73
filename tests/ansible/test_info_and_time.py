"""The modules `device_info` and `time`."""

from datetime import datetime

from tests.ansible.conftest import assert_triplet, triplet


def test_info_describes_the_device(make_camera):
    recorder = make_camera(profile="nvr", channels=4)
    run = recorder.play([{"name": "all", "dvrip.devices.device_info": {"gather_subset": ["all"]}}]).ok()
    device = run["all"]["device"]
    simulator = recorder.simulator
    assert run["all"]["changed"] is False
    assert (device["host"], device["port"], device["serial"]) == (
        simulator.host,
        simulator.port,
        simulator.serial,
    )
    assert device["channel_count"] == 4
    assert device["firmware"].startswith("V4.03")
    assert isinstance(device["uptime"], int)
    assert device["network"]["mac"] == simulator.state.config["NetWork.NetCommon"]["MAC"]
    assert device["network"]["address"] == simulator.host
    assert abs((datetime.fromisoformat(device["time"]) - simulator.state.clock.now()).total_seconds()) < 60
    assert len(device["channels"]) == 4
    assert device["users"][0]["name"] == "admin"
    assert {group["name"] for group in device["groups"]} >= {"admin"}
    assert isinstance(device["storage"], list)
    assert {flag for flags in device["functions"].values() for flag in flags.values()} == {True, False}
    assert "raw" not in device
    assert "password_hash" not in str(device)


def test_info_tells_what_goes_on_and_counts_from_one(make_camera):
    recorder = make_camera(profile="nvr", channels=4)
    subsets = ["channel_states", "log", "state", "upgrade"]
    run = recorder.play(
        [
            {"name": "unbind", "dvrip.devices.recorder_channels": {"channels": [{"channel": 2, "state": "absent"}]}},
            {"name": "now", "dvrip.devices.device_info": {"gather_subset": subsets}},
            {"name": "few", "dvrip.devices.device_info": {"gather_subset": ["log"], "log_limit": 2}},
        ]
    ).ok()  # fmt: skip
    device = run["now"]["device"]
    assert [channel["number"] for channel in device["channel_states"]] == [1, 2, 3, 4]
    assert device["channel_states"][1]["state"] == "no_config"
    assert [channel["number"] for channel in device["state"]["channels"]] == [1, 2, 3, 4]
    assert device["log"] == sorted(device["log"], key=lambda entry: entry["time"])
    assert {"position", "time", "event", "user", "data"} == set(device["log"][0])
    assert run["few"]["device"]["log"] == run["few"]["device"]["log"][-2:]
    assert 0 < len(run["few"]["device"]["log"]) <= 2
    assert device["upgrade"]["hardware"]


def test_info_without_rights_says_what_is_missing(make_camera):
    camera = make_camera(users={"boss": "Boss-key3", "admin": "Zebra-lamp7"})
    camera.simulator.state.users["admin"]["AuthorityList"] = ["Monitor_01", "SysInfo"]
    run = camera.play([{"name": "some", "dvrip.devices.device_info": {"gather_subset": ["accounts"]}}]).ok()
    assert run["some"]["device"]["serial"] == camera.simulator.serial
    assert run["some"]["device"]["users"] is None
    assert "accounts: 127.0.0.1:" in run["some"]["warnings"][0]


def test_time_zone_and_server_are_set_once(camera):
    wish = {"timezone": "-03:30", "ntp": True, "ntp_server": "ntp.example.net", "ntp_interval": 60}
    run = camera.play(triplet("time", wish))
    assert_triplet(run)
    assert camera.config["System.TimeZone"]["timeMin"] == 210
    ntp = camera.config["NetWork.NetNTP"]
    assert (ntp["Enable"], ntp["Server"]["Name"], ntp["UpdatePeriod"]) == (True, "ntp.example.net", 60)
    assert run["apply"]["after"] | wish == run["apply"]["after"]


def test_a_wrong_clock_is_set_to_the_controllers(camera):
    assert camera.simulator.state.clock.set_local("2024-02-29 12:00:00")
    run = camera.play(
        [
            {"name": "check", "dvrip.devices.time": {"sync": True}, "check_mode": True},
            {"name": "apply", "dvrip.devices.time": {"sync": True}},
            {"name": "again", "dvrip.devices.time": {"sync": True}},
            {"name": "wrong", "dvrip.devices.time": {"timezone": "Mars"}, "ignore_errors": True},
        ]
    ).ok()
    assert run["check"]["offset"] < -86400
    assert [run[name]["changed"] for name in ("check", "apply", "again")] == [True, True, False]
    assert abs((camera.simulator.state.clock.now() - datetime.now()).total_seconds()) < 30
    assert "'Mars'" in run["wrong"]["msg"]
