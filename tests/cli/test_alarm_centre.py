"""Devices that come by themselves: what they report, and those that dial in."""

from __future__ import annotations

import asyncio
import json

from dvrip_proto.simulator import Simulator

from .conftest import PASSWORD, finish, start


async def _listening(process: asyncio.subprocess.Process) -> int:
    assert process.stderr is not None
    async with asyncio.timeout(20):
        said = (await process.stderr.readline()).decode()
    assert said.startswith("dvrip: listening on 127.0.0.1:")
    return int(said.rpartition(":")[2])


def _tell(device: Simulator, port: int) -> None:
    entry = device.state.config["NetWork.AlarmServer"][0]
    entry |= {"Enable": True, "Alarm": True, "Log": False, "Protocol": "GENERAL"}
    entry["Server"] |= {"Name": "127.0.0.1", "Port": port}
    device.state.config["Detect.MotionDetect"][0]["EventHandler"]["MessageEnable"] = True


async def test_reports_are_printed_for_programs() -> None:
    process = await start(
        "alarm-centre", "127.0.0.1", "--listen-port", 0, "--count", 1, "--json", password=None
    )
    port = await _listening(process)
    async with Simulator() as camera:
        _tell(camera, port)
        camera.raise_alarm(0, "VideoMotion")
        ended = await finish(process)
    assert ended.code == 0
    told = json.loads(ended.out)
    assert (told["serial"], told["channel"], told["kind"], told["active"]) == (
        camera.serial,
        1,
        "motion",
        True,
    )
    assert (told["host"], told["log"]) == ("127.0.0.1", False)


async def test_reports_are_printed_for_people_until_it_is_ended() -> None:
    process = await start("alarm-centre", "127.0.0.1", "--listen-port", 0, password=None)
    port = await _listening(process)
    async with Simulator() as camera:
        _tell(camera, port)
        camera.raise_alarm(0, "VideoMotion")
        assert process.stdout is not None
        async with asyncio.timeout(20):
            line = (await process.stdout.readline()).decode()
    assert f"  127.0.0.1  {camera.serial}  channel 1  motion  start  " in line
    process.terminate()
    assert (await finish(process)).code == 0


async def test_an_address_that_cannot_be_had() -> None:
    ended = await finish(await start("alarm-centre", "192.0.2.1", password=None))
    assert ended.code == 4
    assert ended.err.startswith("dvrip: 192.0.2.1:15002: cannot listen: ")


async def test_devices_that_dial_in_are_printed() -> None:
    process = await start("registered", "127.0.0.1", "--listen-port", 0, "--count", 1, "--json")
    port = await _listening(process)
    async with Simulator() as camera:
        assert not await camera.dial("127.0.0.1", port, password="wrong")
        assert await camera.dial("127.0.0.1", port, password=PASSWORD)
        ended = await finish(process)
    assert ended.code == 0
    told = json.loads(ended.out)
    assert (told["serial"], told["channels"], told["host"]) == (camera.serial, 1, "127.0.0.1")
    assert PASSWORD not in ended.out + ended.err
