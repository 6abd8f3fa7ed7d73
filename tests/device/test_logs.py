"""The log of devices: pages that overlap, and answers that nobody expects."""

import io
import zipfile
from datetime import datetime, timedelta

import pytest

from dvrip_proto import LogEntry, LogKind, ProtocolError, RequestError, RequestTimeoutError, UsageError
from dvrip_proto.wire.ids import MessageId
from tests.device.conftest import VIEWER_PASSWORD, login, scripted
from tests.frames.vectors import vector


async def read(device, *words, **more):
    return [entry async for entry in device.logs.entries(*words, **more)]


def entry(position, **more):
    told = {"Data": "x", "Position": position, "Time": "2021-03-04 10:00:00", "Type": "SaveConfig"}
    return {**told, "User": "System", **more}


def telling(pages, key="OPLogQuery"):
    """A device that answers with what `pages(query)` says."""

    async def answer(link, message_id, body):
        if message_id != MessageId.LOG_SEARCH:
            return {}
        answer.asked.append(body["OPLogQuery"])
        return {key: pages(body["OPLogQuery"])}

    answer.asked = []
    return answer


def journal(count, page=128):
    """A log of so many entries, in pages that begin with the entry of the asked position."""
    entries = [entry(position) for position in range(10, 10 + count)]

    def pages(query):
        return [each for each in entries if each["Position"] >= query["LogPosition"]][:page] or None

    return pages


async def test_the_log_of_every_model(device, sim):
    entries = await read(device)
    assert entries[-1].event == "LogIn"
    assert entries[-1].data == "admin,DVRIP-Web:127.0.0.1"
    assert timedelta() <= sim.state.clock.now() - entries[-1].time < timedelta(seconds=10)
    assert [each.position for each in entries] == sorted({each.position for each in entries})


async def test_every_page_is_read_once(device, sim):
    before = len(await read(device))
    for number in range(300):
        sim.state.journal.add("SaveConfig", f"Object{number}")
    entries = await read(device)
    assert len(entries) == min(before + 300, 1024), "a full log loses its oldest"
    assert [each.data for each in entries[-300:]] == [f"Object{number}" for number in range(300)]


@pytest.mark.parametrize("count", [0, 1, 127, 128, 129, 255, 256, 1000])
async def test_logs_of_any_length(count):
    answer = telling(journal(count))
    async with scripted(answer) as device:
        assert [each.position for each in await read(device)] == list(range(10, 10 + count))
    positions = [query["LogPosition"] for query in answer.asked]
    assert positions[:3] == [0, 137, 264][: len(positions)]


async def test_queries_are_those_of_a_real_client():
    recorded = vector("json-log-req-1")["json"]["OPLogQuery"]
    answer = telling(lambda query: None)
    async with scripted(answer) as device:
        await read(device, kind=LogKind.ALL)
        await read(device, datetime(2021, 3, 4), datetime(2021, 3, 5, 1, 2, 3), kind=LogKind.ACCOUNT)
    first, second = answer.asked
    assert {**first, "EndTime": recorded["EndTime"]} == recorded
    assert second == {
        "BeginTime": "2021-03-04 00:00:00",
        "EndTime": "2021-03-05 01:02:03",
        "LogPosition": 0,
        "Type": "LogAccount",
    }


async def test_a_recorded_page():
    recorded = vector("json-log-last")["json"]["OPLogQuery"]
    async with scripted(telling(lambda query: recorded)) as device:
        entries = await read(device)
    assert len(entries) == 7
    assert entries[3] == LogEntry(
        position=1051, time=datetime(2026, 4, 1, 12, 50, 56), event="AddUser", user="nameuser", data=""
    )


@pytest.mark.parametrize("key", ["LogList", " LogList "])
async def test_the_list_of_the_specification(key):
    async with scripted(telling(journal(5), key)) as device:
        assert len(await read(device)) == 5


@pytest.mark.parametrize("told", [None, []])
async def test_an_empty_log(told):
    async with scripted(telling(lambda query: told)) as device:
        assert await read(device) == []


