"""Binding cameras to the channels of a recorder."""

import asyncio

import pytest

from dvrip_proto import Binding, Camera, LinkState, UnsupportedError, UsageError
from dvrip_proto.features.recorder_channels import read_binding, wanted
from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.wire.ids import MessageId
from tests.device.conftest import PASSWORD, login, scripted

SECRET = "camera secret"
DECODER = {
    "Channel": 0,
    "ConfName": "chConfig01",
    "DevType": "IPC",
    "Enable": True,
    "IPAddress": "192.0.2.7",
    "Interval": 10,
    "MainRtspUrl": "",
    "PassWord": SECRET,
    "Port": 34567,
    "Protocol": "TCP",
    "StreamType": "MAIN",
    "SubRtspUrl": "",
    "UserName": "admin",
}
BOUND = {
    "ConnType": "SINGLE",
    "Decoder": [DECODER],
    "EnCheckTime": False,
    "Enable": True,
    "SingleConnId": "0x00000001",
    "TourIntv": 10,
}


@pytest.fixture
async def nvr():
    async with Simulator(profile="nvr", channels=4, users={"admin": PASSWORD}) as sim:
        yield sim


def test_an_element_is_read():
    assert read_binding(3, BOUND) == Binding(
        channel=3,
        enabled=True,
        address="192.0.2.7",
        port=34567,
        protocol="TCP",
        username="admin",
        password=SECRET,
        stream="MAIN",
        device_type="IPC",
    )
    assert SECRET not in repr(read_binding(3, BOUND))
    assert SECRET not in repr(Camera(password=SECRET, main_url=f"rtsp://u:{SECRET}@h"))


@pytest.mark.parametrize(
    "element",
    [
        {**BOUND, "SingleConnId": "0x00000000"},
        {**BOUND, "SingleConnId": "0x0"},
        {**BOUND, "SingleConnId": 0},
        {**BOUND, "Enable": False},
        {**BOUND, "Enable": 0},
        {**BOUND, "Decoder": [{**DECODER, "Enable": False}]},
    ],
)
def test_a_channel_that_is_off_keeps_its_address(element):
    binding = read_binding(0, element)
    assert (binding.enabled, binding.address) == (False, "192.0.2.7")


@pytest.mark.parametrize("element", [None, {}, [], 5, {"Decoder": None}, {"Decoder": [None]}, {"0": None}])
def test_an_empty_channel_has_no_camera(element):
    assert read_binding(1, element) == Binding(channel=1)


def test_the_camera_in_use_is_the_one_that_counts():
    two = {**BOUND, "Decoder": [DECODER, {**DECODER, "IPAddress": "192.0.2.8", "Channel": 1}]}
    assert read_binding(0, {**two, "SingleConnId": "0x00000002"}).address == "192.0.2.8"
    assert read_binding(0, {**two, "SingleConnId": 2}).remote_channel == 1
    wish = wanted({**two, "SingleConnId": "0x00000002"}, Camera(address="192.0.2.9"), channel=0)
    assert [each["IPAddress"] for each in wish["Decoder"]] == ["192.0.2.7", "192.0.2.9"]
    assert wish["SingleConnId"] == "0x00000002"


def test_an_empty_channel_gets_what_its_neighbours_have():
    strange = {**DECODER, "Extra": 5, "IPAddress": "192.0.2.99", "PassWord": "theirs"}
    del strange["SubRtspUrl"]
    wish = wanted(
        {**BOUND, "Decoder": [], "Enable": 0, "SingleConnId": "0x0"},
        Camera(address="192.0.2.1", password=SECRET),
        channel=4,
        sample={**BOUND, "Decoder": [strange]},
    )
    assert wish["Decoder"] == [
        {
            **{key: DECODER[key] for key in DECODER if key != "SubRtspUrl"},
            "ConfName": "chConfig05",
            "Extra": 5,
            "IPAddress": "192.0.2.1",
        }
    ], "members of the neighbour, nothing of its address and password"
    assert (wish["Enable"], wish["SingleConnId"]) == (1, "0x1")


@pytest.mark.parametrize(
    ("camera", "port"),
    [
        (Camera(protocol="ONVIF"), 80),
        (Camera(protocol="onvif"), 80),
        (Camera(protocol="RTSP"), 554),
        (Camera(protocol="ONVIF", port=8899), 8899),
        (Camera(protocol="TCP"), 34568),
        (Camera(address="192.0.2.3"), 34568),
    ],
)
def test_another_protocol_brings_its_port(camera, port):
    element = {**BOUND, "Decoder": [{**DECODER, "Port": 34568}]}
    assert wanted(element, camera, channel=0)["Decoder"][0]["Port"] == port


async def test_cameras_are_listed_by_place_and_by_address(nvr):
    async with login(nvr) as device:
        found = await device.recorder_channels.bindings()
        assert [(each.channel, each.address, each.enabled) for each in found] == [
            (place, f"192.0.2.{place + 1}", True) for place in range(4)
        ]
        assert await device.recorder_channels.at("192.0.2.3") == (found[2],)
        assert await device.recorder_channels.at("192.0.2.3", port=80) == ()
        assert await device.recorder_channels.at("192.0.2.77") == ()


async def test_a_camera_is_bound_once_and_the_password_is_told_nowhere(nvr):
    camera = Camera(address="192.0.2.50", password=SECRET, username="view")
    async with login(nvr) as device:
        plan, applied = await device.recorder_channels.bind(2, camera)
        assert applied is not None
        assert sorted(change.path for change in plan.changes) == [
            "Decoder[0].IPAddress",
            "Decoder[0].PassWord",
            "Decoder[0].UserName",
        ]
        assert SECRET not in f"{plan} {plan.summary()} {plan.before} {plan.after}"
        stored = nvr.state.config["NetWork.RemoteDeviceV3"][2]["Decoder"][0]
        assert (stored["IPAddress"], stored["PassWord"], stored["UserName"]) == ("192.0.2.50", SECRET, "view")
        again, nothing = await device.recorder_channels.bind(2, camera)
        assert (again.changed, nothing) == (False, None)
        assert [each.address for each in await device.recorder_channels.bindings()][3] == "192.0.2.4"


