"""Fixtures: a stage, a simulated camera on it, and plays against the camera."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from ansible_collections.dvrip.devices.plugins.module_utils import _session
from ansible_collections.dvrip.devices.plugins.module_utils._module import How, LocalSpec
from dvrip_proto.simulator import Quirks, Simulator
from tests.ansible.stage import Run, Stage, ansible, write_inventory, write_plays

PASSWORD = "Zebra-lamp7"


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.close()


# What Ansible itself knows of a result, and what the README says of every failure.
_EVERYWHERE = {"changed", "diff", "failed", "msg", "unreachable", "warnings"}
_EVERYWHERE |= {"failure", "written", "uncertain", "reboot_required", "rebooted"}


@cache
def documented(module: str) -> frozenset[str]:
    """The keys that a module's documentation says it returns."""
    text = import_module(f"ansible_collections.dvrip.devices.plugins.modules.{module}").RETURN
    return frozenset(yaml.safe_load(text))


_PLAIN = {str, int, float, bool, type(None), dict, list}


def _types(value: Any) -> Iterator[type]:
    """The types of everything in a result."""
    yield type(value)
    for one in (
        [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from _types(one)


@dataclass
class Camera:
    """A simulated camera, and Ansible on it."""

    stage: Stage
    simulator: Simulator
    folder: Path

    @property
    def variables(self) -> dict[str, Any]:
        """The inventory's variables that name this camera."""
        return {
            "ansible_host": self.simulator.host,
            "ansible_port": str(self.simulator.port),
            "ansible_password": PASSWORD,
        }

    def play(self, tasks: Sequence[dict[str, Any]], *flags: str, **variables: Any) -> Run:
        """Run tasks on the host `cam`, which is this camera."""
        variables = {"ansible_connection": "dvrip.devices.dvrip", **self.variables, **variables}
        inventory = write_inventory(self.folder, {"cam": variables})
        playbook = write_plays(self.folder, {"hosts": "all", "tasks": list(tasks)})
        return ansible(self.folder, "ansible-playbook", "-i", inventory, *flags, playbook)

    def run(self, module: str, wish: dict[str, Any], *, name: str = "cam", **how: Any) -> dict[str, Any]:
        """What a module returns, run here as the worker runs it: where a whole playbook would prove no more."""
        spec = import_module(f"ansible_collections.dvrip.devices.plugins.modules.{module}").SPEC
        login = {"host": self.simulator.host, "port": self.simulator.port, "login_password": PASSWORD}
        options = {**({} if isinstance(spec, LocalSpec) else login), **wish}
        checked = spec.validate(options)
        if checked.error_messages:
            return {"failed": True, "changed": False, "msg": "; ".join(checked.error_messages)}
        _session._failures.clear()  # a worker begins without them
        with _session.Sessions() as sessions:
            folder = str(self.folder / "home" / "dvrip")
            how = {"diff": True, "name": name, "folder": folder, **how}
            result: dict[str, Any] = spec.run(sessions, checked.validated_parameters, How(**how))
        json.dumps(result)  # a worker hands it to Ansible
        assert not (odd := set(_types(result)) - _PLAIN), f"{module} returns {odd}, of which Ansible warns"
        # Of these the note of the fragment tells.
        restarted = {"elapsed", "host", "port"} if spec.restarts else set()
        undocumented = result.keys() - _EVERYWHERE - documented(module) - restarted
        assert not undocumented, f"{module} returns what its documentation does not have: {undocumented}"
        return result

    def logins(self) -> int:
        """How often somebody logged in so far."""
        return sum(message_id == 1000 for message_id, _name, _user in self.simulator.requests)

    @property
    def config(self) -> dict[str, Any]:
        return self.simulator.state.config


@pytest.fixture
def make_camera(stage: Stage, tmp_path: Path) -> Callable[..., Camera]:
    def make(*, quirks: Quirks | None = None, **options: Any) -> Camera:
        settings = {"users": {"admin": PASSWORD}, **options}
        simulator = stage.enter(lambda: Simulator(quirks=quirks or Quirks(), **settings))
        store = simulator.state.store
        store.defaults = copy.deepcopy(
            store.defaults
        )  # all devices of a profile have these; a test may write them
        return Camera(stage, simulator, tmp_path)

    return make


@pytest.fixture
def camera(make_camera: Callable[..., Camera]) -> Camera:
    return make_camera()


def triplet(module: str, arguments: dict[str, Any]) -> list[dict[str, Any]]:
    """The three tasks every change is tested with: check mode, apply, apply again."""
    name = f"dvrip.devices.{module}"
    return [
        {"name": "check", name: arguments, "check_mode": True, "diff": True},
        {"name": "apply", name: arguments, "diff": True},
        {"name": "again", name: arguments, "diff": True},
    ]


def assert_triplet(run: Run) -> None:
    """Check mode tells what happens, it happens, and it happens once."""
    run.ok()
    assert run["check"]["changed"] is True
    assert run["apply"]["changed"] is True
    assert run["apply"]["diff"] == run["check"]["diff"] != []
    assert run["again"]["changed"] is False
    assert run["again"]["diff"] == []


@pytest.fixture
def fleet(stage, tmp_path):
    """Devices with names of the inventory, and a role on all of them."""
    devices = {}

    def add(name, **options):
        options = {"users": {"admin": PASSWORD}, "quirks": Quirks(lock_after=3), **options}
        devices[name] = stage.enter(lambda: Simulator(**options))
        return devices[name]

    def prepared(role, variables, **host_variables):
        hosts = {
            name: {
                "ansible_host": device.host,
                "ansible_port": str(device.port),
                **host_variables.get(name, {}),
            }
            for name, device in devices.items()
        }
        common = {"ansible_connection": "dvrip.devices.dvrip", "ansible_dvrip_timeout": 20}
        inventory = write_inventory(
            tmp_path, hosts, **{"ansible_password": PASSWORD, **common, **variables.pop("inventory", {})}
        )
        playbook = tmp_path / "play.yml"
        roles = [{"role": f"dvrip.devices.{role}", **variables}]
        playbook.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "roles": roles}]))
        return ["-i", inventory, playbook]

    def run(role, *flags, hosts=None, **variables):
        return ansible(
            tmp_path, "ansible-playbook", *flags, *prepared(role, dict(variables), **(hosts or {}))
        )

    def off(name):
        stage.call(devices[name]._go_down())

    return SimpleNamespace(add=add, run=run, off=off, prepared=prepared, devices=devices, folder=tmp_path)
