"""The simulator as a program: ready lines, signals, errors, motion on a schedule, the control API."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from dvrip_proto.errors import UsageError
from dvrip_proto.simulator import Fleet, Simulator
from dvrip_proto.simulator.control import Control
from dvrip_proto.simulator.fleet import addresses
from dvrip_proto.simulator.motion import move
from dvrip_proto.simulator.run import Options, simulate
from tests.simulator.raw import Raw, until, watch

type Process = asyncio.subprocess.Process


@asynccontextmanager
async def started(*arguments: str) -> AsyncIterator[Process]:
    """The program in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *("dvrip_proto", "simulate"),
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def line(process: Process) -> str:
    assert process.stdout is not None
    return (await asyncio.wait_for(process.stdout.readline(), 60)).decode()


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_it_says_when_it_is_ready_and_ends_cleanly(number: signal.Signals) -> None:
    arguments = (
        "--port",
        "0",
        "--discovery-port",
        "0",
        "--count",
        "2",
        "--bind",
        "127.0.0.70",
        "--password",
        "s3cret",
    )
    async with started(
        *arguments, "--control", "127.0.0.1:0", "--profile", "nvr", "--channels", "3"
    ) as process:
        first, second = await line(process), await line(process)
        words = first.split()
        assert words[0] == "ready"
        assert words[1].startswith("127.0.0.70:")
        assert words[3:5] == ["profile=nvr", "channels=3"]
        assert words[5].startswith("control=http://127.0.0.1:")
        assert second.split()[1].startswith("127.0.0.71:")
        assert second.split()[2] != words[2]
        _, port = words[1].split(":")
        reader, writer = await asyncio.open_connection("127.0.0.70", int(port))
        process.send_signal(number)
        out, err = await asyncio.wait_for(process.communicate(), 5)
        assert (process.returncode, out, err) == (0, b"", b"")
        assert await reader.read() == b""
        writer.close()


