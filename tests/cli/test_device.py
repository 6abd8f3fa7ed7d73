"""Commands that ask a device and tell it things."""

from __future__ import annotations

import asyncio
import json
import socket
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.wire.ids import MessageId

from .conftest import PASSWORD, Dvrip, finish, start


async def test_info_for_people_and_for_programs(dvrip: Dvrip, device: Simulator, at: str) -> None:
    shown = await dvrip("info", at)
    assert (shown.code, shown.err) == (0, "")
    assert f"serial            {device.serial}" in shown.out
    told = (await dvrip("info", at, "--json")).json
    assert told["host"] == at
    assert told["serial"] == device.serial
    assert told["channels"] == 4
    assert told["disks"][0]["total_mib"] > 0


async def test_host_and_port_may_be_given_apart(dvrip: Dvrip, device: Simulator) -> None:
    told = (await dvrip("info", device.host, "--port", device.port, "--json")).json
    assert told["port"] == device.port


async def test_info_of_many_devices_is_a_table_and_one_failure_stops_nothing(
    dvrip: Dvrip, device: Simulator, at: str, tmp_path: Path
) -> None:
    hosts = tmp_path / "hosts"
    hosts.write_text(f"# cameras\n{at}  # gate\n\n127.0.0.1:1\n{at}\n")
    shown = await dvrip("info", f"@{hosts}", "--parallel", 2)
    assert shown.code == 4
    assert shown.err == "dvrip: 127.0.0.1:1: connection refused: nothing listens on this port\n"
    lines = shown.out.splitlines()
    assert [line.split()[-1] for line in lines] == ["RESULT", "ok", "failed"]
    told = (await dvrip("info", f"@{hosts}", "--json")).json
    assert [entry["host"] for entry in told] == [at, "127.0.0.1:1"]
    assert "connection refused" in told[1]["error"]


async def test_many_devices_are_asked_at_the_same_time(dvrip: Dvrip, tmp_path: Path) -> None:
    # A quarter of a second each, thirty of them.
    quirks = Quirks(late={int(MessageId.SYSINFO): 0.25})
    devices = [Simulator(users={"admin": PASSWORD}, quirks=quirks) for _ in range(30)]
    for each in devices:
        await each.start()
    hosts = tmp_path / "hosts"
    hosts.write_text("\n".join(f"{each.host}:{each.port}" for each in devices))
    started = asyncio.get_running_loop().time()
    told = (await dvrip("info", f"@{hosts}", "--json")).json
    took_s = asyncio.get_running_loop().time() - started
    assert {entry["serial"] for entry in told} == {each.serial for each in devices}
    assert took_s < 7, "one after the other takes 15 s"
    for each in devices:
        await each.stop()


async def test_config_get(dvrip: Dvrip, device: Simulator, at: str) -> None:
    shown = await dvrip("config", "get", at, "NetWork.NetCommon")
    assert shown.code == 0
    assert "HostIP         127.0.0.1" in shown.out, "people read addresses as addresses"
    told = (await dvrip("config", "get", at, "NetWork.NetCommon", "--json")).json
    assert told["HostIP"] == "0x0100007F", "programs get what the device says"
    one = (await dvrip("config", "get", at, "Simplify.Encode", "--channel", 2, "--json")).json
    every = (await dvrip("config", "get", at, "Simplify.Encode", "--json")).json
    assert one == every[1]


async def test_config_get_of_many_devices(dvrip: Dvrip, at: str, tmp_path: Path) -> None:
    hosts = tmp_path / "hosts"
    hosts.write_text(f"{at}\n127.0.0.1:1\n")
    shown = await dvrip("config", "get", f"@{hosts}", "General.General")
    assert shown.code == 4
    assert {line.split()[0] for line in shown.out.splitlines()[1:]} == {at}
    told = (await dvrip("config", "get", f"@{hosts}", "General.General", "--json")).json
    assert told[0]["value"]["MachineName"]
    assert "error" in told[1]


