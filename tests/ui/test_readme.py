"""The examples of README.md, run as they stand there against a simulated device."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

import pytest

from dvrip_proto.simulator import Simulator

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
ADDRESS = "192.168.1.10"


async def ran(*words: str, cwd: Path, env: dict[str, str] | None = None) -> str:
    process = await asyncio.create_subprocess_exec(
        *words, cwd=cwd, env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    async with asyncio.timeout(60):
        output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
    return output.decode()


async def test_the_python_example_runs(tmp_path: Path) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert ADDRESS in example
    async with Simulator(bind="127.0.0.21", port=34567) as device:
        output = await ran(sys.executable, "-c", example.replace(ADDRESS, device.host), cwd=tmp_path)
        assert device.serial in output
        assert "ntp.example.net" in output
        assert "MediaFrame" in output
        assert device.state.config["NetWork.NetNTP"]["Server"]["Name"] == "ntp.example.net"
        assert device.monitors == {}


COMMANDS = re.findall(rf"^    (dvrip \w+.* {re.escape(ADDRESS)}[^#\n]*)", README, re.MULTILINE)


def test_the_readme_has_commands_to_try() -> None:
    assert len(COMMANDS) == 7


@pytest.mark.parametrize("command", [command.strip() for command in COMMANDS if " relay " not in command])
async def test_a_command_of_the_readme_runs(command: str, tmp_path: Path) -> None:
    dvrip = str(Path(sys.executable).with_name("dvrip"))
    async with Simulator(bind="127.0.0.21", port=34567) as device:
        words = command.replace(ADDRESS, device.host).split()[1:]
        env = {"DVRIP_PASSWORD": "", "PATH": "", "HOME": str(tmp_path)}
        output = await ran(dvrip, *words, cwd=tmp_path, env=env)
    for name in ("gate.jpg", "gate.mp4", "gate.zip"):
        if name in command:
            assert (tmp_path / name).stat().st_size > 500
    if "info" in command:
        assert device.serial in output
    if "diff" in command:
        assert "ntp.example.net" in output
