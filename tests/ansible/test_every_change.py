"""Every module that changes a device: told before, done once, told the same way, and done again after drift."""

import copy
import zipfile

import pytest

from tests.device import firmware_file

RECORDER = {"profile": "nvr", "channels": 4}
GUARD = {"name": "guard", "password": "Heron-gate5", "group": "user", "memo": "day"}


def overwrites(config):
    config["General.General"]["OverWrite"] = "OverWrite"


def clears_title(config):
    config["General.General"]["MachineName"] = "drifted"


# Module: wish, how somebody changes it behind the play's back, a line of the diff as it is printed.
CHANGES = {
    "config": (
        {"name": "General.General", "config": {"MachineName": "gate"}},
        lambda state: clears_title(state.config),
        ("cam General.General", "MachineName: gate\n"),
    ),
    "settings": (
        {"device_name": "gate"},
        lambda state: clears_title(state.config),
        ("cam General.General", "MachineName: gate\n"),
    ),
    "storage": (
        {"when_full": "stop"},
        lambda state: overwrites(state.config),
        ("cam General.General", "OverWrite: StopRecord\n"),
    ),
    "time": (
        {"timezone": "-03:30"},
        lambda state: state.config["System.TimeZone"].update(timeMin=-60),
        ("cam System.TimeZone", 'timeMin: -03:30\n'),
    ),
    "network": (
        {"hostname": "gate"},
        lambda state: state.config["NetWork.NetCommon"].update(HostName="drifted"),
        ("cam NetWork.NetCommon", "HostName: gate\n"),
    ),
    "user": (
        GUARD,
        lambda state: state.users["guard"].update(Memo="drifted"),
        ("cam user guard", "memo: day\n"),
    ),
    "group": (
        {"name": "guards", "authorities": ["Monitor_01"]},
        lambda state: state.groups["guards"].update(AuthorityList=["Monitor_01", "Monitor_02"]),
        ("cam group guards", 'authorities: ["Monitor_01"]\n'),
    ),
    "accounts": (
        {"groups": [{"name": "guards", "authorities": ["Monitor_01"]}], "users": [{**GUARD, "group": "guards"}]},
        lambda state: state.users["guard"].update(Memo="drifted"),
        ("cam user guard", "memo: day\n"),
    ),
    "recorder_channels": (
        {"channels": [{"channel": 2, "address": "192.0.2.31"}]},
        lambda state: _rebind(state.config["NetWork.RemoteDeviceV3"]),
        ("cam NetWork.RemoteDeviceV3", "channel 2 Decoder[0].IPAddress: 192.0.2.31\n"),
    ),
}  # fmt: skip


def _rebind(channels):
    channels[1]["Decoder"][0]["IPAddress"] = "192.0.2.99"


@pytest.mark.parametrize("module", CHANGES)
def test_a_change_is_told_done_once_and_repaired(make_camera, module):
    camera = make_camera(**(RECORDER if module == "recorder_channels" else {}))
    overwrites(camera.config)
    wish, drift, (header, line) = CHANGES[module]
    before = copy.deepcopy(camera.config)
    check = camera.run(module, wish, check_mode=True)
    assert camera.config == before, "check mode writes nothing"
    apply, again = camera.run(module, wish), camera.run(module, wish)
    assert (check["changed"], apply["changed"], again["changed"]) == (True, True, False), (check, apply)
    assert check["diff"] == apply["diff"]
    assert again["diff"] == []
    told = {part["after_header"]: part["after"] for part in apply["diff"]}
    assert line in told.get(header, ""), told
    drift(camera.simulator.state)
    repaired = camera.run(module, wish)
    assert repaired["changed"] is True
    assert camera.run(module, wish)["changed"] is False


# What an account without rights asks: nothing is done, and the device's own word is told.
REFUSED = {
    "backup": {"dest": "{folder}/cam.zip"},
    "restore": {"src": "{folder}/there.zip", "confirm": "{serial}", "match": "any"},
    "reset": {"parts": ["general"], "confirm": "{serial}"},
    "reboot": {},
    "firmware": {"src": "{firmware}"},
    "storage": {"disks": [{"disk": 1, "state": "erased"}], "confirm": "{serial}"},
    "fetch": {"what": "snapshot", "channel": 1, "dest": "{folder}"},
    "config": {"name": "General.General", "config": {"MachineName": "gate"}},
    "settings": {"device_name": "gate"},
    "network": {"hostname": "gate"},
    "time": {"timezone": "-03:30"},
    "recorder_channels": {"channels": [{"channel": 2, "address": "192.0.2.31"}]},
}  # fmt: skip


@pytest.mark.parametrize("module", REFUSED)
def test_a_device_that_refuses_is_quoted_and_nothing_counts_as_changed(make_camera, tmp_path, module):
    camera = make_camera(**RECORDER, users={"boss": "Boss-key3", "admin": "Zebra-lamp7"})
    camera.simulator.state.users["admin"]["AuthorityList"] = ["SysInfo"]
    with zipfile.ZipFile(tmp_path / "there.zip", "w") as archive:
        archive.writestr("Config/Json/General.json", "{}")
    hardware = camera.simulator.state.profile.data["upgrade"]["Hardware"]
    image = firmware_file.write(tmp_path, name="X_V9.00.R02.20990102.bin", Hardware=hardware)
    told = {"folder": tmp_path, "serial": camera.simulator.serial, "firmware": image}
    before = copy.deepcopy(camera.config)
    refused = camera.run(module, _filled(REFUSED[module], told))
    assert refused["failed"] is True, refused
    assert refused["changed"] is False
    assert module == "fetch" or refused["failure"]["ret"] == 107
    assert f"{camera.simulator.host}:{camera.simulator.port}" in refused["msg"]
    assert camera.config == before


def _filled(wish, told):
    if isinstance(wish, dict):
        return {key: _filled(value, told) for key, value in wish.items()}
    if isinstance(wish, list):
        return [_filled(value, told) for value in wish]
    return wish.format(**told) if isinstance(wish, str) else wish


def test_reading_without_rights_tells_what_is_missing(make_camera):
    camera = make_camera(users={"boss": "Boss-key3", "admin": "Zebra-lamp7"})
    camera.simulator.state.users["admin"]["AuthorityList"] = ["SysInfo"]
    facts = camera.run("device_facts", {"gather_subset": ["accounts"]})
    assert "ansible_facts" in facts, facts
    assert facts["ansible_facts"]["dvrip"]["users"] is None
    assert any("accounts" in text for text in facts["warnings"])
    read = camera.run("config_info", {"name": ["General.General"]})
    assert read["objects"]["General.General"]


@pytest.mark.parametrize("module", ["device_info", "device_facts"])
def test_facts_of_a_model_that_tells_little_are_none_with_a_warning(make_camera, module):
    camera = make_camera(profile="xm210")
    told = camera.run(module, {"gather_subset": ["all"]})
    assert not told.get("failed"), told
    facts = told["ansible_facts"]["dvrip"] if module == "device_facts" else told["device"]
    assert facts["serial"] == camera.simulator.serial
    assert facts["network"]["mac"], "a model without name servers has an address all the same"
    assert "dns" not in facts["network"]
    assert any(value is None for value in facts.values())
    assert told["warnings"]