async def test_passwords_are_masked_unless_asked_for(dvrip: Dvrip, device: Simulator, at: str) -> None:
    device.state.config["NetWork.NetFTP"]["Server"]["Password"] = "ftp secret"
    for words in ((), ("--json",)):
        shown = await dvrip("config", "get", at, "NetWork.NetFTP", *words)
        assert shown.code == 0
        assert "ftp secret" not in shown.out
        assert "********" in shown.out
        assert (
            "ftp secret" in (await dvrip("config", "get", at, "NetWork.NetFTP", "--show-secrets", *words)).out
        )
    changed = await dvrip("config", "set", at, "NetWork.NetFTP", "Server.Password=new secret")
    assert changed.code == 0
    assert "Server.Password  ********  ********" in changed.out
    assert "secret" not in changed.out
    assert device.state.config["NetWork.NetFTP"]["Server"]["Password"] == "new secret"


async def test_config_set_writes_what_differs_and_only_then(dvrip: Dvrip, device: Simulator, at: str) -> None:
    def writes() -> int:
        return sum(1 for message_id, _, _ in device.requests if message_id == MessageId.CONFIG_SET)

    name = "NetWork.NetCommon"
    for command in (("diff",), ("set", "--dry-run")):
        shown = await dvrip("config", command[0], at, name, "HostName=Gate", "TCPMaxConn=12", *command[1:])
        assert shown.code == 0
        assert [line.split() for line in shown.out.splitlines()] == [
            ["KEY", "BEFORE", "AFTER"],
            ["HostName", "LocalHost", "Gate"],
            ["TCPMaxConn", "10", "12"],
            ["not", "written"],
        ]
    assert writes() == 0
    shown = await dvrip("config", "set", at, name, "HostName=Gate", "TCPMaxConn=12")
    assert shown.out.splitlines()[-1] == "written"
    assert (writes(), device.state.config[name]["HostName"]) == (1, "Gate")
    again = await dvrip("config", "set", at, name, "HostName=Gate", "--json")
    assert again.json == {
        "name": name,
        "channel": None,
        "changed": False,
        "written": False,
        "reboot_needed": False,
        "verified": True,
        "changes": [],
        "dangers": [],
        "doubts": [],
    }
    assert writes() == 1


async def test_config_set_takes_json_from_a_file_and_from_standard_input(
    dvrip: Dvrip, device: Simulator, at: str, tmp_path: Path
) -> None:
    name = "NetWork.NetCommon"
    wish = tmp_path / "wish.json"
    wish.write_text('{"HostName": "File"}')
    assert (await dvrip("config", "set", at, name, "--file", wish)).code == 0
    assert device.state.config[name]["HostName"] == "File"
    assert (await dvrip("config", "set", at, name, stdin='{"HostName": "Pipe"}')).code == 0
    assert device.state.config[name]["HostName"] == "Pipe"
    assert (await dvrip("config", "set", at, name, "--file", "-", stdin='{"HostName": "Dash"}')).code == 0
    assert device.state.config[name]["HostName"] == "Dash"


async def test_config_set_of_one_channel_counts_as_people_do(
    dvrip: Dvrip, device: Simulator, at: str
) -> None:
    before = [bool(entry["Enable"]) for entry in device.state.config["Detect.MotionDetect"]]
    words = ("config", "set", at, "Detect.MotionDetect", f"Enable={str(not before[1]).lower()}")
    told = (await dvrip(*words, "--channel", 2, "--json")).json
    assert (told["channel"], told["written"]) == (2, True)
    after = [bool(entry["Enable"]) for entry in device.state.config["Detect.MotionDetect"]]
    assert after == [before[0], not before[1], *before[2:]]


