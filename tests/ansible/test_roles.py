"""The roles of the collection, each with a few devices: what they change, what stops them, what they report."""

import json
import os
import signal
import subprocess
import time
from types import SimpleNamespace

import pytest
import yaml

from ansible_collections.dvrip.devices.plugins.module_utils._site import mistakes
from dvrip_proto.simulator import Quirks, Simulator
from tests.ansible.conftest import PASSWORD
from tests.ansible.stage import BIN, ROOT, ansible, environment, write_inventory
from tests.device import firmware_file

NEW = "Heron-gate5"
SITE = yaml.safe_load((ROOT / "examples" / "site" / "site.yml").read_text())["site"]
SITE["accounts"]["users"][0]["password"] = "Otter-moon3"
NEW_FILE = "XM530_V5.00.R02.20260102.bin"


@pytest.fixture
def fleet(stage, tmp_path):
    """Devices with names of the inventory, and a role on all of them."""
    devices = {}

    def add(name, **options):
        options = {"users": {"admin": PASSWORD}, "quirks": Quirks(lock_after=3), **options}
        devices[name] = stage.enter(lambda: Simulator(**options))
        return devices[name]

    def prepared(role, variables, **host_variables):
        hosts = {
            name: {
                "ansible_host": device.host,
                "ansible_port": str(device.port),
                **host_variables.get(name, {}),
            }
            for name, device in devices.items()
        }
        common = {"ansible_connection": "dvrip.devices.dvrip", "ansible_dvrip_timeout": 20}
        inventory = write_inventory(
            tmp_path, hosts, **{"ansible_password": PASSWORD, **common, **variables.pop("inventory", {})}
        )
        playbook = tmp_path / "play.yml"
        roles = [{"role": f"dvrip.devices.{role}", **variables}]
        playbook.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "roles": roles}]))
        return ["-i", inventory, playbook]

    def run(role, *flags, hosts=None, **variables):
        return ansible(
            tmp_path, "ansible-playbook", *flags, *prepared(role, dict(variables), **(hosts or {}))
        )

    def off(name):
        stage.call(devices[name]._go_down())

    return SimpleNamespace(add=add, run=run, off=off, prepared=prepared, devices=devices, folder=tmp_path)


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


def reported(report, key):
    return {name: one[key] for name, one in json.loads(report.read_text()).items()}


def test_an_upgrade_stops_after_the_canary_and_says_why(fleet):
    for at in range(3):
        quirks = Quirks(upgrade_stalls_at=40) if at == 0 else Quirks()
        fleet.add(f"cam{at}", quirks=quirks)
    fleet.add("dark")
    fleet.off("dark")
    images = fleet.folder / "images"
    images.mkdir()
    firmware_file.write(images, name=NEW_FILE)
    report = fleet.folder / "report.json"
    run = fleet.run(
        "rolling_upgrade",
        rolling_upgrade_src=str(images),
        rolling_upgrade_report=str(report),
        rolling_upgrade_options={"burn_timeout": 1},
    )
    assert states(run, "failed") == {"cam0", "cam1", "cam2", "dark"}, run.printed
    assert states(run, "unreachable") == {"dark"}
    told = json.loads(report.read_text())
    assert [told[name]["state"] for name in ("cam0", "cam1", "cam2", "dark")] == [
        "failed",
        "not started",
        "not started",
        "not reached",
    ]
    assert "nothing listens on this port" in told["dark"]["reason"]
    assert told["cam0"]["canary"] is True
    assert "leave its power on" in told["cam0"]["reason"]
    assert "cam0, failed:" in told["cam2"]["reason"]
    for name in ("cam1", "cam2"):
        assert not [one for one in fleet.devices[name].requests if one[0] == 1522]


