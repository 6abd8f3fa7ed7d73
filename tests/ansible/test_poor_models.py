"""Models that lack what a module needs: device, object and option are named, and nothing of it is written."""

import copy
from dataclasses import dataclass, field
from typing import Any

import pytest

from dvrip_proto.simulator import Quirks

CONFIG_SET, CONFIG_GET = 1040, 1042


@dataclass(frozen=True, kw_only=True)
class Poor:
    """A wish, the object or key of an object that the model lacks for it, and what the message says of both."""

    wish: dict[str, Any]
    object: str
    key: str = ""
    names: str
    rest: dict[str, Any] = field(default_factory=dict)  # what else is asked for, and is there

    @property
    def options(self) -> list[str]:
        """What the result says was left out: options, or in `config` the key."""
        return [self.key] if "config" in self.wish else self.names.removesuffix(": ").split(" and ")


CASES = {
    "time": ({"ntp": True, "ntp_server": "ntp.example.net"}, "NetWork.NetNTP"),
    "network": ({"dns": ["9.9.9.9", "1.1.1.1"]}, "NetWork.NetDNS"),
    "settings": ({"device_name": "gate"}, "General.General"),
    "storage": ({"when_full": "stop"}, "General.General"),
    "config_info": ({"name": "General.General"}, "General.General"),
}
NTP, COMMON, LOCATION = "NetWork.NetNTP", "NetWork.NetCommon", "General.Location"
GATE = {"hostname": "gate"}
POOR = {
    "network-dns": Poor(wish={"dns": ["9.9.9.9"]}, object="NetWork.NetDNS", names="dns: ", rest=GATE),
    "network-spare": Poor(
        wish={"dns": ["9.9.9.9", "1.1.1.1"]}, object="NetWork.NetDNS", key="SpareAddress", names="dns: "
    ),
    "network-dhcp": Poor(wish={"dhcp": False}, object="NetWork.NetDHCP", names="dhcp: ", rest=GATE),
    "network-max": Poor(
        wish={"max_connections": 11}, object=COMMON, key="TCPMaxConn", names="max_connections: ", rest=GATE
    ),
    "network-ssl": Poor(wish={"ssl_port": 4443}, object=COMMON, key="SSLPort", names="ssl_port: ", rest=GATE),
    "network-all": Poor(
        wish={"hostname": "gate", "http_port": 81},
        object=COMMON,
        names="hostname and http_port: ",
        rest={"dns": ["9.9.9.9"]},
    ),
    "time-zone": Poor(
        wish={"timezone": "Europe/Berlin"}, object="System.TimeZone", names="timezone: ", rest={"ntp": False}
    ),
    "time-rule": Poor(
        wish={"timezone": "Europe/Berlin"}, object=LOCATION, names="timezone: ", rest={"ntp": False}
    ),
    "time-rule-key": Poor(
        wish={"timezone": "Europe/Berlin"}, object=LOCATION, key="DSTRule", names="timezone: "
    ),
    "time-ntp": Poor(
        wish={"ntp_server": "ntp.example.net", "ntp_port": 124}, object=NTP, names="ntp_server and ntp_port: "
    ),
    "time-interval": Poor(
        wish={"ntp_interval": 61}, object=NTP, key="UpdatePeriod", names="ntp_interval: ", rest={"ntp": False}
    ),
    "storage-full": Poor(wish={"when_full": "stop"}, object="General.General", names="when_full: "),
    "storage-key": Poor(
        wish={"when_full": "stop"}, object="General.General", key="OverWrite", names="when_full: "
    ),
    "settings-object": Poor(
        wish={"device_name": "gate"},
        object="General.General",
        names="device_name: ",
        rest={"ntp": False},
    ),
    "settings-key": Poor(
        wish={"device_name": "gate"}, object="General.General", key="MachineName", names="device_name: "
    ),
    "settings-channel": Poor(
        wish={"channels": [{"channel": 1, "motion_sensitivity": 4}]},
        object="Detect.MotionDetect",
        names="motion_sensitivity of channel 1: ",
    ),
    "config-object": Poor(
        wish={"name": "General.General", "config": {"MachineName": "gate"}},
        object="General.General",
        names="General.General: ",
    ),
    "config-key": Poor(
        wish={"name": "General.General", "config": {"MachineName": "gate"}},
        object="General.General",
        key="MachineName",
        names="General.General: ",
    ),
    "recorder_channels-cameras": Poor(
        wish={"channels": [{"channel": 1, "address": "192.0.2.7"}]},
        object="NetWork.RemoteDeviceV3",
        names="channels: ",
    ),
}
SKIPS = [case for case in POOR if not case.startswith("recorder_channels")]


def module_of(case):
    return case.partition("-")[0]


def without(camera, poor):
    if poor.key:
        del camera.config[poor.object][poor.key]
    else:
        camera.config.pop(poor.object, None)


def writes(camera):
    return [
        name for message_id, name, _ in camera.simulator.requests if CONFIG_SET <= message_id < CONFIG_GET
    ]


