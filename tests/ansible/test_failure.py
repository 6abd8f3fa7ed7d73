"""What a task reports when the peer is away, is no device, or does not want this account."""

import re
import time

import pytest

from ansible_collections.dvrip.devices.plugins.module_utils._failure import failure
from dvrip_proto import TransportError
from dvrip_proto.simulator import Simulator
from tests import hostile
from tests.ansible.conftest import PASSWORD
from tests.ansible.stage import ansible, write_inventory, write_plays

TASKS = {
    "accounts": {"groups": [{"name": "guards", "state": "absent"}]},
    "device_facts": {},
    "config": {"name": "General.General", "config": {"MachineName": "x"}},
    "config_info": {"name": "General.General"},
    "device_info": {},
    "fetch": {"what": "diagnostics", "dest": "never"},
    "group": {"name": "guards", "state": "absent"},
    "network": {"hostname": "x"},
    "backup": {"dest": "never.zip"},
    "firmware": {"src": "never.bin"},
    "reboot": {},
    "recorder_channels": {"channels": [{"channel": 1, "state": "absent"}]},
    "reset": {"parts": ["general"], "confirm": "x"},
    "restore": {"src": "never.zip", "confirm": "x"},
    "settings": {"device_name": "x"},
    "storage": {"when_full": "stop"},
    "time": {"timezone": "+01:00"},
    "user": {"name": "guard", "state": "absent"},
    "wait": {"wait_timeout": 1},
}
TIMEOUT_S = 0.5  # for peers that never answer


def host(address, port, timeout=TIMEOUT_S, **more):
    return {
        "ansible_connection": "dvrip.devices.dvrip",
        "ansible_host": address,
        "ansible_port": port,
        "ansible_password": PASSWORD,
        "ansible_dvrip_timeout": timeout,
        **more,
    }


@pytest.fixture(scope="module")
def table(stage, tmp_path_factory):
    """Every module against every bad peer, in one run."""
    folder = tmp_path_factory.mktemp("table")
    device = stage.enter(lambda: Simulator(users={"admin": PASSWORD}))
    peers = {
        "silent": hostile.silent,
        "http": hostile.http,
        "half": hostile.closes_mid_reply,
        "garbage": hostile.garbage,
        "hangs": hostile.answers_login_only,
        "encrypted": hostile.encrypted,
        "locked": lambda: hostile.refuses_login(205),
        "in_use": lambda: hostile.refuses_login(104),
    }
    hosts = {
        name: host(*stage.enter(make), TIMEOUT_S if name in ("silent", "hangs") else 10)
        for name, make in peers.items()
    }
    hosts["wrong"] = host(device.host, device.port, 10, ansible_password="Wrong-door9")
    hosts["stranger"] = host(device.host, device.port, 10, ansible_user="nobody")
    tasks = [
        {"name": name, f"dvrip.devices.{name}": wish, "ignore_errors": True, "ignore_unreachable": True}
        for name, wish in TASKS.items()
    ]
    with hostile.refused_port() as port:
        hosts["refused"] = host("127.0.0.1", port, 10)
        inventory = write_inventory(folder, hosts)
        playbook = write_plays(folder, {"hosts": "all", "tasks": tasks})
        run = ansible(folder, "ansible-playbook", "-i", inventory, "-f", "20", "-vvv", playbook)
    return run, hosts


PEERS = {
    "refused": ("unreachable", "refused"),
    "silent": ("unreachable", "no"),
    "hangs": ("unreachable", "no"),
    "half": ("unreachable", "closed"),
    "http": ("failed", "HTTP"),
    "garbage": ("failed", "DVRIP"),
    "encrypted": ("failed", "encrypted"),
    "wrong": ("failed", "password"),
    "stranger": ("failed", "user"),
    "locked": ("failed", "locked"),
    "in_use": ("failed", "use"),
}


