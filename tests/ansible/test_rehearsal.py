"""What the parent of the workers does once, so that no worker does it for its one task."""

import asyncio
import json
import multiprocessing
import subprocess
import sys
from importlib import import_module

import pytest

from ansible_collections.dvrip.devices.plugins.module_utils import _rehearsal
from tests.ansible.conftest import PASSWORD
from tests.ansible.stage import ROOT, environment

MODULES = ROOT / "ansible_collections/dvrip/devices/plugins/modules"
CHANGES = {
    "accounts": {"users": [{"name": "guard", "password": "Heron-gate5", "group": "user"}]},
    "config": {"name": "General.General", "config": {"MachineName": "gate"}},
    "config_info": {"name": ["General.General"]},
    "group": {"name": "guards", "authorities": ["Monitor_01"]},
    "settings": {"device_name": "door"},
    "storage": {"when_full": "stop"},
    "time": {"timezone": "-03:30", "ntp_server": "ntp.example.net"},
    "user": {"name": "night", "password": "Heron-gate5", "group": "user"},
}
# In a process of its own for each module: loads the action as Ansible does, then lists what its task still imports.
PROGRAM = """
import importlib, json, os, sys
changes, device = json.loads(sys.argv[1]), json.loads(sys.argv[2])
import ansible.plugins.action
for module, wish in changes.items():
    if os.fork():
        os.wait()
        continue
    plugins = "ansible_collections.dvrip.devices.plugins"
    spec = importlib.import_module(f"{plugins}.action.{module}").ActionModule.spec
    how = importlib.import_module(f"{plugins}.module_utils._module").How
    sessions = importlib.import_module(f"{plugins}.module_utils._session").Sessions
    there = set(sys.modules)
    result = spec.run(sessions(), spec.validate({**wish, **device}).validated_parameters, how(diff=True))
    late = sorted(set(sys.modules) - there)
    print(json.dumps([module, result.get("changed"), result.get("msg"), late]), flush=True)
    os._exit(0)
"""


def spec_of(module):
    return import_module(f"ansible_collections.dvrip.devices.plugins.modules.{module}").SPEC


def test_every_module_with_a_rehearsal_is_tried_here():
    found = {path.stem for path in MODULES.glob("[a-z]*.py") if spec_of(path.stem).rehearsal}
    assert found == set(CHANGES)


@pytest.mark.parametrize("module", CHANGES)
def test_a_rehearsal_goes_the_whole_way_and_changes_nothing(module):
    result = _rehearsal.rehearse(spec_of(module))
    assert result["changed"] is False
    assert "failed" not in result
    assert "unreachable" not in result


async def test_it_leaves_an_event_loop_of_somebody_else_alone():
    assert await asyncio.to_thread(lambda: _rehearsal.rehearse(spec_of("group"))) != {}
    assert _rehearsal.rehearse(spec_of("group")) == {}


def test_a_worker_does_not_rehearse(monkeypatch):
    monkeypatch.setattr(multiprocessing, "parent_process", object)
    assert _rehearsal.rehearse(spec_of("group")) == {}


def test_a_controller_without_sockets_goes_on_without(monkeypatch):
    def none(_loop):
        raise OSError("none left")

    monkeypatch.setattr(_rehearsal, "Sessions", none)
    assert _rehearsal.rehearse(spec_of("group")) == {}


def test_a_task_imports_nothing_of_the_library_in_its_worker(camera, tmp_path):
    device = {"host": camera.simulator.host, "port": camera.simulator.port, "login_password": PASSWORD}
    command = [sys.executable, "-c", PROGRAM, json.dumps(CHANGES), json.dumps(device)]
    env = environment(tmp_path)
    env["PYTHONPATH"] += f":{ROOT}"
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=True)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [module for module, *_ in told] == list(CHANGES)
    for module, changed, message, late in told:
        assert changed is (module != "config_info"), (module, message)
        assert [name for name in late if name.startswith("dvrip_proto")] == [], module
