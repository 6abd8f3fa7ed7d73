"""Channels: cameras of a recorder that are there, that are not, and slots without one."""

import json

import pytest

from dvrip_proto import ChannelKind, LinkState, RequestError, UnsupportedError, UsageError
from dvrip_proto.features.channels import channels_of, link_state
from dvrip_proto.simulator import Quirks, Simulator
from tests.device.conftest import PASSWORD, login, scripted

RECORDER = {"SerialNo": "0123456789abcdef", "VideoInChannel": 0, "DigChannel": 7}
SLOTS = [
    {"ChnName": "CAM01", "CurRes": "1080P", "MaxRes": "4M", "Status": "Connected"},
    {"ChnName": "CAM02", "CurRes": "2304x1296", "MaxRes": "2304x1296", "Status": "Connected"},
    {"ChnName": "CAM03", "CurRes": "Unknow", "MaxRes": "Unknow", "Status": "LoginFailed"},
    {"ChnName": "CAM04", "CurRes": "Unknow", "MaxRes": "Unknow", "Status": "NoLogin"},
    {"ChnName": "CAM05", "CurRes": "Unknow", "MaxRes": "Unknow", "Status": "Offline"},
    {"ChnName": "CAM06", "CurRes": "Unknow", "MaxRes": "Unknow", "Status": "NoConfig"},
]


async def channels(answers, **options):
    """What the client makes of a device with these objects."""

    async def answer(link, message_id, body):
        value = {"KeepAlive": 100, **answers}.get(body["Name"], 607)
        return (
            None
            if value == "silence"
            else {"ret": value}
            if isinstance(value, int)
            else {body["Name"]: value}
        )

    async with scripted(answer, **options) as device:
        return await device.system.channels()


async def test_a_recorder_of_cameras_in_every_state():
    found = await channels(
        {"SystemInfo": RECORDER, "NetWork.ChnStatus": SLOTS, "ChannelTitle": ["Gate", "", "", "", "", "", ""]}
    )
    assert [each.state for each in found] == [
        LinkState.CONNECTED,
        LinkState.CONNECTED,
        LinkState.LOGIN_FAILED,
        LinkState.NO_LOGIN,
        LinkState.OFFLINE,
        LinkState.NO_CONFIG,
        LinkState.UNKNOWN,
    ], "the list is shorter than the recorder: the last channel is not known"
    assert [each.exists for each in found] == [True] * 5 + [False, True]
    assert [each.reachable for each in found] == [True, True, False, False, False, False, True]
    assert [each.name for each in found] == ["Gate", "CAM02", "CAM03", "CAM04", "CAM05", "CAM06", ""]
    assert [each.word for each in found][2:4] == ["LoginFailed", "NoLogin"]
    assert {each.kind for each in found} == {ChannelKind.DIGITAL}
    assert [(each.resolution, each.max_resolution) for each in found][:3] == [
        ("1080P", "4M"),
        ("2304x1296", "2304x1296"),
        ("", ""),
    ]


async def test_digital_channels_of_a_hybrid_come_behind_its_inputs():
    size = {"VideoInChannel": 2, "DigChannel": 2}
    found = await channels({"SystemInfo": size, "NetWork.ChnStatus": SLOTS[3:5], "ChannelTitle": ["A", "B"]})
    assert [each.kind for each in found] == [ChannelKind.ANALOG] * 2 + [ChannelKind.DIGITAL] * 2
    assert [(each.number, each.name) for each in found] == [(0, "A"), (1, "B"), (2, "CAM04"), (3, "CAM05")]
    assert [each.reachable for each in found] == [True, True, False, False]


@pytest.mark.parametrize("absent", [607, 102, 103, 107, "silence", None, {}, [None, 5, "x", []]])
async def test_a_recorder_that_tells_no_states_has_channels_that_may_be_tried(absent):
    told = {"SystemInfo": {"VideoInChannel": 0, "DigChannel": 3}, "NetWork.ChnStatus": absent}
    found = await channels(told | {"ChannelTitle": absent}, timeout_s=0.3)
    assert [each.number for each in found] == [0, 1, 2]
    assert all(each.exists and each.reachable and each.state is LinkState.UNKNOWN for each in found)


