"""Times in the spellings of real devices, and uptimes that count minutes or seconds."""

from datetime import datetime, timedelta

import pytest

from dvrip_proto.features.times import Uptime, parse_time, times_in_name
from tests.device.conftest import scripted

NOW = datetime(2026, 11, 26, 10, 0, 0)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-04-02 10:08:02", datetime(2026, 4, 2, 10, 8, 2)),
        ("2026-04-0210:08:02", datetime(2026, 4, 2, 10, 8, 2)),  # NBD80S16S-KL
        ("2026-04-0200:00:00", datetime(2026, 4, 2)),
        ("2026-4-210:08:02", datetime(2026, 4, 2, 10, 8, 2)),
        ("2026-4-2 1:08:02", datetime(2026, 4, 2, 1, 8, 2)),
        ("2026-04-02T10:08:02", datetime(2026, 4, 2, 10, 8, 2)),
        ("2026-04-02  10:08:02", datetime(2026, 4, 2, 10, 8, 2)),
        ("2026/04/02 10:08:02", datetime(2026, 4, 2, 10, 8, 2)),
        ("2026- 1-30 01:48:13(8)", datetime(2026, 1, 30, 1, 48, 13)),
        ("2026-04-02 24:00:00", datetime(2026, 4, 3)),
        ("2026-12-31 24:00:00", datetime(2027, 1, 1)),
        ("2026-04-02 24:00:01", None),
        ("2026-04-02 23:59:60", datetime(2026, 4, 2, 23, 59, 59)),
        ("2026-04-02 10:08", datetime(2026, 4, 2, 10, 8)),
        ("2026-04-02 10.08.02", datetime(2026, 4, 2, 10, 8, 2)),
        ("2026-04-02-10-08-02", datetime(2026, 4, 2, 10, 8, 2)),
        ("2026- 4- 2  1: 8: 2", datetime(2026, 4, 2, 1, 8, 2)),
        ("20260402100802", datetime(2026, 4, 2, 10, 8, 2)),
        ("20140313 08:03:07", datetime(2014, 3, 13, 8, 3, 7)),  # IPCTimeLapse, a public client
        ("2015-10-21 4:16:53 PM", datetime(2015, 10, 21, 16, 16, 53)),
        ("2015-10-21 12:16:53 pm", datetime(2015, 10, 21, 12, 16, 53)),
        ("2015-10-21 12:16:53 AM", datetime(2015, 10, 21, 0, 16, 53)),
        ("2015-10-21 11:16:53 am", datetime(2015, 10, 21, 11, 16, 53)),
        (
            {"year": 2026, "month": 4, "day": 2, "wday": 4, "hour": 10, "minute": 8, "second": 2, "isdst": 0},
            datetime(2026, 4, 2, 10, 8, 2),
        ),  # SDK_SYSTEM_TIME of the vendor's library
        ({"Year": 0, "Month": 0, "Day": 0, "Hour": 0}, None),
        ({}, None),
        ("20260402T100802\0", datetime(2026, 4, 2, 10, 8, 2)),
        ("9999-12-31 24:00:00", None),
        ("9999-12-31 23:59:59", None),
        ("0001-01-01 00:00:00", None),  # a day before it is no date
        ("2026-02-03 18:36:44(UTC)", datetime(2026, 2, 3, 18, 36, 44)),
        ("0000-00-00 00:00:00", None),
        ("2000-00-00 00:00:00", None),
        ("0000-00-0000:00:00", None),
        ("2026-04-31 10:08:02", None),
        ("2026-04-02 10:08:021", None),
        ("2026-04-02", None),
        ("", None),
        (None, None),
        (20260402100802, None),
    ],
)
def test_a_time_is_read_in_every_spelling(text, time):
    assert parse_time(text) == time


@pytest.mark.parametrize(
    ("name", "begin", "end"),
    [
        (
            "/idea0/2026-04-02/002/10.08.02-10.30.00[R][@8600f][1].h264",
            datetime(2026, 4, 2, 10, 8, 2),
            datetime(2026, 4, 2, 10, 30),
        ),
        (
            "/idea1/2026-04-02/001/23.50.00-00.10.00[M][@1][0].h264",
            datetime(2026, 4, 2, 23, 50),
            datetime(2026, 4, 3, 0, 10),
        ),
        ("/idea0/2026-04-02/10.08.02[M].jpg", datetime(2026, 4, 2, 10, 8, 2), None),
        (
            "/idea0\\2026-04-02\\001\\10.08.02-24.00.00[R].h264",
            datetime(2026, 4, 2, 10, 8, 2),
            datetime(2026, 4, 3),
        ),
        ("/idea0/2026-13-02/001/10.08.02-10.30.00.h264", None, None),
        ("something.h264", None, None),
        ("", None, None),
    ],
)
def test_the_name_of_a_file_tells_its_times(name, begin, end):
    assert times_in_name(name) == (begin, end)


async def listed(*items):
    pages = [list(items)]

    async def answer(link, message_id, body):
        return {"OPFileQuery": pages.pop()} if pages else {"ret": 119}

    async with scripted(answer) as device:
        day = datetime(2026, 4, 2)
        return [each async for each in device.recordings.search(day, day + timedelta(hours=23, minutes=59))]


FIRST, LAST = datetime(2026, 4, 2, 10, 8, 2), datetime(2026, 4, 2, 10, 30)


