"""Days and minutes with recordings."""

import base64
from datetime import date, datetime, timedelta

import pytest

from dvrip_proto import (
    ProtocolError,
    UnsupportedError,
    UsageError,
)
from dvrip_proto.simulator import Simulator
from dvrip_proto.wire.ids import MessageId
from tests.device.conftest import PASSWORD, login, scripted
from tests.frames.vectors import vector

DAY = datetime(2021, 3, 4)
NIGHT = datetime(2021, 3, 4, 23, 59, 59)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


async def found(device, begin=DAY, end=NIGHT, **more):
    return [recording async for recording in device.recordings.search(begin, end, **more)]


async def test_the_minutes_of_a_day(recorder):
    recorder.archive.add(2, DAY + HOUR, DAY + 2 * HOUR)
    recorder.archive.add(2, DAY + 2 * HOUR, DAY + 2 * HOUR + 90 * MINUTE, event="M")
    recorder.archive.add(2, NIGHT - 30 * MINUTE, NIGHT + HOUR)
    async with login(recorder) as device:
        timeline = await device.recordings.timeline(DAY.date(), channel=2)
        assert (timeline.day, timeline.channel, len(timeline.minutes)) == (DAY.date(), 2, 1440)
        spans = [(span.begin - DAY, span.end - DAY, span.nature) for span in timeline.spans()]
        assert spans == [
            (HOUR, 2 * HOUR, "regular"),
            (2 * HOUR, 2 * HOUR + 90 * MINUTE, "motion"),
            (timedelta(hours=23, minutes=29), timedelta(days=1), "regular"),
        ]
        assert set((await device.recordings.timeline(DAY.date(), channel=1)).minutes) == {0}
        extra = await device.recordings.timeline(DAY.date(), channel=2, stream="Extra1")
        assert set(extra.minutes) == {0}


async def test_the_bitmap_of_the_vendor():
    recorded = vector("bytime-bitmap")

    async def answer(link, message_id, body):
        asked.append(body.get("OPFileQuery"))
        infos = [{"cRecordBitMap": "", "iChannel": 0}, {"cRecordBitMap": recorded["base64"], "iChannel": 33}]
        return {"OPFileQuery": {"ByTimeInfo": infos}}

    asked = []
    async with scripted(answer) as device:
        timeline = await device.recordings.timeline(date(2026, 4, 1), channel=33, stream="Extra1")
    assert {minute: timeline.minutes[int(minute)] for minute in recorded["expect"]} == recorded["expect"]
    assert [span.nature for span in timeline.spans()] == ["regular", "alarm", "motion"]
    assert (asked[0]["LowChannel"], asked[0]["HighChannel"]) == (0, 2)
    assert (asked[0]["LowStreamType"], asked[0]["HighStreamType"]) == ("0x00000000", "0x00000002")
    assert (asked[0]["BeginTime"], asked[0]["EndTime"]) == ("2026-04-01 00:00:00", "2026-04-01 23:59:59")


@pytest.mark.parametrize("told", [None, {}, {"ByTimeInfo": None}, {"ByTimeInfo": [5, {"iChannel": 4}]}, []])
async def test_no_timeline_is_an_empty_one(told):
    async def answer(link, message_id, body):
        return {"OPFileQuery": told}

    async with scripted(answer) as device:
        assert (await device.recordings.timeline(DAY.date())).minutes == bytes(1440)


@pytest.mark.parametrize("text", ["IQ==", "IQ==\0", base64.b64encode(b"\x21" * 9000).decode()])
async def test_bitmaps_of_other_lengths(text):
    async def answer(link, message_id, body):
        return {"OPFileQuery": {"ByTimeInfo": [{"cRecordBitMap": text}]}}

    async with scripted(answer) as device:
        minutes = (await device.recordings.timeline(DAY.date())).minutes
    assert len(minutes) == 1440
    assert minutes[:2] == b"\1\2"


@pytest.mark.parametrize("text", ["no base64!", "IQ", 5, "äöü"])
async def test_bitmaps_that_are_none(text):
    async def answer(link, message_id, body):
        return {"OPFileQuery": {"ByTimeInfo": [{"cRecordBitMap": text}]}}

    async with scripted(answer) as device:
        with pytest.raises(ProtocolError, match="no bitmap"):
            await device.recordings.timeline(DAY.date())


