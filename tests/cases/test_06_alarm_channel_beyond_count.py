"""Case 6: a camera's motion comes with Channel 1, though it has one channel; whose an alarm is, by one rule."""

from __future__ import annotations

from typing import Any

import pytest

from dvrip_proto import AlarmOwner, OwnerKind
from dvrip_proto.features.alarms import read_events
from dvrip_proto.servers.alarm_centre import read_report
from dvrip_proto.wire.body import encode_reply

CHANNEL, DEVICE, INPUT, DISK = OwnerKind.CHANNEL, OwnerKind.DEVICE, OwnerKind.INPUT, OwnerKind.DISK
MISSING = object()


def owner(event: str, told: Any, channels: int) -> tuple[OwnerKind, int | None]:
    alarm = {"Event": event, "Status": "Start"} | ({} if told is MISSING else {"Channel": told})
    (read,) = read_events({"AlarmInfo": alarm})
    report = read_report("192.0.2.1", encode_reply(alarm))
    assert report is not None
    assert report.owner(channels) == read.owner(channels) or told == 4711
    return read.owner(channels)


@pytest.mark.parametrize("told", [1, 0, 2, 31, -1, 255, 0xFFFFFFFF, "0xFFFFFFFF", "1", None, MISSING, "x"])
def test_a_device_with_one_channel_takes_every_number_as_its_own(told: Any) -> None:
    assert owner("VideoMotion", told, 1) == AlarmOwner(CHANNEL, 0)


@pytest.mark.parametrize(
    ("event", "told", "expected"),
    [
        ("VideoMotion", 0, (CHANNEL, 0)),
        ("VideoMotion", "3", (CHANNEL, 3)),
        ("appEventHumanDetectAlarm", 7, (CHANNEL, 7)),
        ("SomethingNew", 2, (CHANNEL, 2)),
        ("VideoMotion", 8, (DEVICE, None)),
        ("VideoMotion", 64, (DEVICE, None)),
        ("VideoMotion", -1, (DEVICE, None)),
        ("HumanDetect", 0xFFFFFFFF, (DEVICE, None)),
        ("HumanDetect", 255, (DEVICE, None)),
        ("SomethingNew", MISSING, (DEVICE, None)),
        ("LocalIO", 3, (INPUT, 3)),
        ("AlarmLocal", 12, (INPUT, 12)),
        ("LocalAlarm", MISSING, (INPUT, 0)),
        ("IPCAlarm", 3, (CHANNEL, 3)),
        ("StorageFailure", 1, (DISK, 1)),
        ("StorageNotExist", -1, (DISK, None)),
        ("StorageLowSpace", 0xFFFFFFFF, (DISK, None)),
        ("NetAbort", 0, (DEVICE, None)),
        ("LoginFailed", 2, (DEVICE, None)),
        ("LowBattery", 0, (DEVICE, None)),
        ("DoorBell", 1, (CHANNEL, 1)),
    ],
)
def test_one_rule_from_number_to_owner(event: str, told: Any, expected: tuple[OwnerKind, int | None]) -> None:
    assert owner(event, told, 8) == expected