async def test_a_channel_without_a_camera_says_so_in_its_state(nvr):
    async with login(nvr) as device:
        plan, _ = await device.recorder_channels.unbind(1)
        assert {change.path for change in plan.changes} == {"Enable", "SingleConnId"}
        assert [each.word for each in await device.system.channels()][1] == "NoConfig"
        assert (await device.recorder_channels.unbind(1))[1] is None
        await device.recorder_channels.bind(1, Camera())
        binding = (await device.recorder_channels.bindings())[1]
        assert (binding.enabled, binding.address) == (True, "192.0.2.2")
        assert [each.word for each in await device.system.channels()][1] == "Connected"


async def test_planning_writes_nothing(nvr):
    async with login(nvr) as device:
        before = await device.settings.get("NetWork.RemoteDeviceV3")
        plan = await device.recorder_channels.plan(0, Camera(address="192.0.2.60"))
        assert plan.changed
        assert await device.settings.get("NetWork.RemoteDeviceV3") == before


async def test_channels_that_are_not_digital_are_refused(nvr):
    async with login(nvr) as device:
        with pytest.raises(UsageError, match="there is no channel 5, the recorder has 4"):
            await device.recorder_channels.bind(4, Camera(address="192.0.2.1"))

    async def hybrid(link, message_id, body):
        told = {
            "SystemInfo": {"VideoInChannel": 4, "DigChannel": 1},
            "NetWork.RemoteDeviceV3": [BOUND],
            "NetWork.RemoteDeviceV3.[0]": BOUND,
        }
        return {body["Name"]: told.get(body["Name"])}

    async with scripted(hybrid) as device:
        assert [each.channel for each in await device.recorder_channels.bindings()] == [4]
        with pytest.raises(UsageError, match="channel 4 is an input of the recorder itself"):
            await device.recorder_channels.plan(3, None)
        assert (await device.recorder_channels.plan(4, None)).channel == 0


async def test_a_camera_has_no_channels_to_bind():
    async with Simulator(profile="ipc", users={"admin": PASSWORD}) as sim, login(sim) as device:
        with pytest.raises(UnsupportedError):
            await device.recorder_channels.bindings()


async def _becomes(device, channel, state):
    for _ in range(160):
        if (await device.system.channels())[channel].state is state:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"channel {channel} is not {state}")


async def test_a_simulated_recorder_logs_in_to_simulated_cameras(nvr):
    async with Simulator(profile="ipc", users={"admin": SECRET}) as camera, login(nvr) as device:
        there = Camera(address=camera.host, port=camera.port, username="admin", password=SECRET)
        await device.recorder_channels.bind(1, there)
        await _becomes(device, 1, LinkState.CONNECTED)
        assert [user for _number, user, _host in camera.logins] == ["admin"]
        await camera.stop()
        await _becomes(device, 1, LinkState.OFFLINE)
        await camera.start()
        await _becomes(device, 1, LinkState.CONNECTED)
        await device.recorder_channels.unbind(1)
        await _becomes(device, 1, LinkState.NO_CONFIG)
        assert (await device.system.channels())[0].reachable


async def test_a_simulated_recorder_keeps_its_login_to_a_camera_alive(nvr):
    quick = Quirks(alive_interval_s=1)
    async with (
        Simulator(profile="ipc", users={"admin": SECRET}, quirks=quick) as camera,
        login(nvr) as device,
    ):
        there = Camera(address=camera.host, port=camera.port, username="admin", password=SECRET)
        await device.recorder_channels.bind(1, there)
        for _ in range(400):
            if [message_id for message_id, _, _ in camera.requests].count(MessageId.KEEPALIVE) >= 3:
                return
            await asyncio.sleep(0.05)
        raise AssertionError("no keep-alives")


async def test_a_password_that_a_camera_refuses_is_tried_once(nvr):
    async with Simulator(profile="ipc", users={"admin": SECRET}) as camera, login(nvr) as device:
        wrong = Camera(address=camera.host, port=camera.port, password="wrong")
        await device.recorder_channels.bind(0, wrong)
        await _becomes(device, 0, LinkState.LOGIN_FAILED)
        await asyncio.sleep(1.2)
        assert [message_id for message_id, _, _ in camera.requests].count(MessageId.LOGIN) == 1
        await device.recorder_channels.bind(0, Camera(password=SECRET))
        await _becomes(device, 0, LinkState.CONNECTED)


def test_a_slot_without_a_camera_keeps_its_place():
    """SingleConnId counts the slots of the list, those with nothing in them, too."""
    front, back = {**DECODER, "IPAddress": "192.0.2.8"}, {**DECODER, "IPAddress": "192.0.2.9"}
    element = {**BOUND, "Decoder": [None, front, back], "SingleConnId": "0x00000002"}
    assert read_binding(0, element).address == "192.0.2.8"
    wish = wanted(element, Camera(address="192.0.2.5"), channel=0)
    assert wish["Decoder"] == [None, {**front, "IPAddress": "192.0.2.5"}, back]
    first = wanted({**element, "SingleConnId": "0x00000001"}, Camera(address="192.0.2.5"), channel=0)
    assert (first["Decoder"][0]["IPAddress"], first["Decoder"][1:]) == ("192.0.2.5", [front, back])