@pytest.mark.parametrize("peer", PEERS)
@pytest.mark.parametrize("module", TASKS)
def test_the_message_says_who_and_what(table, module, peer):
    run, hosts = table
    (found,) = [entry for entry in run.outcomes if (entry.host, entry.task) == (peer, module)]
    outcome, word = PEERS[peer]
    if (module, peer) == ("wait", "in_use"):
        outcome = "unreachable"  # somebody else may log out while it waits
    assert found.outcome == outcome, found.result
    assert found["msg"].startswith(f"{hosts[peer]['ansible_host']}:{hosts[peer]['ansible_port']}: ")
    assert word.lower() in found["msg"].lower()
    assert found["changed"] is False
    assert "Traceback" not in run.printed


def test_nothing_printed_holds_a_password(table):
    run, _hosts = table
    printed = run.printed + str([outcome.result for outcome in run.outcomes])
    assert PASSWORD not in printed
    assert "Wrong-door9" not in printed


def test_unreachable_devices_end_the_play_with_four(stage, tmp_path):
    hosts = {"silent": host(*stage.enter(hostile.silent)), "full": host(*stage.enter(hostile.unreachable))}
    with hostile.refused_port() as port:
        hosts["refused"] = host("127.0.0.1", port)
        started = time.monotonic()
        run = ansible(
            tmp_path,
            "ansible",
            "all",
            "-i",
            write_inventory(tmp_path, hosts),
            "-m",
            "dvrip.devices.device_info",
        )
    assert run.rc == 4
    assert {outcome.host: outcome.outcome for outcome in run.outcomes} == dict.fromkeys(hosts, "unreachable")
    assert run.printed.count("UNREACHABLE!") == 3
    assert time.monotonic() - started < 45


def test_a_wrong_password_is_tried_once_in_a_loop_with_retries(camera):
    loop = {"loop": list(range(5)), "retries": 2, "delay": 0, "until": "false", "ignore_errors": True}
    run = camera.play(
        [{"name": "loop", "dvrip.devices.device_info": {}, **loop}], ansible_password="Wrong-door9"
    ).ok()
    assert camera.logins() == 1
    assert ["password" in item["msg"] for item in run["loop"]["results"]] == [True] * 5


def test_a_silent_device_costs_a_loop_one_timeout(stage, tmp_path):
    hosts = {"silent": host(*stage.enter(hostile.silent), timeout=4)}
    loop = {
        "name": "loop",
        "dvrip.devices.device_info": {},
        "loop": list(range(20)),
        "ignore_unreachable": True,
    }
    started = time.monotonic()
    playbook = write_plays(tmp_path, {"hosts": "all", "tasks": [loop]})
    ansible(tmp_path, "ansible-playbook", "-i", write_inventory(tmp_path, hosts), playbook)
    assert time.monotonic() - started < 60, "twenty timeouts take 80"


def test_a_task_without_password_says_where_to_put_it(camera):
    run = camera.play([{"name": "bare", "dvrip.devices.device_info": {}}], ansible_password=None)
    assert run.rc == 2
    assert (
        'no password: set ansible_password (or `login_password`); write an empty one as ""'
        in run["bare"]["msg"]
    )
    assert camera.logins() == 0


def test_async_is_refused_by_name(camera):
    run = camera.play([{"name": "later", "dvrip.devices.reboot": {}, "async": 60, "poll": 5}])
    assert run.rc == 2
    assert "does not support async" in run["later"]["msg"]
    assert camera.simulator.up


def test_the_tasks_own_timeout_ends_it(stage, tmp_path):
    hosts = {"hangs": host(*stage.enter(hostile.answers_login_only), 60)}
    task = {"name": "short", "dvrip.devices.device_info": {}, "timeout": 1}
    playbook = write_plays(tmp_path, {"hosts": "all", "tasks": [task]})
    run = ansible(tmp_path, "ansible-playbook", "-i", write_inventory(tmp_path, hosts), playbook)
    assert run["short"].outcome == "failed"
    assert re.search(r"1 second|\(1\)", run["short"]["msg"])


def test_only_the_host_of_the_inventory_becomes_unreachable():
    gone = TransportError("192.0.2.1:34567: gone")
    assert failure(gone)["unreachable"] is True
    for how in ({"always_failed": True}, {"uncertain": ["network"]}):
        result = failure(gone, **how)
        assert (result["failed"], "unreachable" in result) == (True, False)
