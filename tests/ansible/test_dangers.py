"""What would lock somebody out is refused by every module, before anything is sent, unless the task allows it."""

import copy

GATEWAY = "gateway 10.9.8.7 is not in the device's network"
FILTER = "the device would refuse this computer: Trusted does not have its address"


def test_a_lock_out_is_refused_unless_it_is_allowed(camera):
    before = (
        copy.deepcopy(camera.config["NetWork.NetIPFilter"]),
        copy.deepcopy(camera.config["NetWork.NetCommon"]),
    )
    gateway = {"name": "NetWork.NetCommon", "config": {"GateWay": "10.9.8.7"}}
    trusted = {"name": "NetWork.NetIPFilter", "config": {"Enable": True, "Trusted": ["10.0.0.1"]}}
    run = camera.play(
        [
            {"name": "gateway", "dvrip.devices.config": gateway, "ignore_errors": True},
            {"name": "check", "dvrip.devices.config": trusted, "check_mode": True, "ignore_errors": True},
            {"name": "filter", "dvrip.devices.config": trusted, "ignore_errors": True},
            {
                "name": "network",
                "dvrip.devices.network": {"dhcp": False, "gateway": "10.9.8.7"},
                "ignore_errors": True,
            },
        ]
    )
    assert GATEWAY in run["gateway"]["msg"]
    assert GATEWAY in run["network"]["msg"]
    assert FILTER in run["check"]["msg"]
    assert run["filter"]["msg"] == run["check"]["msg"]
    assert (camera.config["NetWork.NetIPFilter"], camera.config["NetWork.NetCommon"]) == before
    done = camera.run("config", trusted | {"allow_disconnect": True})
    (warning,) = done["warnings"]
    assert warning.startswith(
        f"{camera.simulator.host}:{camera.simulator.port}: NetWork.NetIPFilter: allowed: the device"
    )
    assert camera.config["NetWork.NetIPFilter"]["Enable"] is True


def test_network_warns_of_what_was_allowed_and_not_of_a_move(make_camera):
    camera = make_camera(bind="127.0.87.10")
    camera.config["NetWork.NetDHCP"][0]["Enable"] = False
    camera.config["NetWork.NetCommon"]["GateWay"] = "0x0157007F"
    wish = {"address": "127.0.87.20", "gateway": "10.9.8.7", "allow_disconnect": True}
    told = camera.run("network", wish, check_mode=True)
    (warning,) = told["warnings"]
    assert f"allowed: {GATEWAY}" in warning


def test_reset_warns_of_what_was_allowed(camera):
    wish = {"confirm": camera.simulator.serial, "allow_disconnect": True}
    told = camera.run("reset", {"parts": ["network", "alarms"], **wish}, check_mode=True)
    (warning,) = told["warnings"]
    assert "allowed: network set back may make the device unreachable here" in warning
    assert "warnings" not in camera.run("reset", {"parts": ["alarms"], **wish}, check_mode=True)
