"""What moves the device is allowed by word: `config` and `settings` go after it, and warn of what was allowed."""

import pytest

from ansible_collections.dvrip.devices.plugins.module_utils import _follow
from dvrip_proto.simulator import Quirks
from tests.ansible.test_network import in_hex
from tests.ansible.test_restore_moves import NEW, OLD

COMMON = "NetWork.NetCommon"
CONFIG_SET = 1040


@pytest.fixture
def camera(make_camera):
    camera = make_camera(bind=OLD)
    camera.config["NetWork.NetDHCP"][0]["Enable"] = False
    camera.config[COMMON]["GateWay"] = in_hex("127.0.86.1")
    return camera


def to(address, **options):
    objects = [
        {"name": COMMON, "config": {"HostIP": address}},
        {"name": "General.General", "config": {"MachineName": "moved"}},
    ]
    return {"objects": objects, "allow_disconnect": True, **options}


def moved(camera):
    return (camera.simulator.host, camera.config["General.General"]["MachineName"])


def test_a_device_is_followed_and_the_rest_is_written_there(camera):
    check = camera.run("config", to(NEW), check_mode=True)
    done = camera.run("config", to(NEW))
    assert "failed" not in done, done
    danger = (
        f"{OLD}:{camera.simulator.port}: {COMMON}: allowed: the device moves to {NEW}: this connection ends"
    )
    assert check["warnings"] == done["warnings"] == [danger]
    assert "host" not in check
    assert (done["host"], done["port"]) == (NEW, camera.simulator.port)
    assert moved(camera) == (NEW, "moved")
    refused = camera.run("config", to(OLD, allow_disconnect=False))
    assert refused["failed"]
    assert camera.run("config", to(NEW))["changed"] is False


def test_a_device_that_is_gone_before_it_answers_is_followed(camera):
    camera.simulator.quirks = Quirks(mute=frozenset({CONFIG_SET}))
    objects = [{"name": COMMON, "config": {"HostIP": NEW}}]
    done = camera.run("config", {"objects": objects, "allow_disconnect": True, "timeout": 1})
    assert "failed" not in done, done
    assert (done["changed"], done["host"], camera.simulator.host) == (True, NEW, NEW)


def test_a_device_that_takes_nothing_is_said_to_have_stayed(camera, monkeypatch):
    monkeypatch.setattr(_follow, "MOVE_S", 0.3)
    camera.simulator.quirks = Quirks(reset_on=frozenset({CONFIG_SET}))
    lost = camera.run("config", to(NEW))
    assert lost["failed"]
    assert lost["changed"] is False
    assert f"read back: the device did not take {COMMON}" in lost["msg"]
    assert camera.simulator.host == OLD


def test_a_device_that_moves_with_its_restart_is_followed_through_it(camera):
    camera.simulator.downtime_s = 0.1
    camera.simulator.quirks = Quirks(restart={COMMON: 603})
    done = camera.run("config", to(NEW, reboot="if_needed", reboot_timeout=20))
    assert "failed" not in done, done
    assert (done["rebooted"], done["host"]) == (True, NEW)
    assert moved(camera) == (NEW, "moved")


def test_any_restart_goes_after_a_move_that_waits_for_it(camera):
    camera.simulator.downtime_s = 0.1
    camera.simulator.quirks = Quirks(restart={COMMON: 603})
    assert camera.run("config", to(NEW))["reboot_required"] is True
    assert camera.simulator.host == OLD
    assert camera.run("reboot", {"reboot_timeout": 20})["changed"] is True
    assert camera.simulator.host == NEW


def test_a_device_that_says_no_leaves_no_doubt(camera, monkeypatch):
    monkeypatch.setattr(_follow, "MOVE_S", 0.3)
    camera.simulator.quirks = Quirks(ignore_writes=frozenset({COMMON}))
    ignored = camera.run("config", to(NEW))
    assert ignored["failed"]
    assert (ignored["changed"], "uncertain" in ignored) == (False, False)
    camera.simulator.quirks = Quirks(restart={COMMON: 107})
    refused = camera.run("config", to(NEW))
    assert refused["failure"]["ret"] == 107
    assert (refused["changed"], "uncertain" in refused) == (False, False)
    assert camera.simulator.host == OLD
