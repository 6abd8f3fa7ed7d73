"""Guard, pushes, network alarms, alarm centres, PTZ."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from dvrip_proto.simulator import Quirks, Simulator
from tests.frames.vectors import vector
from tests.simulator.raw import HEADER, Raw


async def test_only_armed_sessions_are_told(device: Simulator, client: Raw) -> None:
    other = await Raw.login(device)
    recorded = vector("json-guard-rsp")["json"]
    assert {
        **(await client.ask(1500, vector("json-guard")["json"])).json,
        "SessionID": "0x00000006",
    } == recorded
    device.raise_alarm(0, "VideoMotion", True)
    push = await client.receive()
    assert push.message_id == 1504
    expected = vector("json-alarm-start")["json"]
    assert set(push.json) == set(expected)
    assert {**push.json["AlarmInfo"], "StartTime": ""} == {**expected["AlarmInfo"], "StartTime": ""}
    assert push.json["SessionID"] == f"0x{client.session:x}"
    assert await other.is_silent()
    device.raise_alarm(0, "VideoMotion", False)
    stop = await client.receive()
    assert (stop.json["AlarmInfo"]["Status"], stop.sequence) == ("Stop", 1)
    assert (await client.ask(1502, {"Name": ""})).message_id == 1503
    device.raise_alarm(0)
    assert await client.is_silent()


async def test_pushes_and_replies_share_the_connection(device: Simulator, client: Raw) -> None:
    assert (await client.ask(1500, b"")).ret == 100
    client.send(1020, {"Name": "SystemInfo"})
    device.raise_alarm()
    ids = {(await client.receive()).message_id for _ in range(2)}
    assert ids == {1021, 1504}


async def test_network_alarms_come_in_and_go_out(client: Raw) -> None:
    await client.ask(1500, b"")
    client.send(1506, {"Name": "OPNetAlarm", "OPNetAlarm": {"Event": 0, "State": 1}})
    push, reply = await client.receive(), await client.receive()
    assert (push.json["AlarmInfo"]["Event"], push.json["AlarmInfo"]["Status"]) == ("NetAlarm", "Start")
    assert (reply.message_id, reply.json["Name"], reply.ret) == (1507, "OPNetAlarm", 100)
    client.send(1506, {"Name": "OPNetAlarm", "OPNetAlarm": {"Event": 0, "State": 1}})
    assert (await client.receive()).message_id == 1507, "no second start"


async def test_quirks_of_pushes(device: Simulator, client: Raw) -> None:
    await client.ask(1500, b"")
    device.quirks = Quirks(push_needs_flag=True, no_alarm_stop=True)
    device.raise_alarm()
    assert await client.is_silent()
    assert await client.put("Detect.MotionDetect.[0].EventHandler.MsgtoNetEnable", True) == 100
    device.raise_alarm()
    assert (await client.receive()).message_id == 1504
    device.raise_alarm(active=False)
    assert await client.is_silent()


async def test_an_alarm_centre_is_dialled(device: Simulator, client: Raw) -> None:
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def centre(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await heard.put(await reader.read())
        writer.close()

    server = await asyncio.start_server(centre, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    assert await client.put("NetWork.AlarmServer.[0].Server", {"Name": "127.0.0.1", "Port": port}) == 100
    assert await client.put("NetWork.AlarmServer.[0].Enable", True) == 100
    device.raise_alarm(0, "VideoMotion", True)
    assert await client.put("Detect.MotionDetect.[0].EventHandler.MessageEnable", True) == 100
    device.raise_alarm(0, "VideoMotion", False)
    packet = await asyncio.wait_for(heard.get(), 5)
    assert HEADER.unpack(packet[:20])[4:9:4] == (0, 1508)
    body = json.loads(packet[20:-2])
    assert set(body) == set(vector("json-alarmcenter")["json"])
    assert (body["Event"], body["Status"], body["SerialID"]) == ("MotionDetect", "Stop", device.serial)
    assert heard.empty(), "not without MessageEnable"
    server.close()


async def test_a_device_on_loopback_never_dials_elsewhere(
    device: Simulator, client: Raw, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialled: list[Any] = []

    async def refuse(*args: Any, **_: Any) -> Any:
        dialled.append(args)
        raise OSError

    assert await client.put("NetWork.AlarmServer.[0].Server", {"Name": "192.0.2.1", "Port": 15002}) == 100
    assert await client.put("NetWork.AlarmServer.[0].Enable", True) == 100
    assert await client.put("Detect.MotionDetect.[0].EventHandler.MessageEnable", True) == 100
    monkeypatch.setattr(asyncio, "open_connection", refuse)
    device.raise_alarm()
    await asyncio.sleep(0.1)
    assert dialled == []


def ptz(command: str, preset: int, step: int = 5, channel: int = 0) -> dict[str, Any]:
    parameter = {
        "AUX": {"Number": 0, "Status": "On"},
        "Channel": channel,
        "MenuOpts": "Enter",
        "POINT": {"bottom": 0, "left": 0, "right": 0, "top": 0},
        "Pattern": "SetBegin",
        "Preset": preset,
        "Step": step,
        "Tour": 0,
    }
    return {"Command": command, "Parameter": parameter}


async def test_the_drive_moves_until_it_is_stopped(device: Simulator, client: Raw) -> None:
    reply = await client.named(1400, "OPPTZControl", ptz("DirectionRight", 65535, 3))
    assert (reply.message_id, reply.json["Name"], reply.ret) == (1401, "", 100)
    drive = device.ptz[0]
    assert (drive.moving, drive.speed) == ("DirectionRight", 3)
    await asyncio.sleep(0.1)
    assert drive.position[0] > 0.2
    assert (await client.named(1400, "OPPTZControl", ptz("DirectionUp", -1))).ret == 100
    stopped = drive.position
    assert drive.moving is None
    assert stopped == drive.position
    assert list(drive.history) == [("DirectionRight", 65535, 3), ("DirectionUp", -1, 5)]


async def test_presets_are_places(device: Simulator, client: Raw) -> None:
    drive = device.ptz[0]
    await client.named(1400, "OPPTZControl", ptz("SetPreset", 4))
    await client.named(1400, "OPPTZControl", ptz("ZoomTile", 65535, 8))
    await asyncio.sleep(0.05)
    await client.named(1400, "OPPTZControl", ptz("ZoomTile", -1))
    assert drive.position[2] > 0
    await client.named(1400, "OPPTZControl", ptz("GotoPreset", 4))
    assert (drive.preset, drive.position) == (4, (0.0, 0.0, 0.0))
    await client.named(1400, "OPPTZControl", ptz("ClearPreset", 4))
    assert drive.presets == {}
    await client.named(1400, "OPPTZControl", ptz("StartTour", 0))
    assert drive.touring == 0


async def test_a_drive_that_cannot(device: Simulator, client: Raw) -> None:
    assert (await client.named(1400, "OPPTZControl", ptz("DirectionUp", 65535, channel=3))).ret == 103
    device.quirks = Quirks(ptz_ignores=True)
    assert (await client.named(1400, "OPPTZControl", ptz("DirectionUp", 65535))).ret == 100
    assert device.ptz[0].moving is None
    assert await client.put("Uart.PTZ.[0].ProtocolName", "NONE") == 100
    assert (await client.named(1400, "OPPTZControl", ptz("DirectionUp", 65535))).ret == 118
