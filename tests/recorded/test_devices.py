"""Every answer of every recorded device: read without loss, and compared with itself nothing is to be changed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

import pytest

from dvrip_proto import CATALOG, Device, DvripError, LinkState, TransportError, redact, spec_for
from dvrip_proto.wire.body import decode
from dvrip_proto.wire.ids import MessageId
from tests import hostile
from tests.recorded.facts import DEVICES, Fact, facts, recorded

ASKED: Final = [fact for device in DEVICES for fact in facts("told", device)]
REFUSED: Final = [fact for device in DEVICES for fact in facts("refused", device)]
# What is no configuration although it was recorded as such: an operation, and a list of accounts.
_OPERATIONS: Final = ("OPPTZControl", "Users", "SystemInfo", "StorageInfo", "")
OBJECTS: Final = [
    fact
    for fact in ASKED
    if fact.request in (1042, 1044) and fact.value is not None and fact.name not in _OPERATIONS
]


@asynccontextmanager
async def played(fact: Fact, ret: int = 100) -> AsyncIterator[Device]:
    """A client of a device that tells the fact to whoever asks for its name, and knows nothing else."""

    async def script(link: hostile.Link) -> None:
        await link.accept_login()
        while True:
            frame = await link.receive()
            name = decode(frame.body).get("Name", "") if frame.body.startswith(b"{") else ""
            known = name == fact.name and ret == 100
            members = {fact.name: fact.value} if known else {}
            await link.reply(
                frame, 100 if known or name == "" else ret if name == fact.name else 607, **members
            )

    async with hostile.peer(script) as (host, port), Device(host, port, timeout_s=2) as device:
        yield device


@pytest.mark.parametrize("fact", ASKED, ids=str)
async def test_an_answer_is_read_without_loss(fact: Fact) -> None:
    async with played(fact) as device:
        reply = await device.connection.request(fact.request, fact.name)
        assert reply.body[fact.name] == fact.value
        assert reply.ret == 100


@pytest.mark.parametrize("fact", OBJECTS, ids=str)
async def test_an_object_compared_with_itself_needs_no_change(fact: Fact) -> None:
    asked = fact if fact.request == 1042 else fact._replace(request=1042)
    async with played(asked) as device:
        assert await device.settings.get(fact.name) == fact.value
        plan = await device.settings.plan(fact.name, fact.value)
        assert plan.changes == ()
        assert plan.payload == fact.value
        redacted = redact(fact.value, spec_for(fact.name.partition(".[")[0]), identity=True)
        assert type(redacted) is type(fact.value)


@pytest.mark.parametrize("fact", REFUSED, ids=str)
async def test_a_refusal_is_an_error_that_names_its_code(fact: Fact) -> None:
    async with played(fact, fact.value) as device:
        if fact.value != 603:
            with pytest.raises(DvripError) as refused:
                await device.connection.request(fact.request, fact.name)
            # A code of a session that has ended is no refusal of the request.
            assert f"Ret {fact.value}" in str(refused.value)
            assert device.closed == isinstance(refused.value, TransportError)


@pytest.mark.parametrize(
    "fact", [each for each in ASKED if each.name == "SystemInfo" and each.value], ids=str
)
async def test_information_is_read(fact: Fact) -> None:
    async with played(fact) as device:
        info = await device.system.info()
        assert info.serial == fact.value["SerialNo"]
        assert info.firmware == fact.value["SoftWareVersion"]
        assert info.channel_count == max(
            1, fact.value.get("VideoInChannel", 0) + fact.value.get("DigChannel", 0)
        )
        assert info.build_time is not None
        assert info.uptime < datetime.now() - info.build_time + timedelta(days=2)


@pytest.mark.parametrize(
    "fact", [each for each in ASKED if each.name == "StorageInfo" and each.value], ids=str
)
async def test_disks_are_read(fact: Fact) -> None:
    async with played(fact) as device:
        disks = await device.storage.disks()
        there = [told for told in fact.value if told.get("PartNumber") != 0]  # else no card is in it
        assert [disk.number for disk in disks] == [disk.get("PlysicalNo", 0) for disk in there]
        for disk, told in zip(disks, there, strict=True):
            sizes = [int(part["TotalSpace"], 16) for part in told.get("Partition", [])]
            assert [part.total_mib for part in disk.partitions] == sizes


@pytest.mark.parametrize("fact", [each for each in ASKED if each.name == "WorkState"], ids=str)
async def test_work_is_read(fact: Fact) -> None:
    async with played(fact) as device:
        state = await device.system.work_state()
        told = fact.value.get("ChannelState", [])
        assert [channel.recording for channel in state.channels] == [each["Record"] for each in told]
        assert [channel.bitrate_kbit_s for channel in state.channels] == [each["Bitrate"] for each in told]


@pytest.mark.parametrize("fact", [each for each in ASKED if each.name == "SystemFunction"], ids=str)
async def test_abilities_are_read(fact: Fact) -> None:
    async with played(fact) as device:
        assert await device.system.functions() == fact.value


@pytest.mark.parametrize("fact", [each for each in ASKED if each.name == "OPFileQuery"], ids=str)
async def test_recordings_have_times_and_sizes(fact: Fact) -> None:
    async with played(fact) as device:
        day = datetime.strptime(fact.value[0]["BeginTime"][:10], "%Y-%m-%d")
        found = [each async for each in device.recordings.search(day, day + timedelta(hours=24))]
        assert [each.name for each in found] == [each["FileName"] for each in fact.value]
        assert all(each.begin and each.end and each.size_kib for each in found)


@pytest.mark.parametrize(
    "fact", [each for each in ASKED if each.name == "OPLogQuery" and each.value], ids=str
)
async def test_log_entries_keep_words_that_nobody_listed(fact: Fact) -> None:
    async with played(fact) as device:
        entries = [entry async for entry in device.logs.entries()]
        assert [(entry.event, entry.data) for entry in entries] == [
            (told["Type"], told["Data"]) for told in fact.value
        ]


@pytest.mark.parametrize("fact", [each for each in ASKED if "PTZPreset" in each.name], ids=str)
async def test_presets_are_listed(fact: Fact) -> None:
    async with played(fact) as device:
        told = fact.value if fact.name.endswith("]") else fact.value[0]
        presets = await device.ptz.presets()
        assert [preset.number for preset in presets] == [each["Id"] for each in told or []]
        assert [preset.name for preset in presets] == [each.get("PresetName", "") for each in told or []]


async def test_states_of_a_recorder_of_36_cameras() -> None:
    told = {fact.name: fact.value for fact in facts("told", "nbd80n36ra-kl-v3")}

    async def script(link: hostile.Link) -> None:
        await link.accept_login()
        while True:
            frame = await link.receive()
            name = decode(frame.body)["Name"]
            await link.reply(
                frame, 100 if name in told else 607, **({name: told[name]} if name in told else {})
            )

    async with hostile.peer(script) as (host, port), Device(host, port, timeout_s=2) as device:
        channels = await device.system.channels()
    assert len(channels) == 36
    assert [channel.state for channel in channels[:8]] == [
        *[LinkState.CONNECTED] * 3,
        LinkState.LOGIN_FAILED,
        LinkState.NO_LOGIN,
        LinkState.OFFLINE,
        LinkState.NO_CONFIG,
        LinkState.UNKNOWN,
    ]
    assert channels[2].resolution == "2304x1296"


@pytest.mark.parametrize("device", DEVICES)
def test_logins_of_every_device_are_understood(device: str) -> None:
    from dvrip_proto.wire.body import encode
    from dvrip_proto.wire.framer import Framer, pack
    from dvrip_proto.wire.reply import read, read_login

    for said in recorded(device)["said"]:
        if said["request"] != MessageId.LOGIN:
            continue
        body = {key: value for key, value in said.items() if key != "request"}
        (frame,) = Framer().feed(pack(MessageId.LOGIN_REPLY, encode(body)))
        reply = read(frame)
        if reply.ret == 100:
            login = read_login(frame, reply)
            assert login.channel_count == said.get("ChannelNum", 0)
            assert login.device_type == said.get("DeviceType ", "").strip() or not login.device_type


def test_most_objects_of_recorded_devices_have_a_row() -> None:
    names = {fact.name.partition(".[")[0] for fact in OBJECTS}
    unknown = {name for name in names if name not in CATALOG and "." in name}
    assert unknown == set()
