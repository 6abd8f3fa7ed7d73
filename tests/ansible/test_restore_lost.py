"""Devices that end in the middle of `restore`: told as what it is, and the next run heals."""

from dvrip_proto.simulator import Quirks

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
