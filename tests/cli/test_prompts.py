"""Ctrl-C at a question ends the command at once, and whatever a device is called can be printed."""

from __future__ import annotations

import asyncio
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from dvrip_proto import Device
from dvrip_proto.simulator import Simulator

DVRIP = str(Path(sys.executable).with_name("dvrip"))
PASSWORD = "s3cret pass"


def _interrupted_at(
    question: bytes, *words: str, password: str | None, typed: bytes = b"\x03"
) -> tuple[int, bytes]:
    """Exit code and what stood on the terminal after Ctrl-C, or what else is typed, at a question."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DVRIP_")}
    if password is not None:
        environment["DVRIP_PASSWORD"] = password
    terminal, own = pty.openpty()
    command = ["setsid", "--ctty", "--wait", DVRIP, *words]  # Ctrl-C reaches who has the terminal for its own
    with subprocess.Popen(command, stdin=own, stdout=own, stderr=own, env=environment) as process:
        os.close(own)
        shown = b""
        try:
            while question not in shown:
                shown += os.read(terminal, 4096)
            os.write(terminal, typed)
            while True:
                shown += os.read(terminal, 4096)
        except OSError:  # Linux says EIO when the last process has left the terminal
            pass
        finally:
            os.close(terminal)
        return process.wait(), shown


async def test_ctrl_c_at_the_password_ends_the_command(device: Simulator, at: str) -> None:
    code, shown = await asyncio.to_thread(_interrupted_at, b"Password of admin: ", "info", at, password=None)
    assert code == 130, shown
    assert b"Traceback" not in shown


@pytest.mark.parametrize("words", [("reboot",), ("logs", "--clear")], ids=" ".join)
async def test_ctrl_c_at_a_yes_or_no_changes_nothing(
    device: Simulator, at: str, words: tuple[str, ...]
) -> None:
    code, shown = await asyncio.to_thread(
        _interrupted_at, b"[y/N]", words[0], at, *words[1:], password=PASSWORD
    )
    assert code == 130, shown
    assert b"Traceback" not in shown


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["text", "json"])
async def test_a_no_changes_nothing_and_is_no_refusal_of_the_device(
    device: Simulator, at: str, form: tuple[str, ...]
) -> None:
    code, shown = await asyncio.to_thread(
        _interrupted_at, b"[y/N]", "reboot", at, *form, password=PASSWORD, typed=b"n\n"
    )
    assert code == 130, shown
    assert b"dvrip: nothing was done\r\n" in shown
    assert (b'{"error": "nothing was done", "exit_code": 130}' in shown) is bool(form)
    assert not any(name == "OPMachine" for _, name, _ in device.requests)


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", None])
@pytest.mark.parametrize("form", [(), ("--json",)], ids=["text", "json"])
async def test_a_name_in_any_script_is_printed_whatever_the_encoding(
    encoding: str | None, form: tuple[str, ...]
) -> None:
    async with Simulator(users={"admin": PASSWORD}, profile="ipc") as camera:
        environment = {**os.environ, "DVRIP_PASSWORD": PASSWORD, "PYTHONUTF8": "0", "LC_ALL": "C"}
        environment.pop("PYTHONIOENCODING", None)
        if encoding is not None:
            environment["PYTHONIOENCODING"] = encoding
        at = f"{camera.host}:{camera.port}"
        async with Device(camera.host, camera.port, password=PASSWORD) as device:
            await device.settings.ensure("ChannelTitle", ["Tür 門"])
        done = await asyncio.to_thread(
            subprocess.run,
            [DVRIP, "config", "get", at, "ChannelTitle", *form],
            env=environment,
            capture_output=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    assert (b"T\xc3\xbcr \xe9\x96\x80" if encoding is None else b"r \\u9580") in done.stdout