def test_an_upgrade_reports_devices_of_which_not_one_answers(fleet):
    fleet.add("dark")
    fleet.off("dark")
    fleet.add("locked")
    file = firmware_file.write(fleet.folder, name=NEW_FILE)
    report = fleet.folder / "report.json"
    told = {"rolling_upgrade_src": str(file), "rolling_upgrade_report": str(report)}
    run = fleet.run("rolling_upgrade", hosts={"locked": {"ansible_password": "Not-the-one8"}}, **told)
    assert run.rc == 2, run.printed
    assert states(run, "failed") == {"dark", "locked"}
    assert reported(report, "state") == {"dark": "not reached", "locked": "not reached"}
    assert "nothing listens on this port" in reported(report, "reason")["dark"]
    assert "password" in reported(report, "reason")["locked"]


def test_an_upgrade_reports_the_only_device_when_it_is_lost_on_the_way(fleet):
    port = fleet.add("gate").port
    file = firmware_file.write(fleet.folder, name=NEW_FILE)
    report = fleet.folder / "report.json"
    told = {"rolling_upgrade_src": str(file), "rolling_upgrade_report": str(report)}
    lost = {"ansible_port": f"{{{{ 9 if rolling_upgrade_canaries is defined else {port} }}}}"}
    run = fleet.run("rolling_upgrade", hosts={"gate": lost}, **told)
    assert states(run, "failed") == {"gate"}, run.printed
    assert reported(report, "state") == {"gate": "failed"}
    assert "nothing listens on this port" in reported(report, "reason")["gate"]


def test_an_upgrade_goes_on_after_the_canary_in_batches(fleet):
    for at in range(3):
        device = fleet.add(f"cam{at}", quirks=Quirks())
        device._unit.upgrade.burn_s, device.downtime_s = 0.2, 0.2
    for name in ("other0", "other1"):
        fleet.add(name, profile="xm210")
    file = firmware_file.write(fleet.folder, name=NEW_FILE)
    report = fleet.folder / "report.json"
    told = {
        "rolling_upgrade_src": str(file),
        "rolling_upgrade_report": str(report),
        "rolling_upgrade_batch": "1",
        "rolling_upgrade_max_failures": "0",
    }
    fleet.run("rolling_upgrade", "--check", **told).ok()
    others = {"other0": "no file", "other1": "no file"}
    cams = ("cam0", "cam1", "cam2")
    assert reported(report, "state") == {**dict.fromkeys(cams, "would be upgraded"), **others}
    fleet.run("rolling_upgrade", **told).ok()
    assert reported(report, "state") == {**dict.fromkeys(cams, "upgraded"), **others}
    assert all("is not for this device: hardware is" in reported(report, "reason")[name] for name in others)
    again = fleet.run("rolling_upgrade", **told).ok()
    assert reported(report, "state") == {**dict.fromkeys(cams, "unchanged"), **others}
    assert changed(again) <= {"cam0"}  # the report


