"""The modules `storage`, `fetch`, `discover_info` and `discover_address`."""

import json
import socket
from datetime import timedelta
from pathlib import Path

import pytest

from dvrip_proto.simulator import Quirks
from tests.ansible.conftest import assert_triplet, triplet

STORAGE, FETCH = "dvrip.devices.storage", "dvrip.devices.fetch"
INFO, ADDRESS = "dvrip.devices.discover_info", "dvrip.devices.discover_address"


def test_a_disk_is_formatted_only_where_it_is_not(make_camera):
    recorder = make_camera(profile="nvr", channels=4)
    serial = recorder.simulator.serial
    run = recorder.play(
        [
            {"name": "unconfirmed", STORAGE: {"disks": [{"disk": 1, "state": "erased"}]}, "ignore_errors": True},
            {"name": "none", STORAGE: {"disks": [{"disk": 7}]}, "ignore_errors": True},
            {"name": "there", STORAGE: {"disks": [{"disk": 1, "state": "formatted"}], "confirm": serial}},
            {"name": "check", STORAGE: {"disks": [{"disk": 1, "state": "erased"}], "confirm": serial}, "check_mode": True},
            {"name": "erase", STORAGE: {"disks": [{"disk": 1, "state": "erased"}], "confirm": serial}},
        ]
    ).ok()  # fmt: skip
    assert "is not the serial number" in run["unconfirmed"]["msg"]
    assert "there is no disk 7" in run["none"]["msg"]
    assert run["there"]["changed"] is False
    assert run["check"]["changed"] is run["erase"]["changed"] is True
    managed = [name for _, name, _ in recorder.simulator.requests if name == "OPStorageManager"]
    assert len(managed) == 1


def test_a_partition_is_told_what_it_is_for_once(make_camera):
    recorder = make_camera(profile="nvr", channels=4)
    run = recorder.play(
        [
            *triplet("storage", {"disks": [{"disk": 1, "use": "redundant"}]}),
            {"name": "read", "dvrip.devices.device_info": {"gather_subset": ["storage"]}},
            {"name": "none", STORAGE: {"disks": [{"disk": 1, "partition": 9, "use": "event"}]}, "ignore_errors": True},
            {"name": "word", STORAGE: {"disks": [{"disk": 1, "use": "films"}]}, "ignore_errors": True},
        ]
    )  # fmt: skip
    assert_triplet(run)
    (change,) = run["apply"]["changes"]
    assert (change["object"], change["path"], change["after"]) == ("disk 1 partition 1", "use", "redundant")
    told = run["read"]["device"]["storage"][0]
    assert (told["disk"], told["partitions"][0]["partition"]) == (1, 1)
    assert told["partitions"][0]["kind"] == "redundant"
    assert "there is no disk 1 partition 9" in run["none"]["msg"]
    assert "value of use must be one of" in run["word"]["msg"]
    managed = [name for _, name, _ in recorder.simulator.requests if name == "OPStorageManager"]
    assert len(managed) == 1


def test_what_happens_when_a_disk_is_full(camera):
    camera.config["General.General"]["OverWrite"] = "OverWrite"
    assert_triplet(camera.play(triplet("storage", {"when_full": "stop"})))
    assert camera.config["General.General"]["OverWrite"] == "StopRecord"


def test_pictures_logs_and_diagnostics_come_home(camera, tmp_path):
    dest = str(tmp_path / "files")
    run = camera.play(
        [
            {"name": "check", FETCH: {"what": "snapshot", "dest": dest}, "check_mode": True},
            {"name": "picture", FETCH: {"what": "snapshot", "dest": dest}},
            {"name": "log", FETCH: {"what": "logs", "dest": dest}},
            {"name": "about", FETCH: {"what": "diagnostics", "dest": dest}},
            {
                "name": "channel",
                FETCH: {"what": "snapshot", "dest": dest, "channel": 9},
                "ignore_errors": True,
            },
        ]
    ).ok()
    assert run["check"]["changed"] is True
    (picture,) = run["picture"]["files"]
    assert Path(picture["path"]).read_bytes().startswith(b"\xff\xd8")
    assert picture["size"] == Path(picture["path"]).stat().st_size
    assert json.loads(Path(run["log"]["files"][0]["path"]).read_text())
    about = Path(run["about"]["files"][0]["path"]).read_text()
    assert camera.simulator.serial not in about
    assert run["channel"].outcome == "failed"


