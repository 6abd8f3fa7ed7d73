"""Recorders that keep their cameras in NetWork.RemoteDevice: one a channel, in the element itself.

The shape is that of two public programs: a Home Assistant integration for XM recorders (its tests play two
channels, the second one's element is short), and a command line for AiTek recorders, which reads Protocol too.
Channel is the camera's own: the vendor's structure of the object (NetDecorderConfig) has it under the same words
as that of the newer one, whose dialog calls it the remote channel and shows one more.
"""

from contextlib import asynccontextmanager

import pytest

from dvrip_proto import Binding, Camera, UnsupportedError, UsageError
from dvrip_proto.wire.ids import MessageId
from tests.device.conftest import scripted

SECRET = "camera secret"
NAME = "NetWork.RemoteDevice"
FRONT = {
    "Channel": 0,
    "Enable": True,
    "IPAddress": "192.168.1.50",
    "Port": 34567,
    "UserName": "camuser",
    "PassWord": "",
}
BACK = {"Channel": 1, "Enable": False, "IPAddress": "192.168.0.10"}


@asynccontextmanager
async def recorder(*elements, inputs=0, newer=None):
    """A recorder with these elements: the device, and what it was told to write."""
    stored, written = list(elements), []

    async def answer(_link, message_id, body):
        name = body.get("Name", "")
        owner, _, place = name.partition(".[")
        if name == "SystemInfo":
            return {name: {"VideoInChannel": inputs, "DigChannel": len(stored)}}
        if owner == "NetWork.RemoteDeviceV3" and newer is not None:
            return {name: newer}
        if owner != NAME or not stored:
            return {"ret": 607}
        if message_id == MessageId.CONFIG_SET:
            written.append(name)
            stored[int(place[:-1])] = body[name]
            return {"Name": name}
        return {name: stored[int(place[:-1])] if place else stored}

    async with scripted(answer) as device:
        yield device, stored, written


async def test_its_cameras_are_listed_by_place():
    async with recorder(FRONT, BACK) as (device, _, _):
        front, back = await device.recorder_channels.bindings()
    assert front == Binding(channel=0, enabled=True, address="192.168.1.50", port=34567, username="camuser")
    assert (back.channel, back.enabled, back.address) == (1, False, "192.168.0.10")
    assert back.remote_channel == 1


async def test_a_camera_with_several_channels_keeps_its_own_number():
    lenses = [{**FRONT, "Channel": number} for number in (1, 0)]
    async with recorder(*lenses, inputs=4) as (device, _, _):
        found = await device.recorder_channels.at("192.168.1.50")
    assert [(each.channel, each.remote_channel) for each in found] == [(4, 1), (5, 0)]


async def test_a_camera_is_bound_and_unbound_in_its_own_element_only():
    camera = Camera(address="192.0.2.9", username="view", password=SECRET)
    async with recorder(FRONT, BACK) as (device, stored, written):
        plan, applied = await device.recorder_channels.bind(1, camera)
        assert applied is not None
        assert SECRET not in f"{plan} {plan.summary()}"
        assert stored == [
            FRONT,
            {
                "Channel": 1,
                "Enable": True,
                "IPAddress": "192.0.2.9",
                "UserName": "view",
                "PassWord": SECRET,
            },
        ]
        assert (await device.recorder_channels.bind(1, camera))[1] is None
        await device.recorder_channels.unbind(0)
        assert stored[0] == {**FRONT, "Enable": False}
        assert (await device.recorder_channels.unbind(0))[1] is None
    assert written == [f"{NAME}.[1]", f"{NAME}.[0]"]


async def test_another_protocol_brings_its_port():
    async with recorder({**FRONT, "Protocol": "TCP"}) as (device, stored, _):
        await device.recorder_channels.bind(0, Camera(protocol="ONVIF"))
        assert (stored[0]["Protocol"], stored[0]["Port"]) == ("ONVIF", 80)


async def test_an_element_without_anything_is_a_channel_without_a_camera():
    async with recorder(FRONT, {}) as (device, stored, _):
        assert (await device.recorder_channels.bindings())[1] == Binding(channel=1)
        await device.recorder_channels.bind(1, Camera(address="192.0.2.9"))
        assert stored[1] == {"Channel": 0, "Port": 34567, "IPAddress": "192.0.2.9", "Enable": True}


async def test_the_channel_of_a_camera_is_written_where_it_was_and_kept_where_nothing_is_said():
    async with recorder(FRONT, BACK) as (device, stored, _):
        await device.recorder_channels.bind(0, Camera(remote_channel=2))
        await device.recorder_channels.bind(1, Camera(address="192.0.2.9"))
        assert [each["Channel"] for each in stored] == [2, 1]


async def test_a_channel_beyond_the_last_is_refused_by_the_name_of_the_older_object():
    async with recorder(FRONT, BACK) as (device, _, written):
        with pytest.raises(UsageError, match=r"NetWork\.RemoteDevice: there is no channel 3"):
            await device.recorder_channels.plan(2, None)
    assert written == []


async def test_the_newer_object_counts_where_a_recorder_has_both():
    newer = [{"Decoder": [{**FRONT, "IPAddress": "192.0.2.1"}], "Enable": True, "SingleConnId": "0x1"}]
    async with recorder(FRONT, newer=newer) as (device, _, _):
        assert [each.address for each in await device.recorder_channels.bindings()] == ["192.0.2.1"]


async def test_a_device_with_neither_says_so_by_the_newer_name():
    async with recorder() as (device, _, _):
        with pytest.raises(UnsupportedError, match="NetWork.RemoteDeviceV3"):
            await device.recorder_channels.bindings()
