"""`dvrip relay` of many devices: names, samples, devices that are away, devices that refuse."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from unittest.mock import Mock

import pytest
import yaml

import dvrip_proto
from dvrip_proto.cli.commands import relay as relay_command
from dvrip_proto.cli.fleet import Place
from dvrip_proto.cli.serving import named
from dvrip_proto.errors import AuthenticationError, DvripError, ProtocolError, UsageError
from dvrip_proto.relay import Relay
from dvrip_proto.simulator import Simulator
from tests import hostile

from .conftest import PASSWORD, Dvrip
from .test_relay import TOKEN, connected

GATE, YARD, DOOR = "127.0.63.1", "127.0.63.2", "127.0.63.3"


@asynccontextmanager
async def relay(*words: object) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "dvrip_proto", "relay", *map(str, words), "--rtsp-port", "0"),
        env=os.environ
        | {
            "PYTHONPATH": str(Path(dvrip_proto.__file__).parent.parent),
            "DVRIP_PASSWORD": PASSWORD,
            "DVRIP_RELAY_TOKEN": TOKEN,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


async def said(process: asyncio.subprocess.Process, text: str) -> str:
    assert process.stderr is not None
    async with asyncio.timeout(60):
        while text not in (line := (await process.stderr.readline()).decode()):
            assert line, f"ended without {text!r}"
    return line


async def told(process: asyncio.subprocess.Process) -> list[dict[str, str]]:
    assert process.stdout is not None
    text = b""
    async with asyncio.timeout(60):
        while not text.rstrip().endswith(b"]"):
            text += await process.stdout.readline()
    found: list[dict[str, str]] = json.loads(text)
    return found


async def test_three_devices_have_their_names_and_one_session_a_stream() -> None:
    async with AsyncExitStack() as stack:
        devices = [
            await stack.enter_async_context(
                Simulator(profile="ipc", bind=host, users={"admin": PASSWORD}, videos=["scene:h264"])
            )
            for host in (GATE, YARD, DOOR)
        ]
        words = [f"{name}={each.host}:{each.port}" for name, each in zip("abc", devices, strict=True)]
        process = await stack.enter_async_context(relay(*words, "--json"))
        entries = await told(process)
        assert [(e["device"], e["channel"], e["stream"]) for e in entries] == [
            (name, 1, stream) for name in "abc" for stream in ("main", "sub")
        ]
        for number, device in enumerate(devices):
            url = entries[2 * number]["url"]
            assert url.endswith(f"/{'abc'[number]}/main")
            async with connected(url) as (first, path), connected(url) as (second, _):
                assert (await first.ask("DESCRIBE", path))[0] == 200
                assert (await second.ask("DESCRIBE", path.replace("/main", "/1/main")))[0] == 200
            assert device.monitors_started == {(0, "Main"): 1}


async def test_it_starts_without_the_device_and_says_when_it_is_away_and_back() -> None:
    async with Simulator(
        profile="ipc", bind=GATE, users={"admin": PASSWORD}, videos=["scene:h264"]
    ) as device:
        port = device.port
    async with relay(f"gate={GATE}:{port}", "--json") as process:
        away = await said(process, "gate: ")
        assert "connection refused" in away
        assert "away since" in away
        url = (await told(process))[0]["url"]
        async with connected(url) as (client, path):
            assert (await client.ask("DESCRIBE", path))[0] == 503
        async with Simulator(
            profile="ipc", bind=GATE, port=port, users={"admin": PASSWORD}, videos=["scene:h264"]
        ):
            assert "gate: back at" in await said(process, "back")
            async with connected(url) as (client, path):
                assert (await client.ask("DESCRIBE", path))[0] == 200


async def test_a_wrong_password_ends_that_device_alone_and_the_last_ends_it_with_3(dvrip: Dvrip) -> None:
    async with (
        Simulator(profile="ipc", bind=GATE, users={"admin": PASSWORD}) as good,
        Simulator(profile="ipc", bind=YARD, users={"admin": "another"}) as bad,
    ):
        words = f"gate={GATE}:{good.port}", f"yard={YARD}:{bad.port}"
        async with relay(*words, "--json") as process:
            assert {entry["device"] for entry in await told(process)} == {"gate"}
            assert "wrong password" in await said(process, "yard: ")
            assert process.returncode is None
        shown = await dvrip("relay", words[1], "--rtsp-port", 0)
        assert (shown.code, shown.out) == (3, "")
        assert shown.err.startswith("dvrip: yard: ")
        assert len([1 for message_id, _, _ in bad.requests if message_id == 1000]) == 2


async def test_what_is_no_device_ends_it(dvrip: Dvrip) -> None:
    async with hostile.http() as (host, port):
        shown = await dvrip("relay", f"{host}:{port}", "--rtsp-port", 0, "--timeout", 1)
    assert (shown.code, shown.out, shown.err.count("\n")) == (5, "", 1)


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        (AuthenticationError, AuthenticationError, 3),
        (AuthenticationError, UsageError, 3),
        (AuthenticationError, ProtocolError, 3),
        (ProtocolError, UsageError, 5),
    ],
)
async def test_a_device_that_ends_while_another_is_forgotten_is_not_overlooked_and_a_refusal_is_told(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    first: type[DvripError],
    second: type[DvripError],
    code: int,
) -> None:
    both: list[Ending] = []

    class Ending:
        """The first ends soon, the second while the first is let go."""

        def __init__(self, name: str, *_more: object, on_end: Callable[[], None], **_others: object) -> None:
            self.name, self.paths = name, ()
            self.error: DvripError | None = None
            self._on_end = on_end
            both.append(self)

        async def start(self) -> None:
            if self is both[0]:
                asyncio.get_running_loop().call_later(0.02, self.end)

        def end(self) -> None:
            self.error = (first if self is both[0] else second)(f"{self.name}: over")
            self._on_end()

        def told(self) -> str:
            return str(self.error)

        async def stop(self) -> None:
            if both[1].error is None:
                both[1].end()

    monkeypatch.setattr(relay_command, "Serving", Ending)
    monkeypatch.setattr(relay_command, "stop_signal", asyncio.Event)
    devices, nothing = {"gate": None, "yard": None}, Mock()
    async with asyncio.timeout(5):
        ended_with = await relay_command._serve(devices, nothing, Relay(), nothing, nothing, ("127.0.0.1", 0))
    assert ended_with == code
    assert capsys.readouterr().err.splitlines() == ["dvrip: gate: over", "dvrip: yard: over"]


@pytest.mark.parametrize("form", ["go2rtc", "frigate"])
async def test_samples_are_yaml_with_every_stream(form: str) -> None:
    async with Simulator(profile="hvr", bind=GATE, users={"admin": PASSWORD}, channels=2) as device:
        async with relay(f"gate={GATE}:{device.port}", "--format", form) as process:
            assert process.stdout is not None
            text = b""
            last = b"/gate/2/sub" if form == "go2rtc" else b"detect]"
            async with asyncio.timeout(60):
                while text.count(last) < (1 if form == "go2rtc" else 2):
                    text += await process.stdout.readline()
        tree = yaml.safe_load(text)
    streams = (tree["go2rtc"] if form == "frigate" else tree)["streams"]
    assert list(streams) == ["gate", "gate_sub", "gate_2", "gate_2_sub"]
    assert streams["gate_2"][0].endswith("/gate/2/main")
    if form == "frigate":
        inputs = tree["cameras"]["gate_2"]["ffmpeg"]["inputs"]
        assert [(each["path"], each["roles"]) for each in inputs] == [
            ("rtsp://127.0.0.1:8554/gate_2", ["record"]),
            ("rtsp://127.0.0.1:8554/gate_2_sub", ["detect"]),
        ]


def test_names_are_given_or_follow_from_addresses(tmp_path: Path) -> None:
    file = tmp_path / "cameras.txt"
    (tmp_path / "secret").write_text("own\n")
    file.write_text("gate=192.168.1.10 secret\noperator@192.168.1.11\n")
    assert named([f"@{file}"]) == {
        "gate": Place(host="192.168.1.10", password="own"),
        "192.168.1.11": Place(host="operator@192.168.1.11"),
    }
    assert list(named(["192.168.1.10"])) == [""]
    assert list(named(["gate=192.168.1.10"])) == ["gate"]
    for wrong in (["a=192.168.1.1", "a=192.168.1.2"], ["1=192.168.1.1"], ["a/b=192.168.1.1"]):
        with pytest.raises(UsageError):
            named(wrong)