async def test_a_camera_is_not_asked_for_digital_channels():
    found = await channels({"SystemInfo": {"VideoInChannel": 1}, "ChannelTitle": ["Door"]})
    assert [(each.name, each.kind, each.state) for each in found] == [
        ("Door", ChannelKind.ANALOG, LinkState.CONNECTED)
    ]


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("Connected", LinkState.CONNECTED),
        ("connected", LinkState.CONNECTED),
        ("Login Failed", LinkState.LOGIN_FAILED),
        ("LoginFail", LinkState.LOGIN_FAILED),
        ("NOLOGIN", LinkState.NO_LOGIN),
        ("Disconnected", LinkState.OFFLINE),
        ("NotConnected", LinkState.OFFLINE),
        ("NotConfigured", LinkState.NO_CONFIG),
        ("no_config", LinkState.NO_CONFIG),
        ("Sleeping", LinkState.UNKNOWN),
        ("", LinkState.UNKNOWN),
    ],
)
def test_words_of_the_same_family_mean_the_same(word, state):
    assert link_state(word) is state


def test_a_list_of_all_channels_is_taken_as_one():
    states = [{"Status": "NoConfig"}, {"Status": "Offline"}, {"Status": "Connected"}]
    found = channels_of([], states, video=1, digital=2)
    assert [each.state for each in found] == [LinkState.CONNECTED, LinkState.OFFLINE, LinkState.CONNECTED]
    many = channels_of([], states * 20, video=0, digital=2)
    assert [each.state for each in many] == [LinkState.NO_CONFIG, LinkState.OFFLINE]


async def test_a_simulated_recorder_says_each_state_and_refuses_what_is_not_there():
    quirks = Quirks(
        channel_state={0: "LoginFailed", 1: "NoLogin", 2: "NoConfig"}, offline_channels=frozenset({3})
    )
    async with (
        Simulator(profile="nvr", channels=5, users={"admin": PASSWORD}, quirks=quirks) as sim,
        login(sim) as device,
    ):
        found = await device.system.channels()
        assert [each.word for each in found] == ["LoginFailed", "NoLogin", "NoConfig", "Offline", "Connected"]
        assert [bool(each.resolution) for each in found] == [False] * 4 + [True]
        for channel in range(4):
            with pytest.raises(RequestError, match="not connected") as refused:
                async with device.monitor.open(channel):
                    pass
            assert refused.value.ret == 121
            assert await sim.picture(channel) is None


async def test_the_camera_of_a_channel_goes_and_comes_back():
    async with Simulator(profile="nvr", channels=2, users={"admin": PASSWORD}) as sim, login(sim) as device:
        async with device.monitor.open(1) as stream:
            await anext(stream)
            sim.set_link(1, "Offline")
            assert [each.word for each in await device.system.channels()] == ["Connected", "Offline"]
            sim.set_link(1, "")
            assert [each.reachable for each in await device.system.channels()] == [True, True]
            await anext(stream)
        with pytest.raises(UsageError, match="channel 2"):
            sim.set_link(2, "Offline")


async def test_inputs_of_the_device_itself_have_no_camera_that_could_go(sim, device):
    if sim.profile != "nvr":
        with pytest.raises(UsageError, match="no digital channel"):
            sim.set_link(0, "Offline")
    found = await device.system.channels()
    assert [each.name for each in found] == sim.state.titles
    assert all(each.reachable for each in found)


async def test_a_talk_goes_to_the_camera_of_a_channel():
    async with Simulator(profile="nvr", channels=3, users={"admin": PASSWORD}) as sim, login(sim) as device:
        async with device.talk.open(channel=1) as talk:
            await talk.send(bytes(320))
            assert sim._unit.talk.channel == 1
        async with device.talk.open():
            assert sim._unit.talk.channel is None
        sim.set_link(2, "Offline")
        with pytest.raises(RequestError, match="not connected"):
            async with device.talk.open(channel=2):
                pass
        sim.quirks = Quirks(no_channel_talk=True)
        with pytest.raises(UnsupportedError, match="this recorder has no talk by channel") as refused:
            async with device.talk.open(channel=0):
                pass
        assert refused.value.ret == 103
        async with device.talk.open():
            pass
        with pytest.raises(UsageError):
            async with device.talk.open(channel=-1):
                pass


async def test_one_camera_of_a_recorder_is_not_restarted_by_restarting_the_recorder():
    asked = []

    async def answer(link, message_id, body):
        asked.append(json.dumps(body))
        return {}

    async with scripted(answer) as device:
        with pytest.raises(UnsupportedError, match="camera of channel 3 cannot be restarted"):
            await device.system.reboot(channel=2)
        assert asked == []
