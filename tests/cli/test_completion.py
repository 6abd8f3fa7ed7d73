"""What a shell asks `dvrip` to complete."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

DVRIP = str(Path(sys.executable).with_name("dvrip"))


def _completed(line: str) -> list[str]:
    words = line.split(" ")
    environment = {
        **os.environ,
        "_DVRIP_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
    }
    done = subprocess.run([DVRIP], env=environment, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "completed"),
    [
        ("dvrip rebo", ["reboot"]),
        ("dvrip config ge", ["get"]),
        ("dvrip config get gate NetWork.NetNT", ["NetWork.NetNTP"]),
        ("dvrip config set gate Detect.MotionDet", ["Detect.MotionDetect", "Detect.MotionDetectIPC"]),
        ("dvrip config set gate NetWork.NetNTP Server.P", ["Server.Password=", "Server.Port="]),
        ("dvrip request gate CONFIG_G", ["CONFIG_GET"]),
        ("dvrip simulate --profile r80", ["r80x30"]),
        ("dvrip simulate --quirk playback-e", ["playback-end"]),
    ],
)
def test_what_is_completed(line: str, completed: list[str]) -> None:
    assert _completed(line) == completed


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_can_be_installed(shell: str, tmp_path: Path) -> None:
    # Typer looks for the shell that it was started from, and tests may be started from none.
    environment = {**os.environ, "HOME": str(tmp_path), "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    shown = subprocess.run(
        [DVRIP, "--show-completion", shell], env=environment, capture_output=True, text=True, check=False
    )
    assert (shown.returncode, "_DVRIP_COMPLETE" in shown.stdout) == (0, True)
    installed = subprocess.run(
        [DVRIP, "--install-completion", shell], env=environment, capture_output=True, text=True, check=False
    )
    assert (installed.returncode, "installed in" in installed.stdout) == (0, True)
    files = [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    assert any("_DVRIP_COMPLETE" in text for text in files)
