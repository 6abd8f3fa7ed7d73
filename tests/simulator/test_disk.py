"""A disk that is full: recording stops or overwrites, as General.General says, and its alarms follow."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from dvrip_proto.simulator import Simulator
from dvrip_proto.simulator.state.archive import RecordedFile
from tests.simulator.raw import Raw

HOUR_S = 3600.0


@pytest.fixture
async def recorder() -> AsyncIterator[Simulator]:
    """A recorder that records always, with its events enabled and room on its disk."""
    async with Simulator(profile="nvr", serial="00c0ffee00c0ffee") as device:
        for name in ("Storage.StorageLowSpace", "Storage.StorageNotExist"):
            device.state.config[name]["Enable"] = True
        disk = device.state.storage._present[0]["Partition"][0]
        disk["RemainSpace"] = disk["TotalSpace"]
        set_disk(device, "good")
        now = device.state.clock.now()
        device.state.clock.error_s += (now.replace(hour=12) - now).total_seconds()  # far from another day
        yield device


@pytest.fixture
async def client(recorder: Simulator) -> Raw:
    raw = await Raw.login(recorder)
    assert (await raw.ask(1500, b"")).ret == 100
    return raw


def recorded(device: Simulator) -> list[RecordedFile]:
    return device.archive.files(0, datetime.min, datetime.max)


async def work(client: Raw) -> list[bool]:
    state = (await client.named(1020, "WorkState")).json["WorkState"]
    return [channel["Record"] for channel in state.get("ChannelState", [])]


def set_disk(device: Simulator, state: str) -> None:
    storage = device.state.storage
    {"full": storage.fill, "missing": storage.remove, "good": storage.restore}[state]()
    device.state.on_disk()


async def test_without_overwriting_recording_stops_and_says_so(recorder: Simulator, client: Raw) -> None:
    assert await work(client) == [True] * 4
    assert await client.put("General.General.OverWrite", "StopRecord") == 100
    set_disk(recorder, "full")
    told = (await client.receive()).json["AlarmInfo"]
    assert (told["Event"], told["Status"], told["Channel"]) == ("StorageLowSpace", "None", 0)
    assert not any(await work(client))

    stopped = recorder.state.clock.now()
    recorder.state.clock.error_s += 5 * HOUR_S
    files = recorded(recorder)
    assert files[-1].end <= stopped < files[-1].end + timedelta(seconds=2)

    assert await client.put("General.General.OverWrite", "OverWrite") == 100
    assert await work(client) == [True] * 4
    assert recorder.state.alarms.active == set()
    assert await client.is_silent(), "this event has no end"
    again = recorder.state.clock.now()
    recorder.state.clock.error_s += 5 * HOUR_S
    later = [file for file in recorded(recorder) if file.begin > stopped]
    assert abs(later[0].begin - again) < timedelta(seconds=2)


async def test_with_overwriting_the_oldest_go(recorder: Simulator, client: Raw) -> None:
    assert await client.get("General.General.OverWrite") == "OverWrite"
    before = recorded(recorder)
    set_disk(recorder, "full")
    assert await client.is_silent(), "a full disk is no alarm for a device that overwrites"
    assert recorded(recorder) == before
    assert await work(client) == [True] * 4
    recorder.state.clock.error_s += 3 * HOUR_S
    after = recorded(recorder)
    assert timedelta(hours=2) <= after[0].begin - before[0].begin <= timedelta(hours=4)
    assert after[-1].end > before[-1].end
    set_disk(recorder, "good")
    assert recorded(recorder)[0] == after[0], "what was overwritten does not come back"


async def test_formatting_makes_room(recorder: Simulator, client: Raw) -> None:
    assert await client.put("General.General.OverWrite", "StopRecord") == 100
    set_disk(recorder, "full")
    assert (await client.receive()).json["AlarmInfo"]["Event"] == "StorageLowSpace"
    clear = {"Action": "Clear", "PartNo": 0, "SerialNo": 0, "Type": "Data"}
    assert (await client.named(1460, "OPStorageManager", clear)).ret == 100
    assert await work(client) == [True] * 4
    assert recorder.state.alarms.active == set()


async def test_a_missing_disk_records_nothing_and_says_so(recorder: Simulator, client: Raw) -> None:
    set_disk(recorder, "missing")
    assert (await client.receive()).json["AlarmInfo"]["Event"] == "StorageNotExist"
    assert not any(await work(client))
    assert recorded(recorder) == []
    gone = recorder.state.clock.now()
    recorder.state.clock.error_s += 2 * HOUR_S
    set_disk(recorder, "good")
    recorder.state.clock.error_s += 2 * HOUR_S
    spans = [file for file in recorded(recorder) if file.end > gone + timedelta(seconds=2)]
    assert min(file.begin for file in spans) >= gone + timedelta(hours=1, minutes=59)


async def test_a_recorder_whose_disk_is_full_already_overwrites() -> None:
    async with Simulator(profile="nvr") as device:
        assert device.state.storage.full
        assert recorded(device)
        client = await Raw.login(device)
        assert await work(client) == [True] * 4
        assert await client.put("General.General.OverWrite", "StopRecord") == 100
        assert not any(await work(client))


async def test_a_clock_that_was_set_back_hides_nothing(recorder: Simulator) -> None:
    set_disk(recorder, "full")
    recorder.state.clock.error_s -= 10 * 24 * HOUR_S
    assert recorded(recorder)


async def test_an_event_that_is_off_is_not_told(recorder: Simulator, client: Raw) -> None:
    assert await client.put("Storage.StorageNotExist.Enable", False) == 100
    set_disk(recorder, "missing")
    assert await client.is_silent()
    told = await client.named(1040, "Storage.StorageNotExist.Enable", True)
    assert told.json["AlarmInfo"]["Event"] == "StorageNotExist"
    assert (await client.receive()).ret == 100
