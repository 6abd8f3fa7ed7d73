"""Recordings while something else is going on: unloading, another download, an error nobody foresaw."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from custom_components.dvrip import clip_files, clips, recordings
from custom_components.dvrip.recordings import DvripRecordings
from dvrip_proto import ProtocolError, Recording, TransportError, UsageError
from dvrip_proto.simulator import Simulator
from tests.homeassistant.world import entity, entry_for, set_up, until

_LONG, _APART = timedelta(seconds=10), timedelta(seconds=30)


@pytest.fixture
async def kept(hass: HomeAssistant, sim: Simulator, tmp_path: Path) -> DvripRecordings:
    hass.config.config_dir = str(tmp_path)
    yesterday = sim.state.clock.now().replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)
    for number in range(6):
        begin = yesterday + number * _APART
        sim.archive.add(0, begin, begin + _LONG, event="A")
    return (await set_up(hass, entry_for(sim))).runtime_data.recordings


async def listed(kept: DvripRecordings) -> list[Recording]:
    """Six short recordings of yesterday: of today there may not be as many yet."""
    days = (await kept.async_days())[:2]
    found = [each for day in days for each in (await kept.async_day(0, day)).values()]
    return [each for each in found if each.events == {"A"}]


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / ".cache").rglob("*.mp4*"))


async def read(kept: DvripRecordings, recording: Recording) -> int:
    return sum([len(chunk) async for chunk in kept.clips.async_chunks(recording)])


async def test_a_clip_that_is_given_up_before_it_began_keeps_nobody_waiting(
    kept: DvripRecordings,
) -> None:
    recording = (await listed(kept))[0]
    viewer = asyncio.ensure_future(read(kept, recording))
    kept.clips.async_clip(recording)
    await kept.clips.async_stop()
    with pytest.raises(TransportError):
        await asyncio.wait_for(viewer, 5)


async def test_an_error_that_nobody_foresaw_is_told_to_whoever_waits(
    kept: DvripRecordings, caplog: pytest.LogCaptureFixture
) -> None:
    recording = (await listed(kept))[0]
    broken = patch.object(clip_files.ClipWriter, "write", side_effect=ZeroDivisionError)
    with broken, pytest.raises(ProtocolError, match="ZeroDivisionError"):
        await asyncio.wait_for(read(kept, recording), 5)
    assert "unexpected error" in caplog.text
    assert await read(kept, recording) > 0, "it is tried again"


async def test_a_clip_that_cannot_be_rewritten_is_there_all_the_same(
    kept: DvripRecordings, tmp_path: Path
) -> None:
    recording = (await listed(kept))[0]
    target = tmp_path / "new" / "gate.mp4"
    with patch.object(clips, "make_seekable", side_effect=UsageError("the disk is full")):
        await kept.clips.async_save(recording, target)
    clip = kept.clips.async_clip(recording)
    assert (clip.whole, clip.seekable) == (True, False)
    assert target.stat().st_size == clip.size == await read(kept, recording)


async def test_no_room_is_made_of_a_clip_that_is_being_rewritten(
    hass: HomeAssistant, kept: DvripRecordings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first, second = (await listed(kept))[:2]
    monkeypatch.setattr(clips, "CACHE_BYTES", 1)
    rewriting, go_on = threading.Event(), threading.Event()
    real = clips.make_seekable

    def slowly(path: Path) -> int:
        rewriting.set()
        go_on.wait(20)
        return real(path)

    with patch.object(clips, "make_seekable", slowly):
        assert await read(kept, first) > 0
        await until(rewriting.is_set)
        reading = hass.async_create_task(read(kept, second))
        await until(lambda: kept.clips.async_clip(second).size > 0)
        go_on.set()
        assert await reading > 0
        await until(lambda: not kept.clips._tasks)
    assert len(files(tmp_path)) == 2 == len(kept.clips._clips)
    await kept.clips.async_stop()
    assert files(tmp_path) == []


@pytest.mark.parametrize("when", ["rewriting", "copying"])
async def test_a_clip_that_is_removed_before_it_is_copied_says_so(
    hass: HomeAssistant, sim: Simulator, kept: DvripRecordings, tmp_path: Path, when: str
) -> None:
    target = tmp_path / "gate.mp4"
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    moment, go_on = threading.Event(), threading.Event()
    what = {"rewriting": "make_seekable", "copying": "copy_clip"}[when]
    real = getattr(clips, what)

    def slowly(*args: Any) -> Any:
        moment.set()
        go_on.wait(20)
        return real(*args)

    recording = (await listed(kept))[0]
    wish = {
        "entity_id": entity(hass, f"{sim.serial}_0_main", "camera"),
        "time": str(recording.begin),
        "filename": str(target),
    }
    with patch.object(clips, what, slowly):
        saving = hass.async_create_task(
            hass.services.async_call("dvrip", "download_recording", wish, blocking=True)
        )
        await until(moment.is_set)
        stopping = hass.async_create_task(kept.clips.async_stop())
        await asyncio.sleep(0)
        if when == "copying":  # nobody waits for a copy: the clip goes first
            await stopping
        go_on.set()
        await stopping
        with pytest.raises(HomeAssistantError) as told:
            await saving
    assert told.value.translation_key == "cannot_connect"
    assert not target.exists()
    assert files(tmp_path) == []


async def test_nothing_begins_after_the_end(kept: DvripRecordings) -> None:
    recording = (await listed(kept))[0]
    await kept.clips.async_stop()
    with pytest.raises(TransportError, match="unloaded"):
        await read(kept, recording)
    assert not kept.clips._tasks


async def test_what_a_crash_has_left_is_removed_at_the_next_start(
    hass: HomeAssistant, sim: Simulator, tmp_path: Path
) -> None:
    hass.config.config_dir = str(tmp_path)
    entry = entry_for(sim)
    cache = tmp_path / ".cache" / "dvrip"
    cache.mkdir(parents=True)
    for name in (f"{entry.entry_id}-0123.mp4", f"{entry.entry_id}-0123.mp4.part", "other-0123.mp4"):
        (cache / name).write_bytes(b"left")
    await set_up(hass, entry)
    assert files(tmp_path) == ["other-0123.mp4"]


async def test_clips_of_all_devices_share_the_room(
    hass: HomeAssistant,
    kept: DvripRecordings,
    recorder: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(clips, "CACHE_BYTES", 1)
    (recording, *_) = await listed(kept)
    assert await read(kept, recording) > 0
    await until(lambda: not kept.clips._tasks)
    assert len(files(tmp_path)) == 1
    yesterday = recording.begin
    recorder.archive.add(0, yesterday, yesterday + _LONG, event="A")
    others = (await set_up(hass, entry_for(recorder))).runtime_data.recordings
    (other,) = [
        each for each in (await others.async_day(0, yesterday.date())).values() if each.events == {"A"}
    ]
    assert await read(others, other) > 0
    await until(lambda: not others.clips._tasks)
    assert [name[:26] for name in files(tmp_path)] == [others._session.config_entry.entry_id]
    assert await read(kept, recording) > 0  # it is fetched anew


async def test_a_clip_that_nobody_comes_back_to_does_not_stay_on_the_disk(
    hass: HomeAssistant, sim: Simulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(clips, "TIDY_EVERY", timedelta(seconds=0.1))
    hass.config.config_dir = str(tmp_path)
    yesterday = sim.state.clock.now().replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)
    sim.archive.add(0, yesterday, yesterday + _LONG, event="A")
    recordings = (await set_up(hass, entry_for(sim))).runtime_data.recordings
    recording = (await listed(recordings))[0]
    assert await read(recordings, recording) > 0
    await until(lambda: not recordings.clips._tasks)
    assert len(files(tmp_path)) == 1
    monkeypatch.setattr(clips, "CACHE_AGE_S", 0.0)
    await until(lambda: files(tmp_path) == [])
    assert recordings.clips._clips == {}


async def test_a_page_full_of_thumbnails_asks_for_its_day_once(
    kept: DvripRecordings, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = (await listed(kept))[0].begin.date()
    kept._lists.clear()
    device = kept._session.device
    with patch.object(device.recordings, "search", wraps=device.recordings.search) as search:
        pages = await asyncio.gather(*(kept.async_day(0, day) for _ in range(6)))
        assert search.call_count == 1
        assert pages[0]
        assert all(page == pages[0] for page in pages)
        # A year of browsing leaves no list behind that nobody believes any more.
        monkeypatch.setattr(recordings, "LISTED_S", -1)
        for back in range(3):
            await kept.async_day(0, day - timedelta(days=back))
    assert len(kept._lists) == 1
