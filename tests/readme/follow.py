"""Follows README.md as a stranger would: a clone, an empty HOME, every line of its blocks, with a clock beside it.

    python tests/readme/follow.py            # from nothing: installs as the page says; needs a network
    python tests/readme/follow.py --installed .venv/bin   # with what is installed: seconds

192.168.1.10 is a simulated recorder, the repository's address is the clone. What is another test's (the demo, the
suite, Home Assistant, Ansible, `make dist`) is named and left out. The exit code is 0 when every line did.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
DEVICE: Final = "192.168.1.10"
LOOPBACK: Final = "127.0.64.1"
ADDRESS: Final = "https://github.com/dvrip/dvrip"
ELSEWHERE: Final = {
    "make demo": "tests/ui, `make demo CHECK=1`",
    "make test": "is the suite",
    "sudo apt-get": "packages of the demo",
    "python3 -m zipfile -e dist/dvrip.zip": "tests/test_release.py",
    "ansible-galaxy": "tests/test_release.py",
    "dvrip simulate": "runs all the time",
    "dvrip upgrade": "tests/cli/test_upgrade.py",
}
FOREVER: Final = ("dvrip relay", "dvrip watch")
NETWORK: Final = ("PIP_", "UV_", "SSL_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")  # how this machine gets out
LIMIT_S: Final = 240.0
FOREVER_S: Final = 6.0


def lines(page: str) -> list[str]:
    """Commands of the indented blocks of a page, in their order, without comments."""
    plain = re.sub(r"```.*?```", "", page, flags=re.DOTALL)
    found = re.findall(r"(?:^ {4}\S.*\n)+", plain, re.MULTILINE)
    return [line.strip().partition("  #")[0].strip() for block in found for line in block.splitlines()]


def blocks(page: str) -> list[str]:
    """Python programs of a page."""
    return re.findall(r"```python\n(.*?)```", page, re.DOTALL)


class Stranger:
    """Somebody with a clone, an empty HOME and a shell."""

    def __init__(self, folder: Path, installed: Path | None) -> None:
        self.clone = folder / "clone"
        self.home = folder / "home"
        self.work = folder / "work"
        self.failed: list[str] = []
        for each in (self.home, self.work):
            each.mkdir()
        path = (
            [str(installed)]
            if installed
            else [str(self.home / "dvrip" / "bin"), str(self.home / "bin"), *_uv()]
        )
        network = {name: value for name, value in os.environ.items() if name.upper().startswith(NETWORK)}
        self.environment = network | {
            "HOME": str(self.home),
            "PATH": ":".join([*path, "/usr/local/bin", "/usr/bin", "/bin"]),
            "DVRIP_PASSWORD": "",
            "LANG": "C.UTF-8",
            "UV_PYTHON": _base(),
            "UV_TOOL_BIN_DIR": str(self.home / "bin"),
        }
        self.installed = installed

    def run(self, line: str, *, limit_s: float = LIMIT_S, forever: bool = False) -> None:
        """Run a line in a shell, and say how it went."""
        command = line.replace(DEVICE, LOOPBACK).replace(f"git+{ADDRESS}", f"git+file://{self.clone}")
        began = time.monotonic()
        try:
            done = subprocess.run(
                ["sh", "-c", f"exec {command}" if forever else command],
                cwd=self.work, env=self.environment, timeout=limit_s, capture_output=True, text=True,
                check=False, stdin=subprocess.DEVNULL,
            )  # fmt: skip
            good, said = done.returncode == 0, done.stderr.strip() or done.stdout.strip()
        except subprocess.TimeoutExpired:
            good, said = forever, f"still runs after {limit_s:g} s"
        took_s = time.monotonic() - began
        sys.stdout.write(f"{'ok  ' if good else 'FAIL'} {took_s:6.1f} s  {line}\n")
        if not good:
            self.failed.append(line)
            sys.stdout.write(f"     {said[-800:]}\n")
        sys.stdout.flush()

    def follow(self, page: str) -> None:
        """Run every line and every program of a page."""
        (self.work / "cameras.txt").write_text(f"{LOOPBACK}\n")
        installing = [line for line in lines(page) if _installs(line)]
        for line in installing:
            if self.installed is None:
                self.run(_with_python(line))
        simulator = self._simulator()
        try:
            for line in lines(page):
                if line in installing:
                    continue
                elsewhere = next((why for start, why in ELSEWHERE.items() if line.startswith(start)), None)
                if elsewhere is not None:
                    sys.stdout.write(f"--            {line}: {elsewhere}\n")
                    continue
                line = line.replace("~/dvrip/bin/", "")
                line = f"{line} --target {LOOPBACK}" if line == "dvrip discover" else line
                forever = line.startswith(FOREVER)
                self.run(line, limit_s=FOREVER_S if forever else LIMIT_S, forever=forever)
            for number, block in enumerate(blocks(page), 1):
                program = self.work / f"block{number}.py"
                program.write_text(block.replace(DEVICE, LOOPBACK))
                self.run(f"python {program.name}")
        finally:
            simulator.terminate()
            simulator.wait()

    def _simulator(self) -> subprocess.Popen[str]:
        """A recorder at the address of the page; whoever installs waits for it, as the page's reader does."""
        began = time.monotonic()
        simulator = subprocess.Popen(
            ["dvrip", "simulate", "--bind", LOOPBACK, "--profile", "nvr", "--video", "scene:h264"],
            executable=shutil.which("dvrip", path=self.environment["PATH"]),
            cwd=self.work, env=self.environment, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert simulator.stdout is not None
        while not simulator.stdout.readline().startswith("ready"):
            if simulator.poll() is not None:
                raise SystemExit("dvrip simulate ended")
        sys.stdout.write(f"ok   {time.monotonic() - began:6.1f} s  dvrip simulate: ready\n")
        return simulator


def _uv() -> list[str]:
    uv = shutil.which("uv") or str(ROOT / ".venv" / "bin" / "uv")
    return [str(Path(uv).parent)] if Path(uv).exists() else []


def _installs(line: str) -> bool:
    return line.startswith(("uv tool install", "python3 -m venv")) or "/pip install" in line


def _with_python(line: str) -> str:
    """`python3` of this machine may be older than the page asks for: the one that runs this is not."""
    line = re.sub(r"^python3 ", f"{shlex.quote(_base())} ", line)
    return line.replace("~/dvrip", '"$HOME"/dvrip')


def _base() -> str:
    return str(getattr(sys, "_base_executable", sys.executable))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--installed", type=Path, help="folder of a `dvrip` that is there already")
    installed = parser.parse_args().installed
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stranger = Stranger(folder, installed.absolute() if installed else None)
        stranger.run(f"git clone -q {shlex.quote(str(ROOT))} {shlex.quote(str(stranger.clone))}")
        stranger.follow((stranger.clone / "README.md").read_text(encoding="utf-8"))
        size = sum(each.stat().st_size for each in stranger.home.rglob("*") if each.is_file())
        sys.stdout.write(f"{time.monotonic() - began:.0f} s in all, {size / 1e6:.0f} MB in HOME\n")
    return 1 if stranger.failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