async def test_cameras_leave_the_timeline_unanswered_and_are_not_asked_again():
    async with (
        Simulator(profile="ipc", users={"admin": PASSWORD}) as sim,
        login(sim, timeout_s=0.2) as device,
    ):
        for _ in range(2):
            with pytest.raises(UnsupportedError, match="tells no timeline"):
                await device.recordings.timeline(DAY.date())
        assert not device.closed
        asked = [request for request in sim.requests if request[0] == MessageId.FILE_SEARCH_BY_TIME]
        assert len(asked) == 1


async def test_days_with_recordings(recorder):
    recorder.archive.add(3, datetime(2021, 2, 28), datetime(2021, 2, 28, 1))
    recorder.archive.add(0, datetime(2021, 3, 31), datetime(2021, 3, 31, 1))
    recorder.archive.add(0, datetime(2021, 3, 31), datetime(2021, 3, 31), kind="jpg")
    async with login(recorder) as device:
        calendar, year = device.recordings.calendar, device.recordings.year_calendar
        assert await calendar(2021, 2) == {date(2021, 2, 28)}
        assert await calendar(2021, 3) == {date(2021, 3, 31)}
        assert await calendar(2021, 4) == set()
        assert await calendar(2021, 3, kind="jpg") == {date(2021, 3, 31)}
        assert await year(2021) == {date(2021, 2, 28), date(2021, 3, 31)}
        assert await year(2020) == set()


@pytest.mark.parametrize(
    ("mask", "days"),
    [
        (0, []),
        (-1, []),
        (None, []),
        ("0x00000003", [1, 2]),
        (0xFFFFFFFF, list(range(1, 29))),
        ([0, 5, *[0] * 10], [1, 3]),
        ([5], [1, 3]),
        ([], []),
        ("x", []),
        (10**100, []),
        (5 - 2**31, [1, 3]),
        (" 005", [1, 3]),
    ],
)
async def test_masks_of_months(mask, days):
    async def answer(link, message_id, body):
        return {"OPSCalendar": {"Mask": mask}}

    async with scripted(answer) as device:
        assert await device.recordings.calendar(2021, 2) == {date(2021, 2, day) for day in days}


@pytest.mark.parametrize("told", [5, {"mask": 5}, [{"Mask": 5}], {"Mask": "0x5"}])
async def test_calendars_of_every_shape(told):
    async def answer(link, message_id, body):
        return {"opsCalendar": told}

    async with scripted(answer) as device:
        assert await device.recordings.calendar(2021, 2) == {date(2021, 2, 1), date(2021, 2, 3)}


INFO = {"iChannel": 0, "cRecordBitMap": "EQAA"}


@pytest.mark.parametrize(
    "told",
    [
        *(
            {"ByTimeInfo": infos}
            for infos in (INFO, {"0": INFO}, [INFO], [[INFO]], [{**INFO, "iChannel": "00"}])
        ),
        [{"ByTimeInfo": INFO}],
        {"bytimeinfo": [{"ichannel": 0, "crecordbitmap": "EQ\nAA"}]},
    ],
)
async def test_timelines_of_every_shape(told):
    async def answer(link, message_id, body):
        return {"OPFileQuery": told}

    async with scripted(answer) as device:
        assert (await device.recordings.timeline(date(2021, 2, 1))).minutes[:3] == b"\x01\x01\x00"


@pytest.mark.parametrize("told", [None, {}, {"ret": 119}])
async def test_no_calendar_is_an_empty_one(told):
    async def answer(link, message_id, body):
        return told if told and "ret" in told else {"OPSCalendar": told}

    async with scripted(answer) as device:
        assert await device.recordings.calendar(2021, 2) == set()
        assert await device.recordings.year_calendar(2021) == set()


async def test_a_year_that_is_no_list():
    async def answer(link, message_id, body):
        return {"OPSCalendar": {"Mask": 7}}

    async with scripted(answer) as device:
        with pytest.raises(ProtocolError, match="no list of months"):
            await device.recordings.year_calendar(2021)


@pytest.mark.parametrize(("year", "month", "kind"), [(2026, 13, "h264"), (1, 1, "h264"), (2026, 1, "avi")])
async def test_months_that_do_not_exist(device, year, month, kind):
    with pytest.raises(UsageError):
        await device.recordings.calendar(year, month, kind=kind)
