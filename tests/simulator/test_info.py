"""What a device says of itself, against recorded replies; time, log, storage, and every id with one answer."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from dvrip_proto.simulator import Quirks, Simulator
from dvrip_proto.simulator.state.clock import Clock
from tests.frames.vectors import vector
from tests.simulator.raw import Raw

FORMAT = "%Y-%m-%d %H:%M:%S"
LATER = "2126-04-01 13:51:42"


def unslashed(tree: Any) -> Any:
    """Recorded bodies hold escaped slashes twice: once as JSON, once as the file they were printed to."""
    if isinstance(tree, dict):
        return {key: unslashed(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [unslashed(value) for value in tree]
    return tree.replace("\\/", "/") if isinstance(tree, str) else tree


@pytest.mark.parametrize(
    ("profile", "unknown", "ability"), [("ipc", 102, 103), ("hi3516", 102, 101), ("nvr", 102, 102)]
)
async def test_unknown_names(profile: str, unknown: int, ability: int) -> None:
    async with Simulator(profile=profile) as device:
        client = await Raw.login(device)
        assert (await client.named(1020, "Nothing")).ret == unknown
        assert (await client.named(1360, "Nothing")).ret == ability


async def test_the_reply_has_the_name_that_was_asked_for(client: Raw) -> None:
    """The vendor's paper asks for " WorkState"."""
    reply = (await client.named(1020, " WorkState")).json
    assert (reply["Name"], reply["Ret"], "AlarmState" in reply[" WorkState"]) == (" WorkState", 100, True)


NO_VERSION = [{"Length": 0, "VersionDate": "", "VersionName": ""}]
ANSWERS: list[tuple[int, str, dict[str, Any]]] = [
    (1054, "", {"Name": "", "Ret": 117}),
    (1050, "", {"Name": "", "Ret": 100}),
    (1362, "X@Y", {"Name": "X@Y", "Ret": 102}),
    (1400, "", {"Name": "", "Ret": 100}),
    (1410, "", {"Name": "OPMonitor", "Ret": 103}),
    (1413, "", {"Name": "OPMonitor", "Ret": 103}),
    (1420, "", {"Name": "OPPlayBack", "Ret": 100}),
    (1424, "", {"Name": "OPPlayBack", "Ret": 103}),
    (1430, "", {"Name": "OPTalk", "Ret": 504}),
    (1434, "", {"Name": "OPTalk", "Ret": 103}),
    (1440, "OPFileQuery", {"Name": "", "Ret": 119}),
    (1442, "", {"Name": "OPLogQuery", "OPLogQuery": None, "Ret": 100}),
    (1446, "", {"OPSCalendar": {"Mask": 0}, "Ret": 100}),
    (1448, "", {"Name": "", "Ret": 109}),
    (1460, "", {"Name": "", "Ret": 103}),
    (1476, "", {"Name": "", "Ret": 101}),
    (1478, "", {"Name": "", "Ret": 101}),
    (1480, "", {"Name": "", "Ret": 101}),
    (1482, "", {"Name": "", "Ret": 101}),
    (1484, "", {"Name": "", "Ret": 101}),
    (1486, "", {"Name": "", "Ret": 101}),
    (1488, "", {"Name": "", "Ret": 106}),
    (1500, "", {"Name": "", "Ret": 100}),
    (1502, "", {"Name": "", "Ret": 100}),
    (1504, "", {"Name": "", "Ret": 100}),
    (1506, "", {"Name": "OPNetAlarm", "Ret": 100}),
    (1520, "", {"Name": "OPSystemUpgrade", "Ret": 103}),
    (1522, "", {"Name": "", "Ret": 512}),
    (1524, "", {"Name": "", "Ret": 103}),
    (1540, "", {"Name": "", "Ret": 601}),
    (1550, "", {"Name": "OPNetKeyboard", "Ret": 100}),
    (1572, "", {"Name": "", "Ret": 100}),
    (1576, "", {"Name": "", "Ret": 100}),
    (1578, "", {"Name": "", "Ret": 100}),
    (1580, "", {"Name": "", "Ret": 103}),
    (1582, "", {"Name": "", "Ret": 103}),
    (1600, "", {"Name": "", "Ret": 103}),
    (1610, "", {"Name": "", "Ret": 100}),
    (1612, "", {"Name": "", "Ret": 100}),
    (1636, "", {"Name": "OPMailTest", "Ret": 101}),
    (1648, "", {"Name": "", "Ret": 100}),
    (1650, "", {"Name": "", "Ret": 103, "authorizeStat": None}),
    (1652, "", {"Name": "", "Ret": 0}),
    (1654, "", {"Name": "", "Ret": 100}),
    (2008, "", {"Name": "OPFTPTest", "Ret": 101}),
]


