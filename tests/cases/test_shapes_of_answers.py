"""Kind B beyond its cases: lists told as objects, objects in lists, other letters, numbers in other spellings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from dvrip_proto import Device, ProtocolError
from dvrip_proto.discovery.discovered import Discovered
from dvrip_proto.features.alarms import read_events
from dvrip_proto.servers.alarm_centre import read_report
from dvrip_proto.wire.body import encode_reply
from dvrip_proto.wire.framer import Framer, pack
from dvrip_proto.wire.ids import MessageId
from dvrip_proto.wire.probe import address_answer, parse
from dvrip_proto.wire.reply import read
from dvrip_proto.wire.shapes import member, members, things
from tests.device.conftest import scripted
from tests.hostile import Link


def small(value: Any) -> Any:
    """The same with every member in small letters."""
    if isinstance(value, dict):
        return {key.lower(): small(each) for key, each in value.items()}
    return [small(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("told", "listed"),
    [
        ([1, None, 2], [1, None, 2]),
        ([[1], [2, 3]], [1, 2, 3]),
        ({"0": 1, "1": 2}, [1, 2]),
        ({"1": 1, "2": 2}, [1, 2]),
        ({"[2]": "c", "[0]": "a"}, ["a", None, "c"]),
        ({"List": [1]}, [1]),
        ({"Id": 5, "x": 1}, [{"Id": 5, "x": 1}]),
        ({"ID": 0}, [{"ID": 0}]),
        *((nothing, []) for nothing in (None, "", {}, [], "ab", 5, {"a": 1}, {"a": {"0": 1}})),
    ],
)
def test_things_of_a_list_however_it_is_told(told: Any, listed: list[Any]) -> None:
    assert things(told, "Id") == listed


def test_a_list_with_the_largest_number_is_not_filled_up() -> None:
    assert len(things({"0": 1, "9999": 2})) < 2000


def test_members_of_an_object_or_of_the_only_one_in_a_list() -> None:
    assert members({"a": 1}) == members([{"a": 1}]) == {"a": 1}
    assert members([{"a": 1}, {"a": 2}]) == members(None) == members("a") == {}
    assert (member({"A": 1, "a": 2}, "a"), member({"A": 1}, "a"), member({}, "a")) == (2, 1, None)


def test_a_message_in_a_list_is_that_message() -> None:
    (frame,) = Framer().feed(pack(1021, b'[{"Ret":100,"Name":"SystemInfo"}]'))
    assert (read(frame).ret, read(frame).name) == (100, "SystemInfo")
    (frame,) = Framer().feed(pack(1021, b'[{"Ret":100},{"Ret":100}]'))
    with pytest.raises(ProtocolError, match="not a JSON object but a list"):
        read(frame)


RECORDING = {
    "BeginTime": "2026-11-25 10:00:00",
    "EndTime": "2026-11-25 10:10:00",
    "FileLength": "0x00000100",
    "FileName": "/idea0/2026-11-25/001/10.00.00-10.10.00[R][@1][0].h264",
}
ENTRY = {"Data": "d", "Position": "05", "Time": "2026-11-25 10:00:00", "Type": "LogIn", "User": "admin"}
DISK = {
    "PlysicalNo": 0,
    "PartNumber": 1,
    "Partition": [{"DirverType": 2, "LogicSerialNo": 0, "TotalSpace": "0x000EE09B", "RemainSpace": "0512"}],
}
PRESET = {"Id": "01", "PresetName": "door"}
ACCOUNT = {"AuthorityList": ["ShutDown"], "Group": "admin", "Name": "admin"}
AROUND: dict[str, Callable[[Any], Any]] = {
    "list": lambda thing: [thing],
    "alone": lambda thing: thing,
    "numbered": lambda thing: {"0": thing},
    "with null": lambda thing: [None, thing],
    "in a list": lambda thing: [[thing]],
    "in an object": lambda thing: {"List": [thing]},
    "small letters": lambda thing: [small(thing)],
}
DAY = datetime(2026, 11, 25), datetime(2026, 11, 25, 23)


async def recordings(device: Device) -> Any:
    return [(each.begin, each.size_kib, each.name) async for each in device.recordings.search(*DAY)]


async def log(device: Device) -> Any:
    return [(each.position, each.event, each.user) async for each in device.logs.entries()]


async def disks(device: Device) -> Any:
    return [
        (disk.formatted, part.kind, part.total_mib, part.remaining_mib)
        for disk in await device.storage.disks()
        for part in disk.partitions
    ]


async def presets(device: Device) -> Any:
    return [(preset.number, preset.name) for preset in await device.ptz.presets()]


LISTS: dict[str, tuple[Any, Callable[[Device], Any], Any]] = {
    "OPFileQuery": (RECORDING, recordings, [(datetime(2026, 11, 25, 10), 256, RECORDING["FileName"])]),
    "OPLogQuery": (ENTRY, log, [(5, "LogIn", "admin")]),
    "StorageInfo": (DISK, disks, [(True, "event", 0xEE09B, 512)]),
    "Uart.PTZPreset.[0]": (PRESET, presets, [(1, "door")]),
}


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("name", LISTS)
async def test_lists_of_every_shape(name: str, around: str) -> None:
    thing, ask, wanted = LISTS[name]

    async def answer(_link: Link, _message_id: int, body: dict[str, Any]) -> dict[str, Any]:
        return {body["Name"]: AROUND[around](thing) if body["Name"] == name else None}

    async with scripted(answer) as device:
        assert await ask(device) == wanted


@pytest.mark.parametrize("told", [None, "", {}, []])
@pytest.mark.parametrize("name", LISTS)
async def test_lists_of_nothing(name: str, told: Any) -> None:
    async def answer(_link: Link, _message_id: int, body: dict[str, Any]) -> dict[str, Any]:
        return {body["Name"]: told}

    async with scripted(answer) as device:
        assert await LISTS[name][1](device) == []


async def test_a_list_in_other_letters_and_one_that_is_none() -> None:
    told: dict[str, Any] = {"opfilequery": [RECORDING]}

    async def answer(_link: Link, _message_id: int, _body: dict[str, Any]) -> dict[str, Any]:
        return told

    async with scripted(answer) as device:
        assert len(await recordings(device)) == 1
        told = {"OPFileQuery": "busy"}
        with pytest.raises(ProtocolError, match="told no list but text"):
            await recordings(device)


async def test_entries_of_a_log_that_all_have_one_position() -> None:
    async def answer(_link: Link, _message_id: int, body: dict[str, Any]) -> dict[str, Any]:
        return {body["Name"]: [{**ENTRY, "Data": data} for data in ("a", "b", "b", "c")]}

    async with scripted(answer) as device:
        assert [each.data async for each in device.logs.entries()] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "told",
    [
        ACCOUNT,
        {"0": ACCOUNT},
        [[ACCOUNT]],
        [None, ACCOUNT],
        [small(ACCOUNT)],
        [{**ACCOUNT, "Name": "admin\0", "AuthorityList": ["ShutDown\0"]}],
        *(
            [{**ACCOUNT, "AuthorityList": told}]
            for told in ("ShutDown", {"ShutDown": 1, "Account": 0}, [["ShutDown"]])
        ),
    ],
)
async def test_accounts_of_every_shape(told: Any) -> None:
    async def answer(_link: Link, _message_id: int, _body: dict[str, Any]) -> dict[str, Any]:
        return {"Users": told}

    async with scripted(answer) as device:
        (user,) = await device.users.list()
        assert (user.name, user.authorities) == ("admin", {"ShutDown"})


@pytest.mark.parametrize("key", ["AuthorityList", "authoritylist"])
async def test_a_change_of_an_account_in_small_letters_is_written_in_the_usual_ones(key: str) -> None:
    written: list[dict[str, Any]] = []

    async def answer(_link: Link, message_id: int, body: dict[str, Any]) -> dict[str, Any]:
        if message_id == MessageId.USER_MODIFY:
            written.append(body["User"])
        told = {**ACCOUNT, **(written[-1] if written else {"Memo": "a"})}
        return {"users": [small(told)], "groups": [small({**ACCOUNT, "Name": "admin"})], key: ["ShutDown"]}

    async with scripted(answer) as device:
        assert await device.users.authorities() == ["ShutDown"]
        assert [group.name for group in await device.users.groups()] == ["admin"]
        assert await device.users.modify("admin", memo="b") is True
        assert await device.users.modify("admin", memo="b") is False
    assert [(user["Memo"], user["Group"]) for user in written] == [("b", "admin")]
    assert "memo" not in written[0]


INFO = {
    "AlarmInChannel": "02",
    "DeviceRunTime": "0x00000010",
    "DigChannel": "0x03",
    "SerialNo": " 2a98\0 ",
    "VideoInChannel": "1",
}


@pytest.mark.parametrize(
    "told", [INFO, [INFO], small(INFO), {f"{key} ": value for key, value in INFO.items()}]
)
async def test_system_info_of_every_shape(told: Any) -> None:
    async def answer(_link: Link, _message_id: int, body: dict[str, Any]) -> dict[str, Any]:
        return {body["Name"]: told}

    async with scripted(answer) as device:
        info = await device.system.info()
        assert (info.serial, info.channel_count, info.alarm_inputs) == ("2a98", 4, 2)
        assert info.uptime.total_seconds() == 16 * 60


@pytest.mark.parametrize(
    ("told", "bits"),
    [
        (5, {0, 2}),
        ("0x00000005", {0, 2}),
        ("00000005", {0, 2}),
        ("00000010", {4}),
        (-(2**31), {31}),
        (-1, set(range(32))),
        (["0x00000001", 3], {0, 32, 33}),
        (True, {0}),
        *((nothing, set()) for nothing in (None, "", 0, {}, "none", [])),
    ],
)
async def test_masks_of_alarms_of_every_spelling(told: Any, bits: set[int]) -> None:
    state = {"AlarmState": {"VideoMotion": told}, "ChannelState": {"Record": "1", "Bitrate": "0x20"}}

    async def answer(_link: Link, _message_id: int, body: dict[str, Any]) -> dict[str, Any]:
        return {body["Name"]: state}

    async with scripted(answer) as device:
        found = await device.system.work_state()
        assert found.motion == bits
        assert [(each.recording, each.bitrate_kbit_s) for each in found.channels] == [(True, 32)]


@pytest.mark.parametrize(
    "told", [{"A": {"X": 1, "Y": 0}}, [{"A": {"X": "On"}}], {"A": ["X"]}, {"A": [{"X": True}]}]
)
async def test_flags_of_every_shape(told: Any) -> None:
    async def answer(_link: Link, _message_id: int, body: dict[str, Any]) -> dict[str, Any]:
        return {body["Name"]: told}

    async with scripted(answer) as device:
        assert (await device.system.functions())["A"]["X"]


ALARM = {"Channel": 0, "Event": "VideoMotion", "Status": "Start"}


@pytest.mark.parametrize(
    "body",
    [
        *({"AlarmInfo": told} for told in (ALARM, [ALARM], [[ALARM]], {"0": ALARM}, small(ALARM))),
        {"Name": "OPAlarm", "OPAlarm": ALARM},
        ALARM,
    ],
)
def test_alarms_of_every_shape(body: dict[str, Any]) -> None:
    (event,) = read_events(body)
    assert (event.channel, event.event, event.active) == (0, "VideoMotion", True)


def test_an_alarm_of_several_channels_is_one_for_each() -> None:
    events = read_events({"AlarmInfo": {**ALARM, "Channel": [0, "2"]}})
    assert [event.channel for event in events] == [0, 2]


def test_an_alarm_without_a_name_is_not_dropped() -> None:
    (event,) = read_events({"AlarmInfo": {"Channel": 0, "Status": "Start"}})
    assert (event.channel, event.event, event.active) == (0, "", True)


ITSELF = {"HostIP": "0x6701A8C0", "MAC": "00:12:34:56:78:91", "SN": "2a98", "TCPPort": 34568}


@pytest.mark.parametrize(
    "body",
    [
        *({"NetWork.NetCommon": told} for told in (ITSELF, [ITSELF], small(ITSELF))),
        {"NetWork.NetCommon": {**ITSELF, "SN": "2a98\0", "TCPPort": "0x00008708", "HostIP": "192.168.1.103"}},
        {"NetWork.NetCommon": {**ITSELF, "HostIP": 0x6701A8C0, "ChannelNum": -1}},
        {"network.netcommon": ITSELF},
        {"NetCommon": ITSELF},
        {**ITSELF, "Ret": 100},
        [{"NetWork.NetCommon": ITSELF}],
    ],
)
def test_answers_to_a_probe_of_every_shape(body: Any) -> None:
    text = encode_reply(body) if isinstance(body, dict) else b"[%s]" % encode_reply(body[0]).rstrip(b"\n\0")
    told = parse(pack(1531, text))
    assert told is not None
    device = Discovered.from_wire("192.0.2.1", told)
    assert (device.serial, device.mac, device.port) == ("2a98", "00:12:34:56:78:91", 34568)
    assert (device.own_address, device.channels) == ("192.168.1.103", None)


@pytest.mark.parametrize("body", [{"NetWork.NetCommon": ITSELF, "Ret": 100}, ITSELF])
def test_an_answer_to_a_probe_without_a_header(body: Any) -> None:
    """Some devices answer so, says a public program that adds XMEye recorders."""
    told = parse(encode_reply(body))
    assert told is not None
    assert Discovered.from_wire("10.0.0.8", told).port == ITSELF["TCPPort"]
    assert parse(encode_reply({"NetWork.NetCommon": None})) is None
    assert parse(b"{" * 20) is None


def test_a_serial_number_of_digits_is_one() -> None:
    assert Discovered.from_wire("192.0.2.1", {**ITSELF, "SN": 12345}).serial == "12345"


def test_an_order_for_an_address_is_no_device() -> None:
    assert parse(pack(1532, encode_reply({**ITSELF, "DvrMac": "00:12:34:56:78:91"}))) is None
    assert parse(pack(1531, encode_reply({"Ret": 100}))) is None


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"Ret": "100", "DvrMac": "m"}, (100, "m")),
        ({"ret": 100.0, "mac": "m"}, (100, "m")),
        ({"Ret": "OK", "NetWork.NetCommon": {"MAC": "m"}}, (100, "m")),
        ({"Ret": "0xCB"}, (203, "")),
        ({"Ret": False}, (-1, "")),
        ({"DvrMac": "m"}, None),
    ],
)
def test_answers_to_an_order_for_an_address(body: dict[str, Any], told: Any) -> None:
    assert address_answer(pack(1533, encode_reply(body))) == told


REPORT = {
    "Address": "0x6701A8C0",
    "Channel": 1,
    "Event": "MotionDetect",
    "SerialID": "12345",
    "Status": "Start",
}


@pytest.mark.parametrize(
    "body",
    [
        REPORT,
        small(REPORT),
        {"Name": "AlarmInfo", "AlarmInfo": REPORT},
        {"AlarmInfo": [REPORT], "Ret": 0},
        {**REPORT, "SerialID": 12345, "Channel": "0x1", "Address": "192.168.1.103"},
    ],
)
def test_reports_of_every_shape(body: dict[str, Any]) -> None:
    report = read_report("192.0.2.1", encode_reply(body))
    assert report is not None
    assert (report.serial, report.channel, report.active, report.address) == (
        "12345",
        1,
        True,
        "192.168.1.103",
    )


def test_a_report_s_chinese_text_is_readable() -> None:
    body = encode_reply({**REPORT, "Descrip": "@"}).replace(b"@", "门口".encode("gb2312"))
    report = read_report("192.0.2.1", body)
    assert report is not None
    assert report.text == "门口"
