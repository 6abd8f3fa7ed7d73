"""Case 1: a camera tells the end of a person's alarm with Status "End", not "Stop"; and other such words."""

from __future__ import annotations

from typing import Any

import pytest

from dvrip_proto import AlarmKind
from dvrip_proto.features.alarms import read_events
from dvrip_proto.servers.alarm_centre import read_report
from dvrip_proto.wire.body import encode

PUSH = {
    "AlarmInfo": {
        "Channel": 0,
        "Event": "appEventHumanDetectAlarm",
        "StartTime": "2026-03-10 23:29:56",
        "Status": "End",
    },
    "Name": "AlarmInfo",
    "SessionID": "0x0000000B",
}


def with_status(status: Any) -> dict[str, Any]:
    return {**PUSH, "AlarmInfo": {**PUSH["AlarmInfo"], "Status": status}}


def test_the_push_of_the_report_is_an_end() -> None:
    (event,) = read_events(PUSH)
    assert (event.kind, event.active, event.unclear) == (AlarmKind.PERSON, False, False)


@pytest.mark.parametrize(
    ("status", "active", "unclear"),
    [
        *(
            (word, False, False)
            for word in (
                *("End", "STOP", "Off", "0", 0, False, "false", " ended ", "Finish", "0x00", "Reset", "Idle"),
                *("AlarmStop", "alarm_end", "EventOver", "Deactivated", "Quit", "Expired", "TimeOut"),
                *("Released", "Leave", "Vanished", "Completed", "Stop\0", "stop\r\n", "Closed", "Recovered"),
                *("No", "NO\0"),
            )
        ),
        *(
            (word, True, False)
            for word in (
                *("Start", "begin", "On", "1", 1, True, "TRUE", "0x1", "01", "Occurred", "Happen", "Raised"),
                *("Open", "Triggering", "Enter", "\tStart", "Alarm", "Detected", "AlarmStart", "NEW", "yes"),
            )
        ),
        *((word, None, False) for word in ("None", "Pulse", "", None)),
        *((word, None, True) for word in ("Continue", "Keep", "Unknown", "Started?", "7", 2.5, [], {"a": 1})),
    ],
)
def test_words_of_the_same_kind(status: Any, active: bool | None, unclear: bool) -> None:
    (event,) = read_events(with_status(status))
    assert (event.active, event.unclear) == (active, unclear)


@pytest.mark.parametrize("name", ["Status", "State", "state", "AlarmStatus"])
@pytest.mark.parametrize(("word", "active"), [("Start", True), ("Stop", False)])
def test_the_status_under_another_name(name: str, word: str, active: bool) -> None:
    """TheJenos/xmeye-control is pushed {"Channel": 0, "Event": "MotionDetect", "State": "Start"}."""
    body = {"Name": "AlarmInfo", "AlarmInfo": {"Channel": 0, "Event": "MotionDetect", name: word}}
    (event,) = read_events(body)
    assert (event.kind, event.channel, event.active, event.unclear) == (AlarmKind.MOTION, 0, active, False)
    report = read_report("10.0.0.5", encode(body))
    assert report is not None
    assert (report.kind, report.channel, report.active) == (AlarmKind.MOTION, 0, active)
