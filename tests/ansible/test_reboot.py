"""The module `reboot`: one play restarts several cameras, each of which takes it differently."""

import asyncio

import pytest

from dvrip_proto.simulator import Simulator
from tests.ansible.conftest import PASSWORD
from tests.ansible.stage import ansible, write_inventory, write_plays

REBOOT = "dvrip.devices.reboot"


def says_yes_only(simulator):
    simulator._unit.on_restart = lambda _comes_back: None


def drops_connections(simulator):
    def drop(_comes_back):
        asyncio.get_running_loop().call_later(0.3, simulator.drop_connections)

    simulator._unit.on_restart = drop


def takes(seconds):
    def prepare(simulator):
        simulator.downtime_s = seconds

    return prepare


CAMERAS = {
    "normal": (takes(1.5), {}),
    "not_waited_for": (takes(1), {"wait": False}),
    "stays_down": (takes(30), {"reboot_timeout": 3}),
    "says_yes_only": (says_yes_only, {"reboot_timeout": 3}),
    "drops_connections": (drops_connections, {"reboot_timeout": 3}),
}


@pytest.fixture(scope="module")
def restarted(stage, tmp_path_factory):
    folder = tmp_path_factory.mktemp("reboot")
    simulators, hosts = {}, {}
    for name, (prepare, options) in CAMERAS.items():
        simulators[name] = stage.enter(lambda: Simulator(users={"admin": PASSWORD}))
        prepare(simulators[name])
        hosts[name] = {"ansible_port": simulators[name].port, "options": options}
    inventory = write_inventory(
        folder,
        hosts,
        ansible_connection="dvrip.devices.dvrip",
        ansible_host="127.0.0.1",
        ansible_password=PASSWORD,
    )
    tasks = [
        {"name": "check", REBOOT: {}, "check_mode": True},
        {"name": "info before", "dvrip.devices.device_info": {}},
        {"name": "apply", REBOOT: "{{ options }}", "ignore_errors": True},
        {"name": "info after", "dvrip.devices.device_info": {}, "when": "inventory_hostname == 'normal'"},
    ]
    flags = {"ANSIBLE_INJECT_FACT_VARS": "false"}
    playbook = write_plays(folder, {"hosts": "all", "strategy": "free", "tasks": tasks})
    run = ansible(folder, "ansible-playbook", "-i", inventory, "-f", "10", playbook, env=flags)
    return run, simulators


def found(restarted, host, task):
    run, _ = restarted
    (outcome,) = [entry for entry in run.outcomes if (entry.host, entry.task) == (host, task)]
    return outcome


def test_a_device_is_restarted_and_waited_for(restarted):
    assert found(restarted, "normal", "apply")["rebooted"] is True
    assert found(restarted, "normal", "apply")["changed"] is True
    assert 1.5 <= found(restarted, "normal", "apply")["elapsed"] < 10
    before, after = (
        found(restarted, "normal", f"info {when}")["device"]["uptime"] for when in ("before", "after")
    )
    assert after < 120 < before


@pytest.mark.parametrize("host", CAMERAS)
def test_check_mode_restarts_nothing(restarted, host):
    assert found(restarted, host, "check")["changed"] is True
    assert found(restarted, host, "check")["rebooted"] is False
    assert sum(name == "OPMachine" for _, name, _ in restarted[1][host].requests) == 1


def test_without_waiting_the_task_ends_at_once(restarted):
    outcome = found(restarted, "not_waited_for", "apply")
    assert (outcome.outcome, outcome["changed"], outcome["rebooted"]) == ("ok", True, False)


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("stays_down", "refused"),
        ("says_yes_only", "it still answers as before"),
        ("drops_connections", "it still answers as before"),
    ],
)
def test_a_device_that_is_not_back_is_unreachable(restarted, host, reason):
    outcome = found(restarted, host, "apply")
    assert outcome.outcome == "unreachable"
    assert "not back within" in outcome["msg"]
    assert reason in outcome["msg"]
    assert outcome["written"] == ["reboot"]
