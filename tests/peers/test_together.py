"""What the command line writes, independent clients read, and the other way round: users, configuration, time, presets.

Each side is a process of its own.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from dvrip_proto import sofia_hash
from dvrip_proto.simulator import Simulator
from tests.cli.conftest import finish, start

from .conftest import own_address, run

PEERS: Final = Path(__file__).parents[2] / ".venv" / "peers"
PASSWORD: Final = "päss wörd"
BOBS: Final = "gärtner 7"
HOUR_S: Final = 3600
SOON: Final = timedelta(seconds=20)
THEN: Final = datetime(2030, 1, 2, 3, 4, 5)

# What `dvrip config set` is told, and what a client must read of it.
WRITTEN: Final[dict[str, tuple[list[str], dict[str, Any]]]] = {
    "General.General": (["MachineName=Gate"], {"MachineName": "Gate"}),
    "NetWork.NetCommon": (["HostName=Gate"], {"HostName": "Gate"}),
    "NetWork.NetDNS": (["Address=192.0.2.53"], {"Address": "0x350200C0"}),
    "NetWork.NetNTP": (
        ["Enable=false", "Server.Name=ntp.example.net", "UpdatePeriod=60"],
        {"Enable": False, "Server": {"Name": "ntp.example.net"}, "UpdatePeriod": 60},
    ),
}
LISTS: Final[dict[str, Any]] = {
    "ChannelTitle": ["Hall"],
    "Uart.PTZPreset": [[{"Id": 1, "Name": "Door"}]],
}

PYTHON_DVR: Final = """
import json, sys
from datetime import datetime
from dvrip import DVRIPCam
host, port, password = sys.argv[1], int(sys.argv[2]), sys.argv[3]
def logged_in(user, password):
    cam = DVRIPCam(host, port=port, user=user, password=password)
    return cam, cam.login()
cam, said = logged_in("admin", password)[0], {}
"""
PYTHON_DVR_READS: Final = """
said["config"] = {name: cam.get_info(name) for name in json.loads(sys.argv[5])}
said["users"] = [[user[key] for key in ("Name", "Group", "Memo", "AuthorityList")] for user in cam.getUsers()][1:]
said["groups"] = [[group[key] for key in ("Name", "Memo", "AuthorityList")] for group in cam.getGroups()]
said["time"] = cam.get_time().isoformat()
said["goto"] = cam.ptz("GotoPreset", preset=1)["Ret"]
cam.close()
said["bob"] = logged_in("bob", sys.argv[4])[1]
print(json.dumps(said))
"""
PYTHON_DVR_WRITES: Final = """
said["groups"] = cam.addGroup("guards", "night", ["Monitor_01"])
said["users"] = cam.addUser("bob", sys.argv[4], "until six", "guards", ["Monitor_01"])
said["set"] = {name: cam.set_info(name, value)["Ret"] for name, value in json.loads(sys.argv[5]).items()}
cam.channel_title("Hall")
said["time"] = cam.set_time(datetime(2030, 1, 2, 3, 4, 5))["Ret"]
cam.ptz("DirectionRight", preset=65535); cam.ptz("DirectionRight", preset=-1)
said["preset"] = cam.ptz("SetPreset", preset=1)["Ret"]
cam.close()
print(json.dumps(said))
"""
NETSURV: Final = """
import json, sys
from netsurv import DVRIPCam
cam = DVRIPCam(sys.argv[1], user="admin", password=sys.argv[3], tcp_port=int(sys.argv[2]))
cam.tcp_port = int(sys.argv[2])
assert cam.connect() and cam.login()
"""
NETSURV_READS: Final = """
print(json.dumps({name: cam.get_info(name)[name] for name in json.loads(sys.argv[4])}))
"""
NETSURV_WRITES: Final = """
said = []
for name, value in json.loads(sys.argv[4]).items():
    said.append(cam.set_info(name, {"Name": name, name: value, "SessionID": cam.session_id_hex})["Ret"])