def test_an_audit_tells_what_is_wrong_and_changes_nothing(fleet):
    accounts = {"admin": PASSWORD, "<b>spy</b>": "x", "default": "tluafed", "guest": "", "user": "user"}
    gate = fleet.add("gate", users=accounts)
    gate.state.clock.error_s = 600
    gate.state.storage.disks[0]["Partition"][0]["Status"] = 15
    fleet.add("poor", profile="xm210")
    fleet.add("dark")
    fleet.off("dark")
    before = json.dumps(gate.state.config, sort_keys=True, default=str)
    run = fleet.run(
        "audit",
        "--limit",
        "gate,poor,dark",
        audit_dest=str(fleet.folder / "audit"),
        audit_site=SITE | {"accounts": SITE["accounts"] | {"purge": ["users"], "keep": ["user"]}},
        audit_firmware={"XM530_50X50-WG_8M": "2030-01-01"},
        audit_ports=[gate.port],
        audit_passwords_allowed="user",  # as -e gives lists, numbers and booleans
        audit_ports_allowed="80,554",
        audit_accounts="admin,default",
        audit_clock="60",
        audit_fail="true",
    )
    assert run.rc == 2, run.printed
    assert {"gate", "poor", "dark"} == states(run, "failed")
    assert json.dumps(gate.state.config, sort_keys=True, default=str) == before
    report = json.loads((fleet.folder / "audit" / "audit.json").read_text())
    told, limit = report["devices"], report["limit"]
    whats = {finding["what"] for finding in told["gate"]["findings"]}
    assert whats >= {"account", "clock", "firmware", "service", "drift"}
    assert {one["text"] for one in told["gate"]["findings"] if one["what"] in {"password", "disk"}} == {
        "the account guest has an empty password",
        "partition 1 of disk 1 does not work, its status is 15",
        "the account default has a password of the factory",
    }
    drift = {one["text"] for one in told["gate"]["findings"] if one["what"] == "drift"}
    assert drift >= {
        "group guards is missing",
        "user night is missing",
        "user <b>spy</b> should not be there",
        "ChannelTitle channel 1 is Living room, should be Gate",
        "Detect.MotionDetect channel 1 Level is 3, should be 6",
    }
    assert not any("None" in text for text in drift)
    assert told["dark"]["answered"] is False
    assert "nothing listens on this port" in told["dark"]["reason"]
    poor = told["poor"]
    assert {"timezone", "ntp", "motion_detection", "General.AutoMaintain"} <= set(poor["lacks"])
    assert not any("cannot be judged" in finding["text"] for finding in poor["findings"]), (
        "the site says its zone"
    )
    assert "is wrong by" in "".join(finding["text"] for finding in poor["findings"])
    page = (fleet.folder / "audit" / "audit.html").read_text()
    assert "<b>spy</b>" not in page
    assert "&lt;b&gt;spy&lt;/b&gt;" in page
    assert f"could not be asked</span>: {told['dark']['reason']}" in page
    assert '<b class="bad">1</b> could not be asked.</p>' in page
    assert f"Only {limit} was looked at." in page
    assert limit == "gate,poor,dark"
    assert "not on this model: timezone, ntp" in page
    assert PASSWORD not in page + json.dumps(told)


@pytest.mark.parametrize(("role", "page"), [("audit", "audit.html"), ("commission", "index.html")])
def test_a_report_is_written_though_no_device_answers(fleet, role, page):
    fleet.add("dark")
    fleet.off("dark")
    fleet.add("locked")
    dest = fleet.folder / role
    wrong = {"locked": {"ansible_password": "Not-the-one8"}}
    run = fleet.run(role, hosts=wrong, **{f"{role}_dest": str(dest)})
    assert run.rc == 2, run.printed
    assert states(run, "failed") == {"dark", "locked"}
    text = (dest / page).read_text()
    assert "nothing listens on this port" in text
    assert "password" in text
    assert "Not-the-one8" not in text


@pytest.mark.parametrize(("role", "page"), [("audit", "audit.html"), ("commission", "index.html")])
def test_a_report_tells_silence_from_devices_whose_turn_is_later(fleet, role, page):
    fleet.add("cam0")
    fleet.add("cam1")
    fleet.off("cam0")
    inventory, file, playbook = fleet.prepared(role, {f"{role}_dest": str(fleet.folder / "report")})
    plays = json.loads(playbook.read_text())
    playbook.write_text(json.dumps([plays[0] | {"serial": 1, "any_errors_fatal": True}]))
    run = ansible(fleet.folder, "ansible-playbook", inventory, file, playbook)
    assert run.rc == 2, run.printed
    text = (fleet.folder / "report" / page).read_text()
    assert "nothing listens on this port" in text
    assert "not asked" in text


def test_commissioning_shows_every_channel(fleet):
    fleet.add("recorder", profile="nvr", channels=2)
    dest = fleet.folder / "pictures"
    run = fleet.run("commission", commission_dest=str(dest))
    assert (dest / "index.html").is_file(), run.printed
    page = (dest / "index.html").read_text()
    assert run.rc in (0, 2), run.printed
    assert page.count("<img") + page.count("no picture") >= 1
    for source in [part.split('"')[0] for part in page.split('<img src="')[1:]]:
        assert (dest / source).is_file()


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
