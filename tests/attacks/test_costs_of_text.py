"""What a device says costs no more than its length, however it is made up, and no more than its bound.

Each of these took seconds to minutes of one core, in which nothing else of the process ran: a name of an alarm
of 64 KiB 12 s, four times over.
"""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from dvrip_proto import ProtocolError
from dvrip_proto.features.alarms import read_events
from dvrip_proto.features.times import parse_time, times_in_name
from dvrip_proto.media.nal import split
from dvrip_proto.servers.alarm_centre import read_report
from dvrip_proto.wire.alarm_words import state_of
from dvrip_proto.wire.body import decode, encode_reply
from dvrip_proto.wire.media import MediaParser
from tests.device.conftest import scripted
from tests.hostile import Link

_SIZE = 64 * 1024  # of the longest alarm that is looked at


def refused(body: bytes) -> None:
    with pytest.raises(ProtocolError, match="not JSON"):
        decode(body)


def alarm(word: str) -> None:
    name = (word * _SIZE)[:_SIZE]
    (event,) = read_events({"AlarmInfo": {"Event": name, "Status": name}})
    assert event.event == name
    assert event.owner(4).number is None
    read_report("192.0.2.1", json.dumps({"Event": name[: _SIZE - 100]}).encode())


def picture_in_bytes() -> None:
    parser = MediaParser()
    parser.feed(b"\0\0\1\xfc\x02\x19\x58\x48\0\0\0\0" + (8 << 20).to_bytes(4, "little"))
    for size in range(1, 100_000):
        parser.feed(b"x")
        assert parser.growing == size


COSTS: dict[str, Callable[[], object]] = {
    **{
        f"an alarm of {word!r}": lambda word=word: alarm(word)
        for word in ("net ", "app", "alarm", "Ab", "A", "_")
    },
    "a status": lambda: state_of("start" * 1_000_000),
    "a name of a file": lambda: times_in_name("2000-01-01/" * 100_000),
    "a time": lambda: parse_time(" " * 1_000_000 + "2000-01-01"),
    "numbers that are none": lambda: refused(b'{"a":' + b":nan(" * 100_000),
    "numbers in a list": lambda: refused(b'{"a":[1' + b",nan(" * 100_000 + b'"]}'),
    "commas": lambda: refused(b'{"a":' + b" ," * 500_000),
    "colons": lambda: refused(b'{"a"' + b" : " * 300_000),
    "backslashes": lambda: refused(b'{"a":"' + b"\\" * 1_000_000),
    "halves of letters": lambda: refused(b'{"a":"' + b"\xd5\\" * 500_000),
    "signs of numbers": lambda: refused(b'{"a":' + b"-" * 1_000_000),
    "zeros": lambda: refused(b'{"a":' + b"0" * 1_000_000),
    "a picture in single bytes": picture_in_bytes,
    "a picture of millions of units": lambda: split("h264", b"\0\0\1AB" * 3_000_000),
    "a picture of units of nothing": lambda: split("h264", b"\0\0\1" * 5_000_000),
    "zeros behind a unit": lambda: split("h264", b"\0\0\1\x41\x9a" + bytes(16 << 20)),
    "zeros behind every unit": lambda: split("h264", (b"\0\0\1\x41\x9a" + bytes(4000)) * 4000),
}


@pytest.mark.parametrize("what", COSTS)
def test_nothing_costs_more_than_its_length(what: str) -> None:
    began = time.process_time()
    COSTS[what]()
    assert time.process_time() - began < 2


@pytest.mark.parametrize("thing", [b"[]", b"{}", b'{"a":1}', b"[[[[[[]]]]]]", b"1.5", b'"\\u4e2d"', b"0"])
def test_a_body_that_would_take_gigabytes_is_refused_before_it_is_read(thing: bytes) -> None:
    """64 MiB of empty lists took 2 GiB and ten seconds."""
    body = b'{"a":[' + (thing + b",") * ((16 << 20) // (len(thing) + 1)) + b"0]}"
    tracemalloc.start()
    try:
        refused(body)
        assert tracemalloc.get_traced_memory()[1] < 3 * len(body)
    finally:
        tracemalloc.stop()


def test_the_largest_object_of_the_largest_recorder_is_read() -> None:
    schedule = [[f"{section} 00:00:00-24:00:00" for section in range(6)] for _ in range(7)]
    linkage = {"Enable": True, "EventHandler": {"TimeSection": schedule, "PtzLink": [["None", 0]] * 128}}
    channels = [{**linkage, "Region": ["0xFFFFFFFF"] * 32} for _ in range(128)]
    body = encode_reply({"Detect.MotionDetect": channels})
    assert 300_000 < len(body) < 1_000_000
    assert decode(body) == {"Detect.MotionDetect": channels}


async def test_lists_that_never_end_take_no_more_than_their_bound() -> None:
    day = datetime(2026, 11, 25)
    asked = 0

    async def answer(_link: Link, _message_id: int, body: dict[str, Any]) -> dict[str, Any]:
        nonlocal asked
        asked += 1
        items = [
            {
                "BeginTime": f"{day:%Y-%m-%d} 00:{asked % 60:02}:00",
                "FileName": f"{asked}/{at}",
                "Position": asked * 999 + at,
            }
            for at in range(500)
        ]
        return {body["Name"]: items}

    async with scripted(answer) as device:
        device.recordings.pages_a_day = device.logs.pages_max = 50
        with pytest.raises(ProtocolError, match="more than 3500 recordings of a day"):
            _ = [each async for each in device.recordings.search(day, day.replace(hour=23))]
        asked = 0
        with pytest.raises(ProtocolError, match="goes on"):
            _ = [each async for each in device.logs.entries()]
        assert asked < 20
