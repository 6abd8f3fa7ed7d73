"""What programs are told of what was done."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from dvrip_proto.simulator import Simulator

from .conftest import Dvrip


def _size(file: str) -> int:
    return Path(file).stat().st_size


async def test_files_that_were_written(dvrip: Dvrip, device: Simulator, at: str, tmp_path: Path) -> None:
    for words in (
        ("snapshot", at, tmp_path / "x.jpg"),
        ("record", at, tmp_path / "x.mp4", "--seconds", 1),
        ("config", "export", at, tmp_path / "x.zip"),
        ("dump", at, tmp_path / "x.json"),
    ):
        told = (await dvrip(*words, "--json")).json
        assert told["bytes"] == _size(told["file"]) > 500
    recorded = (await dvrip("record", at, tmp_path / "y.mp4", "--seconds", 1, "--json")).json
    assert (recorded["codec"], recorded["sound"]) == ("h264", True)
    assert recorded["seconds"] > 0.5


async def test_downloads_are_told_as_they_come(
    dvrip: Dvrip, device: Simulator, at: str, tmp_path: Path
) -> None:
    now = device.state.clock.now().replace(microsecond=0)  # "today" may just have begun
    device.archive.add(0, now - timedelta(seconds=12), now - timedelta(seconds=2), event="M")
    found = (await dvrip("recordings", "list", at, "--event", "motion", "--json")).json
    small = min((entry for entry in found if entry["size_kib"]), key=lambda entry: entry["size_kib"])
    span = ("--from", small["begin"], "--to", small["end"], "--event", "motion", "--output", tmp_path)
    first = await dvrip("recordings", "download", at, *span, "--json")
    assert first.code == 0
    told = [json.loads(line) for line in first.out.splitlines()]
    assert all(entry["new"] and entry["bytes"] == _size(entry["file"]) for entry in told)
    again = await dvrip("recordings", "download", at, *span, "--json")
    assert [json.loads(line)["new"] for line in again.out.splitlines()] == [False] * len(told)


async def test_an_import(dvrip: Dvrip, device: Simulator, at: str, tmp_path: Path) -> None:
    file = tmp_path / "x.zip"
    await dvrip("config", "export", at, file)
    told = (await dvrip("config", "import", at, file, "--yes", "--json")).json
    assert told == {
        "device": at,
        "file": str(file),
        "reboot_needed": True,
        "dangers": [],
        "moves_to": None,
    }