def test_recordings_are_fetched_once(camera, tmp_path):
    now = camera.simulator.state.clock.now()
    wish = {
        "what": "recordings",
        "dest": str(tmp_path),
        "since": str((now - timedelta(hours=2)).replace(microsecond=0)),
        "until": str((now - timedelta(hours=1)).replace(microsecond=0)),
    }
    begin = (now - timedelta(hours=1.5)).replace(microsecond=0)
    camera.simulator.state.archive.add(0, begin, begin + timedelta(seconds=20))
    run = camera.play(
        [
            {"name": "check", FETCH: wish, "check_mode": True},
            {"name": "apply", FETCH: wish},
            {"name": "again", FETCH: wish},
            {"name": "few", FETCH: wish | {"limit": 0}, "ignore_errors": True},
            {"name": "backwards", FETCH: wish | {"until": wish["since"]}, "ignore_errors": True},
        ]
    ).ok()
    assert [run[name]["changed"] for name in ("check", "apply", "again")] == [True, True, False]
    assert [entry["path"] for entry in run["apply"]["files"]] == [
        entry["path"] for entry in run["check"]["files"]
    ]
    assert all(Path(entry["path"]).stat().st_size == entry["size"] > 0 for entry in run["apply"]["files"])
    assert "there are more than 0 recordings" in run["few"]["msg"]
    assert "is not after" in run["backwards"]["msg"]


def test_all_channels_are_all_of_a_recorder_and_one_without_a_picture_is_told(make_camera, tmp_path):
    recorder = make_camera(profile="nvr", channels=3, quirks=Quirks(offline_channels=frozenset({1})))
    begin = (recorder.simulator.state.clock.now() - timedelta(hours=1.5)).replace(microsecond=0)
    span = {"since": str(begin - timedelta(minutes=1)), "until": str(begin + timedelta(minutes=1))}
    for channel in (0, 2):
        recorder.simulator.state.archive.add(channel, begin, begin + timedelta(seconds=5))
    wish = {"what": "recordings", "dest": str(tmp_path), "channel": "all", **span}
    found = [entry["path"] for entry in recorder.run("fetch", wish, check_mode=True)["files"]]
    assert {part for path in found for part in ("channel1", "channel2", "channel3") if part in path} >= {"channel1", "channel3"}  # fmt: skip
    pictures = recorder.run("fetch", {"what": "snapshot", "dest": str(tmp_path), "channel": "all"})
    skipped = {one["channel"]: one["file"] for one in pictures["skipped_channels"]}
    assert 2 in skipped
    assert all(f"-channel{number}-" in name for number, name in skipped.items())
    assert len(pictures["files"]) + len(skipped) == 3


@pytest.fixture
def unused_udp_port():
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.85.10", 0))
        return sock.getsockname()[1]


def test_devices_are_found_without_a_login_and_a_stranger_is_named(make_camera, unused_udp_port):
    camera = make_camera(bind="127.0.85.10", discovery_port=unused_udp_port)
    where = {"targets": ["127.0.85.10"], "discovery_port": unused_udp_port, "wait": 1}
    mac = camera.config["NetWork.NetCommon"]["MAC"]
    wish = {
        **where,
        "mac": mac,
        "netmask": "255.255.255.0",
        "gateway": "127.0.85.1",
        "device_password": "Zebra-lamp7",
    }
    run = camera.play(
        [
            {"name": "info", INFO: where},
            {"name": "stranger", ADDRESS: wish | {"mac": "00:00:00:00:00:01", "address": "127.0.85.11"}, "ignore_errors": True},
            {"name": "check", ADDRESS: wish | {"address": "127.0.85.11"}, "check_mode": True, "diff": True},
            {"name": "same", ADDRESS: wish | {"address": "127.0.85.10"}},
            {"name": "wrong", ADDRESS: wish | {"address": "127.0.85.11", "device_password": "Wrong-door9"}, "ignore_errors": True},
            {"name": "apply", ADDRESS: wish | {"address": "127.0.85.11"}},
        ]
    ).ok()  # fmt: skip
    (device,) = run["info"]["devices"]
    assert (device["host"], device["mac"]) == ("127.0.85.10", mac)
    assert (
        f"no device with the MAC address 00:00:00:00:00:01 answers; there are: {mac}"
        in run["stranger"]["msg"]
    )
    assert run["check"]["changes"][0]["after"] == "127.0.85.11"
    assert run["same"]["changed"] is False
    assert run["wrong"].outcome == "failed"
    assert run["wrong"]["failure"]["type"] == "AuthenticationError"
    assert "Wrong-door9" not in run.printed
    assert run["apply"]["changed"] is True
    assert camera.config["NetWork.NetCommon"]["HostIP"].upper() == "0X0B55007F"
