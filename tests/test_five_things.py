"""The things that people add, each added to a scratch copy as CONTRIBUTING.md says; a setting is in test_one_row.py."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dvrip_proto.simulator import Simulator

ROOT = Path(__file__).resolve().parent.parent
PROFILES = "shared/dvrip_proto/simulator/profiles"


class Copy:
    """A copy of what an addition touches, and programs run in it."""

    def __init__(self, root: Path, *parts: str) -> None:
        self.root = root
        for part in ("shared", "tools", *parts):
            shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))

    def run(self, *words: object) -> str:
        path = os.pathsep.join((str(self.root / "shared"), str(self.root)))
        done = subprocess.run(
            [sys.executable, *map(str, words)],
            cwd=self.root,
            env={
                **os.environ,
                "PYTHONPATH": path,
                "DVRIP_PASSWORD": "",
                "ANSIBLE_COLLECTIONS_PATH": str(self.root),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def change(self, file: str, before: str, after: str) -> None:
        text = (self.root / file).read_text("utf-8")
        assert before in text
        (self.root / file).write_text(text.replace(before, after, 1), "utf-8")


async def test_an_object_is_one_row(tmp_path: Path) -> None:
    copy = Copy(tmp_path, "docs")
    row = 'Spec(name="Camera.Siren", title="Siren", fields={"Volume": Field(Int(1, 10), title="Loudness")}),'
    begin = "ROWS: tuple[Spec, ...] = (\n"
    copy.change("shared/dvrip_proto/config/catalog/camera.py", begin, f"{begin}    {row}\n")
    copy.run("tools/object_table.py")
    assert "Loudness" in (tmp_path / "docs" / "objects.md").read_text("utf-8")
    async with Simulator(profile="ipc") as device:
        device.state.config["Camera.Siren"] = {"Volume": 3}
        words = ("-m", "dvrip_proto", "config", "set", f"{device.host}:{device.port}", "Camera.Siren")
        told = await asyncio.to_thread(copy.run, *words, "Volume=5", "--json")
        assert json.loads(told)["written"] is True
        assert device.state.config["Camera.Siren"] == {"Volume": 5}
        with pytest.raises(AssertionError, match="Volume: 11 is not possible"):
            await asyncio.to_thread(copy.run, *words, "Volume=11")


async def test_a_model_is_a_profile_from_a_dump(tmp_path: Path) -> None:
    copy = Copy(tmp_path, "docs")
    async with Simulator(profile="xm210") as device:
        place = f"{device.host}:{device.port}"
        await asyncio.to_thread(copy.run, "-m", "dvrip_proto", "dump", place, "mine.json")
    dumped = json.loads((tmp_path / "mine.json").read_text("utf-8"))
    named = {
        **dumped,
        "name": "mine",
        "title": "One of mine",
        "source": "dvrip dump of my camera",
        "unrecorded": {},
    }
    (tmp_path / PROFILES / "mine.json").write_text(json.dumps(named), "utf-8")
    assert "One of mine" in copy.run("-m", "dvrip_proto", "simulate", "profiles")
    copy.run("tools/quirk_table.py")
    assert "One of mine" in (tmp_path / "docs" / "simulator.md").read_text("utf-8")
    asked = "import asyncio; from dvrip_proto.simulator import Simulator; from dvrip_proto import Device\n"
    asked += "async def main():\n async with Simulator(profile='mine') as s, Device(s.host, s.port) as d:\n"
    asked += "  print((await d.system.info()).hardware)\nasyncio.run(main())"
    assert copy.run("-c", asked).strip() == dumped["system_info"]["HardWare"]


def test_a_quirk_is_one_field(tmp_path: Path) -> None:
    copy = Copy(tmp_path, "docs")
    begin = "    lock_after: int | None = _seen("
    field = '    hums: bool = _seen(False, "Hums at night.", "an owner of one that hums")\n'
    copy.change("shared/dvrip_proto/simulator/quirks.py", begin, field + begin)
    assert "Hums at night." in copy.run("-m", "dvrip_proto", "simulate", "quirks")
    copy.run("tools/quirk_table.py")
    page = (tmp_path / "docs" / "simulator.md").read_text("utf-8")
    assert "Hums at night." in page
    assert "an owner of one that hums" in page


def test_a_module_is_its_file_its_stub_and_its_name(tmp_path: Path) -> None:
    copy = Copy(tmp_path, "docs", "ansible_collections")
    collection = "ansible_collections/dvrip/devices"
    for kind in ("modules", "action"):
        text = (tmp_path / collection / "plugins" / kind / "config_info.py").read_text("utf-8")
        (tmp_path / collection / "plugins" / kind / "my_info.py").write_text(
            text.replace("config_info", "my_info"), "utf-8"
        )
    copy.change(f"{collection}/meta/runtime.yml", "    - config_info\n", "    - config_info\n    - my_info\n")
    told = copy.run("-m", "ansible", "doc", "-t", "module", "-j", "dvrip.devices.my_info")
    assert "name" in json.loads(told)["dvrip.devices.my_info"]["doc"]["options"]
