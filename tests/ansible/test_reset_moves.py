"""A reset that moves its device: `reset` goes after it, or says where to look and how to log in."""

import pytest

from ansible_collections.dvrip.devices.plugins.module_utils import _follow, _reset
from dvrip_proto.simulator import Quirks
from tests.ansible.conftest import PASSWORD
from tests.ansible.test_network import in_hex, leaving

OLD, NEW = "127.0.88.10", "127.0.88.20"
COMMON, DHCP = "NetWork.NetCommon", "NetWork.NetDHCP"


@pytest.fixture
def camera(make_camera):
    camera = make_camera(bind=OLD)
    camera.simulator.downtime_s = 0.1
    for objects in (camera.config, camera.simulator.state.store.defaults):
        for interface in objects[DHCP]:
            interface["Enable"] = False
    camera.simulator.state.store.defaults[COMMON]["HostIP"] = in_hex(NEW)
    return camera


def wish(camera, **options):
    confirm = {"confirm": camera.simulator.serial, "allow_disconnect": True, "reboot_timeout": 20}
    parts = {} if "factory" in options else {"parts": ["network"]}
    return {**parts, "wait_timeout": 20, **confirm, **options}


def forget_accounts(camera, password=""):
    """A device on which a reset undoes the passwords, as it does on all that people have."""
    camera.simulator.state.accounts._passwords = {"admin": password}


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("reboot", ["never", "if_needed"])
def test_a_device_is_followed_to_the_address_it_has_when_new(camera, monkeypatch, at_once, reboot):
    port = camera.simulator.port
    camera.simulator.quirks = Quirks(move_listener=at_once)
    check = camera.run("reset", wish(camera, reboot=reboot), check_mode=True)
    assert (check["host"], check["port"]) == (NEW, port)
    (warning,) = check["warnings"]
    assert warning.startswith(f"{OLD}:{port}: allowed: network set back")
    assert warning.endswith(f"it moves to {NEW}:{port}")
    assert camera.simulator.host == OLD
    monkeypatch.setattr(_reset, "SETTLE_S", 0.5)
    if not at_once:  # it moves when it restarts, and with no restart stays
        camera.simulator.state.address.on_change = lambda: None
        camera.simulator.quirks = Quirks()
    done = camera.run("reset", wish(camera, reboot=reboot))
    assert "failed" not in done, done
    assert "unreachable" not in done, done
    moved = at_once or reboot == "if_needed"
    assert done["host"] == camera.simulator.host == (NEW if moved else OLD)
    assert done["port"] == port
    assert done.get("rebooted", False) is (reboot == "if_needed")
    assert done["reboot_required"] is (reboot == "never")


def test_a_reset_of_everything_goes_on_with_the_password_of_a_new_device(camera):
    forget_accounts(camera)
    done = camera.run("reset", wish(camera, factory=True, reboot="if_needed"))
    assert "failed" not in done, done
    assert (done["host"], done["rebooted"], done["reboot_required"]) == (NEW, True, False)
    assert done["login"] == "new"
    assert [text for text in done["warnings"] if "mostly as admin without a password" in text]
    assert not camera.run("device_info", {"host": NEW, "login_password": ""}).get("failed")


@pytest.mark.parametrize("parts", [["accounts"], ["accounts", "network"]])
def test_a_device_that_refuses_every_known_password_is_set_back_all_the_same(camera, parts):
    forget_accounts(camera, "Otter-new4")
    logins = camera.logins()
    done = camera.run("reset", wish(camera, parts=parts, reboot="if_needed"))
    assert "failed" not in done, done
    assert "unreachable" not in done, done
    assert done["changed"] is True
    assert done["reboot_required"] is False
    assert "its accounts are those of a new device" in done["warnings"][-1]
    assert done["login"] == "refused"
    assert done.get("host", OLD) == (NEW if "network" in parts else OLD)
    assert camera.logins() - logins == 3, (
        "one to begin with, and one try of each password: devices lock accounts"
    )
    assert PASSWORD not in str(done)


def test_a_wrong_password_after_a_reset_that_keeps_the_accounts_is_a_failure(camera):
    forget_accounts(camera, "Otter-new4")
    real = camera.simulator.state.accounts.restore
    camera.simulator.state.store.defaults[COMMON]["HostIP"] = camera.config[COMMON]["HostIP"]
    restore = camera.simulator.state.store.restore

    def both(prefixes):
        real()
        return restore(prefixes)

    camera.simulator.state.store.restore = both
    lost = camera.run("reset", wish(camera, parts=["general"], reboot="if_needed"))
    assert lost["failed"] is True
    assert lost["failure"]["type"] == "AuthenticationError"


@pytest.mark.parametrize("why", ["untold", "dhcp", "nat"])
def test_where_nobody_knows_the_address_the_warning_says_where_to_look(camera, why):
    if why == "untold":
        del camera.simulator.state.store.defaults[COMMON]["HostIP"]
    if why == "dhcp":
        camera.simulator.state.store.defaults[DHCP][0]["Enable"] = True
    if why == "nat":
        camera.config[COMMON]["HostIP"] = in_hex("10.0.0.7")
    check = camera.run("reset", wish(camera), check_mode=True)
    (warning,) = check["warnings"]
    assert "192.168.1.10:34567" in warning
    assert "discover_info" in warning
    assert "host" not in check
    known = camera.run("reset", wish(camera, wait_host=NEW), check_mode=True)
    assert known["host"] == NEW
    assert f"it moves to {NEW}" in known["warnings"][0]


def test_a_device_that_is_lost_in_its_restart_is_said_where_to_look_for(camera):
    camera.simulator.state.store.defaults[DHCP][0]["Enable"] = True
    camera.simulator.downtime_s = 3600
    lost = camera.run("reset", wish(camera, reboot="if_needed", reboot_timeout=1))
    assert lost.get("unreachable"), lost
    assert lost["written"][0] == "defaults"
    assert "takes its address from DHCP" in lost["msg"]
    assert "discover_info" in lost["msg"]


def test_a_device_that_is_at_neither_place_is_named_with_both(camera, monkeypatch):
    monkeypatch.setattr(_follow, "MOVE_S", 0.3)
    monkeypatch.setattr(_follow, "_GLANCE_S", 0.1)
    camera.simulator.state.address.on_change = lambda: None
    with leaving(camera, comes_back=False):
        lost = camera.run("reset", wish(camera, wait_timeout=1))
    assert lost.get("unreachable"), lost
    assert lost["written"] == ["defaults"]
    assert f"moves from {OLD}:{camera.simulator.port} to {NEW}:" in lost["msg"]
