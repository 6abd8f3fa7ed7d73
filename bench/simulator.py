"""Load: many viewers of the simulator at once, many of its devices left alone, and a long download."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from bench.measure import ROOT, Result, Spread, in_turn, server

CHANNELS = 64
MEGABITS = 2
WATCHED_S = 5
DEVICES = 1000
SETTLED_S = 2
IDLE_S = 5
DOWNLOAD_MB = 2000
RUNS = 3
VIDEO_S = 8
FPS = 25
SIZE = (640, 360)
SOUND_HZ = 8000
VIDEO_BITS = int(0.9e6 * MEGABITS)  # leaves room for the sound and for an encoder that overshoots
GREY = b"\x80"
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "shared")))}


def simulator_streams() -> Result:
    """The simulator sends 64 channels to 64 viewers."""
    with tempfile.TemporaryDirectory() as folder:
        video = Path(folder) / "noise.mkv"
        write_noise(video, VIDEO_BITS)
        devices = ("--profile", "nvr", "--channels", str(CHANNELS), "--video", str(video))
        value, floor = in_turn(
            RUNS,
            lambda: _cores(
                "simulator", "dvrip_proto", "simulate", *devices, "--port", "0", "--discovery-port", "0"
            ),
            lambda: _cores("paced", "bench.load", "paced", str(video), str(CHANNELS)),
        )
    note = f"{CHANNELS} x {MEGABITS} Mbit/s; floor: a blocking loop of prebuilt messages"
    return Result("simulator_streams", "cores", value, floor, None, RUNS, note)


def simulator_idle_memory() -> Result:
    """A thousand devices that nobody asks anything: memory."""
    return Result("simulator_idle_memory", "MiB", _idle()[0], None, None, RUNS, f"{DEVICES} devices")


def simulator_idle_cpu() -> Result:
    """A thousand devices that nobody asks anything: processor."""
    return Result("simulator_idle_cpu", "% CPU", _idle()[1], None, None, RUNS, f"{DEVICES} devices")


def download() -> Result:
    """Memory while a long recording is saved."""
    with (
        tempfile.TemporaryDirectory(dir=ROOT / "bench" / "out") as folder,  # /tmp may be memory
        server("recording", "8192", str(DOWNLOAD_MB)) as port,
    ):
        (value,) = in_turn(RUNS, lambda: _saved("bench.load", "save", str(port), str(DOWNLOAD_MB), folder))
    return Result("download", "MiB", value, None, None, RUNS, f"growth while {DOWNLOAD_MB} MB are saved")


def _saved(*module: str) -> float:
    with _started(*module) as process:
        return float(_line(process))


@cache
def _idle() -> tuple[Spread, Spread]:
    taken = [_idle_once() for _ in range(RUNS)]
    return Spread.of([memory for memory, _ in taken]), Spread.of([cpu for _, cpu in taken])


def _idle_once() -> tuple[float, float]:
    """MiB and percent of a core."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    options = ("--bind", "127.1.0.1", "--count", str(DEVICES), "--discovery-port", port)
    with _started("dvrip_proto", "simulate", *options) as process:
        for _ in range(DEVICES):
            _line(process)
        time.sleep(SETTLED_S)
        cores, _ = _cores_while(process, lambda: time.sleep(IDLE_S))
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    kib = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(kib) / 1024, cores * 100


def _cores(kind: str, *sender: str) -> float:
    """How many cores a process needs to send to every viewer."""
    with _started(*sender) as process:
        port = _port(_line(process))
        with _started("bench.load", "viewers", kind, port, str(CHANNELS), str(WATCHED_S)) as viewers:
            _line(viewers)
            cores, size = _cores_while(process, lambda: int(_line(viewers)))
    megabits = size * 8 / 1e6 / WATCHED_S / CHANNELS
    if not 0.9 < megabits / MEGABITS < 1.2:
        raise RuntimeError(f"{kind}: {megabits:.2f} Mbit/s a stream instead of {MEGABITS}")
    return cores


def _cores_while[T](process: subprocess.Popen[str], work: Callable[[], T]) -> tuple[float, T]:
    before, began = _cpu_s(process.pid), time.monotonic()
    done = work()
    return (_cpu_s(process.pid) - before) / (time.monotonic() - began), done


def _cpu_s(pid: int) -> float:
    """CPU seconds, user and system, that another process has used."""
    spent = (task.read_text(encoding="ascii") for task in Path(f"/proc/{pid}/task").glob("*/schedstat"))
    return sum(int(text.split()[0]) for text in spent) / 1e9


@contextmanager
def _started(*module: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", *module]
    with subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()


def _line(process: subprocess.Popen[str]) -> str:
    """The next thing that a process says; the end is an error."""
    assert process.stdout is not None
    if not (line := process.stdout.readline()):
        raise RuntimeError(f"{process.args!r}: exit {process.wait()}")
    return line.strip()


def _port(ready: str) -> str:
    """The port in `ready 127.0.0.1:34567 ...`, or in a line that is nothing else."""
    return ready.removeprefix("ready ").split()[0].rpartition(":")[2]


def write_noise(path: Path, bits: int) -> None:
    """Noise with sound, as H.264 of so many bits a second that the stream has its rate."""
    import av

    with av.open(str(path), "w") as container:
        video = container.add_stream(
            "libx264", rate=FPS, options={"preset": "ultrafast", "tune": "zerolatency"}
        )
        video.width, video.height, video.pix_fmt, video.gop_size = *SIZE, "yuv420p", 2 * FPS
        video.bit_rate = bits
        sound = container.add_stream("pcm_s16le", rate=SOUND_HZ, layout="mono")
        for _ in range(VIDEO_S * FPS):
            picture = av.VideoFrame(*SIZE, "yuv420p")
            for plane in picture.planes:
                plane.update(os.urandom(plane.buffer_size // 4).ljust(plane.buffer_size, GREY))
            container.mux(video.encode(picture))
        samples = av.AudioFrame("s16", "mono", VIDEO_S * SOUND_HZ)
        samples.sample_rate = SOUND_HZ
        samples.planes[0].update(os.urandom(samples.planes[0].buffer_size))
        container.mux(sound.encode(samples))
        container.mux(video.encode(None))
        container.mux(sound.encode(None))
