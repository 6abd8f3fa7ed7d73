"""Modules that keep and undo: `backup`, `restore`, `reset`, and `wait`."""

import asyncio
import json
import socket
import stat

import pytest

from tests.ansible.conftest import triplet

BACKUP, RESTORE, RESET = (f"dvrip.devices.{name}" for name in ("backup", "restore", "reset"))


def test_a_backup_changes_only_when_the_configuration_does(camera, tmp_path):
    dest = tmp_path / "backups" / "cam.zip"
    run = camera.play(triplet("backup", {"dest": str(dest)})).ok()
    assert [run[name]["changed"] for name in ("check", "apply", "again")] == [True, True, False]
    assert stat.S_IMODE(dest.stat().st_mode) == 0o600
    about = json.loads((tmp_path / "backups" / "cam.zip.json").read_text())
    assert about["serial"] == camera.simulator.serial
    assert about["sha256"] == run["apply"]["sha256"]
    drift = {"name": "General.General", "config": {"MachineName": "drifted"}}
    again = camera.play(
        [{"name": "drift", "dvrip.devices.config": drift}, {"name": "next", BACKUP: {"dest": str(dest)}}]
    ).ok()
    assert again["next"]["changed"] is True


def test_a_file_that_all_devices_of_a_play_share_keeps_the_backup_of_the_first(make_camera, tmp_path):
    first, second = make_camera(), make_camera()
    wish = {"dest": str(tmp_path / "site.zip")}
    assert first.run("backup", wish)["changed"] is True
    before = {path.name: path.read_bytes() for path in tmp_path.glob("site.zip*")}
    for check in (True, False):
        refused = second.run("backup", wish, check_mode=check)
        assert (refused["failed"], refused["changed"]) == (True, False)
        assert f"the backup of the device with serial number {first.simulator.serial}" in refused["msg"]
    assert {path.name: path.read_bytes() for path in tmp_path.glob("site.zip*")} == before
    assert first.run("backup", wish)["changed"] is False
    folder = {"dest": str(tmp_path)}
    assert {camera.run("backup", folder)["path"] for camera in (first, second)} == {
        str(tmp_path / f"{camera.simulator.serial}.zip") for camera in (first, second)
    }


@pytest.mark.parametrize(
    ("serial", "name"), [("../../x1", "x1.zip"), ("/etc/x1", "etcx1.zip"), ("..", ""), ("", "")]
)
def test_what_a_device_says_of_itself_names_no_file_outside_the_folder(camera, tmp_path, serial, name):
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    camera.simulator.state.serial = serial
    kept = camera.run("backup", {"dest": str(folder)})
    assert [path.name for path in folder.glob("*.zip")] == ([name] if name else [])
    assert not list(tmp_path.glob("*.zip"))
    assert ("tells no serial number" in kept.get("msg", "")) is not bool(name)


def test_a_configuration_is_put_back_on_the_device_that_is_meant(make_camera, tmp_path):
    camera, other = make_camera(), make_camera()
    camera.simulator.downtime_s = 0.3
    dest, serial = str(tmp_path / "cam.zip"), camera.simulator.serial
    name = camera.config["General.General"]["MachineName"]
    drift = {"name": "General.General", "config": {"MachineName": "drifted"}}
    run = camera.play(
        [
            {"name": "backup", BACKUP: {"dest": dest}},
            {"name": "drift", "dvrip.devices.config": drift},
            {"name": "unconfirmed", RESTORE: {"src": dest, "confirm": "gate"}, "ignore_errors": True},
            *triplet("restore", {"src": dest, "confirm": serial}),
        ]
    ).ok()
    assert "is not the serial number of this device" in run["unconfirmed"]["msg"]
    assert [run[task]["changed"] for task in ("check", "apply", "again")] == [True, True, False]
    assert camera.config["General.General"]["MachineName"] == name
    foreign = {"src": dest, "confirm": other.simulator.serial}
    strange = other.play(
        [
            {"name": "foreign", RESTORE: foreign, "ignore_errors": True},
            {"name": "nothing", RESTORE: foreign | {"src": f"{dest}.none"}, "ignore_errors": True},
        ]
    ).ok()
    assert f"is of serial {serial}" in strange["foreign"]["msg"]
    assert "is not there" in strange["nothing"]["msg"]


def test_a_reset_needs_the_serial_and_a_word_before_it_loses_the_device(camera):
    camera.config["General.General"]["MachineName"] = "gate"
    serial, tasks = camera.simulator.serial, []
    cases = {
        "unconfirmed": {"parts": ["general"], "confirm": "x"},
        "network": {"parts": ["network"], "confirm": serial},
        "factory": {"factory": True, "confirm": serial},
        "nothing": {"confirm": serial},
    }
    tasks = [{"name": name, RESET: wish, "ignore_errors": True} for name, wish in cases.items()]
    tasks += [
        {"name": "check", RESET: {"parts": ["general"], "confirm": serial}, "check_mode": True},
        {"name": "after check", "dvrip.devices.config_info": {"name": "General.General"}},
        {"name": "apply", RESET: {"parts": ["general"], "confirm": serial}},
    ]
    run = camera.play(tasks).ok()
    assert all(run[name].outcome == "failed" for name in cases)
    assert "allow_disconnect" in run["network"]["msg"]
    assert "accounts and network" in run["factory"]["msg"]
    assert run["check"]["changed"] is True
    assert run["after check"]["objects"]["General.General"]["MachineName"] == "gate"
    assert run["apply"]["changed"] is True
    assert camera.config["General.General"]["MachineName"] != "gate"


def test_waiting_for_a_device_that_comes_and_for_one_that_stays(camera):
    camera.simulator.downtime_s = 1.0
    run = camera.play(
        [
            {"name": "restart", "dvrip.devices.reboot": {"wait": False}},
            {"name": "up", "dvrip.devices.wait": {"wait_timeout": 30, "delay": 0.2}},
            {
                "name": "down",
                "dvrip.devices.wait": {"state": "down", "wait_timeout": 1},
                "ignore_errors": True,
            },
            {
                "name": "other",
                "dvrip.devices.wait": {"serial": "f" * 16, "wait_timeout": 1},
                "ignore_errors": True,
                "ignore_unreachable": True,
            },
        ]
    ).ok()
    assert run["up"]["serial"] == camera.simulator.serial
    assert "still up after 1 s" in run["down"]["msg"]
    assert f"serial number {camera.simulator.serial} answers" in run["other"]["msg"]


@pytest.mark.parametrize(
    "error", [socket.gaierror(-2, "Name or service not known"), UnicodeError("label empty")]
)
def test_a_name_that_nobody_knows_is_no_device_that_has_gone(camera, monkeypatch, error):
    async def refuse(*_place):
        raise error

    monkeypatch.setattr(asyncio, "open_connection", refuse)
    waited = camera.run("wait", {"state": "down", "host": "gate.invalid", "wait_timeout": 0})
    assert waited["unreachable"]
    assert "gate.invalid" in waited["msg"]
    assert "the host name cannot be resolved: " in waited["msg"]
