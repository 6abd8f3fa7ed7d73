"""The module `firmware`: chosen, refused, sent, burned, met again."""

import hashlib
from datetime import datetime
from types import SimpleNamespace

import pytest

from ansible_collections.dvrip.devices.plugins.module_utils._firmware import _wrong
from dvrip_proto import Firmware
from dvrip_proto.simulator import Quirks
from tests.ansible.conftest import triplet
from tests.device import firmware_file

FIRMWARE = "dvrip.devices.firmware"
NEW = "XM530_V5.00.R02.20260102.bin"
OLD = "XM530_V5.00.R02.20190102.bin"


def sends(camera):
    return sum(message_id == 1522 for message_id, _, _ in camera.simulator.requests)


@pytest.fixture
def quick(make_camera):
    camera = make_camera()
    camera.simulator._unit.upgrade.burn_s = 0.3
    camera.simulator.downtime_s = 0.4
    return camera


def test_a_folder_is_searched_for_the_file_of_this_hardware_and_it_is_burned_once(quick, tmp_path):
    images = tmp_path / "images"
    images.mkdir()
    file = firmware_file.write(images, name=NEW)
    firmware_file.write(images, name=OLD)
    firmware_file.write(images, name="Other_V5.00.R02.20270102.bin", Hardware="HI3516EV300_85H50AI")
    (images / "notes.txt").write_text("not an image")
    checksum = hashlib.sha256(file.read_bytes()).hexdigest()
    run = quick.play(triplet("firmware", {"src": str(images), "sha256": checksum}), "-v").ok()
    assert [run[name]["changed"] for name in ("check", "apply", "again")] == [True, True, False]
    assert run["apply"]["file"] == str(file)
    assert run["check"]["diff"] == run["apply"]["diff"] != []
    assert "2026-01-02" in run["apply"]["msg"]
    assert run["apply"]["bytes_sent"] == file.stat().st_size
    for phase in ("sending 100 %", "burning", "restarting"):
        assert f"firmware: {phase}" in run.printed


def test_what_must_not_be_burned_is_refused_before_anything_is_sent(quick, tmp_path):
    def folder(name):
        path = tmp_path / name
        path.mkdir()
        return path

    other = firmware_file.write(folder("other"), name=NEW, Hardware="HI3516EV300_85H50AI")
    old = firmware_file.write(folder("old"), name=OLD)
    good = firmware_file.write(folder("good"), name=NEW)
    bare = firmware_file.write(folder("bare"), name="image.bin")
    listed = firmware_file.write(folder("listed"), name=NEW)
    (listed.parent / "SHA256SUMS").write_text(f"{'0' * 64}  {NEW}\n")
    broken = folder("broken") / NEW
    broken.write_bytes(good.read_bytes()[:-5000])
    cases = {
        "hardware": ({"src": str(other)}, "is not for this device: hardware is HI3516EV300_85H50AI"),
        "folder": ({"src": str(other.parent)}, "has no firmware for hardware XM530_50X50-WG_8M"),
        "downgrade": ({"src": str(old)}, "it would be a downgrade"),
        "sum": ({"src": str(good), "sha256": "0" * 64}, "its sha256 is"),
        "listed": ({"src": str(listed)}, "SHA256SUMS of the folder says 000"),
        "broken": ({"src": str(broken)}, "damaged"),
        "nameless": ({"src": str(bare)}, "say `version`"),
        "missing": ({"src": str(tmp_path / "none.bin")}, "none.bin"),
    }
    run = quick.play(
        [{"name": name, FIRMWARE: wish, "ignore_errors": True} for name, (wish, _) in cases.items()]
    ).ok()
    for name, (_, words) in cases.items():
        assert run[name].outcome == "failed", name
        assert words in run[name]["msg"], run[name]["msg"]
        assert run[name]["changed"] is False
    assert sends(quick) == 0


def test_a_folder_for_other_hardware_is_left_alone_on_request_and_an_empty_one_never(quick, tmp_path):
    wish = {"src": str(tmp_path), "missing": "skip"}
    assert "it is empty" in quick.run("firmware", wish)["msg"]
    firmware_file.write(tmp_path, name="Other_V5.00.R02.20270102.bin", Hardware="HI3516EV300_85H50AI")
    left = quick.run("firmware", wish)
    assert (left["changed"], "failed" in left) == (False, False)
    assert "has no firmware for hardware XM530_50X50-WG_8M: Other_V5" in left["skipped_reason"]
    assert left["after_version"] == left["before_version"]
    assert quick.run("firmware", wish | {"missing": "fail"})["failed"]
    assert sends(quick) == 0


def test_a_version_that_does_not_come_fails_and_names_both(quick, tmp_path):
    file = firmware_file.write(tmp_path, name="image.bin")
    run = quick.play(
        [
            {"name": "wrong", FIRMWARE: {"src": str(file), "version": "2027-07-07"}, "ignore_errors": True},
            {"name": "right", FIRMWARE: {"src": str(file), "version": "2026-01-02"}},
        ]
    ).ok()
    assert run["wrong"].outcome == "failed"
    assert "not 2027-07-07" in run["wrong"]["msg"]
    assert run["wrong"]["written"] == ["firmware"]
    assert run["right"]["changed"] is False


def test_a_file_whose_name_says_something_else_is_not_burned_every_night_without_a_word(quick, tmp_path):
    file = firmware_file.write(tmp_path, name="XM530_V5.00.R02.20270707.bin")
    first = quick.run("firmware", {"src": str(file)})
    assert first["failed"]
    assert first["written"] == ["firmware"]
    assert "-> " in first["msg"]
    assert 'say `version: "2026-01-02"`' in first["msg"]
    assert quick.run("firmware", {"src": str(file), "version": "2026-01-02"})["changed"] is False


def test_a_device_that_comes_back_as_it_was_is_said_to_have_taken_nothing(tmp_path):
    file = Firmware.read(firmware_file.write(tmp_path, name=NEW))
    same = SimpleNamespace(firmware="V5.00.R02.00030747", build_time=datetime(2020, 11, 24, 16, 47))
    assert _wrong(file, same, same, None) == f"nothing is new, {NEW} was not taken over"


def test_a_device_that_dies_while_it_burns_is_named_with_its_phase(make_camera, tmp_path):
    camera = make_camera(quirks=Quirks(upgrade_stalls_at=40))
    file = firmware_file.write(tmp_path, name=NEW)
    run = camera.play(
        [{"name": "apply", FIRMWARE: {"src": str(file), "burn_timeout": 1}, "ignore_errors": True}]
    ).ok()
    outcome = run["apply"]
    assert outcome.outcome == "failed"
    assert outcome["failure"]["phase"] == "burning"
    assert outcome["uncertain"] == ["firmware"]
    assert "leave its power on" in outcome["msg"]


def test_an_upload_that_takes_too_long_is_given_up_while_that_harms_nothing(make_camera, tmp_path):
    camera = make_camera(quirks=Quirks(late={1522: 1.0}))
    file = firmware_file.write(tmp_path, name=NEW)
    run = camera.play(
        [
            {"name": "apply", FIRMWARE: {"src": str(file), "upload_timeout": 1}, "ignore_errors": True},
            {"name": "alive", "dvrip.devices.device_info": {}},
        ]
    ).ok()
    assert "given up, nothing is changed" in run["apply"]["msg"]
    assert run["apply"]["changed"] is False
    assert run["apply"]["failure"]["phase"] == "sending"
    assert run["alive"]["device"]["serial"] == camera.simulator.serial