print(json.dumps(said))
"""
DVRIP: Final = """
import json, socket, sys
from datetime import datetime
from dvrip.io import DVRIPClient
client = DVRIPClient(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
client.connect((sys.argv[1], int(sys.argv[2])), sys.argv[3], sys.argv[4])
"""
DVRIP_READS: Final = """
print(json.dumps({"time": client.time().isoformat(), "serial": client.systeminfo().serial}))
client.logout()
"""
DVRIP_WRITES: Final = """
client.time(datetime(2030, 1, 2, 3, 4, 5))
print(json.dumps(client.time().isoformat()))
client.logout()
"""


def there(peer: str, how: str) -> None:
    if not (PEERS / peer).is_dir():
        pytest.skip(f"{peer} is not there: {how}")


class Cli:
    """`dvrip` as a process, with the password in its environment."""

    def __init__(self, device: Simulator) -> None:
        self.at = f"{device.host}:{device.port}"

    async def __call__(self, *words: object, password: str = PASSWORD) -> str:
        command, *rest = words
        ran = await finish(await start(*str(command).split(), self.at, *rest, password=password), 60)
        assert ran.code == 0, (words, ran)
        assert PASSWORD not in ran.out + ran.err
        assert BOBS not in ran.out + ran.err
        return ran.out

    async def told(self, *words: object) -> Any:
        return json.loads(await self(*words, "--json"))


@pytest.fixture
async def device() -> AsyncIterator[Simulator]:
    """A camera at the one port that dvrip-rs' programs know, its clock an hour behind."""
    async with Simulator(bind=own_address(), port=34567, users={"admin": PASSWORD}) as simulator:
        simulator.state.clock.error_s = -HOUR_S
        yield simulator


@pytest.fixture
def cli(device: Simulator) -> Cli:
    return Cli(device)


def merged(value: Any, changes: dict[str, Any]) -> Any:
    value = deepcopy(value)
    for key, change in changes.items():
        value[key] = merged(value[key], change) if isinstance(change, dict) else change
    return value


def wanted(device: Simulator) -> dict[str, Any]:
    """What a client must read once the command line has written: whole objects, in the device's spelling."""
    before = {name: deepcopy(device.state.config[name]) for name in WRITTEN}
    return {name: merged(before[name], changes) for name, (_, changes) in WRITTEN.items()} | LISTS


async def write_accounts(cli: Cli, folder: Path) -> None:
    secret = folder / "secret"
    secret.write_text(BOBS, encoding="utf-8")
    await cli(
        "groups add", "guards", "--memo", "night", "--authority", "Monitor_01", "--authority", "SysInfo"
    )
    bob = ("bob", "--group", "guards", "--memo", "until six")
    await cli("users add", *bob, "--new-password-file", secret)


async def write_objects(cli: Cli, folder: Path) -> None:
    for name, (words, _) in WRITTEN.items():
        await cli("config set", name, *words)
    for name, value in LISTS.items():
        path = folder / name
        path.write_text(json.dumps(value), encoding="utf-8")
        await cli("config set", name, "--file", path)


def masked(want: dict[str, Any]) -> dict[str, Any]:
    """As the command line shows it: it never shows whether there is a password."""
    return merged(want, {"NetWork.NetNTP": {"Server": {"Password": "********"}}})


def arguments(device: Simulator) -> tuple[str, str]:
    return device.host, str(device.port)


def is_now(text: str) -> bool:
    return abs(datetime.fromisoformat(text).replace(tzinfo=None) - datetime.now()) < SOON


def stands_at_preset(device: Simulator) -> bool:
    """Whether the drive is where somebody stored preset 1, which is not where it began."""
    drive = device.ptz[0]
    return drive.preset == 1 and drive.position == drive.presets[1] != (0.0, 0.0, 0.0)


async def dvrip_rs(program: str, device: Simulator, user: str = "admin", password: str = PASSWORD) -> str:
    process = await asyncio.create_subprocess_exec(
        PEERS / "dvrip-rs" / "bin" / program,
        device.host,
        user,
        password,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={},
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, err.decode()
    assert err == b""
    return out.decode()


async def test_every_client_reads_what_the_command_line_wrote(
    device: Simulator, cli: Cli, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    want = wanted(device)
    await write_accounts(cli, tmp_path)
    await write_objects(cli, tmp_path)
    await cli("time", "--sync")
    await cli("ptz", "right", "--duration", "0.2")
    await cli("ptz", "set", 1)
    for read in (python_dvr_reads, netsurv_reads, dvrip_rs_reads):
        with subtests.test(read.__name__):
            await cli("ptz", "left", "--duration", "0.1")
            await read(device, want)


async def python_dvr_reads(device: Simulator, want: dict[str, Any]) -> None:
    there("python-dvr", "make setup")
    said = json.loads(
        await run(
            PEERS / "python-dvr",
            *("-c", PYTHON_DVR + PYTHON_DVR_READS, *arguments(device), PASSWORD, BOBS, json.dumps([*want])),
        )
    )
    assert said["config"] == want
    assert said["users"] == [["bob", "guards", "until six", ["Monitor_01", "SysInfo"]]]
    assert said["groups"][-1] == ["guards", "night", ["Monitor_01", "SysInfo"]]
    assert is_now(said["time"])
    assert said["goto"] == 100
    assert said["bob"] is True
    assert stands_at_preset(device)


async def netsurv_reads(device: Simulator, want: dict[str, Any]) -> None:
    there("netsurv", "make setup")
    words = ("-c", NETSURV + NETSURV_READS, *arguments(device), sofia_hash(PASSWORD), json.dumps([*want]))
    assert json.loads(await run(PEERS / "netsurv", *words)) == want


async def dvrip_rs_reads(device: Simulator, _want: dict[str, Any]) -> None:
    there("dvrip-rs", "install Rust, tools/peers.sh")
    told = await dvrip_rs("device_info", device, "bob", BOBS)
    assert "Login successful!" in told
    assert '"MachineName": String("Gate")' in told
    assert '"HostName": String("Gate")' in told
    found = re.search(r"Current device time: (\S+ \S+)", told)
    assert found is not None
    assert is_now(found[1])
    await dvrip_rs("ptz_control", device)
    assert stands_at_preset(device)


async def test_dvrip_reads_what_the_command_line_wrote(tmp_path: Path) -> None:
    there("dvrip", "make setup")
    async with Simulator(profile="hvr", users={"admin": PASSWORD}) as device:
        device.state.clock.error_s = -HOUR_S
        cli = Cli(device)
        await write_accounts(cli, tmp_path)
        await cli("time", "--sync")
        words = ("-c", DVRIP + DVRIP_READS, *arguments(device), "bob", BOBS)
        said = json.loads(await run(PEERS / "dvrip", *words))
        assert said["serial"] == device.serial
        assert is_now(said["time"])


async def test_the_command_line_reads_what_python_dvr_wrote(device: Simulator, cli: Cli) -> None:
    there("python-dvr", "make setup")
    want = {name: value for name, value in wanted(device).items() if name != "ChannelTitle"}
    said = json.loads(
        await run(
            PEERS / "python-dvr",
            *("-c", PYTHON_DVR + PYTHON_DVR_WRITES, *arguments(device), PASSWORD, BOBS, json.dumps(want)),
        )
    )
    assert said == {
        "groups": True,
        "users": True,
        "set": dict.fromkeys(want, 100),
        "time": 100,
        "preset": 100,
    }
    for name, value in (masked(want) | {"ChannelTitle": ["Hall"]}).items():
        assert await cli.told("config get", name) == value
    users, groups = await cli.told("users"), await cli.told("groups")
    bob = {"name": "bob", "group": "guards", "memo": "until six", "authorities": ["Monitor_01"]}
    assert [{key: user[key] for key in bob} for user in users][1:] == [bob]
    assert groups[-1] == {"name": "guards", "memo": "night", "authorities": ["Monitor_01"]}
    told = await cli.told("time")
    assert timedelta() <= datetime.fromisoformat(told["device"]) - THEN < SOON
    await cli("ptz", "left", "--duration", "0.2")
    await cli("ptz", "goto", 1)
    assert device.ptz[0].preset == 1
    assert device.ptz[0].position == device.ptz[0].presets[1]
    await cli("time", "--user", "bob", password=BOBS)


async def test_the_command_line_reads_what_netsurv_wrote(device: Simulator, cli: Cli) -> None:
    there("netsurv", "make setup")
    want = {name: value for name, value in wanted(device).items() if name != "ChannelTitle"}
    words = ("-c", NETSURV + NETSURV_WRITES, *arguments(device), sofia_hash(PASSWORD), json.dumps(want))
    assert json.loads(await run(PEERS / "netsurv", *words)) == [100] * len(want)
    for name, value in masked(want).items():
        assert await cli.told("config get", name) == value


async def test_the_command_line_reads_what_dvrip_rs_wrote(device: Simulator, cli: Cli) -> None:
    there("dvrip-rs", "install Rust, tools/peers.sh")
    assert "Time synchronized to" in await dvrip_rs("config_management", device)
    told = await cli.told("time")
    assert is_now(told["device"])
    assert abs(told["ahead_s"]) < SOON.total_seconds()


async def test_the_command_line_reads_what_dvrip_wrote() -> None:
    there("dvrip", "make setup")
    async with Simulator(profile="hvr", users={"admin": PASSWORD}) as device:
        words = ("-c", DVRIP + DVRIP_WRITES, *arguments(device), "admin", PASSWORD)
        assert json.loads(await run(PEERS / "dvrip", *words)).startswith("2030-01-02T03:04:0")
        told = await Cli(device).told("time")
        assert timedelta() <= datetime.fromisoformat(told["device"]) - THEN < SOON
