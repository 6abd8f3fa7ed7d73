"""What a device says costs no more than its length, however it is made up.

Each of these took seconds to minutes of one core, in which nothing else of the process ran: a name of an alarm
of 64 KiB 12 s, four times over.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest

from dvrip_proto import ProtocolError
from dvrip_proto.features.alarms import read_events
from dvrip_proto.features.times import parse_time, times_in_name
from dvrip_proto.servers.alarm_centre import read_report
from dvrip_proto.wire.alarm_words import state_of
from dvrip_proto.wire.body import decode
from dvrip_proto.wire.media import MediaParser

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
}


@pytest.mark.parametrize("what", COSTS)
def test_nothing_costs_more_than_its_length(what: str) -> None:
    began = time.process_time()
    COSTS[what]()
    assert time.process_time() - began < 2