@pytest.mark.parametrize(("message_id", "name", "expected"), ANSWERS)
async def test_wrong_bodies_are_answered_as_a_real_camera_does(
    message_id: int, name: str, expected: dict[str, Any]
) -> None:
    async with Simulator(profile="hi3516") as device:
        client = await Raw.login(device)
        reply = await client.ask(message_id, {"Name": name} if name else b"")
        assert reply.message_id == message_id + 1
        short = not expected.keys() <= {"Name", "Ret"}
        assert reply.json == {**expected, "SessionID": "0x1" if short else "0x00000001"}


@pytest.mark.parametrize(
    ("profile", "message_id", "expected"),
    [
        ("ipc", 1660, {"Name": "GetRandomUser", "Ret": 103}),
        ("ipc", 2000, {"Name": "", "Ret": 514}),
        ("hi3516", 1642, {"Name": "", "Ret": 101}),
        ("hi3516", 1774, {"Name": "", "Ret": -1}),
        ("hi3516", 2000, {"Name": "OPVersionList", "OPVersionList": NO_VERSION, "Ret": 517}),
        ("hi3516", 2018, {"Name": "", "Ret": 511}),
    ],
)
async def test_some_models_have_answers_of_their_own(
    profile: str, message_id: int, expected: dict[str, Any]
) -> None:
    async with Simulator(profile=profile) as device:
        client = await Raw.login(device)
        session = "0x1" if "OPVersionList" in expected else "0x00000001"
        assert (await client.ask(message_id, b"")).json == {**expected, "SessionID": session}


@pytest.mark.parametrize("message_id", [1008, 1009, 1052 + 2000, 1999, 65000])
async def test_unknown_ids_are_refused_and_dangerous_ones_do_not_exist(client: Raw, message_id: int) -> None:
    assert (await client.ask(message_id, b"")).json == {"Name": "", "Ret": 102, "SessionID": "0x00000000"}


@pytest.mark.parametrize("message_id", [1562, 1570, 1574, 1436, 1490])
async def test_some_ids_are_never_answered(client: Raw, message_id: int) -> None:
    client.send(message_id, {"Name": ""})
    assert await client.is_silent()


async def test_the_time_is_told_set_and_kept(device: Simulator, client: Raw) -> None:
    reply = (await client.named(1452, "OPTimeQuery")).json
    assert set(reply) == set(vector("json-timequery-rsp")["json"])
    recorded = vector("json-timeset-req")["json"]["OPTimeSetting"]
    answer = (await client.named(1450, "OPTimeSetting", recorded)).json
    assert {**answer, "SessionID": "0x00000002"} == vector("json-timeset-rsp")["json"]
    now = datetime.strptime((await client.named(1452, "OPTimeQuery")).json["OPTimeQuery"], FORMAT)
    assert timedelta() <= now - datetime.strptime(recorded, FORMAT) < timedelta(seconds=5)
    assert (await client.named(1450, "OPTimeSetting", "yesterday")).ret == 103


async def test_universal_time_follows_the_zone(client: Raw) -> None:
    assert await client.put("System.TimeZone", {"FirstUserTimeZone": 0, "timeMin": -120}) == 100
    assert (await client.named(1450, "OPUTCTimeSetting", "2026-03-04 10:00:00")).ret == 100
    assert (await client.named(1452, "OPTimeQuery")).json["OPTimeQuery"].startswith("2026-03-04 12:00:0")
    assert await client.put("System.TimeZone.timeMin", 300) == 100
    assert (await client.named(1452, "OPTimeQuery")).json["OPTimeQuery"].startswith("2026-03-04 05:00:0")


async def test_time_for_devices_without_a_clock_chip(client: Raw) -> None:
    recorded = vector("json-nortc")["json"]
    reply = await client.ask(1590, recorded)
    assert {**reply.json, "SessionID": "0x00000006"} == vector("json-nortc-rsp")["json"]
    assert (await client.named(1452, "OPTimeQuery")).json["OPTimeQuery"].startswith("2026-02-01 12:17")


async def log(client: Raw, position: int = 0, kind: str = "LogAll") -> list[dict[str, Any]] | None:
    query = {"BeginTime": "2000-00-00 00:00:00", "EndTime": LATER, "LogPosition": position, "Type": kind}
    found = (await client.named(1442, "OPLogQuery", query)).json["OPLogQuery"]
    return None if found is None else list(found)


