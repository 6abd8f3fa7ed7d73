"""Reading and writing configuration: names, shapes, limits, defaults, side effects, against recorded objects."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from dvrip_proto.simulator import Quirks, Simulator
from tests.frames.vectors import vector, vectors
from tests.simulator.raw import Raw, pack, until


async def test_the_network_object_tells_the_simulated_address() -> None:
    async with Simulator(bind="127.0.0.9", serial="00c0ffee00c0ffee") as device:
        client = await Raw.login(device)
        common = await client.get("NetWork.NetCommon")
        assert (common["HostIP"], common["GateWay"], common["TCPPort"]) == (
            "0x0900007F",
            "0x0100007F",
            device.port,
        )
        assert common["MAC"] == device.state.mac
        assert common["HostName"] == "LocalHost"
        assert (await client.named(1044, "NetWork.NetCommon")).json["NetWork.NetCommon"] == common
        assert (await client.named(1020, "SystemInfo")).json["SystemInfo"]["SerialNo"] == "00c0ffee00c0ffee"


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("General", lambda value: {"General", "Location", "AutoMaintain"} <= set(value)),
        ("NetWork", lambda value: value["NetDNS"]["SpareAddress"] == "0x72727272"),
        ("Detect.MotionDetect", lambda value: isinstance(value, list) and len(value) == 1),
        ("Detect.MotionDetect.[0]", lambda value: value["Level"] == 3),
        ("Detect.MotionDetect.[0].EventHandler.RecordLatch", lambda value: value == 10),
        ("Detect.MotionDetect.[ff]", lambda value: isinstance(value, list)),
        ("NetWork.NetNTP.Server.Name", lambda value: value == "time.windows.com"),
        ("bypass@Detect.MotionDetect.[0]", lambda value: isinstance(value, list) and value[0]["Level"] == 3),
        ("ChannelTitle", lambda value: value == ["Living room"]),
    ],
)
async def test_names_lead_to_values(client: Raw, name: str, check: Any) -> None:
    assert check(await client.get(name))


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Nothing",
        "General.Nothing",
        "Detect.MotionDetect.[1]",
        "Detect.MotionDetect.[x]",
        "NetWork.NetNTP.[0]",
        ".",
    ],
)
async def test_unknown_names_are_607_with_null(client: Raw, name: str) -> None:
    reply = (await client.named(1042, name)).json
    assert (reply["Name"], reply[name] if name else None, reply["Ret"]) == (name, None, 607)


@pytest.mark.parametrize(
    ("profile", "write", "default"), [("ipc", 607, 607), ("hi3516", 606, 100), ("nvr", 607, 607)]
)
async def test_unknown_names_elsewhere(profile: str, write: int, default: int) -> None:
    async with Simulator(profile=profile) as device:
        client = await Raw.login(device)
        assert await client.put("Nothing", {"x": 1}) == await client.put("Nothing", None) == write
        assert (await client.ask(1040, b"")).ret == write
        reply = (await client.named(1044, "Nothing")).json
        assert (reply["Ret"], reply["Nothing"]) == (default, None)


@pytest.mark.parametrize("recorded", [each for each in vectors("json") if each.id.startswith("cfgset-")])
async def test_recorded_writes_are_taken(client: Raw, recorded: dict[str, Any]) -> None:
    body = recorded["json"]
    name = body["Name"]
    reply = await client.ask(1040, body)
    assert (reply.message_id, reply.json["Name"], reply.ret) == (1041, name, 100)
    value = await client.get(name)
    assert {key: value[key] for key in body[name] if not isinstance(body[name][key], dict)} == {
        key: item for key, item in body[name].items() if not isinstance(item, dict)
    }
    assert value.get("ScreenAutoShutdown", 10) == 10, "members the client left out stay"


async def test_a_recorder_resets_what_a_sparse_write_leaves_out() -> None:
    for profile, kept in (("ipc", 40), ("nvr", 0)):
        async with Simulator(profile=profile) as device:
            client = await Raw.login(device)
            assert await client.put("General.General.LocalNo", 40) == 100
            assert await client.put("General.General", {"MachineName": "Hall"}) == 100
            general = await client.get("General.General")
            assert (general["MachineName"], general["LocalNo"]) == ("Hall", kept)


async def test_values_take_the_devices_shape(client: Raw) -> None:
    assert await client.put("NetWork.OnlineUpgrade", {"Enable": 0, "AutoCheck": 1, "Unheard": 5}) == 100
    upgrade = await client.get("NetWork.OnlineUpgrade")
    assert (upgrade["Enable"], upgrade["AutoCheck"], "Unheard" in upgrade) == (False, True, False)
    assert await client.put("Camera.Param.[0]", {"PictureFlip": "0x1", "DncThr": 99}) == 100
    param = await client.get("Camera.Param.[0]")
    assert (param["PictureFlip"], param["DncThr"]) == ("0x00000001", 50)
    assert await client.put("Detect.MotionDetect.[0].EventHandler.PtzLink", [["Preset", 3]]) == 100
    link = await client.get("Detect.MotionDetect.[0].EventHandler.PtzLink")
    assert (link[:2], len(link)) == ([["Preset", 3], ["None", 0]], 64)
    assert await client.put("Uart.PTZPreset.[0]", [{"Id": 1, "Name": "Door"}]) == 100
    assert await client.get("Uart.PTZPreset.[0]") == [{"Id": 1, "Name": "Door"}]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NetWork.NetDNS", "text"),
        ("NetWork.NetDNS", {"Address": 7}),
        ("NetWork.NetDNS", {"Address": "192.168.1.1"}),
        ("NetWork.NetCommon", {"TCPPort": 0}),
        ("NetWork.NetCommon", {"TCPPort": "34567"}),
        ("NetWork.NetDHCP", {"Enable": True}),
        ("General.AutoMaintain", {"AutoRebootDay": "Someday"}),
        ("Record.[0]", {"RecordMode": "Sometimes"}),
        ("General", {"General": {"LocalNo": "x"}}),
    ],
)
async def test_what_does_not_fit_is_606_and_changes_nothing(client: Raw, name: str, value: Any) -> None:
    before = await client.get(name)
    assert await client.put(name, value) == 606
    assert await client.get(name) == before


async def test_a_write_without_a_value_is_608(client: Raw) -> None:
    assert (await client.named(1040, "NetWork.NetDNS")).ret == 608


async def test_a_section_is_written_whole(client: Raw) -> None:
    assert (
        await client.put("General", {"AutoMaintain": {"AutoRebootHour": 5}, "General": {"LocalNo": 7}}) == 100
    )
    assert await client.get("General.AutoMaintain.AutoRebootHour") == 5
    assert await client.get("General.General.LocalNo") == 7


async def test_some_changes_ask_for_a_restart(device: Simulator, client: Raw) -> None:
    assert await client.put("General.Location", {"VideoFormat": "NTSC"}) == 603
    assert await client.put("General.Location", {"VideoFormat": "NTSC"}) == 100
    assert await client.put("NetWork.RTSP", {"IsServer": False}) == 602
    device.quirks = Quirks(restart={"NetWork.NetDNS": 150})
    assert await client.put("NetWork.NetDNS", {"SpareAddress": "0x08080808"}) == 150
    assert await client.get("NetWork.NetDNS.SpareAddress") == "0x08080808"


async def test_a_device_may_ignore_a_write(device: Simulator, client: Raw) -> None:
    device.quirks = Quirks(ignore_writes=frozenset({"NetWork.NetDNS"}))
    assert await client.put("NetWork.NetDNS", {"SpareAddress": "0x08080808"}) == 100
    assert await client.get("NetWork.NetDNS.SpareAddress") == "0x72727272"


async def test_defaults_come_back(client: Raw) -> None:
    assert await client.put("fVideo.Volume", [{"LeftVolume": 5}]) == 100
    assert (await client.named(1044, "fVideo.Volume")).json["fVideo.Volume"][0]["LeftVolume"] == 100
    request = vector("json-default-req")["json"]["OPDefaultConfig"]
    reply = (
        await client.named(1450, "OPDefaultConfig", {**dict.fromkeys(request, False), "Preview": True})
    ).json
    assert {**reply, "SessionID": "0x0000000b"} == vector("json-default-rsp")["json"]
    assert (await client.get("fVideo.Volume"))[0]["LeftVolume"] == 100


async def test_titles_are_one_truth(client: Raw, device: Simulator) -> None:
    reply = (await client.named(1048, "ChannelTitle")).json
    assert {**reply, "SessionID": "0x00000006"} == vector("json-channeltitle-kos")["json"]
    assert (await client.named(1048, "Other")).json["Other"] == [""]
    assert (await client.named(1046, "ChannelTitle", ["Küche"])).ret == 100
    assert device.state.titles == ["Küche"]
    assert await client.get("AVEnc.VideoWidget.[0].ChannelTitle.Name") == "Küche"
    assert await client.put("AVEnc.VideoWidget.[0].ChannelTitle.Name", "Hall") == 100
    assert (await client.named(1048, "ChannelTitle")).json["ChannelTitle"] == ["Hall"]
    assert (await client.ask(1050, bytes.fromhex(vector("title-bitmap")["hex"]))).ret == 100


async def test_a_relay_output_follows_its_type(client: Raw) -> None:
    for kind, contact in (("MANUAL", "CLOSE"), ("CLOSE", "OPEN"), ("AUTO", "OPEN")):
        assert await client.put("Alarm.AlarmOut", [{"AlarmOutStatus": "OPEN", "AlarmOutType": kind}]) == 100
        assert await client.get("Alarm.AlarmOut") == [{"AlarmOutStatus": contact, "AlarmOutType": kind}]


def spelt(address: str) -> str:
    return "0x" + bytes(map(int, address.split(".")[::-1])).hex().upper()


async def fixed(device: Simulator) -> Raw:
    """A client of a device whose address is not DHCP's."""
    client = await Raw.login(device)
    device.state.config["NetWork.NetDHCP"][0]["Enable"] = False
    return client