@pytest.mark.parametrize("module", CASES)
def test_an_object_that_the_model_lacks_is_named_and_nothing_is_written(camera, module):
    wish, name = CASES[module]
    del camera.config[name]
    task = {"name": "apply", f"dvrip.devices.{module}": wish, "ignore_errors": True}
    run = camera.play([{**task, "name": "check", "check_mode": True}, task]).ok()
    for outcome in (run["check"], run["apply"]):
        assert outcome.outcome == "failed", outcome.result
        assert name in outcome["msg"], outcome["msg"]
        assert outcome["changed"] is False
        assert "written" not in outcome.result
    assert not writes(camera)


@pytest.mark.parametrize("case", POOR)
@pytest.mark.parametrize("check_mode", [True, False])
def test_device_object_and_option_are_named_with_a_remedy_that_the_module_has(camera, case, check_mode):
    poor, module = POOR[case], module_of(case)
    without(camera, poor)
    result = camera.run(module, {**poor.wish, **poor.rest}, check_mode=check_mode)
    assert result["failed"]
    assert result["changed"] is False
    at = f"{camera.simulator.host}:{camera.simulator.port}: "
    assert result["msg"].startswith(at + poor.names), result["msg"]
    assert poor.object in result["msg"]
    assert poor.key in result["msg"]
    assert result["failure"]["type"] == "UnsupportedError"
    assert ("missing: skip" in result["failure"]["remedy"]) is (case in SKIPS)
    assert not writes(camera)


@pytest.mark.parametrize("case", SKIPS)
def test_what_the_model_lacks_is_left_out_on_request_and_the_rest_is_done(camera, case):
    poor, module = POOR[case], module_of(case)
    without(camera, poor)
    wish = {**poor.wish, **poor.rest, "missing": "skip"}
    before = copy.deepcopy(camera.config)
    check = camera.run(module, wish, check_mode=True)
    assert camera.config == before
    result = camera.run(module, wish)
    assert "failed" not in result, result
    assert result["changed"] is check["changed"]
    assert result["changed"] is (bool(result.get("changes")))
    assert bool(poor.rest) <= result["changed"]
    told = result.get("skipped_objects") or result["skipped_settings"]
    assert told == check.get("skipped_objects", check.get("skipped_settings"))
    (one,) = told
    assert one["reason"].startswith(f"{camera.simulator.host}:{camera.simulator.port}: ")
    assert poor.object in one["reason"]
    if "options" in one:
        assert one["options"] == poor.options
        assert result["warnings"] == [f"left out: {one['reason']}"]
    again = camera.run(module, wish)
    assert again["changed"] is False


def test_one_name_server_needs_no_place_for_a_second(camera):
    del camera.config["NetWork.NetDNS"]["SpareAddress"]
    result = camera.run("network", {"dns": ["9.9.9.9"]})
    assert result["changed"]
    assert "warnings" not in result
    assert camera.run("network", {"dns": ["9.9.9.9"]})["changed"] is False


def test_a_zone_without_summer_time_needs_no_place_for_its_rule(camera):
    for lacking in (
        lambda: camera.config["General.Location"].pop("DSTRule"),
        lambda: camera.config.pop(LOCATION),
    ):
        lacking()
        result = camera.run("time", {"timezone": "Asia/Tokyo"})
        assert "failed" not in result, result
        assert "warnings" not in result


def test_a_key_that_the_channels_of_a_recorder_lack_is_one_warning_with_their_numbers_and_what_may_be_meant(
    make_camera,
):
    recorder = make_camera(profile="nvr", channels=4)
    name = "Detect.MotionDetect"
    for at in (1, 3):
        del recorder.config[name][at]["Level"]
    wish = {"name": name, "config": {"Level": 6, "Enabel": True}, "missing": "skip"}
    for check_mode in (True, False):
        result = recorder.run("config", wish, check_mode=check_mode)
        assert result["changed"] is True
        assert [(change["channel"], change["path"]) for change in result["changes"]] == [
            (1, "Level"),
            (3, "Level"),
        ]
        where = f"left out: {recorder.simulator.host}:{recorder.simulator.port}: {name}: this device has no "
        assert sorted(result["warnings"]) == [
            f"{where}Enabel of channel 1 and 2 and 3 and 4 (did you mean 'Enable'?)",
            f"{where}Level of channel 2 and 4",
        ]
    assert [channel.get("Level") for channel in recorder.config[name]] == [6, None, 6, None]
    assert recorder.run("config", wish)["changed"] is False


def test_a_lost_answer_to_a_write_that_left_a_key_out_is_read_back_without_it(camera):
    camera.simulator.quirks = Quirks(reset_on=frozenset({CONFIG_SET}))
    wish = {"name": "General.General", "config": {"MachineName": "gate", "Nothing": 1}, "missing": "skip"}
    lost = camera.run("config", wish)
    assert "did not take" in lost["msg"]
    camera.simulator.quirks = Quirks(mute=frozenset({CONFIG_SET}))
    done = camera.run("config", {**wish, "timeout": 0.5})
    assert "failed" not in done, done
    assert done["changed"] is True
    assert camera.config["General.General"]["MachineName"] == "gate"