async def test_the_log_begins_with_the_recorded_page(client: Raw) -> None:
    page = await log(client, 1048)
    assert page is not None
    assert page[:7] == unslashed(vector("json-log-last")["json"]["OPLogQuery"])
    assert (page[7]["Type"], page[7]["User"], page[7]["Data"]) == (
        "LogIn",
        "admin",
        "admin,DVRIP-Web:127.0.0.1",
    )


async def test_the_log_grows_and_is_read_in_overlapping_pages(device: Simulator, client: Raw) -> None:
    for number in range(300):
        device.state.journal.add("SaveConfig", f"Object{number}")
    first = await log(client)
    assert first is not None
    second = await log(client, first[-1]["Position"])
    assert second is not None
    assert (len(first), len(second)) == (128, 128)
    assert second[0] == first[-1]
    assert await log(client, 10**6) is None
    assert {entry["Type"] for entry in await log(client, kind="LogAccount") or []} <= {
        "LogIn",
        "AddUser",
        "DeleteUser",
    }
    assert (await client.named(1450, "OPLogManager", {"Action": "RemoveAll"})).ret == 100
    assert await log(client) is None


@pytest.mark.parametrize(("action", "kind"), [("Reboot", "Reboot"), ("Shutdown", "ShutDown")])
async def test_the_log_spells_a_restart_its_own_way(
    monkeypatch: pytest.MonkeyPatch, action: str, kind: str
) -> None:
    monkeypatch.setattr(Clock, "now", lambda _clock: datetime(2026, 1, 5, 1, 48, 13))
    async with Simulator(profile="ipc") as device:
        client = await Raw.login(device)
        assert (await client.named(1450, "OPMachine", {"Action": action})).ret == 100
        entries = device.state.journal.page(begin="", end="9", position=0, kind="LogSystem")
        assert entries is not None
        assert entries[-1]["Data"] == "2026- 1- 5 01:48:13(8)"


async def test_partitions_are_managed(device: Simulator, client: Raw) -> None:
    recorded = vector("json-storage-settype")["json"]["OPStorageManager"]
    assert (await client.named(1460, "OPStorageManager", recorded)).ret == 100
    assert (await client.named(1460, "OPStorageManager", {**recorded, "Type": "SnapShot"})).ret == 100
    assert device.state.storage.disks[0]["Partition"][0]["DirverType"] == 4
    clear = {"Action": "Clear", "PartNo": 1, "SerialNo": 0, "Type": "Data"}
    assert (await client.named(1460, "OPStorageManager", clear)).ret == 100
    partition = (await client.named(1020, "StorageInfo")).json["StorageInfo"][0]["Partition"][1]
    assert partition["RemainSpace"] == partition["TotalSpace"] == "0x00000405"
    split = {"Action": "Partition", "SerialNo": 1, "PartitionSize": [{"Record": 28000}, {"SnapShot": 2000}]}
    assert (await client.named(1460, "OPStorageManager", split)).ret == 100
    disk = (await client.named(1020, "StorageInfo")).json["StorageInfo"][0]
    assert [part["TotalSpace"] for part in disk["Partition"]] == ["0x00006d60", "0x000007d0"]
    assert (await client.named(1460, "OPStorageManager", {**clear, "SerialNo": 9})).ret == 103


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"Action": "SetType", "PartNo": 0, "SerialNo": 0, "Type": "Sideways"},
        {"Action": "SetType", "PartNo": 7, "SerialNo": 0, "Type": "ReadWrite"},
        {"Action": "Explode", "PartNo": 0, "SerialNo": 0},
        {"Action": "Partition", "SerialNo": 0, "PartitionSize": []},
        {"Action": "Partition", "SerialNo": 0, "PartitionSize": [{"Record": -1}]},
        {"Action": "Partition", "SerialNo": 0, "PartitionSize": "all"},
    ],
)
async def test_storage_requests_that_make_no_sense(
    device: Simulator, client: Raw, wish: dict[str, Any]
) -> None:
    before = str(device.state.storage.disks)
    assert (await client.named(1460, "OPStorageManager", wish)).ret == 103
    assert str(device.state.storage.disks) == before


async def test_a_partition_recovers(device: Simulator, client: Raw) -> None:
    device.state.storage.disks[0]["Partition"][0]["Status"] = 5
    assert (
        await client.named(1460, "OPStorageManager", {"Action": "Recover", "PartNo": 0, "SerialNo": 1})
    ).ret == 100
    assert device.state.storage.disks[0]["Partition"][0]["Status"] == 0