async def test_what_a_device_does_not_take_is_an_error(dvrip: Dvrip, device: Simulator, at: str) -> None:
    device.quirks = Quirks(ignore_writes=frozenset({"NetWork.NetCommon"}))
    shown = await dvrip("config", "set", at, "NetWork.NetCommon", "HostName=Gate")
    assert shown.code == 1
    assert shown.err.startswith(
        f"dvrip: {at}: NetWork.NetCommon: the device accepted the change but does not have it"
    )


async def test_a_needed_reboot_is_said(dvrip: Dvrip, device: Simulator, at: str) -> None:
    device.quirks = Quirks(restart={"NetWork.NetCommon": 603})
    shown = await dvrip("config", "set", at, "NetWork.NetCommon", "HostName=Gate")
    assert shown.code == 0
    assert shown.out.splitlines()[-1].startswith("written, takes effect after a reboot")


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (("get", "{at}", "Nope.Nope"), 1, "{at}: Nope.Nope: "),
        (("get", "{at}"), 2, "NAME is missing (see dvrip config get --help)"),
        (("set", "{at}", "NetWork.NetCommon", "HostNam=x"), 2, "did you mean 'HostName'?"),
        (("set", "{at}", "NetWork.NetCommon", "HostIP=300.1.1.1"), 2, "{at}: NetWork.NetCommon: HostIP: "),
        (("set", "{at}", "NetWork.NetCommon", "HostName"), 2, "'HostName' is not KEY=VALUE"),
        (("set", "{at}", "NetWork.NetCommon", "=x"), 2, "is not KEY=VALUE"),
        (("set", "{at}", "NetWork.NetCommon", "HostName={{"), 2, "is no JSON"),
        (("set", "{at}", "NetWork.NetCommon", "A=1", "A=2"), 2, "A: is given twice"),
        (("set", "{at}", "NetWork.NetCommon", "--file", "/nonexistent/x"), 2, "/nonexistent/x: No such file"),
        (("set", "{at}", "NetWork.NetCommon", "A=1", "--file", "x"), 2, "not both"),
        (("set", "{at}", "NetWork.NetCommon"), 2, "standard input: is no JSON"),
        (
            ("get", "{at}", "Simplify.Encode", "--channel", "9"),
            2,
            "{at}: Simplify.Encode: there is no channel",
        ),
        (("get", "{at}", "Simplify.Encode", "--channel", "0"), 2, "--channel: it is at least 1"),
    ],
)
async def test_a_wrong_wish_is_one_clear_line(
    dvrip: Dvrip, at: str, words: tuple[str, ...], code: int, text: str
) -> None:
    shown = await dvrip("config", *(word.format(at=at) for word in words))
    assert shown.code == code, shown.err
    assert text.format(at=at) in shown.err
    assert shown.out == ""


async def test_config_list(dvrip: Dvrip, device: Simulator, at: str) -> None:
    known = (await dvrip("config", "list", "--json", password=None)).json
    assert "NetWork.NetCommon" in [entry["name"] for entry in known]
    here = (await dvrip("config", "list", at, "--json")).json
    assert 0 < len(here) <= len(known)
    assert "NetWork.NetCommon" in (await dvrip("config", "list")).out


async def test_users_and_groups(dvrip: Dvrip, at: str) -> None:
    users = (await dvrip("users", at, "--json")).json
    assert users[0]["name"] == "admin"
    assert "password" not in str(users).lower()
    assert "admin" in (await dvrip("users", at)).out
    groups = (await dvrip("groups", at, "--json")).json
    assert {group["name"] for group in groups} >= {"admin", "user"}
    assert "admin" in (await dvrip("groups", at)).out


async def test_the_clock_is_shown_and_set(dvrip: Dvrip, device: Simulator, at: str) -> None:
    wrong = datetime.now() - timedelta(hours=3)
    assert device.state.clock.set_local(wrong.strftime("%Y-%m-%d %H:%M:%S"))
    told = (await dvrip("time", at, "--json")).json
    assert told["ahead_s"] == pytest.approx(-10_800, abs=3)
    assert not told["set"]
    assert "behind" in (await dvrip("time", at)).out
    told = (await dvrip("time", at, "--sync", "--json")).json
    assert told["set"]
    assert abs(told["ahead_s"]) <= 2
    assert not (await dvrip("time", at, "--sync", "--json")).json["set"]


