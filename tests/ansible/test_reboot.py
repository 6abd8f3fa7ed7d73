"""The module `reboot`."""

import asyncio

REBOOT = "dvrip.devices.reboot"


def test_a_device_is_restarted_and_waited_for(camera):
    camera.simulator.downtime_s = 1.5
    run = camera.play(
        [
            {"name": "check", REBOOT: {}, "check_mode": True},
            {"name": "apply", REBOOT: {}},
            {"name": "after", "dvrip.devices.device_info": {}},
        ]
    ).ok()
    assert run["check"]["changed"] is True
    assert run["check"]["rebooted"] is False
    assert run["apply"]["rebooted"] is True
    assert 1.5 <= run["apply"]["elapsed"] < 10
    assert run["after"]["device"]["uptime"] < 120
    assert sum(name == "OPMachine" for _, name, _ in camera.simulator.requests) == 1


def test_check_mode_restarts_nothing(camera):
    camera.play([{REBOOT: {}}], "--check").ok()
    assert not any(name == "OPMachine" for _, name, _ in camera.simulator.requests)


def test_without_waiting_the_task_ends_at_once(camera):
    run = camera.play([{"name": "apply", REBOOT: {"wait": False}}]).ok()
    assert run["apply"]["changed"] is True
    assert run["apply"]["rebooted"] is False


def test_a_device_that_stays_down_is_unreachable(camera):
    camera.simulator.downtime_s = 30
    run = camera.play([{"name": "apply", REBOOT: {"reboot_timeout": 3}}])
    assert run.rc == 4
    assert "not back within" in run["apply"]["msg"]
    assert run["apply"]["written"] == ["reboot"]


def test_a_device_that_only_says_yes_has_not_restarted(camera):
    camera.simulator._unit.on_restart = lambda _comes_back: None
    run = camera.play([{"name": "apply", REBOOT: {"reboot_timeout": 3}}])
    assert run.rc != 0
    assert "still answers as before" in run["apply"]["msg"]


def test_a_dropped_connection_is_not_a_restart(camera):
    """Uptime tells a restart from a session that the device ended for another reason."""

    def drop(_comes_back):
        asyncio.get_running_loop().call_later(0.3, camera.simulator.drop_connections)

    camera.simulator._unit.on_restart = drop
    run = camera.play([{"name": "apply", REBOOT: {"reboot_timeout": 3}}])
    assert run.rc != 0
    assert "still answers as before" in run["apply"]["msg"]
