"""The commands of README.md and docs/, run as they stand there against a simulated device."""

from __future__ import annotations

import asyncio
import re
import shlex
import sys
import wave
from datetime import timedelta
from pathlib import Path

import pytest

from dvrip_proto.simulator import Simulator

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "192.168.1.10"
HOST = "127.0.0.21"
PAGES = [
    ROOT / "README.md",
    *(ROOT / "docs" / f"{name}.md" for name in ("command-line", "configuration-objects")),
]
# They go on until Ctrl-C, need a broadcast, or a file of the device's maker: tests of the command line run them.
ELSEWHERE = {"relay", "alarm-centre", "registered", "set-address", "discover", "simulate", "upgrade"}


def commands(page: Path) -> list[str]:
    found = re.findall(r"^    (dvrip [^#\n]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    return [command.strip() for command in found if "completion" not in command]


HERE = [
    (page, command) for page in PAGES for command in commands(page) if command.split()[1] not in ELSEWHERE
]


async def ran(*words: str, cwd: Path, env: dict[str, str] | None = None) -> str:
    process = await asyncio.create_subprocess_exec(
        *words, cwd=cwd, env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    async with asyncio.timeout(60):
        output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
    return output.decode()


def test_the_pages_have_commands_to_try() -> None:
    assert all(len(commands(page)) >= least for page, least in zip(PAGES, (10, 30, 5), strict=True))
    assert {command.split()[1] for page in PAGES for command in commands(page)} >= ELSEWHERE


@pytest.mark.parametrize(("page", "command"), HERE, ids=[f"{page.stem}: {command}" for page, command in HERE])
async def test_a_command_of_the_pages_runs(page: Path, command: str, tmp_path: Path) -> None:
    dvrip = str(Path(sys.executable).with_name("dvrip"))
    _files(tmp_path)
    async with Simulator(bind=HOST, port=34567) as device:
        device.downtime_s = 0.1
        now = device.state.clock.now().replace(microsecond=0)  # "today" may just have begun
        device.archive.add(0, now - timedelta(seconds=12), now - timedelta(seconds=2), event="M")
        words = shlex.split(command.replace(ADDRESS, HOST))[1:]
        env = {"DVRIP_PASSWORD": "", "PATH": "", "HOME": str(tmp_path)}
        output = await ran(dvrip, *words, cwd=tmp_path, env=env)
    for name in re.findall(r"\S+\.(?:jpg|mp4|zip|json)\b", " ".join(words)):
        assert (tmp_path / name.replace("{host}", HOST)).stat().st_size > 500
    if words[0] == "info":
        assert device.serial in output
    if words[:2] in (["config", "diff"], ["config", "set"]):
        assert "ntp.example.net" in output or "Level" in output
    if words[0] not in ("ptz", "watch"):
        assert output.strip()


def _files(folder: Path) -> None:
    (folder / "cameras.txt").write_text(f"{HOST}  # the only one\n")
    with wave.open(str(folder / "doorbell.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(4000))


def test_the_hosts_file_of_the_page_is_one(tmp_path: Path) -> None:
    from dvrip_proto.cli.fleet import read_hosts

    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"((?:^    (?!dvrip).*\n)+)(?=\n    dvrip info @)", page, re.MULTILINE)
    (tmp_path / "yard.password").write_text("secret\n")
    file = tmp_path / "cameras.txt"
    file.write_text(block)
    places = read_hosts(file)
    assert [place.host for place in places] == [
        "192.168.1.10",
        "192.168.1.11:34568",
        "operator@192.168.1.12",
        "192.168.1.13",
    ]
    assert places[-1].password == "secret"


def test_exit_codes_are_those_of_the_command_line() -> None:
    from dvrip_proto.cli.exit_codes import ExitCode

    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    assert [int(code) for code in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)] == list(ExitCode)
