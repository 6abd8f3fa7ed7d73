"""Every program of examples/ does what it says."""

from __future__ import annotations

import asyncio
import re
import signal
import stat
import wave
import zipfile
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import av
import pytest

from dvrip_proto import Device
from dvrip_proto.simulator import Simulator
from dvrip_proto.wire.ids import MessageId

from .conftest import PASSWORD, ROOT, environment, line, ran, started

EXAMPLES = ROOT / "examples"


def program(name: str, device: Simulator, *words: object) -> tuple[object, ...]:
    return (EXAMPLES / f"{name}.py", "--port", device.port, *words)


@pytest.fixture
async def device() -> AsyncIterator[Simulator]:
    async with Simulator(
        profile="nvr", users={"admin": PASSWORD}, videos=["scene:h264", "scene:h265"]
    ) as simulator:
        await simulator.prepare_media()
        yield simulator


@pytest.fixture
async def camera() -> AsyncIterator[Simulator]:
    async with Simulator(users={"admin": PASSWORD}) as simulator:
        yield simulator


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_the_list_of_examples_is_whole() -> None:
    listed = re.findall(r"^\| \[(\w+)\.py\]\(\1\.py\) \|", (EXAMPLES / "README.md").read_text(), re.MULTILINE)
    assert sorted([*listed, "options"]) == sorted(path.stem for path in EXAMPLES.glob("*.py"))
    tested = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in listed if f'program("{name}"' not in tested] == []


@pytest.mark.parametrize("name", sorted(path.stem for path in EXAMPLES.glob("*.py")))
async def test_it_says_how_it_is_used(name: str, tmp_path: Path) -> None:
    if name != "options":
        output = await ran(EXAMPLES / f"{name}.py", "--help", cwd=tmp_path)
        assert output.startswith(f"usage: {name}.py")


async def test_a_snapshot_of_a_camera_and_of_a_recorder(
    device: Simulator, camera: Simulator, tmp_path: Path
) -> None:
    for number, simulator in enumerate((device, camera)):
        file = tmp_path / f"{number}.jpg"
        output = await ran(*program("snapshot", simulator, simulator.host, file), cwd=tmp_path)
        assert simulator.serial in output
        with av.open(str(file)) as picture:
            assert next(picture.decode(video=0)).width >= 320


async def test_a_wrong_password_is_one_line(camera: Simulator, tmp_path: Path) -> None:
    words = program("snapshot", camera, camera.host, tmp_path / "x.jpg")
    output = await ran(*words, cwd=tmp_path, env=environment(DVRIP_PASSWORD="wrong"), code=1)
    assert output == f"error: {camera.host}:{camera.port}: login refused: wrong password (Ret 203)\n"
    assert _names(tmp_path) == []


async def test_motion_is_told_through_a_restart(device: Simulator, tmp_path: Path) -> None:
    async with started(*program("motion", device, device.host), cwd=tmp_path) as process:
        assert await line(process) == f"watching {device.host}"
        device.raise_alarm(1, "VideoMotion")
        assert re.fullmatch(r"\d\d:\d\d:\d\d channel 2: motion begins", await line(process))
        device.drop_connections()
        assert (await line(process)).startswith("away: ")
        assert await line(process) == f"watching {device.host}"
        device.raise_alarm(1, "VideoMotion", active=False)
        assert (await line(process)).endswith("channel 2: motion ends")
        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(20):
            assert await process.wait() == 130


async def test_live_video_becomes_an_mp4(device: Simulator, tmp_path: Path) -> None:
    file = tmp_path / "gate.mp4"
    words = program("record", device, device.host, file, "--seconds", 1.5, "--small")
    assert "h264 with sound" in await ran(*words, cwd=tmp_path)
    with av.open(str(file)) as video:
        assert {stream.type for stream in video.streams} == {"video", "audio"}
        assert sum(1 for _ in video.decode(video=0)) >= 5
    assert _names(tmp_path) == ["gate.mp4"]


async def test_last_night_comes_home_once(device: Simulator, tmp_path: Path) -> None:
    yesterday = device.state.clock.now().replace(hour=23, minute=0, second=0, microsecond=0) - timedelta(
        days=1
    )
    device.archive.add(0, yesterday, yesterday + timedelta(seconds=10), event="M")
    async with Device(device.host, device.port, password=PASSWORD) as client:
        day = (await client.system.time()).date()
        begin, end = (
            datetime.combine(day - timedelta(days=1), datetime.min.time()) + timedelta(hours=h)
            for h in (18, 32)
        )
        found = [
            entry
            async for entry in client.recordings.search(begin, end, events={"M"})
            if entry.size_kib < 4096
        ]
    assert found
    smallest = min(found, key=lambda entry: entry.size_kib)
    assert smallest.begin is not None
    # The evening begins within the one recording that is wanted; the morning ends it.
    night = ("--evening", f"{smallest.begin:%H:%M:%S}", "--morning", f"{end:%H:%M}", "--motion")
    if smallest.begin.date() == day:
        night = (
            "--evening",
            "23:59:59",
            "--morning",
            f"{smallest.begin + timedelta(seconds=1):%H:%M:%S}",
            "--motion",
        )
    folder = tmp_path / "night"
    first = await ran(*program("last_night", device, device.host, folder, *night), cwd=tmp_path)
    files = sorted(folder.iterdir())
    assert f"{smallest.begin:%Y-%m-%d_%H-%M-%S}.h264" in [file.name for file in files]
    assert first.count(" bytes") == len(files)
    assert all(file.suffix == ".h264" and file.stat().st_size > 1000 for file in files)
    second = await ran(*program("last_night", device, device.host, folder, *night), cwd=tmp_path)
    assert " bytes" not in second


