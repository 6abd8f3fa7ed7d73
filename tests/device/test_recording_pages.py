"""Lists of recordings as devices tell them: pages, orders, shapes, and answers that nobody expects."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random

import pytest

from dvrip_proto import (
    ProtocolError,
    RequestTimeoutError,
)
from dvrip_proto.wire.ids import MessageId
from tests.device.conftest import scripted
from tests.frames.vectors import vector

DAY = datetime(2021, 3, 4)
NIGHT = datetime(2021, 3, 4, 23, 59, 59)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


async def found(device, begin=DAY, end=NIGHT, **more):
    return [recording async for recording in device.recordings.search(begin, end, **more)]


def name_of(index, begin, end, letter="R"):
    return f"/idea0/{begin:%Y-%m-%d}/001/{begin:%H.%M.%S}-{end:%H.%M.%S}[{letter}][@{index:x}][0].h264"


def item(index, begin, end=None, **more):
    end = begin + MINUTE if end is None else end
    listed = {"BeginTime": str(begin), "DiskNo": 0, "EndTime": str(end), "SerialNo": 0}
    return {**listed, "FileLength": "0x0000B000", "FileName": name_of(index, begin, end), **more}


def listing(pages, key="OPFileQuery"):
    """A device that answers searches with what `pages(query)` says; `asked` counts them."""
    asked = []

    async def answer(link, message_id, body):
        if message_id != MessageId.FILE_SEARCH:
            return {}
        asked.append(body["OPFileQuery"])
        return {key: pages(body["OPFileQuery"])}

    answer.asked = asked
    return answer


def stored(items, *, reverse=False, strict=False):
    """A disk with these items: overlapping ones, or with `strict` those that begin inside; 64 at most."""

    def page(query):
        begin, end = (datetime.fromisoformat(query[key]) for key in ("BeginTime", "EndTime"))
        inside = [
            each
            for each in items
            if datetime.fromisoformat(each["BeginTime"]) <= end
            and datetime.fromisoformat(each["BeginTime" if strict else "EndTime"]) >= begin
        ]
        return sorted(inside, key=lambda each: each["BeginTime"], reverse=reverse)[:64]

    return page


async def test_queries_are_those_of_a_real_client():
    recorded = vector("json-filequery-req-kos")["json"]["OPFileQuery"]
    answer = listing(lambda query: None)
    async with scripted(answer) as device:
        await found(device, datetime(2026, 4, 1), datetime(2026, 4, 1, 23, 59, 59))
    assert answer.asked[0] == recorded


@pytest.mark.parametrize("ret", [109, 119])
async def test_nothing_found_is_no_error(ret):
    async def answer(link, message_id, body):
        return {"ret": ret, "Name": ""}

    async with scripted(answer) as device:
        assert await found(device, DAY, DAY + timedelta(days=3)) == []


@pytest.mark.parametrize("told", [None, []])
@pytest.mark.parametrize("key", ["OPFileQuery", "FileList", " FileList "])
async def test_empty_lists_in_every_shape(told, key):
    async with scripted(listing(lambda query: told, key)) as device:
        assert await found(device) == []


async def test_the_list_of_the_specification():
    listed = [item(1, DAY), item(2, DAY + HOUR)]
    async with scripted(listing(lambda query: listed, " FileList ")) as device:
        assert [each.begin for each in await found(device)] == [DAY, DAY + HOUR]


@pytest.mark.parametrize("told", ["x", 7, {"a": 1}])
async def test_what_is_no_list_is_a_protocol_error(told):
    async with scripted(listing(lambda query: told)) as device:
        with pytest.raises(ProtocolError, match="OPFileQuery: the device told no list"):
            await found(device)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("strict", [False, True])
async def test_no_order_and_no_overlap_loses_anything(reverse, strict):
    """The long recording ends behind many short ones that lie inside it."""
    items = [item(index, DAY + index * MINUTE) for index in range(150)]
    items.append(item(999, DAY + 30 * MINUTE, DAY + 20 * HOUR))
    answer = listing(stored(items, reverse=reverse, strict=strict))
    async with scripted(answer) as device:
        recordings = await found(device)
    assert Counter(each.name for each in recordings) == Counter(each["FileName"] for each in items)
    assert len(answer.asked) < 8


async def test_pages_in_no_order_are_halved_until_they_fit():
    items = [item(index, DAY + index * MINUTE) for index in range(300)]

    def page(query):
        begin, end = (datetime.fromisoformat(query[key]) for key in ("BeginTime", "EndTime"))
        inside = [each for each in items if begin <= datetime.fromisoformat(each["BeginTime"]) <= end]
        return Random(len(asked)).sample(inside, min(64, len(inside)))

    answer = listing(page)
    asked = answer.asked
    async with scripted(answer) as device:
        recordings = await found(device)
    assert [each.begin for each in recordings] == [DAY + index * MINUTE for index in range(300)]


async def test_many_recordings_of_one_second():
    items = [item(index, DAY + HOUR, DAY + HOUR) for index in range(64)]
    items += [item(100 + index, DAY + 2 * HOUR, DAY + 2 * HOUR) for index in range(5)]
    async with scripted(listing(stored(items))) as device:
        assert len(await found(device)) == 69


async def test_a_device_that_repeats_its_page():
    listed = [item(index, DAY + index * MINUTE) for index in range(64)]
    answer = listing(lambda query: listed)
    async with scripted(answer) as device:
        assert len(await found(device)) == 64
    assert len(answer.asked) == 3


async def test_a_device_that_never_comes_to_an_end():
    fresh = iter(range(10**9))

    def page(query):
        begin = datetime.fromisoformat(query["BeginTime"])
        return [item(next(fresh), begin) for _ in range(64)]

    answer = listing(page)
    async with scripted(answer) as device:
        device.recordings.pages_a_day = 30
        with pytest.raises(ProtocolError, match="lists more than 1920 recordings of a day"):
            await found(device)
    assert len(answer.asked) == 30


async def test_items_of_other_days_are_left_out():
    """Some devices do not look at the times that they are asked for."""
    listed = [item(index, DAY + timedelta(days=index, hours=1)) for index in range(5)]
    async with scripted(listing(lambda query: listed)) as device:
        recordings = await found(device, DAY + timedelta(days=1), DAY + timedelta(days=2, hours=23))
    assert [each.begin for each in recordings] == [
        DAY + timedelta(days=1, hours=1),
        DAY + timedelta(days=2, hours=1),
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"FileLength": 45056}, {"size_kib": 45056}),
        ({"FileLength": "45056"}, {"size_kib": 45056}),
        ({"FileLength": -5}, {"size_kib": 0}),
        ({"FileLength": "0xZZ"}, {"size_kib": 0}),
        ({"FileLength": None}, {"size_kib": 0}),
        ({"FileLength": 1e300}, {"size_kib": 0}),
        ({"EndTime": "0000-00-00 00:00:00"}, {"end": None}),
        ({"EndTime": "2021-03-04 00:30:00"}, {"end": None}),
        ({"EndTime": 12}, {"end": None}),
        ({"BeginTime": "0000-00-00 00:00:00"}, {"begin": None}),
        ({"BeginTime": None, "EndTime": None}, {"begin": None, "end": None}),
        ({"FileName": None}, {"name": "", "begin": DAY + HOUR}),
        ({"FileName": 5}, {"name": ""}),
        ({"FileName": "/x/[AM][@1].h264"}, {"events": frozenset("AM")}),
        ({"FileName": "/x/unusual"}, {"events": frozenset()}),
        ({"FileName": "/[M]/a[l].h264"}, {"events": frozenset("L")}),
    ],
)
async def test_odd_members_are_tolerated(change, expected):
    async with scripted(listing(lambda query: [None, 5, {}, item(1, DAY + HOUR, **change)])) as device:
        (recording,) = await found(device)
    assert {key: getattr(recording, key) for key in expected} == expected


async def test_a_page_with_rubbish_in_it_is_full_all_the_same():
    items = [item(index, DAY + index * MINUTE) for index in range(100)]

    def page(query):
        return [*stored(items)(query)[:63], None]

    async with scripted(listing(page)) as device:
        assert len(await found(device)) == 100


async def test_a_device_that_does_not_answer():
    async def answer(link, message_id, body):
        return None

    async with scripted(answer, timeout_s=0.1) as device:
        with pytest.raises(RequestTimeoutError):
            await found(device)


async def test_a_recorder_that_lists_video_under_any_type_only():
    """An NBD80S16S-KL finds H.265 recordings by Type "*", and nothing by "h264" (a public C# client of one)."""
    picture = item(1, DAY + HOUR, FileName="/idea1/2021-03-04/001/01.00.00[M][@0][0].jpg")
    answer = listing(lambda query: [item(0, DAY), picture] if query["Type"] == "*" else [])
    async with scripted(answer) as device:
        for _ in range(2):
            assert [recording.name for recording in await found(device)] == [item(0, DAY)["FileName"]]
    assert [query["Type"] for query in answer.asked] == ["h264", "*", "*"]


async def test_a_device_that_does_not_answer_when_it_has_no_more():
    """Some firmware stays silent when it has nothing to list (a public client of Provision-ISR recorders)."""
    full = [item(index, DAY + index * MINUTE) for index in range(64)]
    silent = DAY + timedelta(days=1)

    def pages(query):
        asked = datetime.fromisoformat(query["BeginTime"])
        if asked == DAY:
            return full
        return [item(99, silent + HOUR)] if asked == silent else None

    async def answer(link, message_id, body):
        listing_ = pages(body["OPFileQuery"]) if message_id == MessageId.FILE_SEARCH else []
        return None if listing_ is None else {"OPFileQuery": listing_}

    async with scripted(answer, timeout_s=0.1) as device:
        names = [recording.name for recording in await found(device, DAY, silent + 23 * HOUR)]
        assert names == [each["FileName"] for each in [*full, item(99, silent + HOUR)]]
        assert not device.closed


@pytest.mark.parametrize("empty_is_silent", [False, True])
async def test_a_busy_day_that_is_never_listed_is_asked_for_in_parts(empty_is_silent, monkeypatch):
    """A client of Provision recorders: they sit on one huge day-long query; small windows answer quickly."""
    monkeypatch.setattr("dvrip_proto.features.recordings.file_query._PART_S", 0.1)
    items = [item(index, DAY + 7 * HOUR + index * MINUTE) for index in range(600)]

    async def answer(link, message_id, body):
        if message_id == MessageId.FILE_SEARCH_CALENDAR:
            return {"OPSCalendar": {"Mask": 1 << DAY.day - 1}}
        query = body.get("OPFileQuery")
        if query is None:
            return {}
        since, until = (datetime.fromisoformat(query[name]) for name in ("BeginTime", "EndTime"))
        inside = [each for each in items if since <= datetime.fromisoformat(each["BeginTime"]) <= until]
        if until - since > 12 * HOUR or (not inside and empty_is_silent):
            return None
        return {"OPFileQuery": inside[:64]}

    async with scripted(answer, timeout_s=0.3) as device:
        names = [recording.name for recording in await found(device, DAY, DAY + 23 * HOUR)]
        assert names == [each["FileName"] for each in items]
        assert not device.closed


async def test_a_silence_that_parts_do_not_break_is_asked_for_in_parts_on_one_day_only(monkeypatch):
    """The calendar is that of every channel: of one without recordings it says too much."""
    monkeypatch.setattr("dvrip_proto.features.recordings.file_query._PART_S", 0.01)
    asked = []

    async def answer(link, message_id, body):
        if message_id == MessageId.FILE_SEARCH_CALENDAR:
            return {"OPSCalendar": {"Mask": 0xFFFFFFFF}}
        query = body.get("OPFileQuery")
        if query is None:
            return {}
        asked.append(query["BeginTime"])
        return {"OPFileQuery": [item(0, DAY + HOUR)]} if query["BeginTime"] == str(DAY) else None

    async with scripted(answer, timeout_s=0.02) as device:
        assert len(await found(device, DAY, DAY + 71 * HOUR)) == 1
        days = [moment[:10] for moment in asked]
        assert [days.count(str((DAY + 24 * HOUR * number).date())) for number in range(3)] == [1, 21, 1]


async def test_a_list_that_comes_too_late_is_not_that_of_the_next_day():
    held = []

    async def answer(link, message_id, body):
        query = body.get("OPFileQuery")
        if query is None:
            return {}
        begin = datetime.fromisoformat(query["BeginTime"])
        if begin == DAY + timedelta(days=1) and not held:
            held.append(begin)
            return None
        if held and held[0]:
            await link.push(1441, {"Name": "OPFileQuery", "OPFileQuery": [item(7, held[0])], "Ret": 100})
            held[0] = None
        return {"OPFileQuery": [item(begin.day, begin)]}

    async with scripted(answer, timeout_s=0.1) as device:
        names = [recording.name for recording in await found(device, DAY, NIGHT + 2 * timedelta(days=1))]
    assert names == [item(4, DAY)["FileName"], item(6, DAY + 2 * timedelta(days=1))["FileName"]]