@pytest.mark.parametrize(
    ("begin", "end", "times"),
    [
        ("2026-04-0210:08:02", "2026-04-0210:30:00", (FIRST, LAST)),
        ("2026-04-02 10:08:02", "2026-04-0210:30:00", (FIRST, LAST)),
        ("04/02/26 10h08", "2026-04-02 10:30:00 ", (FIRST, LAST)),
        ("2026-04-02 10:08:02", "???", (FIRST, LAST)),
        ("2026-04-02 10:08:02", "0000-00-00 00:00:00", (FIRST, None)),
        ("2026-04-02 10:08:02", None, (FIRST, None)),
    ],
)
async def test_a_recording_has_times_however_they_are_told(begin, end, times):
    name = "/idea0/2026-04-02/002/10.08.02-10.30.00[R][@8600f][1].h264"
    item = {"BeginTime": begin, "DiskNo": 0, "EndTime": end, "FileLength": "0x00103D75", "FileName": name}
    (found,) = await listed(item)
    assert (found.begin, found.end) == times


async def test_a_full_page_of_touching_times_is_gone_on_with():
    day = datetime(2026, 4, 2)
    files = [day + timedelta(minutes=10 * number) for number in range(100)]
    asked = []

    async def answer(link, message_id, body):
        query = body.get("OPFileQuery")
        if query is None:
            return {}
        asked.append(query["BeginTime"])
        since = datetime.strptime(query["BeginTime"], "%Y-%m-%d %H:%M:%S")
        shown = [begin for begin in files if begin + timedelta(minutes=10) > since][:64]
        return {
            "OPFileQuery": [
                {
                    "BeginTime": begin.strftime("%Y-%m-%d%H:%M:%S"),
                    "EndTime": (begin + timedelta(minutes=10)).strftime("%Y-%m-%d%H:%M:%S"),
                    "FileLength": "0x10",
                    "FileName": f"/idea0/{number}.h264",
                }
                for number, begin in enumerate(shown, files.index(shown[0]))
            ]
        }

    async with scripted(answer) as device:
        found = [each async for each in device.recordings.search(day, day + timedelta(hours=23, minutes=59))]
    assert [each.begin for each in found] == files
    assert len(asked) == 2


class TestUptime:
    @pytest.mark.parametrize(
        ("told", "built", "uptime"),
        [
            (0x0026AFCA, datetime(2022, 2, 17, 14, 39, 54), timedelta(seconds=0x0026AFCA)),  # R80X30-PQ
            (0x0019D516, datetime(2024, 6, 17), timedelta(seconds=0x0019D516)),  # NBD80S16S-KL
            (0x2054, datetime(2020, 11, 24, 16, 47, 14), timedelta(minutes=0x2054)),  # 50X50-WG
            (0x562A, datetime(2018, 8, 29, 9, 0, 36), timedelta(minutes=0x562A)),  # HI3516EV100
            (0x00124E52, datetime(2022, 8, 29, 15, 9, 23), timedelta(minutes=0x00124E52)),  # possible
            (0, None, timedelta()),
            (20 * 366 * 24 * 60, None, timedelta(minutes=20 * 366 * 24 * 60)),
            (30 * 366 * 24 * 60, None, timedelta(seconds=30 * 366 * 24 * 60)),
            (1 << 60, None, timedelta(seconds=0xFFFFFFFF)),
        ],
    )
    def test_one_reading_is_in_minutes_unless_they_are_impossible(self, told, built, uptime):
        assert Uptime().read(told, at_s=100.0, built=built, now=NOW) == uptime

    @pytest.mark.parametrize("passed_s", [6.0, 60.0, 3600.0])
    def test_a_second_reading_shows_seconds(self, passed_s):
        uptime = Uptime()
        assert uptime.read(1000, at_s=5.0, built=None, now=NOW) == timedelta(minutes=1000)
        later = 1000 + int(passed_s)
        assert uptime.read(later, at_s=5.0 + passed_s, built=None, now=NOW) == timedelta(seconds=later)
        assert uptime.read(later, at_s=5.1 + passed_s, built=None, now=NOW) == timedelta(seconds=later)

    @pytest.mark.parametrize("passed_s", [30.0, 60.0, 3600.0])
    def test_a_second_reading_shows_minutes_even_before_the_build(self, passed_s):
        uptime, built = Uptime(), NOW - timedelta(days=3)
        assert uptime.read(9000, at_s=5.0, built=built, now=NOW) == timedelta(seconds=9000)
        later = 9000 + int(passed_s // 60)
        assert uptime.read(later, at_s=5.0 + passed_s, built=built, now=NOW) == timedelta(minutes=later)

    def test_readings_too_close_to_each_other_settle_nothing(self):
        uptime = Uptime()
        uptime.read(1000, at_s=5.0, built=None, now=NOW)
        assert uptime.read(1002, at_s=7.0, built=None, now=NOW) == timedelta(minutes=1002)
        assert uptime.read(1020, at_s=25.0, built=None, now=NOW) == timedelta(seconds=1020)

    def test_a_restart_between_two_readings_is_no_measure(self):
        uptime = Uptime()
        uptime.read(5000, at_s=5.0, built=None, now=NOW)
        assert uptime.read(3, at_s=100.0, built=None, now=NOW) == timedelta(minutes=3)
        assert uptime.read(63, at_s=160.0, built=None, now=NOW) == timedelta(seconds=63)


@pytest.mark.parametrize(("count", "told"), [(4, {}), (1, {"VideoInChannel": 1})])
async def test_a_device_that_does_not_count_its_channels_has_those_of_its_login(count, told):
    async def answer(link, message_id, body):
        return {"SystemInfo": {"SerialNo": "0", **told}}

    async with scripted(answer) as device:
        login = device.connection.login_reply
        object.__setattr__(login, "channel_count", 4)
        info = await device.system.info()
        assert (info.channel_count, info.video_inputs) == (count, count)
