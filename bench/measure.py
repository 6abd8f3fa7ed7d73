"""How a number is taken: a process of its own, runs in turn with floor and peer, medians."""

from __future__ import annotations

import json
import os
import resource
import socket
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEER = ROOT / ".venv" / "peers" / "python-dvr"
RUN_TIMEOUT_S = 300


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, minimum and maximum of the runs of one thing."""

    median: float
    minimum: float
    maximum: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """The spread of at least one value."""
        return cls(statistics.median(values), min(values), max(values))


@dataclass(frozen=True, slots=True)
class Result:
    """One benchmark: ours, the floor, the peer or None, in `unit`; less is better."""

    name: str
    unit: str
    value: Spread
    floor: Spread | None
    peer: Spread | None
    runs: int
    note: str = ""

    def to_json(self) -> dict[str, object]:
        """What `bench/out/NAME.json` holds."""

        def spread(one: Spread | None) -> dict[str, float] | None:
            return one and {"median": one.median, "min": one.minimum, "max": one.maximum}

        return {
            "name": self.name,
            "unit": self.unit,
            "value": spread(self.value),
            "floor": spread(self.floor),
            "peer": spread(self.peer),
            "ratio_floor": self.floor and self.value.median / self.floor.median,
            "ratio_peer": self.peer and self.value.median / self.peer.median,
            "runs": self.runs,
            "note": self.note,
        }


def cpu_s() -> float:
    """CPU seconds, user and system, that this process has used."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


@contextmanager
def fleet(count: int) -> Iterator[int]:
    """A process of `count` simulated devices from 127.1.0.1 on; gives the UDP port of their discovery."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "dvrip_proto", "simulate", "--bind", "127.1.0.1", "--count", str(count)]
    command += ["--discovery-port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            for _ in range(count):
                if not process.stdout.readline().startswith("ready "):
                    raise RuntimeError(f"the fleet did not start: exit {process.wait()}")
            yield port
        finally:
            process.terminate()


@contextmanager
def server(*arguments: str) -> Iterator[int]:
    """A server process of `bench.servers`; gives its port on loopback."""
    command = [sys.executable, "-m", "bench.servers", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def client(*arguments: object) -> float:
    """The number that one client process of `bench.clients` prints."""
    command = [sys.executable, "-m", "bench.clients", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "shared"), str(PEER)))}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=RUN_TIMEOUT_S, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[2:])}: exit {done.returncode}\n{done.stderr}")
    return float(json.loads(done.stdout.splitlines()[-1]))


def in_turn(runs: int, *takers: Callable[[], float]) -> list[Spread]:
    """Each taker `runs` times, in turn, so that a machine that changes speed changes it for all."""
    taken: list[list[float]] = [[] for _ in takers]
    for _ in range(runs):
        for values, taker in zip(taken, takers, strict=True):
            values.append(taker())
    return [Spread.of(values) for values in taken]
