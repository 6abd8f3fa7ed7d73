"""Whatever stands at the other end: one line, the right exit code, in time."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

import dvrip_proto
from tests import hostile

from .conftest import PASSWORD, Dvrip, finish, start

TIMEOUT_S = 0.6
CHECK = "Check the user name and the password; devices lock an account after a few wrong passwords."

TABLE = [
    (hostile.silent, 4, "no reply to the login within 0.6 s"),
    (hostile.http, 5, "HTTP"),
    (hostile.closes_at_once, 4, "connection"),
    (hostile.closes_mid_reply, 4, "clos"),
    (hostile.stalls_mid_reply, 4, "within 0.6 s"),
    (hostile.garbage, 5, ""),
    (hostile.resets, 4, ""),
    (hostile.huge, 5, ""),
    (hostile.encrypted, 1, "encrypt"),
    (hostile.answers_login_only, 4, "within 0.6 s"),
    (hostile.closes_after_login, 4, "clos"),
    (hostile.unreachable, 4, "0.6 s"),
]
ONE_CONNECTION = {hostile.answers_login_only, hostile.closes_after_login}
COMMANDS: list[tuple[str, ...]] = [
    ("info", "{at}"),
    ("config", "get", "{at}", "NetWork.NetCommon"),
    ("config", "set", "{at}", "NetWork.NetCommon", "HostName=x"),
    ("users", "{at}"),
    ("time", "{at}"),
    ("record", "{at}", "x.h264", "--seconds", "1"),
    ("relay", "{at}", "--rtsp-port", "0"),
]


@pytest.mark.parametrize(("peer", "code", "text"), TABLE, ids=[peer.__name__ for peer, _, _ in TABLE])
async def test_every_peer_is_survived(
    dvrip: Dvrip,
    peer: Callable[[], AbstractAsyncContextManager[tuple[str, int]]],
    code: int,
    text: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    async with peer() as (host, port):
        at = f"{host}:{port}"
        for words in COMMANDS:
            if words[0] == "record" and peer in ONE_CONNECTION:
                continue
            if words[0] == "relay" and code == 4:
                continue  # it waits for a device that is away
            started = asyncio.get_running_loop().time()
            shown = await dvrip(*(word.format(at=at) for word in words), "--timeout", TIMEOUT_S)
            took_s = asyncio.get_running_loop().time() - started
            assert shown.code == code, (words, shown.err)
            assert shown.err.startswith(f"dvrip: {at}: "), words
            assert shown.err.count("\n") == 1, words
            assert text in shown.err, words
            assert shown.out == "", words
            assert took_s < 60, words  # nothing waits for ever; how fast the machine is says nothing
    assert _is_empty(tmp_path), "nothing half-written"


def _is_empty(folder: Path) -> bool:
    return not any(folder.iterdir())


@pytest.mark.parametrize(("ret", "code"), [(203, 3), (106, 3), (205, 3), (206, 3), (104, 1), (107, 3)])
async def test_a_refused_login(dvrip: Dvrip, ret: int, code: int) -> None:
    async with hostile.refuses_login(ret) as (host, port):
        shown = await dvrip("info", f"{host}:{port}", "--timeout", TIMEOUT_S)
    assert shown.code == code
    assert shown.err.startswith(f"dvrip: {host}:{port}: login refused: ")
    assert f"Ret {ret}" in shown.err


async def test_a_wrong_password(dvrip: Dvrip, at: str) -> None:
    shown = await dvrip("info", at, password="wrong one")
    assert (shown.code, shown.out) == (3, "")
    assert shown.err == f"dvrip: {at}: login refused: wrong password (Ret 203). {CHECK}\n"
    assert "wrong one" not in shown.err


async def test_nothing_listens(dvrip: Dvrip) -> None:
    with hostile.refused_port() as port:
        shown = await dvrip("info", f"127.0.0.1:{port}")
    assert shown.code == 4
    assert shown.err == f"dvrip: 127.0.0.1:{port}: connection refused: nothing listens on this port\n"


@pytest.mark.parametrize("host", ["", ":", "host:", "host:0", "host:65536", "host:x", "[::1]:x", "[]"])
async def test_what_is_no_address(dvrip: Dvrip, host: str) -> None:
    shown = await dvrip("info", host)
    assert shown.code == 2
    assert repr(host) in shown.err


async def test_where_the_password_comes_from(dvrip: Dvrip, at: str, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\nnot this\n")
    assert (await dvrip("info", at, "--password-file", file, password="wrong")).code == 0
    assert (await dvrip("info", at, password=PASSWORD)).code == 0
    shown = await dvrip("info", at, password=None)
    assert (shown.code, shown.err) == (2, "dvrip: no password: set DVRIP_PASSWORD or give --password-file\n")
    shown = await dvrip("info", at, "--password-file", tmp_path / "none")
    assert (shown.code, "No such file" in shown.err) == (2, True)
    assert (await dvrip("info", at, "--user", "nobody")).code == 3


async def test_at_a_terminal_it_asks_and_does_not_echo(at: str) -> None:
    ours, theirs = pty.openpty()
    try:
        process = await start("info", at, "--json", password=None, terminal=theirs)
        asked = await asyncio.to_thread(os.read, ours, 100)
        assert asked == b"Password of admin: "
        os.write(ours, f"{PASSWORD}\n".encode())
        async with asyncio.timeout(20):
            out, _ = await process.communicate()
        assert process.returncode == 0
        assert json.loads(out)["host"] == at
        assert PASSWORD.encode() not in await asyncio.to_thread(os.read, ours, 1000)
    finally:
        os.close(ours)
        os.close(theirs)


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("nonsense",),
        ("info",),
        ("info", "host", "--port", "0"),
        ("info", "host", "--timeout", "0"),
        ("info", "@/nonexistent/hosts"),
        ("record", "host", "file.avi"),
        ("record", "host", "/nonexistent/file.mp4"),
        ("ptz", "host"),
        ("time", "host", "--tolerance", "-1"),
    ],
)
async def test_wrong_use_is_found_before_anything_is_sent(dvrip: Dvrip, words: tuple[str, ...]) -> None:
    assert (await dvrip(*words)).code == 2


async def test_help_names_the_exit_codes(dvrip: Dvrip) -> None:
    shown = await dvrip("--help")
    assert shown.code == 0
    text = " ".join(shown.out.split())
    assert "Exit codes: 0 done, 1 the device said no, 2 wrong use, 3 wrong user or password" in text
    for command in ("info", "config", "simulate", "relay"):
        assert (await dvrip(command, "--help")).code == 0


async def test_as_a_process(at: str) -> None:
    done = await finish(await start("info", at, "--json"))
    assert (done.code, done.err) == (0, "")
    refused = await finish(await start("info", at, password="wrong"))
    assert (refused.code, refused.out) == (3, "")
    assert refused.err == f"dvrip: {at}: login refused: wrong password (Ret 203). {CHECK}\n"


async def test_a_reader_that_goes_away_is_no_traceback() -> None:
    process = await start("config", "list")
    assert process.stdout is not None
    process.stdout._transport.close()  # the pipe's only end
    with contextlib.suppress(BrokenPipeError, ConnectionError):
        assert process.stderr is not None
        async with asyncio.timeout(20):
            assert b"Traceback" not in await process.stderr.read()
            await process.wait()


@pytest.mark.parametrize("missing", ["typer", "rich"])
def test_without_the_extra_it_says_what_to_install(missing: str) -> None:
    program = f"import sys; sys.modules[{missing!r}] = None; from dvrip_proto.cli import main; main()"
    library = str(Path(dvrip_proto.__file__).parent.parent)
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": library},
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"dvrip: {missing} is not installed: pip install 'dvrip-proto[cli]'\n"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("snapshot", "{at}", "x.jpg", "-c", 9), "{at}: there is no channel 9, the device has 4"),
        (("record", "{at}", "x.h264", "-c", 9), "{at}: there is no channel 9, the device has 4"),
        (("ptz", "{at}", "left", "-c", 9), "{at}: there is no channel 9, the device has 4"),
        (("recordings", "list", "{at}", "-c", 9), "{at}: there is no channel 9, the device has 4"),
        (
            ("config", "get", "{at}", "Detect.MotionDetect", "-c", 9),
            "{at}: Detect.MotionDetect: there is no channel 9, the device has 4",
        ),
        (
            ("config", "set", "{at}", "Detect.MotionDetect", "Level=99"),
            "{at}: Detect.MotionDetect channel 1: Level: 99 is not possible, it must be a whole number from 1 to 6",
        ),
    ],
)
async def test_channels_are_counted_from_one(
    dvrip: Dvrip, at: str, words: tuple[str, ...], text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = await dvrip(*(str(word).format(at=at) for word in words))
    assert (shown.code, shown.out, shown.err) == (2, "", f"dvrip: {text.format(at=at)}\n")
    assert _is_empty(tmp_path)


async def test_a_misspelt_object_is_known_to_be_one(dvrip: Dvrip, at: str) -> None:
    shown = await dvrip("config", "get", at, "NetWork.NetComon")
    assert shown.code == 1
    assert (
        f"{at}: NetWork.NetComon (did you mean 'NetWork.NetCommon'?): the configuration does not" in shown.err
    )


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("recordings", "list", "host", "--from", "2026-13-01"), "'2026-13-01' is no time such as"),
        (("recordings", "list", "host", "--day", "2026-11-20 08:00"), "'2026-11-20 08:00' is no day such as"),
        (("recordings", "days", "host", "--month", "11"), "'11' is no month such as 2026-11"),
    ],
)
async def test_a_time_that_is_none(dvrip: Dvrip, words: tuple[str, ...], text: str) -> None:
    shown = await dvrip(*words)
    assert shown.code == 2
    assert text in shown.err
