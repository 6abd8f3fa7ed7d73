"""Playbooks over many devices, beside the same plays with an action that does nothing."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bench.measure import ROOT, Result, Spread, in_turn

DEVICES = 60
TASKS = 2
FORKS = 10
RUNS = 3
TIMEOUT_S = 900
FIRST = "127.1.64.1"
PASSWORD = "Bench-lamp7"
EMPTY_ACTION = """import time

from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        time.sleep(self._task.args.get("wait_s", 0))
        return {"changed": False}
"""
Task = Mapping[str, object]
USER: Task = {"dvrip.devices.user": {"name": "guard", "password": "Bench-gate5", "group": "user"}}
SETTINGS: Task = {"dvrip.devices.settings": {"device_name": "bench"}}
FLOOR: Task = {"noop": {}}
WAITING: Task = {"noop": {"wait_s": 0.2}}
"""As empty, for as long as a device takes to answer: as many workers live at a time."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one ansible-playbook took, its workers included."""

    cpu_s: float
    wall_s: float
    printed: str


def plays_user() -> Result:
    """CPU of a task: one account that is as it should be, on many devices."""
    return _row("plays_user", "user")


def plays_settings() -> Result:
    """CPU of a task: one setting that is as it should be, on many devices."""
    return _row("plays_settings", "settings")


def _row(name: str, module: str) -> Result:
    spreads, once = _measured()
    note = (
        f"{DEVICES} devices x {TASKS} tasks, {FORKS} forks, less the same on one device (start and imports: "
    )
    note += (
        f"{once[module]:.2f} s, floor {once['floor']:.2f}); floor: an empty action, same connection plugin"
    )
    return Result(name, "CPU ms/task", spreads[module], spreads["floor"], None, RUNS, note)


@cache
def _measured() -> tuple[dict[str, Spread], dict[str, float]]:
    """CPU of each kind of task, all in one run, and the seconds that any number of devices takes once."""
    kinds = {"user": USER, "settings": SETTINGS, "floor": FLOOR}
    with tempfile.TemporaryDirectory() as name, devices(DEVICES) as hosts:
        folder = Path(name)
        prepare(folder, hosts)
        play(folder, [USER, SETTINGS])  # from here on they are as they should be
        once = {kind: min(_on_one(folder, task) for _ in range(RUNS)) for kind, task in kinds.items()}

        def taken(kind: str) -> Callable[[], float]:
            def run() -> float:
                more_s = play(folder, [kinds[kind]] * TASKS).cpu_s - once[kind]
                return more_s * 1000 / (DEVICES - 1) / TASKS

            return run

        return dict(zip(kinds, in_turn(RUNS, *map(taken, kinds)), strict=True)), once


def _on_one(folder: Path, task: Task) -> float:
    return play(folder, [task] * TASKS, limit="device0").cpu_s


@contextmanager
def devices(count: int, *options: str) -> Iterator[list[tuple[str, int]]]:
    """Address and port of each of a process of simulated devices."""
    command = [sys.executable, "-m", "dvrip_proto", "simulate", "--bind", FIRST, "--count", str(count)]
    command += ["--discovery-port", "0", "--port", "0", *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "shared"), "DVRIP_SIMULATE_PASSWORD": PASSWORD}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(count)]
            if not all(line.startswith("ready ") for line in lines):
                raise RuntimeError(f"the devices did not start: {lines[-1]!r}")
            places = [line.split()[1].rpartition(":") for line in lines]
            yield [(host, int(port)) for host, _, port in places]
        finally:
            process.terminate()


def prepare(folder: Path, hosts: Sequence[tuple[str, int]]) -> None:
    """Write the inventory, and the action that does nothing."""
    for name, text in {"action_plugins": EMPTY_ACTION, "library": ""}.items():
        (folder / name).mkdir()
        (folder / name / "noop.py").write_text(text, encoding="utf-8")
    variables = {"ansible_connection": "dvrip.devices.dvrip", "ansible_password": PASSWORD}
    places = {
        f"device{at}": {"ansible_host": host, "ansible_port": port} for at, (host, port) in enumerate(hosts)
    }
    inventory = {"all": {"hosts": places, "vars": variables}}
    (folder / "inventory.json").write_text(json.dumps(inventory), encoding="utf-8")


def play(folder: Path, tasks: Sequence[Task], *flags: str, limit: str = "all") -> Cost:
    """One ansible-playbook to its end."""
    start = time.monotonic()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with started(folder, tasks, *flags, limit=limit) as process:
        printed, errors = process.communicate(timeout=TIMEOUT_S)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise RuntimeError(f"ansible-playbook: exit {process.returncode}\n{printed[-2000:]}{errors[-500:]}")
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu_s, time.monotonic() - start, printed)


@contextmanager
def started(
    folder: Path, tasks: Sequence[Task], *flags: str, limit: str = "all"
) -> Iterator[subprocess.Popen[str]]:
    """An ansible-playbook that runs; it is ended with the block."""
    name = f"play-{limit.encode().hex()}.yml"
    content = [{"hosts": "all", "gather_facts": False, "tasks": list(tasks)}]
    (folder / name).write_text(json.dumps(content), encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    environment = kept | {
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT),
        "ANSIBLE_CONFIG": str(folder / "none.cfg"),
        "ANSIBLE_HOME": str(folder / "home"),
        "PYTHONPATH": str(ROOT / "shared"),
    }
    program = Path(sys.executable).parent / "ansible-playbook"
    command = [str(program), "-i", "inventory.json", "-f", str(FORKS), "-l", limit, *flags, name]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=pipe, stderr=pipe, text=True
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
