"""Devices that end in the middle of `restore`: told as what it is, and the next run heals."""

from dvrip_proto.simulator import Quirks
from tests.sentences import FOREIGN_GATEWAY

RESTORE = "dvrip.devices.restore"
IMPORT = 1540


def test_a_restore_without_an_answer_is_uncertain_and_heals(make_camera, tmp_path):
    camera = make_camera()
    camera.simulator.downtime_s = 0.3
    src, serial = str(tmp_path / "cam.zip"), camera.simulator.serial
    drift = {"name": "General.General", "config": {"MachineName": "drifted"}}
    camera.play(
        [
            {"name": "backup", "dvrip.devices.backup": {"dest": src}},
            {"name": "d", "dvrip.devices.config": drift},
        ]
    ).ok()
    camera.simulator.quirks = Quirks(reset_on=frozenset({IMPORT}))
    lost = camera.play([{"name": "lost", RESTORE: {"src": src, "confirm": serial}}])
    assert lost.rc != 0
    assert lost["lost"]["changed"] is True
    assert lost["lost"]["uncertain"] == ["configuration"]
    camera.simulator.quirks = Quirks()
    again = camera.play(
        [
            {"name": "heal", RESTORE: {"src": src, "confirm": serial}},
            {"name": "same", RESTORE: {"src": src, "confirm": serial}},
        ]
    ).ok()
    assert again["same"]["changed"] is False
    assert camera.config["General.General"]["MachineName"] != "drifted"


def test_a_file_that_locks_out_is_refused_in_check_mode_too_unless_it_is_allowed(make_camera, tmp_path):
    camera = make_camera()
    camera.simulator.downtime_s = 0.3
    src, serial = str(tmp_path / "cam.zip"), camera.simulator.serial
    wish = FOREIGN_GATEWAY
    foreign = {"name": wish.object, "config": wish.wish, "allow_disconnect": True}
    right = {"name": wish.object, "config": {"GateWay": "127.0.0.254"}}
    restore = {"src": src, "confirm": serial}
    run = camera.play(
        [
            {"name": "lock", "dvrip.devices.config": foreign},
            {"name": "backup", "dvrip.devices.backup": {"dest": src}},
            {"name": "open", "dvrip.devices.config": right},
            {"name": "check", RESTORE: restore, "check_mode": True, "ignore_errors": True},
            {"name": "refused", RESTORE: restore, "ignore_errors": True},
            {"name": "allowed", RESTORE: restore | {"allow_disconnect": True}},
        ]
    ).ok()
    at = f"{camera.simulator.host}:{camera.simulator.port}"
    assert run["refused"]["msg"] == f"{at}: the archive: {wish.says.partition(': ')[2]}"
    assert run["check"]["msg"] == run["refused"]["msg"]
    assert not run["refused"]["changed"]
    assert run["allowed"]["changed"]
    assert camera.config[wish.object]["GateWay"] == "0x0708090A"
