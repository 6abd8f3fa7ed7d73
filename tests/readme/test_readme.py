"""The page's commands and programs do what they say, in the order of the page."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_stranger_gets_through_the_readme() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tests" / "readme" / "follow.py", "--installed", Path(sys.executable).parent],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONUNBUFFERED": "1"}, timeout=500,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    ran = [line for line in done.stdout.splitlines() if line.startswith("ok ")]
    assert any("dvrip doctor" in line for line in ran)
    assert any("python block2.py" in line for line in ran)