async def test_ptz(dvrip: Dvrip, device: Simulator, at: str) -> None:
    assert (await dvrip("ptz", at, "left", "--duration", 0.1, "--speed", 3, "-c", 2)).code == 0
    assert device.ptz[1].moving is None
    assert "DirectionLeft" in str(device.ptz[1].history)
    for words in (("set", 3), ("goto", 3), ("clear", 3), ("stop",)):
        assert (await dvrip("ptz", at, *words)).code == 0
    for words in (("goto",), ("left", 3)):
        shown = await dvrip("ptz", at, *words)
        assert (shown.code, "number of a preset" in shown.err) == (2, True)
    for words, told in ((("tour", 2), (2, set())), (("aux-on", 4), (2, {4})), (("aux-off", 4), (2, set()))):
        assert (await dvrip("ptz", at, *words)).code == 0
        assert (device.ptz[0].touring, device.ptz[0].outputs) == told
    assert (await dvrip("ptz", at, "end-tour")).code == 0
    assert device.ptz[0].touring is None
    assert (await dvrip("ptz", at, "tour", 2, "--json")).json["tour"] == 2
    device.state.config["Uart.PTZTour"][0] = [{"Id": 2, "Name": "Night", "Tour": [{"Id": 3, "Time": 9}]}]
    shown = await dvrip("ptz", at, "tours")
    assert ("Night" in shown.out, "3 (9 s)" in shown.out) == (True, True)
    [tour] = (await dvrip("ptz", at, "tours", "--json")).json
    assert tour == {"tour": 2, "name": "Night", "stops": [{"preset": 3, "seconds": 9}]}
    shown = await dvrip("ptz", at, "sideways")
    assert shown.code == 2
    assert "sideways" in shown.err


async def test_reboot_asks_first(dvrip: Dvrip, device: Simulator, at: str) -> None:
    device.downtime_s = 0.1
    shown = await dvrip("reboot", at)
    assert (shown.code, "--yes" in shown.err) == (2, True)
    shown = await dvrip("reboot", at, "--yes")
    assert (shown.code, shown.out) == (0, f"{at}: restarts\n")
    assert any(name == "OPMachine" for _, name, _ in device.requests)


async def test_discover(dvrip: Dvrip) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.77.0.1", 0))
        port = free.getsockname()[1]
    async with (
        Simulator(bind="127.77.0.1", discovery_port=port) as one,
        Simulator(bind="127.77.0.2", discovery_port=port) as two,
    ):
        words = ("discover", "--target", "127.255.255.255", "--discovery-port", port, "--timeout", 1)
        told = (await dvrip(*words, "--json", password=None)).json
        found = [(entry["host"], entry["port"], entry["serial"]) for entry in told]
        assert found == [(each.host, each.port, each.serial) for each in (one, two)]
        shown = await dvrip(*words, password=None)
        assert [line.split()[0] for line in shown.out.splitlines()] == [
            "DEVICE",
            f"127.77.0.1:{one.port}",
            f"127.77.0.2:{two.port}",
        ]
    nobody = await dvrip(*words[:-1], 0.3, password=None)
    assert (nobody.code, nobody.out, nobody.err) == (0, "", "dvrip: no device answered\n")
    bad = await dvrip("discover", "--target", "not an address", "--timeout", 0.3)
    assert bad.code == 2
    assert "not an address" in bad.err


async def test_what_a_device_says_is_not_obeyed_by_the_terminal(
    dvrip: Dvrip, device: Simulator, at: str
) -> None:
    device.state.config["NetWork.NetCommon"]["HostName"] = "\x1b[31m[bold]Gate\r\x07"
    shown = await dvrip("config", "get", at, "NetWork.NetCommon")
    assert "\\x1b[31m[bold]Gate\\r\\x07" in shown.out
    assert "\x1b" not in shown.out


