"""The tutorials do what they say: each of their lines is run against simulated devices."""

from __future__ import annotations

import asyncio
import re
import shlex
import socket
from datetime import timedelta
from pathlib import Path

import av
import pytest
from typer.testing import CliRunner

from dvrip_proto.cli import book
from dvrip_proto.cli.app import app
from dvrip_proto.simulator import Simulator

from .conftest import ROOT, environment, own_address, started
from .test_documents import ADDRESS, _motion

HOST = own_address(24)


def blocks(page: str, kind: str) -> list[str]:
    """Blocks of a page in their order."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8").replace(ADDRESS, HOST)
    return re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)


def dialogues(page: str) -> list[tuple[str, list[str]]]:
    """Every command after a prompt, with the lines that it is said to answer."""
    found: list[tuple[str, list[str]]] = []
    for line in "".join(blocks(page, "console")).splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(" ".join(line.split()))
    return found


def pattern(lines: list[str]) -> str:
    """What matches an output: ... within a line is anything of it, a line of ... is any number of lines."""
    told = [
        r"(?:.*\n)*?" if line == "..." else re.escape(line).replace(r"\.\.\.", ".*") + r"\n" for line in lines
    ]
    return "".join(told)


async def dvrip(line: str) -> tuple[int, str]:
    """Run a line of the tutorial."""
    words = shlex.split(line, comments=True)
    result = await asyncio.to_thread(CliRunner().invoke, app, words[1:], prog_name="dvrip")
    assert "Traceback" not in result.output
    output = "".join(f"{' '.join(each.split())}\n" for each in result.output.splitlines())
    return result.exit_code, output


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of an owner, who has an empty password."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("DVRIP_PASSWORD", "")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("DVRIP_DEVICES", raising=False)
    (tmp_path / "config" / "dvrip").mkdir(parents=True)
    secret = tmp_path / "config" / "dvrip" / "gate.password"
    secret.write_text("\n")
    secret.chmod(0o600)
    return tmp_path


async def test_the_tutorial_of_the_command_line(here: Path) -> None:
    page = "tutorial-command-line.md"
    book._read.cache_clear()
    (named,) = blocks(page, "toml")
    (listed,) = blocks(page, "text")
    _write(here / "config" / "dvrip" / "devices.toml", named)
    _write(here / "cameras.txt", listed)
    steps = dialogues(page)
    assert len(steps) > 15
    async with Simulator(bind=HOST, port=34567, profile="ipc", videos=["scene:h264"]) as device:
        await device.prepare_media()
        now = device.state.clock.now().replace(microsecond=0)  # "today" may just have begun
        device.archive.add(0, now - timedelta(seconds=12), now - timedelta(seconds=2), event="M")
        for line, lines in steps:
            moving = asyncio.create_task(_motion(device)) if " watch " in line else None
            code, output = await dvrip(line)
            if moving is not None:
                moving.cancel()
            wanted = re.search(r"# exit code (\d)", line)
            assert code == (int(wanted[1]) if wanted else 0), (line, output)
            assert re.fullmatch(pattern(lines), output), (line, output)
        assert device.state.titles == ["Front gate"]
    assert len(_found(here / "today", "*.mp4")) > 0


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)


def _found(folder: Path, what: str) -> list[Path]:
    return list(folder.glob(what))


YARD = own_address(25)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def _first_picture(url: str) -> str:
    with av.open(url, options={"rtsp_transport": "tcp"}, timeout=20) as stream:
        return f"{stream.streams.video[0].codec_context.name} {next(stream.decode(video=0)).width}"


async def test_the_tutorial_of_frigate(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "tutorial-frigate.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^    (dvrip relay .*)$", page, re.MULTILINE)
    (wanted,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    port = _free_port()
    words = shlex.split(
        line.replace(ADDRESS, HOST)
        .replace("192.168.1.11", YARD)
        .replace("0.0.0.0", HOST)
        .replace("8654", str(port))
    )
    (tmp_path / "password").write_text("\n")
    token = "0123456789abcdef"
    async with (
        Simulator(bind=HOST, port=34567, profile="ipc", videos=["scene:h264"]) as gate,
        Simulator(bind=YARD, port=34567, profile="ipc", videos=["scene:h264"]) as yard,
        started(
            "-m", "dvrip_proto", *words[1:], cwd=tmp_path, env=environment(DVRIP_RELAY_TOKEN=token)
        ) as relay,
    ):
        assert relay.stdout is not None
        printed = ""
        async with asyncio.timeout(60):
            while printed.count("roles:") < 4:
                told = (await relay.stdout.readline()).decode()
                assert told, printed
                printed += told
        assert printed == wanted.replace("TOKEN", token).replace("8654", str(port))
        for path in ("gate/sub", "gate/main", "yard/sub"):
            url = f"rtsp://dvrip:{token}@{HOST}:{port}/{path}"
            assert (await asyncio.to_thread(_first_picture, url)).startswith("h264 ")
        assert (max(gate.monitors_peak.values()), max(yard.monitors_peak.values())) == (1, 1)