async def test_recorders_answer_searches_by_time() -> None:
    query = {"Name": "OPFileQuery", "OPFileQuery": {"Type": "h264", "Event": "*", "LowChannel": 1}}
    async with Simulator(profile="nvr") as recorder, Simulator(profile="hi3516") as camera:
        client = await Raw.login(recorder)
        assert (await client.ask(1444, query)).json["OPFileQuery"] == {"ByTimeInfo": None}
        assert (await client.named(2026, "OPSCalendar")).json["OPSCalendar"] == {"Mask": [0] * 12}
        asker = await Raw.login(camera)
        asker.send(1444, query)
        assert await asker.is_silent()


async def test_files_need_the_right_to_replay(device: Simulator, client: Raw) -> None:
    user = {"AuthorityList": [], "Group": "user", "Name": "bob", "Password": "S2fGqNFs"}
    assert (await client.ask(1482, {"User": user})).ret == 100
    bob = await Raw.login(device, "bob", "S2fGqNFs")
    assert (await bob.named(1440, "OPFileQuery", {"Channel": 0})).ret == 107
    assert (await bob.named(1434, "OPTalk", {"Action": "Claim"})).ret == 107


@pytest.mark.parametrize(
    ("name", "value", "ret"),
    [
        ("OPMachine", {"Action": "Dance"}, 103),
        ("OPLogManager", {"Action": "LogOff"}, 100),
        ("OPLogManager", {"Action": "Burn"}, 103),
        ("OPDefaultConfig", {}, 103),
        ("OPNothing", {}, 103),
    ],
)
async def test_operations_that_are_none(client: Raw, name: str, value: dict[str, Any], ret: int) -> None:
    assert (await client.named(1450, name, value)).ret == ret


async def test_a_factory_reset_restores_accounts_and_settings(device: Simulator, client: Raw) -> None:
    user = {"AuthorityList": [], "Group": "user", "Name": "bob", "Password": "S2fGqNFs"}
    assert (await client.ask(1482, {"User": user})).ret == 100
    assert await client.put("General.General.LocalNo", 9) == 100
    assert (await client.named(1450, "OPDefaultConfig", {"Factory": True})).ret == 603
    assert list(device.state.users) == ["admin"]
    assert await client.get("General.General.LocalNo") == 0
    assert (await client.get("NetWork.NetCommon"))["TCPPort"] == device.port


async def test_files_are_searched_and_none_found(client: Raw) -> None:
    request = vector("json-filequery-req-kos")["json"]["OPFileQuery"]
    reply = (await client.named(1440, "OPFileQuery", request)).json
    assert {**reply, "SessionID": "0x0000000b"} == vector("json-filequery-empty-kos")["json"]


async def test_work_state_shows_alarms_and_recording(device: Simulator, client: Raw) -> None:
    device.raise_alarm(0, "VideoMotion", True)
    state = (await client.named(1020, "WorkState")).json["WorkState"]
    assert state["AlarmState"]["VideoMotion"] == "0x00000001"
    assert state["ChannelState"] == [{"Bitrate": 0, "Record": True}]
    device.raise_alarm(0, "VideoMotion", False)
    assert "ChannelState" not in (await client.named(1020, "WorkState")).json["WorkState"]
    assert await client.put("Record.[0].RecordMode", "ManualRecord") == 100
    assert (await client.named(1020, "WorkState")).json["WorkState"]["ChannelState"][0]["Record"]


async def test_the_recorder_shows_masks_as_hex() -> None:
    async with Simulator(profile="nvr") as device:
        client = await Raw.login(device)
        device.raise_alarm(0)
        device.raise_alarm(2)
        state = (await client.named(1020, "WorkState")).json["WorkState"]
        assert (
            state["AlarmState"]["VideoMotion"]
            == vector("json-workstate-mask")["json"]["AlarmState"]["VideoMotion"]
        )


async def test_keys_of_the_remote_keyboard_are_taken(device: Simulator, client: Raw) -> None:
    assert (await client.named(1550, "OPNetKeyboard", {"Status": "KeyDown", "Value": "Menu"})).ret == 100
    assert device.state.keys == [("KeyDown", "Menu")]


async def test_a_late_reply_comes_late(device: Simulator, client: Raw) -> None:
    device.quirks = Quirks(late={1020: 0.3})
    started = asyncio.get_running_loop().time()
    await client.named(1020, "SystemInfo")
    assert asyncio.get_running_loop().time() - started > 0.25
