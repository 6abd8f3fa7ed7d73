"""One command to many devices: @FILE in place of HOST."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dvrip_proto.cli.fleet import Place, places, read_hosts
from dvrip_proto.errors import UsageError
from dvrip_proto.simulator import Simulator
from dvrip_proto.wire.ids import MessageId

from .conftest import PASSWORD, Dvrip, finish, start

OTHER = "other word"


@pytest.fixture
async def other() -> AsyncIterator[Simulator]:
    async with Simulator(users={"boss": OTHER}) as simulator:
        yield simulator


@pytest.fixture
def hosts(device: Simulator, other: Simulator, at: str, tmp_path: Path) -> str:
    (tmp_path / "boss.password").write_text(f"{OTHER}\n")
    file = tmp_path / "cameras"
    file.write_text(
        f"# two that are there\n{at}  # gate\n\nboss@{other.host}:{other.port} boss.password # yard\n127.0.0.1:1\n{at}\n"
    )
    return f"@{file}"


async def test_every_device_of_a_file_with_its_own_account(
    dvrip: Dvrip, device: Simulator, other: Simulator, hosts: str
) -> None:
    shown = await dvrip("time", hosts, "--json")
    assert shown.code == 4
    told = json.loads(shown.out)
    assert [entry["host"] for entry in told] == [
        f"{device.host}:{device.port}",
        f"boss@{other.host}:{other.port}",
        "127.0.0.1:1",
    ]
    assert [entry.get("value", {}).get("set") for entry in told] == [False, False, None]
    assert "connection refused" in told[2]["error"]
    assert OTHER not in shown.out + shown.err
    people = await dvrip("time", hosts)
    assert [line.partition("  ")[0] for line in people.out.splitlines()] == [
        entry["host"] for entry in told[:2]
    ]


async def test_no_common_password_is_needed_when_each_has_its_own(
    dvrip: Dvrip, other: Simulator, tmp_path: Path
) -> None:
    (tmp_path / "word").write_text(OTHER)
    file = tmp_path / "cameras"
    file.write_text(f"boss@{other.host}:{other.port} word\n")
    shown = await dvrip("info", f"@{file}", "--json", password=None)
    assert (shown.code, shown.json[0]["serial"]) == (0, other.serial)


async def test_tables_of_many_devices_are_one_table(dvrip: Dvrip, hosts: str) -> None:
    shown = await dvrip("config", "diff", hosts, "NetWork.NetNTP", "Server.Name=ntp.example.net")
    lines = shown.out.splitlines()
    assert lines[0].split() == ["DEVICE", "KEY", "BEFORE", "AFTER"]
    assert [line.split()[1] for line in lines[1:3]] == ["Server.Name", "Server.Name"]
    assert lines[-1].endswith("  not written")


async def test_settings_of_many_devices_are_set_once(
    dvrip: Dvrip, device: Simulator, other: Simulator, hosts: str
) -> None:
    words = ("config", "set", hosts, "NetWork.NetNTP", "Server.Name=ntp.example.net", "--json")
    first = json.loads((await dvrip(*words)).out)
    assert [entry["value"]["written"] for entry in first[:2]] == [True, True]
    for each in (device, other):
        assert each.state.config["NetWork.NetNTP"]["Server"]["Name"] == "ntp.example.net"
    second = json.loads((await dvrip(*words)).out)
    assert [entry["value"]["written"] for entry in second[:2]] == [False, False]


async def test_a_file_for_each_device(
    dvrip: Dvrip, device: Simulator, other: Simulator, hosts: str, tmp_path: Path
) -> None:
    shown = await dvrip("config", "export", hosts, tmp_path / "{host}.zip")
    assert shown.code == 4
    for each in (device, other):
        assert (tmp_path / f"127.0.0.1_{each.port}.zip").read_bytes().startswith(b"PK")
    shown = await dvrip("config", "export", hosts, tmp_path / "one.zip")
    assert (shown.code, "put {host} into its name" in shown.err) == (2, True)
    assert not (tmp_path / "one.zip").exists()


async def test_nobody_is_asked_for_each_device(dvrip: Dvrip, device: Simulator, hosts: str) -> None:
    shown = await dvrip("reboot", hosts)
    assert f"dvrip: Restart {device.host}:{device.port}? Nobody can be asked here: give --yes" in shown.err
    assert device.state.clock is not None
    shown = await dvrip("config", "set", hosts, "NetWork.NetNTP", stdin="{}")
    assert "standard input is for one device" in shown.err
    shown = await dvrip("talk", hosts, hosts.removeprefix("@"))
    assert (shown.code, "this command takes one device" in shown.err) == (2, True)


def test_what_a_line_of_a_file_may_be(tmp_path: Path) -> None:
    (tmp_path / "my word").write_text("secret\nrest")
    file = tmp_path / "cameras"
    file.write_text("gate\nboss@yard:34568  my word\n[::1]:80 # six\n")
    found = read_hosts(file)
    assert found == [
        Place(host="gate"),
        Place(host="boss@yard:34568", password="secret"),
        Place(host="[::1]:80"),
    ]
    assert "secret" not in repr(found)
    assert places(["gate", f"@{file}"]) == found


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("# nothing\n", "names no device"),
        ("gate\nyard:x\n", "line 2: 'yard:x' is no address of a device"),
        ("@gate\n", "line 1: '@gate' is no address of a device"),
        ("gate none\n", "line 1: .*none: No such file"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "cameras"
    file.write_text(text)
    with pytest.raises(UsageError, match=f"cameras: {complaint}"):
        read_hosts(file)


async def test_a_user_may_stand_before_the_host(dvrip: Dvrip, other: Simulator) -> None:
    at = f"boss@{other.host}:{other.port}"
    assert (await dvrip("info", at, "--json", password=OTHER)).json["serial"] == other.serial
    assert (await dvrip("info", at, password=PASSWORD)).code == 3


async def test_alarms_of_many_devices(device: Simulator, other: Simulator, hosts: str) -> None:
    process = await start("watch", hosts, "--count", 2, "--json")
    assert process.stdout is not None
    assert process.stderr is not None
    assert b"connection refused" in await process.stderr.readline()
    for each in (device, other):
        await _armed(each)
        each.raise_alarm(0, "VideoMotion")
    ended = await finish(process)
    assert ended.code == 4
    told = [json.loads(line) for line in ended.out.splitlines()]
    absent, *alarms = sorted(told, key=lambda entry: "error" not in entry)
    assert absent == {
        "host": "127.0.0.1:1",
        "error": "127.0.0.1:1: connection refused: nothing listens on this port",
        "exit_code": 4,
    }
    assert {entry["host"] for entry in alarms} == {
        f"{device.host}:{device.port}",
        f"boss@{other.host}:{other.port}",
    }
    assert [(each["channel"], each["kind"], each["active"]) for each in alarms] == [(1, "motion", True)] * 2


async def test_one_device_that_goes_away_ends_no_other_s_watch(
    device: Simulator, other: Simulator, hosts: str
) -> None:
    process = await start("watch", hosts)
    for each in (device, other):
        await _armed(each)
    device.drop_connections()
    await asyncio.sleep(0.3)
    other.raise_alarm(0, "VideoMotion")
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    assert f"  boss@{other.host}:{other.port}  channel 1  motion  start  VideoMotion" in line
    process.terminate()
    assert (await finish(process)).code == 4


async def _armed(device: Simulator) -> None:
    async with asyncio.timeout(15):
        while not any(asked == MessageId.GUARD for asked, _, _ in device.requests):  # noqa: ASYNC110 - it is told
            await asyncio.sleep(0.02)
    await asyncio.sleep(0.1)