async def _armed(device: Simulator) -> None:
    async with asyncio.timeout(10):
        while not any(asked == MessageId.GUARD for asked, _, _ in device.requests):  # noqa: ASYNC110 - it is told
            await asyncio.sleep(0.02)
    await asyncio.sleep(0.1)


async def test_alarms_are_printed_as_they_come(dvrip: Dvrip, device: Simulator, at: str) -> None:
    async def alarms() -> None:
        await _armed(device)
        device.raise_alarm(1, "VideoMotion")
        device.raise_alarm(1, "VideoMotion", active=False)

    raising = asyncio.create_task(alarms())
    shown = await dvrip("watch", at, "--count", 2, "--json")
    await raising
    assert shown.code == 0
    lines = shown.out.splitlines()
    assert '"channel": 2, "kind": "motion", "active": true, "event": "VideoMotion"' in lines[0]
    assert '"active": false' in lines[1]
    quiet = await dvrip("watch", at, "--seconds", 0.3)
    assert (quiet.code, quiet.out) == (0, "")


async def test_watching_ends_with_the_connection(device: Simulator, at: str) -> None:
    process = await start("watch", at)
    await _armed(device)
    device.raise_alarm(0, "VideoMotion")
    assert process.stdout is not None
    assert b"channel 1  motion  start  VideoMotion" in await process.stdout.readline()
    device.drop_connections()
    ended = await finish(process)
    assert ended.code == 4
    assert ended.err.startswith(f"dvrip: {at}: ")
    device.requests.clear()
    process = await start("watch", at)
    await _armed(device)
    process.terminate()
    assert (await finish(process)).code == 0


async def test_channels_are_listed_with_the_state_of_their_cameras(dvrip: Dvrip) -> None:
    quirks = Quirks(channel_state={1: "LoginFailed", 2: "NoConfig"})
    async with Simulator(profile="nvr", channels=3, users={"admin": PASSWORD}, quirks=quirks) as sim:
        shown = await dvrip("channels", f"{sim.host}:{sim.port}")
        assert shown.code == 0
        lines = [line.split() for line in shown.out.splitlines()]
        assert lines[0] == ["CHANNEL", "KIND", "STATE", "RESOLUTION", "NAME"]
        assert lines[2] == ["2", "digital", "LoginFailed", "-", "CAM02"]
        told = (await dvrip("channels", f"{sim.host}:{sim.port}", "--json")).json
        assert [(each["channel"], each["state"], each["exists"], each["reachable"]) for each in told] == [
            (1, "connected", True, True),
            (2, "login_failed", True, False),
            (3, "no_config", False, False),
        ]


async def test_interfaces_that_are_null_stay_at_their_place(dvrip: Dvrip, tmp_path: Path) -> None:
    path = tmp_path / "recorder.json"
    wired = [{"Enable": number == 0, "Interface": f"eth{number}"} for number in range(4)]
    interfaces = [*wired, {"Enable": False, "Interface": "bond0"}, *[None] * 6]
    path.write_text(json.dumps({"base": "nvr", "name": "eleven", "config": {"NetWork.NetDHCP": interfaces}}))
    async with Simulator(profile=path, channels=1, users={"admin": PASSWORD}) as sim:
        at = f"{sim.host}:{sim.port}"
        same = await dvrip("config", "diff", at, "NetWork.NetDHCP", "[0].Enable=true")
        assert (same.code, same.err) == (0, "")
        done = await dvrip("config", "set", at, "NetWork.NetDHCP", "[1].Enable=true", "--allow-disconnect")
        assert (done.code, done.err) == (0, "")
        assert sim.state.config["NetWork.NetDHCP"][1] == {"Enable": True, "Interface": "eth1"}
        assert sim.state.config["NetWork.NetDHCP"][5:] == [None] * 6
