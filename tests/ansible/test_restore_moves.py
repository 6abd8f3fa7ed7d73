"""A configuration that moves its device: `restore` goes after it, or says where to look."""

import socket

import pytest

from ansible_collections.dvrip.devices.plugins.module_utils import _follow
from dvrip_proto.simulator import Quirks
from tests.ansible.test_network import in_hex, leaving

IMPORT = 1540
OLD, NEW = "127.0.86.10", "127.0.86.20"


@pytest.fixture
def camera(make_camera):
    camera = make_camera(bind=OLD)
    camera.simulator.downtime_s = 0.1
    camera.config["NetWork.NetDHCP"][0]["Enable"] = False
    camera.config["NetWork.NetCommon"]["GateWay"] = in_hex("127.0.86.1")
    return camera


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind((OLD, 0))
        return free.getsockname()[1]


def wish(camera, tmp_path, change, **options):
    """What puts back a file of the device in which it has these network settings."""
    common, src = camera.config["NetWork.NetCommon"], str(tmp_path / "cam.zip")
    before = dict(common)
    common |= change
    camera.run("backup", {"dest": src})
    common |= before
    serial = camera.simulator.serial
    return {"src": src, "confirm": serial, "allow_disconnect": True, "wait_timeout": 20, **options}


def test_a_device_is_followed_to_the_address_and_port_of_the_file(camera, tmp_path, port):
    options = wish(camera, tmp_path, {"HostIP": in_hex(NEW), "TCPPort": port})
    check, done = (camera.run("restore", options, check_mode=mode) for mode in (True, False))
    assert "failed" not in done, done
    for result in (check, done):
        assert (result["host"], result["port"]) == (NEW, port)
        at = f"{OLD}:"
        assert len(result["warnings"]) == 2
        assert all(text.startswith(at) for text in result["warnings"]), result["warnings"]
        assert f"the device moves to {NEW}: this connection ends" in result["warnings"][0]
        assert f"the device moves to port {port}: this connection ends" in result["warnings"][1]
    assert (done["changed"], done["verified"]) == (True, True)
    assert (camera.simulator.host, camera.simulator.port) == (NEW, port)


def test_a_device_that_is_gone_before_it_answers_is_followed_all_the_same(camera, tmp_path):
    tells = camera.simulator.quirks = Quirks(mute=frozenset({IMPORT}))
    assert tells.mute
    done = camera.run("restore", wish(camera, tmp_path, {"HostIP": in_hex(NEW)}, timeout=1))
    assert "failed" not in done, done
    assert (done["changed"], done["host"], done["verified"]) == (True, NEW, True)
    assert "uncertain" not in done


def test_a_device_that_took_nothing_over_is_said_to_have_stayed(camera, tmp_path, monkeypatch):
    monkeypatch.setattr(_follow, "MOVE_S", 0.3)
    camera.simulator.quirks = Quirks(reset_on=frozenset({IMPORT}))
    lost = camera.run("restore", wish(camera, tmp_path, {"HostIP": in_hex(NEW)}))
    assert lost["failed"]
    assert lost["changed"] is False
    assert "the device did not take it over" in lost["msg"]


def test_a_device_that_keeps_its_address_until_a_restart_says_so_and_is_restarted_on_request(
    camera, tmp_path, port, monkeypatch
):
    monkeypatch.setattr(_follow, "MOVE_S", 0.5)
    camera.simulator.quirks = Quirks(move_listener=False)
    options = wish(camera, tmp_path, {"TCPPort": port})
    done = camera.run("restore", options)
    assert (done["reboot_required"], done["port"]) == (True, camera.simulator.port)
    camera.simulator.quirks = Quirks()
    again = camera.run("restore", options | {"reboot": "if_needed", "reboot_timeout": 20})
    assert "failed" not in again, again
    assert (again["rebooted"], again["reboot_required"]) == (True, False)
    assert again["port"] == port == camera.simulator.port
    assert camera.run("restore", options)["changed"] is False


def test_a_device_that_is_not_found_again_is_named_with_both_places(camera, tmp_path, monkeypatch):
    monkeypatch.setattr(_follow, "MOVE_S", 0.3)
    monkeypatch.setattr(_follow, "_GLANCE_S", 0.1)
    camera.simulator.quirks = Quirks(move_listener=False)
    options = wish(camera, tmp_path, {"HostIP": in_hex(NEW)}, wait_timeout=1)
    with leaving(camera, comes_back=False):
        lost = camera.run("restore", options)
    assert lost.get("unreachable"), lost
    assert lost["written"] == ["configuration"]
    assert f"the device moves from {OLD}:{camera.simulator.port} to {NEW}:" in lost["msg"]


def test_a_device_that_stays_is_waited_for_where_it_is(camera, tmp_path):
    done = camera.run("restore", wish(camera, tmp_path, {"HostName": "gate"}))
    assert (done["host"], done["port"]) == (OLD, camera.simulator.port)
    assert "warnings" not in done
    assert done["reboot_required"] is True, "the device said so"
