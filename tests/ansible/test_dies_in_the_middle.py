"""Modules whose device ends in the middle of what they do: told as what it is, and the next run heals."""

import json
import socket
import threading
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from dvrip_proto.features.recordings import recordings
from dvrip_proto.features.recordings.part_file import PartFile
from dvrip_proto.simulator import Quirks, discovery
from dvrip_proto.simulator.handlers import TABLE
from dvrip_proto.wire.ids import MessageId
from tests.ansible.conftest import PASSWORD

HOST, NEW_HOST = "127.0.85.20", "127.0.85.21"
PATIENCE_S = 60


@pytest.fixture
def unused_udp_port():
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.bind((HOST, 0))
        return sock.getsockname()[1]


@pytest.mark.parametrize("way", [{"parts": ["general"]}, {"factory": True, "allow_disconnect": True}])
def test_a_reset_without_an_answer_is_uncertain_and_done_by_the_next_run(make_camera, way):
    camera = make_camera(quirks=Quirks(reset_on=frozenset({MessageId.SYSTEM_MANAGER})))
    camera.config["General.General"]["MachineName"] = "gate"
    wish = {**way, "confirm": camera.simulator.serial}
    lost = camera.run("reset", wish)
    assert lost["failed"] is True, "a write in doubt is a failure, not an unreachable host"
    assert lost["changed"] is True
    assert lost["uncertain"] == ["defaults"]
    assert "written" not in lost
    assert "Run the play again" in lost["failure"]["remedy"]
    camera.config["General.General"]["MachineName"] = "gate"
    camera.simulator.quirks = Quirks()
    healed = camera.run("reset", {**wish, "login_passwords": [""]})
    assert healed["changed"] is True
    assert camera.config["General.General"]["MachineName"] != "gate"


def test_an_erased_disk_without_an_answer_is_uncertain(make_camera):
    recorder = make_camera(
        profile="nvr", channels=4, quirks=Quirks(reset_on=frozenset({MessageId.DISK_MANAGER}))
    )
    wish = {"disks": [{"disk": 1, "state": "erased"}], "confirm": recorder.simulator.serial}
    lost = recorder.run("storage", wish)
    assert lost["failed"] is lost["changed"] is True
    assert lost["uncertain"] == ["disk 1 partition 1 erased"]
    recorder.simulator.quirks = Quirks()
    assert recorder.run("storage", wish)["changed"] is True


class TestAddress:
    """A device that is told its address by broadcast."""

    @pytest.fixture
    def camera(self, make_camera, unused_udp_port):
        return make_camera(
            bind=HOST, discovery_port=unused_udp_port, quirks=Quirks(mute=frozenset({MessageId.IP_SET}))
        )

    @pytest.fixture
    def wish(self, camera, unused_udp_port):
        return {
            "mac": camera.config["NetWork.NetCommon"]["MAC"],
            "address": NEW_HOST,
            "netmask": "255.255.255.0",
            "gateway": "127.0.85.1",
            "device_password": PASSWORD,
            "targets": [HOST],
            "discovery_port": unused_udp_port,
            "wait": 0.5,
        }

    def test_a_new_address_that_is_never_confirmed_is_looked_for(self, camera, wish):
        assert camera.run("discover_address", wish)["changed"] is True
        assert camera.run("discover_address", wish)["changed"] is False

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"gateway": "10.0.0.1"}, "gateway 10.0.0.1"),
            ({"address": "127.0.85.255"}, "127.0.85.255 is no address of a device"),
            ({"netmask": "255.0.255.0"}, "not an address"),
        ],
    )
    def test_what_cannot_be_an_address_is_refused_in_check_mode_too(self, camera, wish, wrong, words):
        for check_mode in (True, False):
            refused = camera.run("discover_address", {**wish, **wrong}, check_mode=check_mode)
            assert words in refused["msg"]
            assert refused["changed"] is False

    def test_a_device_that_stays_where_it_is_is_named(self, camera, wish, monkeypatch):
        monkeypatch.setattr(discovery, "_set_address", lambda _device, _body: None)
        stays = camera.run("discover_address", wish)
        assert f"looked again: it is at {HOST}" in stays["msg"]
        assert (stays["failed"], stays["changed"]) == (True, False)

    def test_a_device_that_dies_is_uncertain_and_the_next_run_heals(self, camera, wish, monkeypatch):
        told, probe_reply = [], discovery.probe_reply
        monkeypatch.setattr(discovery, "_set_address", lambda *order: told.append(order))
        monkeypatch.setattr(
            discovery, "probe_reply", lambda netcommon: None if told else probe_reply(netcommon)
        )
        lost = camera.run("discover_address", wish)
        assert lost["failed"] is lost["changed"] is True
        assert lost["uncertain"] == ["address"]
        monkeypatch.undo()
        assert camera.run("discover_address", wish)["changed"] is True