async def test_a_tour_of_presets(camera: Simulator, tmp_path: Path) -> None:
    async with Device(camera.host, camera.port, password=PASSWORD) as client:
        for number in (3, 7):
            await client.ptz.set_preset(number)
    words = program("ptz_tour", camera, camera.host, 3, 7, "--stay", 0.05, "--rounds", 2)
    output = await ran(*words, cwd=tmp_path)
    assert output.split("\n")[:-1] == ["preset 3", "preset 7", "preset 3", "preset 7"]
    gone = [entry for entry in camera.ptz[0].history if "GotoPreset" in str(entry)]
    assert len(gone) == 4
    assert camera.ptz[0].preset == 7


async def test_clocks_are_set_and_a_failure_stops_nothing(tmp_path: Path) -> None:
    wrong = (datetime.now() - timedelta(hours=3)).strftime("%Y-%m-%d %H:%M:%S")
    async with (
        Simulator(bind="127.0.0.23", users={"admin": PASSWORD}) as first,
        Simulator(bind="127.0.0.24", port=first.port, users={"admin": PASSWORD}) as second,
    ):
        for each in (first, second):
            assert each.state.clock.set_local(wrong)
        hosts = (first.host, "127.0.0.25", second.host)
        output = await ran(*program("sync_clocks", first, *hosts, "--parallel", 2), cwd=tmp_path, code=1)
        assert {"127.0.0.23 was set", "127.0.0.24 was set"} <= set(output.splitlines())
        assert f"failed: 127.0.0.25:{first.port}: connection refused" in output
        again = await ran(*program("sync_clocks", first, first.host, second.host), cwd=tmp_path)
        assert sorted(again.splitlines()) == ["127.0.0.23 was right", "127.0.0.24 was right"]
        assert abs(first.state.clock.error_s) < 5


async def test_the_configuration_of_a_fleet_is_saved(tmp_path: Path) -> None:
    async with (
        Simulator(bind="127.0.0.23", users={"admin": PASSWORD}) as first,
        Simulator(bind="127.0.0.24", port=first.port, profile="nvr", users={"admin": PASSWORD}) as second,
    ):
        folder = tmp_path / "fleet"
        output = await ran(*program("backup_fleet", first, folder, first.host, second.host), cwd=tmp_path)
        assert output.count(" bytes") == 2
        for each in (first, second):
            file = folder / f"{each.serial}.zip"
            assert zipfile.ZipFile(file).testzip() is None
            assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_an_account_that_only_watches_is_added_once(device: Simulator, tmp_path: Path) -> None:
    words = program("add_user", device, device.host, "guard", "--channel", 2)
    env = environment(DVRIP_NEW_PASSWORD="n3w word")
    first = await ran(*words, cwd=tmp_path, env=env)
    assert first.endswith("changed\n")
    assert "n3w word" not in first
    async with Device(device.host, device.port, username="guard", password="n3w word") as client:
        assert client.login_reply.channel_count == 4
    assert device.state.users["guard"]["AuthorityList"] == ["Monitor_02"]
    changes = sum(asked == MessageId.USER_ADD for asked, _, _ in device.requests)
    assert (await ran(*words, cwd=tmp_path, env=env)).endswith("nothing to change\n")
    assert changes == 1
    assert sum(asked in (MessageId.USER_ADD, MessageId.USER_MODIFY) for asked, _, _ in device.requests) == 1
    assert "set DVRIP_NEW_PASSWORD" in await ran(*words, cwd=tmp_path, code=1)


async def test_players_read_the_relay(device: Simulator, tmp_path: Path) -> None:
    words = program("relay", device, device.host, "--rtsp-port", 0)
    async with started(*words, cwd=tmp_path) as process:
        said = [await line(process) for _ in range(3)]
        assert said[0] == f"connected to {device.host}"
        assert all(
            re.fullmatch(r"rtsp://dvrip:[\w-]+@127\.0\.0\.1:\d+/1/(main|sub)", url) for url in said[1:]
        )

        def watch() -> int:
            with av.open(said[2], options={"rtsp_transport": "tcp"}, timeout=20) as video:
                return next(video.decode(video=0)).width

        assert await asyncio.to_thread(watch) > 0
        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(20):
            assert await process.wait() == 130


async def test_a_sound_is_said(camera: Simulator, tmp_path: Path) -> None:
    file = tmp_path / "bell.wav"
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(8000))
    assert await ran(*program("say", camera, camera.host, file), cwd=tmp_path) == "said 0.5 s\n"
    assert camera._unit.talk.heard_bytes >= 4000
    words = program("say", camera, camera.host, EXAMPLES / "say.py")
    assert await ran_badly(words, tmp_path) != 0


async def ran_badly(words: tuple[object, ...], cwd: Path) -> int:
    async with started(*words, cwd=cwd) as process:
        await process.communicate()
    assert process.returncode is not None
    return process.returncode
