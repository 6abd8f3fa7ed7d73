"""A dump of a device is a profile that the simulator runs, and tells nobody whose device it was."""

import json

import pytest

from dvrip_proto import CATALOG, Device, RequestTimeoutError, TransportError
from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.wire.ids import MessageId
from tests.device.conftest import login, scripted

PRIVATE = {
    "NetWork.NetEmail": {
        "SendAddr": "owner@private.example",
        "MailServer": {"Name": "mail.private.example", "UserName": "owner", "Password": "Zsecret"},
    },
    "NetWork.NetDNS": {"Address": "0x0A01A8C0"},
    "NetWork.NetFTP": {"Server": {"Name": "203.0.113.77", "Password": "Zsecret"}},
}


async def test_a_dump_can_be_simulated(sim, device, tmp_path):
    file = tmp_path / "device.json"
    file.write_text(json.dumps(await device.dump()))
    info, functions = await device.system.info(), await device.system.functions()
    async with (
        Simulator(profile=file, users={"admin": ""}) as again,
        Device(again.host, again.port) as copy,
    ):
        assert again.channels == sim.channels
        told = await copy.system.info()
        same = (
            "hardware",
            "model",
            "firmware",
            "build_time",
            "channel_count",
            "alarm_outputs",
            "video_inputs",
        )
        assert [getattr(told, name) for name in same] == [getattr(info, name) for name in same]
        assert await copy.system.functions() == functions
        assert again.state.profile.flag("snapshot") == sim.state.profile.flag("snapshot")
        assert copy.login_reply.device_type == device.login_reply.device_type
        assert await copy.upgrade.info() == await device.upgrade.info()
        for name in (
            "Detect.MotionDetect",
            "Record",
            "General.General",
            "System.TimeZone",
            "Simplify.Encode",
        ):
            if name in sim.state.config and name != "Simplify.Encode":
                assert again.state.config[name] == sim.state.config[name], name
        assert set(again.state.config) >= set(CATALOG) & set(sim.state.config) - {
            "NetWork.Wifi",
            "WifiAPALL",
            "System.ExUserMap",
            "NetWork.RemoteDeviceV3",
            "AppDowloadLink",
        }
        await copy.settings.ensure("General.General", {"LocalNo": 9})
        async with copy.monitor.open() as stream:
            assert (await anext(stream)).payload
        assert {user.name for user in await copy.users.list()} == {"admin"}


async def test_a_dump_tells_nothing_private(sim, device):
    for name, wish in PRIVATE.items():
        await device.settings.ensure(name, wish)
    await device.settings.ensure("ChannelTitle", ["Baby room", *sim.state.titles[1:]])
    await device.users.add("grandma", group="user", password="grannypass")
    text = json.dumps(await device.dump())
    told = [
        sim.serial,
        sim.state.mac,
        "private.example",
        "Zsecret",
        "0x0A01A8C0",
        "203.0.113.77",
        "Baby",
        "grandma",
    ]
    told += [account["Password"] for account in sim.state.users.values() if account["Password"] != "tlJwpbo6"]
    told += [sim.state.config["NetWork.NetCommon"]["HostIP"]]
    for secret in told:
        assert secret not in text, secret


async def test_a_user_without_rights_gets_a_dump_too(sim):
    async with login(sim, "viewer", "only looking") as viewer:
        profile = await viewer.dump()
    assert profile["users"][0]["Name"] == "admin"
    assert profile["channels"] == sim.channels


async def test_nothing_is_written(sim, device):
    sim.requests.clear()
    await device.dump()
    reads = {
        MessageId.SYSINFO,
        MessageId.CONFIG_GET,
        MessageId.DEFAULT_CONFIG_GET,
        MessageId.CHANNEL_TITLE_GET,
        MessageId.ABILITY_GET,
        MessageId.UPGRADE_INFO,
        MessageId.TIME_QUERY,
        MessageId.AUTHORITIES_GET,
        MessageId.USERS_GET,
        MessageId.GROUPS_GET,
    }
    assert {message_id for message_id, _, _ in sim.requests} <= reads


async def test_a_device_that_knows_almost_nothing(tmp_path):
    async def answer(_link, message_id, body):
        if body.get("Name") == "SystemInfo":
            return {"SystemInfo": {"HardWare": "X 1/2", "VideoInChannel": 2}}
        return {"ret": 607} if message_id == MessageId.CONFIG_GET else {"ret": 103}

    async with scripted(answer) as device:
        profile = await device.dump()
    file = tmp_path / "poor.json"
    file.write_text(json.dumps(profile))
    assert (profile["name"], profile["channels"]) == ("x-1-2", 2)
    async with (
        Simulator(profile=file, users={"admin": "", "other": ""}) as poor,
        Device(poor.host, poor.port) as copy,
    ):
        assert (await copy.system.info()).hardware == "X 1/2"
        assert await copy.settings.get("ChannelTitle") == ["CAM01", "CAM02"]


async def test_a_device_that_falls_silent(sim):
    async with login(sim, timeout_s=0.5) as device:
        sim.quirks = Quirks(mute=frozenset({int(MessageId.USERS_GET)}))
        with pytest.raises(RequestTimeoutError):
            await device.dump()
    async with login(sim, timeout_s=0.5) as device:
        sim.quirks = Quirks(reset_on=frozenset({int(MessageId.ABILITY_GET)}))
        with pytest.raises(TransportError):
            await device.dump()
