"""Playbooks over a thousand devices: time, memory, two processes side by side; and how large a result is."""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench.measure import Result, Spread, in_turn
from bench.plays import FLOOR, FORKS, SETTINGS, TASKS, USER, WAITING, Task, devices, play, prepare, started

DEVICES = 1000
RUNS = 2
CHANNELS = 32
HALVES = (r"~device\d*[02468]$", r"~device\d*[13579]$")
SAMPLE_S = 0.3
MIB = 1024 * 1024
_SMAPS = "smaps_rollup"


def plays_fleet_wall() -> Result:
    """Time of a night over a thousand devices where nothing changes.

    Nobody looks at the memory meanwhile, which takes a share of the cores.
    """
    with _thousand() as folder:
        taken, least = in_turn(RUNS, *(partial(_wall, folder, task) for task in (USER, FLOOR)))
    note = f"{DEVICES} devices x {TASKS} tasks (user), {FORKS} forks; floor: an empty action; "
    note += "the simulator shares the cores"
    return Result("plays_fleet_wall", "s", taken, least, None, RUNS, note)


def plays_fleet_memory() -> Result:
    """Memory of the same: the largest sum over Ansible and its workers."""
    with _thousand() as folder:
        value, least = (Spread.of([_largest(folder, task) / MIB]) for task in (USER, WAITING))
    note = "sum of the proportional sets, looked at every 0.3 s; floor: an action that only waits 0.2 s"
    return Result("plays_fleet_memory", "MiB", value, least, None, 1, note)


def plays_two_halves() -> Result:
    """The same devices by two processes, each with half of them; the floor here is one process with all."""
    with _thousand() as folder:
        one_s = play(folder, [USER] * TASKS).wall_s
        begin = time.monotonic()
        tasks = [USER] * TASKS
        with (
            started(folder, tasks, limit=HALVES[0]) as first,
            started(folder, tasks, limit=HALVES[1]) as second,
        ):
            codes = [process.communicate() and process.returncode for process in (first, second)]
        two_s = time.monotonic() - begin
        if any(codes):
            raise RuntimeError(f"ansible-playbook: exits {codes}")
    note = f"{one_s / two_s:.2f} times as fast as one process; the simulator shares the cores"
    return Result("plays_two_halves", "s", Spread.of([two_s]), Spread.of([one_s]), None, 1, note)


def plays_result_size() -> Result:
    """The largest result of an unchanged task on a recorder of 32 channels, as Ansible gets it."""
    detect: Task = {"dvrip.devices.config": {"name": "Detect.MotionDetect", "config": {"Level": 4}}}
    every: Task = {"dvrip.devices.settings": {"channels": [{"channel": "all", "motion_sensitivity": 4}]}}
    tasks = [detect, every, USER, SETTINGS]
    recorder = devices(1, "--profile", "nvr", "--channels", str(CHANNELS))
    with tempfile.TemporaryDirectory() as name, recorder as hosts:
        folder = Path(name)
        prepare(folder, hosts)
        play(folder, tasks)
        sizes = [len(text) for text in _results(play(folder, tasks, "-v").printed)]
    if len(sizes) != len(tasks):
        raise RuntimeError(f"{len(sizes)} results of {len(tasks)} tasks")
    note = f"config and settings of {CHANNELS} channels, user, settings: {', '.join(map(str, sizes))} bytes"
    return Result("plays_result_size", "KiB", Spread.of([max(sizes) / 1024]), None, None, 1, note)


def _results(printed: str) -> Iterator[str]:
    """The JSON of every task that was ok."""
    for line in printed.splitlines():
        head, arrow, text = line.partition(" => ")
        if arrow and head.startswith("ok: "):
            yield json.dumps(json.loads(text))


def _wall(folder: Path, task: Task) -> float:
    return play(folder, [task] * TASKS).wall_s


@contextmanager
def _thousand() -> Iterator[Path]:
    """A folder to play in; the devices are as they should be."""
    with tempfile.TemporaryDirectory() as name, devices(DEVICES) as hosts:
        folder = Path(name)
        prepare(folder, hosts)
        play(folder, [USER])
        yield folder


def _largest(folder: Path, task: Task) -> int:
    """The largest sum of bytes that was seen while it ran."""
    largest, over = [0], threading.Event()
    with started(folder, [task] * TASKS) as process:

        def look() -> None:
            while not over.wait(SAMPLE_S):
                largest[0] = max(largest[0], sum(map(_proportional, _family(process.pid))))

        watcher = threading.Thread(target=look)
        watcher.start()
        process.communicate()
        over.set()
        watcher.join()
    if process.returncode:
        raise RuntimeError(f"ansible-playbook: exit {process.returncode}")
    return largest[0]


def _family(pid: int) -> Iterator[int]:
    """A process and all that it made."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found = children.read_text().split()
        except OSError:  # ended meanwhile
            continue
        for child in found:
            yield from _family(int(child))


def _proportional(pid: int) -> int:
    """Bytes of a process, each divided by how many share it."""
    try:
        lines = Path(f"/proc/{pid}/{_SMAPS}").read_text().splitlines()
    except OSError:  # ended meanwhile
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