def _handles(pid: int, number: int) -> bool:
    """Whether a program has come so far that it handles a signal."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    caught = next(line for line in lines if line.startswith("SigCgt"))
    return bool(int(caught.split()[1], 16) >> (number - 1) & 1)


async def test_it_can_be_stopped_while_it_prepares_video(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    async with started("--port", "0", "--discovery-port", "0", "--video", "scene:h265") as process:
        await until(lambda: _handles(process.pid, signal.SIGTERM), 60)
        process.send_signal(signal.SIGTERM)
        out, err = await asyncio.wait_for(process.communicate(), 30)
        assert (process.returncode, out, err) == (0, b"", b"")
    assert not files_below(tmp_path)


async def test_the_command_line_tool_runs_it_too(unused_tcp_port: int) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "dvrip_proto", "simulate", "--bind", "127.0.0.78", "--port", str(unused_tcp_port)),
        *("--discovery-port", "0", "--profile", "nvr", "--channels", "2", "--motion-every", "9"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    words = (await line(process)).split()
    assert words[:2] == ["ready", f"127.0.0.78:{unused_tcp_port}"]
    assert words[3:] == ["profile=nvr", "channels=2"]
    process.send_signal(signal.SIGINT)
    out, err = await asyncio.wait_for(process.communicate(), 5)
    assert (process.returncode, out, err) == (0, b"", b"")


async def test_serial_numbers_are_the_same_the_next_time(unused_tcp_port: int) -> None:
    arguments = ("--port", str(unused_tcp_port), "--discovery-port", "0", "--bind", "127.0.0.72")
    seen = set()
    for _ in range(2):
        async with started(*arguments) as process:
            seen.add((await line(process)).split()[2])
    assert len(seen) == 1


async def test_a_big_fleet_is_up_in_a_moment() -> None:
    started_at = time.monotonic()
    async with Fleet(100, bind="127.0.1.1", port=0, discovery_port=0) as devices:
        assert time.monotonic() - started_at < 5
        assert len({device.serial for device in devices.devices}) == 100


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (Options(port=70000), "port: 70000 is not between 0 and 65535"),
        (
            Options(profile="toaster"),
            "profile toaster: not one of hi3516, hvr, ipc, nbd80n36ra, nvr, r80x30, xm210 and not a .json file",
        ),
        (Options(profile="missing.json"), "profile missing.json: No such file or directory"),
        (Options(videos=("missing.mp4",)), "video missing.mp4: no such file"),
        (Options(bind="localhost"), "bind: 'localhost' is no IPv4 address"),
        (
            Options(bind="127.255.255.250", count=9),
            "count: 9 devices from 127.255.255.250 on leave the loopback network",
        ),
        (Options(bind="192.0.2.1", count=2), "count: 2 devices from 192.0.2.1 on leave the loopback network"),
        (Options(count=0), "count: 0 is not at least 1"),
        (Options(channels=0), "channels: 0 is not between 1 and 128"),
        (Options(user=""), "user: a name is needed"),
        (Options(motion_every_s=2, motion_for_s=3), "motion: every 2 s for 3 s never ends"),
        (Options(motion_every_s=-1), "motion: times are not negative"),
        (Options(motion_chance=1.5), "motion-chance: 1.5 is not between 0 and 1"),
        (Options(control="here"), "control: 'here' is not HOST:PORT"),
        (
            Options(control="192.0.2.1:80"),
            "control: 192.0.2.1 is not a loopback address, and this API asks for no password",
        ),
    ],
)
def test_options_that_cannot_work_are_told(options: Options, complaint: str) -> None:
    told: list[str] = []
    assert simulate(options, say=told.append, complain=told.append) == 2
    assert told == [complaint]


def test_ports_in_use_are_told() -> None:
    for kind, what in ((socket.SOCK_STREAM, ""), (socket.SOCK_DGRAM, " (UDP)")):
        with socket.socket(socket.AF_INET, kind) as taken:
            taken.bind(("127.0.0.73", 0))
            if kind is socket.SOCK_STREAM:
                taken.listen()
            port = taken.getsockname()[1]
            options = Options(bind="127.0.0.73", port=0 if what else port, discovery_port=port if what else 0)
            told: list[str] = []
            assert simulate(options, say=told.append, complain=told.append) == 2
            assert told == [f"127.0.0.73:{port}: is in use already{what}"]


async def test_an_address_of_another_computer_is_told_in_words() -> None:
    with pytest.raises(UsageError, match=r"^192\.0\.2\.1:34567: is no address of this computer$"):
        async with Simulator(bind="192.0.2.1", port=34567):
            pass


async def test_a_control_port_in_use_is_told_in_words() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.73", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=rf"^127\.0\.0\.73:{port}: is in use already \(control API\)$"):
            await Control(Fleet(1), "127.0.0.73", port).start()


def test_a_password_is_never_shown() -> None:
    assert "s3cret" not in repr(Options(password="s3cret"))
    assert "s3cret" not in repr(Simulator(users={"admin": "s3cret"}))


def test_addresses_follow_each_other() -> None:
    assert addresses("127.0.0.254", 3) == ["127.0.0.254", "127.0.0.255", "127.0.1.0"]


async def test_motion_comes_and_goes_on_schedule(device: Simulator, client: Raw) -> None:
    await client.ask(1500, b"")
    moving = asyncio.create_task(move(device, every_s=0.3, for_s=0.1))
    events = [(await client.receive()).json["AlarmInfo"] for _ in range(4)]
    assert [event["Status"] for event in events] == ["Start", "Stop", "Start", "Stop"]
    assert await client.put("Detect.MotionDetect.[0].Enable", False) == 100
    await client.until_silent(0.5)
    assert await client.is_silent(0.5)
    moving.cancel()


@pytest.fixture
async def fleet() -> AsyncIterator[Fleet]:
    async with Fleet(2, bind="127.0.0.74", port=0, profile="nvr", users={"admin": "s3cret"}) as devices:
        yield devices


type Call = Callable[..., Any]


@pytest.fixture
async def api(fleet: Fleet) -> AsyncIterator[Call]:
    control = Control(fleet, "127.0.0.1", 0)
    await control.start()
    async with aiohttp.ClientSession() as session:

        async def call(method: str, path: str, body: object = None, *, status: int = 200) -> Any:
            async with session.request(method, control.url + path, json=body) as response:
                assert response.status == status, await response.text()
                return await response.json()

        yield call
    await control.stop()


async def login(device: Simulator) -> Raw:
    client = await Raw.open(device)
    assert (await client.log_in("admin", "s3cret", "NONE")).ret == 100
    return client


async def test_the_api_lists_devices(fleet: Fleet, api: Call) -> None:
    listed = await api("GET", "/devices")
    assert [entry["serial"] for entry in listed] == [device.serial for device in fleet.devices]
    assert listed[1] == {
        "serial": fleet.devices[1].serial,
        "host": "127.0.0.75",
        "port": fleet.devices[1].port,
        "profile": "nvr",
        "channels": 4,
        "up": True,
        "plugged": True,
        "sessions": 0,
        "connections": 0,
    }


async def test_the_api_shows_what_a_device_did(fleet: Fleet, api: Call) -> None:
    device = fleet.devices[0]
    client = await login(device)
    media = await watch(device, client, 1)
    parameter = {"Channel": 2, "Preset": 65535, "Step": 4}
    await client.named(1400, "OPPTZControl", {"Command": "DirectionLeft", "Parameter": parameter})
    shown = await api("GET", f"/devices/{device.serial}")
    assert (shown["sessions"], shown["connections"]) == (1, 2)
    assert shown["monitors"] == {"now": {"1/Main": 1}, "peak": {"1/Main": 1}, "started": {"1/Main": 1}}
    assert shown["ptz"]["2"]["moving"] == "DirectionLeft"
    assert shown["ptz"]["2"]["history"] == [["DirectionLeft", 65535, 4]]
    assert shown["requests"][0] == [1000, "", "admin"]
    assert (shown["users"], shown["groups"]) == (["admin"], ["admin", "user"])
    assert "NetWork.NetCommon" in shown["config"]
    text = str(shown)
    assert "s3cret" not in text
    assert device.state.users["admin"]["Password"] not in text
    media.close()


async def test_the_api_raises_and_ends_alarms(fleet: Fleet, api: Call) -> None:
    device = fleet.devices[0]
    client = await login(device)
    await client.ask(1500, b"")
    await api(
        "POST", f"/devices/{device.serial}/alarm", {"channel": 3, "event": "HumanDetect", "duration_s": 0.2}
    )
    events = [(await client.receive()).json["AlarmInfo"] for _ in range(2)]
    assert [(event["Channel"], event["Event"], event["Status"]) for event in events] == [
        (3, "HumanDetect", "Start"),
        (3, "HumanDetect", "Stop"),
    ]
    await api("POST", f"/devices/{device.serial}/alarm", {})
    assert (await client.receive()).json["AlarmInfo"]["Event"] == "VideoMotion"
    assert (await api("GET", f"/devices/{device.serial}"))["alarms"] == [[0, "VideoMotion"]]
    await api("POST", f"/devices/{device.serial}/alarm", {"active": False})
    assert (await client.receive()).json["AlarmInfo"]["Status"] == "Stop"


async def test_the_api_reboots_and_drops(fleet: Fleet, api: Call) -> None:
    device, other = fleet.devices
    client, bystander = await login(device), await login(other)
    assert await api("POST", f"/devices/{device.serial}/drop", {}) == {"dropped": 1}
    assert await client.is_closed()
    await login(device)
    await api("POST", f"/devices/{device.serial}/reboot", {"downtime_s": 0.3})
    await until(lambda: not device.up)
    await until(lambda: device.up)
    assert (await bystander.named(1006, "KeepAlive")).ret == 100


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/devices/nobody/alarm", {}, 404),
        ("/devices/{}/alarm", {"channel": 9}, 400),
        ("/devices/{}/alarm", {"channel": "x"}, 400),
        ("/devices/{}/alarm", {"channel": True}, 400),
        ("/devices/{}/alarm", {"event": 5}, 400),
        ("/devices/{}/alarm", {"duration_s": -1}, 400),
        ("/devices/{}/alarm", [1], 400),
        ("/devices/{}/reboot", {"downtime_s": 1e9}, 400),
    ],
)
async def test_the_api_says_what_is_wrong(
    fleet: Fleet, api: Call, path: str, body: object, status: int
) -> None:
    answer = await api("POST", path.format(fleet.devices[0].serial), body, status=status)
    assert set(answer) == {"error"}
    assert fleet.devices[0].up


async def test_an_api_port_in_use_is_told(fleet: Fleet) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=rf"^127\.0\.0\.1:{port}: .* \(control API\)$"):
            await Control(fleet, "127.0.0.1", port).start()


async def test_a_fleet_starts_whole_or_not_at_all() -> None:
    async with Simulator(bind="127.0.0.77") as taken:
        fleet = Fleet(3, bind="127.0.0.76", port=taken.port)
        with pytest.raises(UsageError, match="in use"):
            await fleet.start()
        assert [device.up for device in fleet.devices] == [False, False, False]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files through /proc")
async def test_nothing_stays_open(no_leaks: None) -> None:
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a count, not paths
    for _ in range(3):
        async with Simulator(discovery_port=0) as device:
            client = await Raw.login(device)
            media = await watch(device, client)
            await device.reboot(0)
            media.close()
            client.close()
    await asyncio.sleep(0.1)
    assert len(os.listdir("/proc/self/fd")) <= before + 2  # noqa: PTH208 - a count, not paths
