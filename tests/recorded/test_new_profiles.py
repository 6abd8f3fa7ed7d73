"""The simulator's models of further recorded devices: each says what its recording says, and works."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

import pytest

from dvrip_proto import Device, FrameKind, LinkState, UnsupportedError
from dvrip_proto.simulator import Simulator
from dvrip_proto.simulator.profile import load_profile
from tests.cli.conftest import Dvrip, dvrip  # noqa: F401 - a fixture
from tests.recorded.facts import Fact, facts
from tests.recorded.test_ipc_profile import differences
from tests.simulator.raw import Raw

MODELS: Final = {
    "xm530-r80x30-pq": "r80x30",
    "nbd80n36ra-kl-v3": "nbd80n36ra",
    "xm210-x2-wr-t": "xm210",
}
PASSWORD: Final = "s3cret pass"
_CLOCK, _SCENE, _PLACE = "the clock runs", "the scene's rate", "the simulated device is at its own address"
_SERIAL: Final = "every simulated device has its own"
DIFFERENT: Final = {
    "1020 SystemInfo/DeviceRunTime": _CLOCK,
    "1020 SystemInfo/SerialNo": _SERIAL,
    "1042 System.TimeZone/timeMin": "the zone is this computer's",
    "1042 Simplify.Encode/0/MainFormat/Video/FPS": _SCENE,
    "1042 Simplify.Encode/0/MainFormat/Video/Compression": _SCENE,
    "1042 Simplify.Encode/0/ExtraFormat/Video/FPS": _SCENE,
    "1042 Simplify.Encode/0/ExtraFormat/Video/Compression": _SCENE,
    "1042 NetWork.NetCommon/HostIP": _PLACE,
    "1042 NetWork.NetCommon/GateWay": _PLACE,
    "1042 NetWork.NetCommon/TCPPort": _PLACE,
    "1042 NetWork.NetCommon/MAC": "follows from the serial number",
    "1042 NetWork.ChnStatus": "seven channels were recorded, the others have no camera",
    "1042 AVEnc.VideoWidget/0": "the source has a part of it only",
    "1020 WorkState/ChannelState/": "no channel of the simulated device sends, and its plan is its own",
    "1442 OPLogQuery": "this very login is in it",
}
TOLD: Final = [fact for device in MODELS for fact in facts("told", device)]
REFUSED: Final = [fact for device in MODELS for fact in facts("refused", device)]


@pytest.fixture(params=MODELS.values())
async def sim(request: pytest.FixtureRequest) -> AsyncIterator[Simulator]:
    async with Simulator(profile=request.param, users={"admin": PASSWORD}) as device:
        yield device


def login(sim: Simulator) -> Device:
    return Device(sim.host, sim.port, password=PASSWORD)


async def asked(fact: Fact, request: int, name: str) -> dict[str, object]:
    async with Simulator(profile=MODELS[fact.device]) as device:
        client = await Raw.login(device)
        value = (
            {"BeginTime": "2000-00-00 00:00:00", "EndTime": "2126-01-01 00:00:00"}
            if request == 1442
            else None
        )
        reply = (await client.named(request, name, value)).json
        client.writer.close()
        await client.writer.wait_closed()
    return reply


@pytest.mark.parametrize("fact", TOLD, ids=str)
async def test_an_object_is_told_as_it_was_recorded(fact: Fact) -> None:
    reply = await asked(fact, fact.request, fact.name)
    assert reply["Ret"] == 100
    found = differences(fact.value, reply[fact.name], f"{fact.request} {fact.name}")
    assert [path for path in found if not path.startswith(tuple(DIFFERENT))] == []
    if fact.name == "NetWork.ChnStatus":
        assert reply[fact.name][: len(fact.value)] == fact.value
    if fact.name == "WorkState" and "ChannelState" in fact.value:
        assert len(reply[fact.name]["ChannelState"]) == len(fact.value["ChannelState"]) == 64
    if fact.name == "OPLogQuery":
        assert reply[fact.name][: len(fact.value)] == fact.value


@pytest.mark.parametrize("fact", REFUSED, ids=str)
async def test_what_was_refused_is_refused_alike(fact: Fact) -> None:
    assert (await asked(fact, fact.request, fact.name))["Ret"] == fact.value


async def test_every_model_tells_what_it_is_and_shows_a_picture(sim: Simulator, dvrip: Dvrip) -> None:  # noqa: F811 - the fixture
    told = (await dvrip("info", f"{sim.host}:{sim.port}", "--json")).json
    info = sim.state.system_info()
    assert (told["serial"], told["firmware"]) == (sim.serial, info["SoftWareVersion"])
    assert told["channels"] == sim.channels
    async with Device(sim.host, sim.port, password=PASSWORD) as device, device.monitor.open(0) as stream:
        assert (await anext(stream)).kind is FrameKind.I


async def test_nothing_is_changed_by_writing_what_is_there(sim: Simulator) -> None:
    async with Device(sim.host, sim.port, password=PASSWORD) as device:
        for name in sorted(sim.state.config.keys() - {*sim.state.profile.flag("section_only")}):
            value = await device.settings.get(name)
            plan = await device.settings.plan(name, value)
            assert plan.changes == (), name


async def test_the_camera_with_a_motor_lists_presets_and_counts_seconds() -> None:
    async with Simulator(profile="r80x30", users={"admin": PASSWORD}) as sim, login(sim) as device:
        presets = await device.ptz.presets()
        assert [(each.number, each.name) for each in presets] == [(100, "Door"), (250, "")]
        assert (await device.system.info()).uptime.days == 29, "1760 days if it were minutes"
        await device.ptz.goto_preset(100)
        assert sim.ptz[0].preset == 100
        await device.settings.ensure("Camera.WhiteLight", {"WorkMode": "KeepOpen"})
        light = await device.settings.get("Camera.WhiteLight")
        assert (light["WorkMode"], light["Brightness"]) == ("KeepOpen", 50)
        await device.settings.ensure("Detect.MotionDetect", {"Level": 5}, channel=0)
        assert (await device.settings.get("Detect.MotionDetect"))[0]["Level"] == 5


async def test_the_recorder_has_cameras_in_every_state() -> None:
    async with Simulator(profile="nbd80n36ra", users={"admin": PASSWORD}) as sim, login(sim) as device:
        channels = await device.system.channels()
        assert len(channels) == 36
        assert [each.state for each in channels if each.exists] == [
            *[LinkState.CONNECTED] * 3,
            LinkState.LOGIN_FAILED,
            LinkState.NO_LOGIN,
            LinkState.OFFLINE,
        ]
        assert device.login_reply.device_type == "HVR"


async def test_the_camera_that_tells_little_is_understood() -> None:
    async with Simulator(profile="xm210", users={"admin": PASSWORD}) as sim:
        assert len(sim.state.system_info()) == 10, "of 20 that others tell"
        async with Device(sim.host, sim.port, password=PASSWORD) as device:
            assert [each.reachable for each in await device.system.channels()] == [True]
            for name in ("Detect.MotionDetect", "Nothing.AtAll"):
                with pytest.raises(UnsupportedError) as refused:
                    await device.settings.get(name, channel=0)
                assert refused.value.ret == 102
            with pytest.raises(UnsupportedError):
                await device.system.functions()


@pytest.mark.parametrize("name", MODELS.values())
def test_what_was_not_recorded_is_said(name: str) -> None:
    data = load_profile(name).data
    device = next(each for each, model in MODELS.items() if model == name)
    told = {fact.name.partition(".[")[0] for fact in facts("told", device)}
    here = {*data["config"], *data["channel_config"], *data["abilities"]}
    assert here - told <= data["unrecorded"].keys()


async def test_profiles_are_listed_with_what_nobody_recorded(dvrip: Dvrip) -> None:  # noqa: F811 - the fixture
    shown = await dvrip("simulate", "profiles")
    assert shown.code == 0
    assert [line.split()[0] for line in shown.out.splitlines()[1:]][:3] == ["hi3516", "hvr", "ipc"]
    listed = await dvrip("simulate", "profiles", "ipc")
    assert "Camera.WhiteLight" in listed.out
    assert "Camera.Param " not in listed.out
    told = (await dvrip("simulate", "profiles", "--json")).json
    assert {each["profile"]: bool(each["unrecorded"]) for each in told}["xm210"] is True
    assert (await dvrip("simulate", "profiles", "nothing")).code == 2