async def test_an_address_elsewhere_is_stored_and_the_listener_stays(
    device: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    client = await fixed(device)
    common = await client.get("NetWork.NetCommon")
    wish = {**common, "HostIP": "0x0A01A8C0", "MAC": "00:00:00:00:00:01"}
    assert await client.put("NetWork.NetCommon", wish) == 100
    after = await client.get("NetWork.NetCommon")
    assert (after["HostIP"], after["MAC"]) == ("0x0A01A8C0", common["MAC"])
    await until(lambda: bool(caplog.records))
    assert caplog.messages == [f"{device.serial}: stays at 127.0.0.1, 192.168.1.10 is only stored"]
    assert (await client.named(1006, "KeepAlive")).ret == 100


async def test_a_device_moves_to_its_new_address_and_port(unused_tcp_port: int) -> None:
    async with (
        Simulator(bind="127.0.0.201", discovery_port=unused_tcp_port) as device,
        Simulator(bind="127.0.0.203", port=device.port),
    ):
        client = await fixed(device)
        before, serial = device.port, device.serial
        assert await client.put("NetWork.NetCommon.HostIP", spelt("127.0.0.202")) == 100
        assert await client.is_closed()
        await until(lambda: device.up and device.host == "127.0.0.202")
        client = await Raw.login(device)
        assert await client.get("NetWork.NetCommon.HostIP") == spelt("127.0.0.202")
        assert (device.port, device.serial, device.state.address.host) == (before, serial, "127.0.0.202")
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.201", before)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
            asker.settimeout(2)
            asker.sendto(pack(1530, b""), ("127.0.0.202", unused_tcp_port))
            assert device.serial.encode() in await asyncio.to_thread(asker.recv, 4096)

        assert await client.put("NetWork.NetCommon.HostIP", spelt("127.0.0.203")) == 100
        await asyncio.sleep(0.4)
        assert device.host == "127.0.0.202", "another device is there: this one stays, and goes on"
        assert (await client.named(1006, "KeepAlive")).ret == 100


async def test_the_port_moves_unless_a_quirk_holds_it(
    device: Simulator, client: Raw, unused_tcp_port: int
) -> None:
    before = device.port
    device.quirks = Quirks(move_listener=False)
    assert await client.put("NetWork.NetCommon.TCPPort", unused_tcp_port) == 100
    await asyncio.sleep(0.4)
    assert device.port == before
    device.quirks = Quirks()
    assert await client.put("NetWork.NetCommon.TCPPort", 4000) == 100
    assert await client.put("NetWork.NetCommon.TCPPort", unused_tcp_port) == 100
    assert await client.is_closed()
    await until(lambda: device.up and device.port == unused_tcp_port)
    assert (await Raw.login(device)).session


async def test_a_port_that_needs_a_restart_waits_for_it(
    device: Simulator, client: Raw, unused_tcp_port: int
) -> None:
    device.quirks = Quirks(restart={"NetWork.NetCommon": 603})
    before = device.port
    assert await client.put("NetWork.NetCommon.TCPPort", unused_tcp_port) == 603
    await asyncio.sleep(0.4)
    assert device.port == before
    await device.reboot(0.1)
    assert device.port == unused_tcp_port
    assert (await Raw.login(device)).session


async def test_dhcp_and_address_translation_decide_about_the_address(device: Simulator, client: Raw) -> None:
    assert device.state.config["NetWork.NetDHCP"][0]["Enable"]
    assert await client.put("NetWork.NetCommon.HostIP", spelt("127.0.0.204")) == 100
    await asyncio.sleep(0.4)
    assert device.host == "127.0.0.1"
    device.state.config["NetWork.NetDHCP"][0]["Enable"] = False
    assert await client.put("NetWork.NetCommon.HostIP", spelt("127.0.0.205")) == 100
    await asyncio.sleep(0.4)
    assert device.host == "127.0.0.1", "it is not where it says that it is"


async def test_devices_do_not_share_state() -> None:
    async with Simulator() as one, Simulator() as two:
        client = await Raw.login(one)
        assert await client.put("Detect.MotionDetect.[0].Level", 6) == 100
        assert await (await Raw.login(two)).get("Detect.MotionDetect.[0].Level") == 3
        assert (await client.named(1044, "Detect.MotionDetect")).json["Detect.MotionDetect"][0]["Level"] == 3


async def test_channels_repeat_what_a_profile_says_once() -> None:
    async with Simulator(profile="nvr", channels=6) as device:
        client = await Raw.login(device)
        assert await client.get("ChannelTitle") == [f"CAM{number:02d}" for number in range(1, 7)]
        assert len(await client.get("Simplify.Encode")) == 6
        assert (await client.get("NetWork.RemoteDeviceV3.[5]"))["Decoder"][0]["IPAddress"] == "192.0.2.6"
        assert "Monitor_06" in (await client.named(1470, "")).json["AuthorityList"]
        detect = await client.named(1042, "Detect")
        assert len(detect.body) > 16384, "one packet, whatever the size"