async def test_nothing_found_is_no_error():
    async def answer(link, message_id, body):
        return {"ret": 119}

    async with scripted(answer) as device:
        assert await read(device) == []


async def test_what_is_no_list():
    async with scripted(telling(lambda query: "x")) as device:
        with pytest.raises(ProtocolError, match="OPLogQuery: the device told no list but text"):
            await read(device)


@pytest.mark.parametrize(
    "page",
    [
        [entry(position) for position in range(128)],
        [entry(5)] * 128,
        [entry(127 - position) for position in range(128)],
        [entry(None)] * 128,
        [entry("x")] * 128,
        [{}] * 128,
        [None] * 128,
        [entry(-7)] * 128,
    ],
    ids=range(8),
)
async def test_a_page_that_repeats_for_ever(page):
    answer = telling(lambda query: page)
    async with scripted(answer) as device:
        entries = await read(device)
    assert len(answer.asked) <= 2
    told = [each.position for each in entries if each.position >= 0]
    assert len(told) == len(set(told))


async def test_a_log_that_never_ends():
    answer = telling(
        lambda query: [
            entry(position) for position in range(query["LogPosition"], query["LogPosition"] + 128)
        ]
    )
    async with scripted(answer) as device:
        device.logs.pages_max = 5
        with pytest.raises(ProtocolError, match="the log of more than 636 entries goes on"):
            await read(device)
    assert len(answer.asked) == 5


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"Time": "0000-00-00 00:00:00"}, {"time": None}),
        ({"Time": None}, {"time": None}),
        ({"Position": "0x10"}, {"position": 16}),
        ({"Position": 1e100}, {"position": -1}),
        ({"User": None, "Data": None, "Type": None}, {"user": "", "data": "", "event": ""}),
        ({"Data": 5}, {"data": "5"}),
    ],
)
async def test_odd_members_are_tolerated(change, expected):
    async with scripted(telling(lambda query: [entry(1, **change)])) as device:
        (found,) = await read(device)
    assert {key: getattr(found, key) for key in expected} == expected


async def test_only_some_kinds(device, sim):
    sim.state.journal.add("SaveConfig", "NetCommon")
    sim.state.journal.add("SetDriverType", "/mnt/idea0")
    assert {each.event for each in await read(device, kind=LogKind.STORAGE)} == {"SetDriverType"}
    assert {each.event for each in await read(device, kind=LogKind.CONFIG)} <= {"SaveConfig", "RestoreConfig"}
    assert (await read(device, kind=LogKind.CONFIG))[-1].data == "NetCommon"


async def test_only_some_time(device, sim):
    now = sim.state.clock.now()
    entries = await read(device, now - timedelta(minutes=1), now + timedelta(minutes=1))
    assert {each.event for each in entries} <= {"LogIn", "LogOut"}
    assert await read(device, now + timedelta(hours=1), now + timedelta(hours=2)) == []


async def test_the_log_is_cleared(device):
    await device.logs.clear()
    assert await read(device) == []


async def test_the_log_goes_out(device):
    with zipfile.ZipFile(io.BytesIO(await device.logs.export())) as archive:
        assert "LogIn admin" in archive.read("Log").decode() or "LogIn System" in archive.read("Log").decode()


async def test_an_export_that_is_none():
    async def answer(link, message_id, body):
        return {}

    async with scripted(answer) as device:
        with pytest.raises(ProtocolError, match="no ZIP"):
            await device.logs.export()


async def test_without_the_right(sim):
    async with login(sim, "viewer", VIEWER_PASSWORD) as viewer:
        for work in (read(viewer), viewer.logs.clear(), viewer.logs.export()):
            with pytest.raises(RequestError, match="no permission"):
                await work


async def test_a_device_that_does_not_answer():
    async def answer(link, message_id, body):
        return None

    async with scripted(answer, timeout_s=0.1) as device:
        with pytest.raises(RequestTimeoutError):
            await read(device)
        assert not device.closed  # it may be silent about its log, and well otherwise


async def test_an_end_before_the_beginning(device):
    with pytest.raises(UsageError, match="the end is before"):
        await read(device, datetime(2021, 3, 5), datetime(2021, 3, 4))