def test_a_recording_that_breaks_off_goes_on_with_the_next_run(make_camera, tmp_path, monkeypatch):
    camera = make_camera(quirks=Quirks(archive_pause_s=PATIENCE_S))
    begin = (camera.simulator.state.clock.now() - timedelta(hours=1)).replace(microsecond=0)
    camera.simulator.state.archive.days = 0  # a history of its own lies there by chance
    for at in range(2):
        first = begin + timedelta(minutes=at)
        camera.simulator.state.archive.add(0, first, first + timedelta(seconds=20))
    dest = tmp_path / "files"
    span = {"since": str(begin - timedelta(minutes=1)), "until": str(begin + timedelta(minutes=5))}
    wish = {"what": "recordings", **span, "dest": str(dest)}
    runs, written = [], threading.Event()
    write = PartFile.write
    monkeypatch.setattr(PartFile, "write", lambda part, frames: (write(part, frames), written.set()))
    monkeypatch.setattr(recordings, "BATCH_BYTES", 1)  # each picture is written as it comes
    play = threading.Thread(target=lambda: runs.append(camera.run("fetch", wish)))
    play.start()
    assert written.wait(PATIENCE_S), "of an empty part nothing is kept"
    camera.stage.call(_drop(camera.simulator))
    play.join(PATIENCE_S)
    (broken,) = runs
    assert broken["unreachable"] is True
    assert broken["changed"] is False
    (part,) = dest.iterdir()
    assert part.suffix == ".part"
    camera.simulator.quirks = Quirks()
    healed, again = camera.run("fetch", wish), camera.run("fetch", wish)
    whole = camera.run("fetch", {**wish, "dest": str(tmp_path / "whole")})
    assert (healed["changed"], again["changed"]) == (True, False)
    names = [Path(entry["path"]).name for entry in healed["files"]]
    assert len(names) == 2
    assert sorted(path.name for path in dest.iterdir()) == sorted(names), "no part is left"
    checksums = [[entry["sha256"] for entry in run["files"]] for run in (healed, whole)]
    assert checksums[0] == checksums[1]


async def _drop(simulator):
    simulator.drop_connections()


def test_a_model_without_export_says_what_keeps_its_configuration(camera, tmp_path, monkeypatch):
    monkeypatch.delitem(TABLE, MessageId.CONFIG_EXPORT)
    dest, kept = tmp_path / "cam.zip", tmp_path / "cam.json"
    general = camera.config["General.General"]
    general["MachineName"] = "gate"
    refused = camera.run("backup", {"dest": str(dest)})
    assert refused["failure"]["ret"] == 102
    assert "`name: all`" in refused["failure"]["remedy"]
    assert not dest.exists()
    with zipfile.ZipFile(dest, "w") as archive:
        archive.writestr("Config/Json/General.json", "{}")
    back = camera.run("restore", {"src": str(dest), "confirm": camera.simulator.serial, "match": "any"})
    assert back["failure"] == refused["failure"]
    everything = camera.run("config_info", {"name": ["all"], "format": "objects"})["objects"]
    assert len(everything) > 60
    kept.write_text(json.dumps(everything))
    assert camera.run("config", {"from_file": str(kept)})["changed"] is False
    general["MachineName"] = "drifted"
    back = camera.run("config", {"from_file": str(kept)})
    assert [change["after"] for change in back["changes"]] == ["gate"]


def test_a_model_without_zone_gets_what_it_has_objects_for(camera):
    del camera.config["System.TimeZone"]
    rule = dict(camera.config["General.Location"])
    wish = {"timezone": "Europe/Berlin", "ntp_server": "ntp.example.net", "missing": "skip"}
    check, apply, again = (camera.run("time", wish, check_mode=at == 0) for at in range(3))
    assert (check["changed"], apply["changed"], again["changed"]) == (True, True, False)
    assert check["diff"] == apply["diff"]
    assert camera.config["NetWork.NetNTP"]["Server"]["Name"] == "ntp.example.net"
    assert camera.config["General.Location"] == rule, "a rule without its zone says nothing"
    (skipped,) = apply["skipped_objects"]
    assert skipped["name"] == "System.TimeZone"
    assert "System.TimeZone" in apply["warnings"][0]
    bare = camera.run("time", {"sync": True, "missing": "skip"})
    assert [one["name"] for one in bare["skipped_objects"]] == ["clock"]
    assert bare["changed"] is False
