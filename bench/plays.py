"""Playbooks over many devices, beside the same plays with an action that does nothing."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from bench.measure import ROOT, Result, Spread, in_turn

DEVICES = 60
TASKS = 2
FORKS = 10
RUNS = 3
TIMEOUT_S = 300
FIRST = "127.1.64.1"
PASSWORD = "Bench-lamp7"
EMPTY_ACTION = """from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        return {"changed": False}
"""
Task = Mapping[str, object]
USER: Task = {"dvrip.devices.user": {"name": "guard", "password": "Bench-gate5", "group": "user"}}
SETTINGS: Task = {"dvrip.devices.settings": {"device_name": "bench"}}
FLOOR: Task = {"noop": {}}


def plays_user() -> Result:
    """One account that is as it should be, on many devices."""
    return _row("plays_user", "user")


def plays_settings() -> Result:
    """One setting that is as it should be, on many devices."""
    return _row("plays_settings", "settings")


def _row(name: str, module: str) -> Result:
    spreads = _measured()
    note = f"{DEVICES} devices x {TASKS} tasks, {FORKS} forks; floor: an empty action, same connection plugin"
    return Result(name, "CPU ms/task", spreads[module], spreads["floor"], None, RUNS, note)


@cache
def _measured() -> dict[str, Spread]:
    """CPU of each kind of task, start of Ansible and its inventory taken off, all in one run."""
    with tempfile.TemporaryDirectory() as name, _devices() as hosts:
        folder = Path(name)
        _prepare(folder, hosts)
        _cpu_s(folder, [USER, SETTINGS])  # from here on they are as they should be
        start = min(_cpu_s(folder, []) for _ in range(RUNS))

        def taken(task: Task) -> Callable[[], float]:
            return lambda: (_cpu_s(folder, [task] * TASKS) - start) * 1000 / DEVICES / TASKS

        kinds = {"user": USER, "settings": SETTINGS, "floor": FLOOR}
        return dict(zip(kinds, in_turn(RUNS, *map(taken, kinds.values())), strict=True))


@contextmanager
def _devices() -> Iterator[list[tuple[str, int]]]:
    """Address and port of each of a process of simulated devices."""
    command = [sys.executable, "-m", "dvrip_proto", "simulate", "--bind", FIRST, "--count", str(DEVICES)]
    command += ["--discovery-port", "0", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "shared"), "DVRIP_SIMULATE_PASSWORD": PASSWORD}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(DEVICES)]
            if not all(line.startswith("ready ") for line in lines):
                raise RuntimeError(f"the devices did not start: {lines[-1]!r}")
            places = [line.split()[1].rpartition(":") for line in lines]
            yield [(host, int(port)) for host, _, port in places]
        finally:
            process.terminate()


def _prepare(folder: Path, hosts: Sequence[tuple[str, int]]) -> None:
    for name, text in {"action_plugins": EMPTY_ACTION, "library": ""}.items():
        (folder / name).mkdir()
        (folder / name / "noop.py").write_text(text, encoding="utf-8")
    variables = {"ansible_connection": "dvrip.devices.dvrip", "ansible_password": PASSWORD}
    devices = {
        f"device{at}": {"ansible_host": host, "ansible_port": port} for at, (host, port) in enumerate(hosts)
    }
    inventory = {"all": {"hosts": devices, "vars": variables}}
    (folder / "inventory.json").write_text(json.dumps(inventory), encoding="utf-8")


def _cpu_s(folder: Path, tasks: Sequence[Task]) -> float:
    """CPU seconds of one ansible-playbook and its workers."""
    play = {"hosts": "all", "gather_facts": False, "tasks": list(tasks)}
    (folder / "play.yml").write_text(json.dumps([play]), encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    environment = kept | {
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT),
        "ANSIBLE_CONFIG": str(folder / "none.cfg"),
        "ANSIBLE_HOME": str(folder / "home"),
        "PYTHONPATH": str(ROOT / "shared"),
    }
    program = Path(sys.executable).parent / "ansible-playbook"
    command = [str(program), "-i", "inventory.json", "-f", str(FORKS), "play.yml"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(
            f"ansible-playbook: exit {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-500:]}"
        )
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
