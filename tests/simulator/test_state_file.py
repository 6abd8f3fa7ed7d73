"""`--state FILE`: what survives, when it is written, and files that are refused."""

from __future__ import annotations

import asyncio
import json
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from dvrip_proto.errors import UsageError
from dvrip_proto.simulator import Fleet, Simulator
from dvrip_proto.simulator.motion import chance
from dvrip_proto.simulator.persistence import Keeping
from dvrip_proto.simulator.run import Options, simulate
from dvrip_proto.wire.digest import sofia_hash
from tests.simulator.raw import Raw, until


def fleet(count: int = 1) -> Fleet:
    """Devices whose serial numbers stay the same."""
    devices = Fleet(1)
    devices.devices = [Simulator(bind=f"127.0.0.{100 + index}", serial=f"s{index}") for index in range(count)]
    return devices


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state.json"


def alone_and_private(file: Path) -> bool:
    return stat.S_IMODE(file.stat().st_mode) == 0o600 and list(file.parent.iterdir()) == [file]


def written(file: Path) -> dict[str, Any]:
    return dict(json.loads(file.read_text())["devices"])


async def test_what_clients_change_survives(file: Path) -> None:
    first = fleet(2)
    async with first:
        keeping = Keeping(first, file)
        keeping.load()
        await keeping.start()
        client = await Raw.login(first.devices[0])
        assert (await client.named(1046, "ChannelTitle", ["Yard"])).ret == 100
        assert await client.put("System.TimeZone.timeMin", -120) == 100
        user = {"Name": "guard", "Password": sofia_hash("pw"), "Group": "user", "AuthorityList": []}
        assert (await client.ask(1482, {"User": user, "Name": "User"})).ret == 100
        assert (await client.named(1450, "OPTimeSetting", "2030-01-02 03:04:05")).ret == 100
        client.close()
        await keeping.stop()
    assert alone_and_private(file)

    second = fleet(2)
    Keeping(second, file).load()
    async with second:
        yard, other = (device.state for device in second.devices)
        assert yard.titles == ["Yard"]
        assert yard.config["System.TimeZone"]["timeMin"] == -120
        assert yard.clock.text().startswith("2030-01-02 03:")
        assert (await (await Raw.open(second.devices[0])).log_in("guard", "pw", "NONE")).ret == 100
        assert other.titles != ["Yard"]
        assert "guard" not in other.users


async def test_a_change_is_written_soon(file: Path) -> None:
    devices = fleet()
    async with devices:
        keeping = Keeping(devices, file, settle_s=0.05)
        await keeping.start()
        assert written(file)["s0"]["config"].keys() <= {"NetWork.NetCommon"}
        devices.devices[0].state.set_titles(["Gate"])
        await until(lambda: written(file)["s0"]["config"].get("ChannelTitle") == ["Gate"])
        devices.devices[0].state.clock.error_s = 77.0
        await until(lambda: written(file)["s0"]["clock_error_s"] == 77.0)
        await keeping.stop()


async def test_devices_that_do_not_run_now_are_kept(file: Path) -> None:
    for count in (3, 1):
        devices = fleet(count)
        keeping = Keeping(devices, file)
        keeping.load()
        await keeping.start()
        await keeping.stop()
    assert sorted(written(file)) == ["s0", "s1", "s2"]


def other(path: str, value: object) -> dict[str, Any]:
    """A good file with one thing exchanged."""
    device = Simulator(serial="s0")
    tree: Any = {
        "format": 1,
        "profile": "ipc",
        "channels": 1,
        "devices": {"s0": json.loads(json.dumps(device.state.kept()))},
    }
    node, *rest = tree, *path.split("/")
    for part in rest[:-1]:
        node = node[part]
    node[rest[-1]] = value
    return dict(tree)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("{", "broken: Expecting property name"),
        ("[]", "broken: not the state of simulated devices"),
        (other("format", 2), "broken: not the state"),
        (other("profile", "nvr"), "profile is 'nvr' there and 'ipc' here"),
        (other("channels", 4), "channels is 4 there and 1 here"),
        (other("devices", []), "broken: no devices inside"),
        (other("devices/s0", 5), "broken: device s0: "),
        (other("devices/s0/config", {"No.Such": 1}), "broken: device s0: No.Such: this device has no such"),
        (other("devices/s0/config", {"ChannelTitle": 5}), "broken: device s0: ChannelTitle: not a list"),
        (other("devices/s0/clock_error_s", "x"), "broken: device s0: clock_error_s: 'x' is no time"),
        (other("devices/s0/clock_error_s", float("nan")), "broken: device s0: clock_error_s: nan is no time"),
        (other("devices/s0/users", {}), "broken: device s0: users: no administrator"),
        (other("devices/s0/users/admin/Group", "none"), "broken: device s0: user admin: not possible"),
        (other("devices/s0/groups/user/AuthorityList", ["Fly"]), "broken: device s0: group user: rights"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(file: Path, content: object, complaint: str) -> None:
    text = content if isinstance(content, str) else json.dumps(content)
    file.write_text(text)
    with pytest.raises(UsageError) as told:
        Keeping(fleet(), file).load()
    assert str(told.value).startswith(f"state {file}: {complaint}")
    assert file.read_text() == text


async def test_a_file_serves_one_process_at_a_time(file: Path) -> None:
    first = Keeping(fleet(), file)
    first.load()
    await first.start()
    before = written(file)
    options = ("--bind", "127.0.0.105", "--port", "0", "--discovery-port", "0", "--state", str(file))
    other = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "dvrip_proto", "simulate", *options),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(other.communicate(), 30)
    assert (other.returncode, out) == (2, b"")
    assert err.decode() == f"dvrip: state {file}: is in use by another running simulator\n"
    with pytest.raises(UsageError, match="is in use by another running simulator"):
        await Keeping(fleet(), file).start()
    assert written(file) == before
    await first.stop()
    assert alone_and_private(file)
    Keeping(fleet(), file).load()


async def test_the_lock_of_a_dead_process_holds_nobody_up(file: Path) -> None:
    script = "import sys, os; from pathlib import Path; from dvrip_proto.simulator.filelock import FileLock; "
    script += "assert FileLock(Path(sys.argv[1])).take(); os._exit(9)"
    dead = await asyncio.create_subprocess_exec(sys.executable, "-c", script, str(file))
    assert await asyncio.wait_for(dead.wait(), 30) == 9
    assert [path.name for path in file.parent.iterdir()] == [".state.json.lock"]
    keeping = Keeping(fleet(), file)
    keeping.load()
    await keeping.start()
    await keeping.stop()
    assert alone_and_private(file)


def test_a_file_that_is_refused_is_not_held(file: Path) -> None:
    file.write_text("{")
    for _ in range(2):
        with pytest.raises(UsageError, match="broken"):
            Keeping(fleet(), file).load()
    assert list(file.parent.iterdir()) == [file]


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    file = tmp_path / "missing" / "state.json"
    options = Options(bind="127.0.0.104", port=0, discovery_port=0, state=str(file))
    assert simulate(options, say=told.append, complain=told.append) == 2
    assert told == [f"state {file}: No such file or directory"]


async def test_motion_comes_by_chance() -> None:
    async with Simulator(profile="nvr") as device:
        for probability, expected in ((1.0, True), (0.0, False)):
            device.state.alarms.active.clear()
            coming = asyncio.create_task(chance(device, per_minute=probability, for_s=5, turn_s=0.02))
            await asyncio.sleep(0.2)
            assert bool(device.state.alarms.active) is expected
            coming.cancel()
