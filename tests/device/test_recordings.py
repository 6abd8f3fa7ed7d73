"""Finding recordings on the disk of the simulator."""

import re
from datetime import datetime, timedelta

import pytest

from dvrip_proto import (
    Recording,
    RequestError,
    UsageError,
)
from dvrip_proto.simulator import Quirks
from dvrip_proto.wire.ids import MessageId
from tests.device.conftest import VIEWER_PASSWORD, login

DAY = datetime(2021, 3, 4)
NIGHT = datetime(2021, 3, 4, 23, 59, 59)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


async def found(device, begin=DAY, end=NIGHT, **more):
    return [recording async for recording in device.recordings.search(begin, end, **more)]


async def test_history_of_every_model(device, sim):
    now = sim.state.clock.now()
    recordings = await found(device, now - timedelta(days=1), now)
    if sim.profile == "hi3516":  # no card
        assert recordings == []
        return
    assert recordings
    assert {letter for each in recordings for letter in each.events} == (
        {"M"} if sim.profile == "ipc" else {"M", "R"}
    )
    assert [each.begin for each in recordings] == sorted(each.begin for each in recordings)
    assert all(each.begin <= each.end <= now for each in recordings)
    assert all((each.channel, each.stream, each.kind) == (0, "Main", "h264") for each in recordings)
    days = await device.recordings.calendar(now.year, now.month)
    assert {each.begin.date() for each in recordings if each.begin.month == now.month} <= days
    assert days <= await device.recordings.year_calendar(now.year)


async def test_what_is_on_the_disk_is_found_once(recorder):
    for hour in range(3):
        recorder.archive.add(1, DAY + hour * HOUR, DAY + (hour + 1) * HOUR, event="RMA"[hour])
    recorder.archive.add(1, DAY, DAY + HOUR, stream=1)
    recorder.archive.add(1, DAY + HOUR, DAY + HOUR, kind="jpg", event="M")
    async with login(recorder) as device:
        first, second, third = await found(device, channel=1)
        assert (first.begin, first.end, first.events) == (DAY, DAY + HOUR, frozenset("R"))
        assert re.fullmatch(
            r"/idea0/2021-03-04/002/00\.00\.00-01\.00\.00\[R\]\[@[0-9a-f]+\]\[0\]\.h264", first.name
        )
        assert first.size_kib > 1000
        assert (second.events, third.events) == (frozenset("M"), frozenset("A"))
        assert await found(device, channel=1, events={"M", "A"}) == [second, third]
        assert await found(device, DAY + HOUR, DAY + HOUR, channel=1) == [first, second]
        assert [each.stream for each in await found(device, channel=1, stream="Extra1")] == ["Extra1"]
        (picture,) = await found(device, channel=1, kind="jpg")
        assert (picture.kind, picture.begin, picture.end) == ("jpg", DAY + HOUR, DAY + HOUR)
        assert await found(device) == []


async def test_every_page_is_asked_for(recorder):
    begins = [DAY + index * 5 * MINUTE for index in range(200)]
    for begin in begins:
        recorder.archive.add(0, begin, begin + 5 * MINUTE)
    async with login(recorder) as device:
        recordings = await found(device)
    assert [each.begin for each in recordings] == begins
    pages = [name for message_id, name, _ in recorder.requests if message_id == MessageId.FILE_SEARCH]
    assert len(pages) == 4


async def test_spans_are_asked_for_day_by_day(recorder):
    midnight = DAY + timedelta(days=1)
    recorder.archive.add(0, midnight - HOUR, midnight + HOUR)
    recorder.archive.add(0, midnight + timedelta(days=5), midnight + timedelta(days=5) + HOUR)
    async with login(recorder) as device:
        recordings = await found(device, DAY + 2 * HOUR, DAY + timedelta(days=8))
    assert [each.begin for each in recordings] == [midnight - HOUR, midnight + timedelta(days=5)]


async def test_an_account_without_the_right(recorder):
    recorder.state.users["viewer"]["AuthorityList"].remove("Replay_01")
    async with login(recorder, "viewer", VIEWER_PASSWORD) as device:
        with pytest.raises(RequestError, match="no permission"):
            await found(device)


@pytest.mark.parametrize(
    "words",
    [
        {"begin": NIGHT, "end": DAY},
        {"begin": datetime(1, 1, 1), "end": datetime(9999, 12, 31)},
        {"channel": -1},
        {"stream": "Extra7"},
        {"kind": "avi"},
    ],
)
async def test_wrong_use(device, words):
    with pytest.raises(UsageError):
        await found(device, **words)


async def test_motion_is_recorded(recorder):
    async with login(recorder) as device:
        before = recorder.state.clock.now()
        recorder.raise_alarm(1, "VideoMotion", True)
        recorder.raise_alarm(1, "VideoMotion", False)
        recorder.state.clock._error += MINUTE
        (recording,) = await found(device, before - MINUTE, before + MINUTE, channel=1)
        assert recording.events == frozenset("M")


async def test_a_formatted_disk_is_empty(recorder):
    recorder.archive.add(0, DAY, DAY + HOUR)
    async with login(recorder) as device:
        await device.storage.clear(0, 1, confirm="erase")
        assert len(await found(device)) == 1
        await device.storage.clear(0, confirm="erase")
        assert await found(device) == []


def test_a_recording_tells_what_it_is():
    assert str(Recording(name="/a/b.h264")) == "/a/b.h264"
    span = Recording(channel=2, begin=DAY)
    assert str(span) == "channel 3 from 2021-03-04 00:00:00 to the end"


async def test_names_that_are_not_utf_8_survive(recorder):
    recorder.quirks = Quirks(latin1_text=True)
    recorder.archive.add(0, DAY, DAY + HOUR)
    async with login(recorder) as device:
        assert len(await found(device)) == 1
