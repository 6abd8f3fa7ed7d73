"""Programs of Ansible's community, which only `make collection` has: a test that needs one skips where it is not."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

BIN = os.environ.get("DVRIP_COLLECTION_BIN")


def program(name: str) -> Path:
    """Where the program is."""
    found = shutil.which(name, path=BIN)
    if found is None:
        pytest.skip(f"{name} is not here: `make collection PART=runner` and `PART=events` have it")
    return Path(found)


def java_home() -> str:
    """A Java of 17 or later, which ansible-rulebook needs."""
    given = os.environ.get("JAVA_HOME")
    homes = [Path(given)] if given else sorted(Path("/usr/lib/jvm").glob("*"), reverse=True)
    for home in homes:
        if (home / "lib/server/libjvm.so").exists() and _release(home) >= 17:
            return str(home)
    pytest.skip(
        "no Java of 17 or later is here, in JAVA_HOME or /usr/lib/jvm (Debian: openjdk-17-jre-headless)"
    )


def _release(home: Path) -> int:
    try:
        told = dict(line.split("=", 1) for line in (home / "release").read_text().splitlines() if "=" in line)
    except OSError:
        return 0
    major = told.get("JAVA_VERSION", "0").strip('"').partition(".")[0]
    return int(major) if major.isdigit() else 0
