"""What goes wrong while a recording comes, and what a device does not know."""

from __future__ import annotations

import asyncio
import errno
import logging
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from aiohttp import ClientConnectionResetError, ClientError, web
from homeassistant.components import media_source
from homeassistant.components.media_player import SearchError, SearchMediaQuery
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.dvrip import clip_files, clips, recording_actions, recordings
from custom_components.dvrip.clips import Clip, Clips, key_of
from custom_components.dvrip.media_source import Place
from custom_components.dvrip.recordings import DvripRecordings
from dvrip_proto import MediaFrame, Recording, TransportError, UnsupportedError, UsageError
from dvrip_proto.simulator import Simulator
from tests.homeassistant.world import entity, entry_for, set_up, until


@pytest.fixture
async def kept(hass: HomeAssistant, sim: Simulator, tmp_path: Path) -> DvripRecordings:
    hass.config.config_dir = str(tmp_path)
    assert await async_setup_component(hass, "media_source", {})
    entry = await set_up(hass, entry_for(sim))
    return entry.runtime_data.recordings


async def _first(kept: DvripRecordings) -> tuple[Place, Recording]:
    day = (await kept.async_days())[0]
    (mark, recording), *_ = (await kept.async_day(0, day)).items()
    entry_id = kept._session.config_entry.entry_id
    return Place(entry_id, 0, day, "all", mark), recording


async def _url(hass: HomeAssistant, place: Place) -> str:
    return (await media_source.async_resolve_media(hass, f"media-source://dvrip/{place}", None)).url


@contextmanager
def downloads(kept: DvripRecordings, after: Callable[[int], Awaitable[bool]]) -> Iterator[None]:
    """Downloads in which something happens behind each frame, by its number; true is the end."""
    real = kept._session.device.recordings.download

    @asynccontextmanager
    async def download(wanted: Recording) -> AsyncIterator[AsyncIterator[MediaFrame]]:
        async with real(wanted) as frames:

            async def some() -> AsyncIterator[MediaFrame]:
                count = 0
                async for frame in frames:
                    yield frame
                    count += 1
                    if await after(count):
                        return

            yield some()

    with patch.object(kept._session.device.recordings, "download", download):
        yield


async def test_a_device_without_a_calendar_shows_two_weeks(kept: DvripRecordings) -> None:
    device = kept._session.device
    with patch.object(device.recordings, "calendar", side_effect=UnsupportedError("no calendar")):
        days = await kept.async_days()
    assert len(days) == 14
    assert days == sorted(days, reverse=True)


async def test_a_download_that_breaks_off_breaks_the_answer_off(
    hass: HomeAssistant, kept: DvripRecordings, hass_client: ClientSessionGenerator
) -> None:
    place, recording = await _first(kept)
    url = await _url(hass, place)

    async def breaks_off(count: int) -> bool:
        if count == 200:
            await asyncio.sleep(0.2)
            raise TransportError("the cable is out")
        return False

    client = await hass_client()
    with downloads(kept, breaks_off), pytest.raises(ClientError):
        await (await client.get(url)).read()
    assert (await client.get(url)).status == 200, "it is tried again"


async def test_a_recording_without_video_is_an_error_and_leaves_no_file(
    hass: HomeAssistant, kept: DvripRecordings, hass_client: ClientSessionGenerator, tmp_path: Path
) -> None:
    place, _ = await _first(kept)
    url = await _url(hass, place)

    @asynccontextmanager
    async def nothing(_recording: Recording) -> AsyncIterator[AsyncIterator[MediaFrame]]:
        async def none() -> AsyncIterator[MediaFrame]:
            for frame in ():
                yield frame

        yield none()

    client = await hass_client()
    with patch.object(kept._session.device.recordings, "download", nothing):
        assert (await client.get(url)).status == 502
    await until(lambda: not kept.clips._tasks)
    assert await asyncio.to_thread(lambda: list(tmp_path.rglob("*.mp4*"))) == []


async def test_a_full_disk_is_an_error_for_whoever_waits_and_is_tried_again(
    kept: DvripRecordings, caplog: pytest.LogCaptureFixture
) -> None:
    _, recording = await _first(kept)
    goes_on = asyncio.Event()
    goes_on.set()
    full = OSError(errno.ENOSPC, "No space left on device")
    with short(kept, goes_on):
        with (
            patch.object(clip_files.ClipWriter, "write", side_effect=full),
            pytest.raises(UsageError, match="space"),
        ):
            await anext(kept.clips.async_chunks(recording))
        assert "cannot be kept" in caplog.text
        assert [chunk async for chunk in kept.clips.async_chunks(recording)]


async def test_an_answer_without_a_byte_is_an_error(
    hass: HomeAssistant, kept: DvripRecordings, hass_client: ClientSessionGenerator
) -> None:
    place, _ = await _first(kept)
    url = await _url(hass, place)

    async def no_chunks(_self: Clips, _recording: Recording) -> AsyncIterator[bytes]:
        for chunk in ():
            yield chunk

    client = await hass_client()
    with patch.object(Clips, "async_chunks", no_chunks):
        assert (await client.get(url)).status == 502


async def test_a_clip_that_failed_says_so_to_whoever_waits(tmp_path: Path) -> None:
    clip = Clip(tmp_path / "x.mp4")
    waiting = asyncio.ensure_future(clip.beyond(0))
    await asyncio.sleep(0)
    clip.error = TransportError("gone")
    clip.tell()
    with pytest.raises(TransportError):
        await waiting
    clip.size = 5
    await clip.beyond(0)


async def test_few_pictures_are_kept(kept: DvripRecordings) -> None:
    _, recording = await _first(kept)
    begin = recording.begin or datetime.min
    with patch.object(recordings, "PICTURES_BYTES", 1):
        for second in range(2):
            assert await kept.async_picture(recording, begin.replace(second=second))
    (last,) = kept._pictures.values()
    with patch.object(recordings, "PICTURES_BYTES", 2 * len(last) + 2):
        for number in range(3):  # as many as there is room for, the newest
            kept._keep(f"{number}", bytes(len(last) + 1))
    assert list(kept._pictures) == ["1", "2"]


async def test_many_recordings_are_cut_to_a_bound(
    hass: HomeAssistant, kept: DvripRecordings, sim: Simulator
) -> None:
    place, _ = await _first(kept)
    start = datetime.combine(place.day or datetime.min, datetime.min.time())
    data: dict[str, Any] = {
        "start": start,
        "end": start.replace(hour=23),
        "entity_id": entity(hass, f"{sim.serial}_0_main", "camera"),
    }
    with patch.object(recording_actions, "FOUND_MAX", 1):
        found = await hass.services.async_call(
            "dvrip", "search_recordings", data, blocking=True, return_response=True
        )
    assert [len(each["recordings"]) for each in (found or {}).values()] == [1]


@pytest.mark.parametrize("wrong", ["nobody", "{entry}/0"])
async def test_a_search_below_nothing_is_refused(
    hass: HomeAssistant, kept: DvripRecordings, wrong: str
) -> None:
    identifier = wrong.format(entry=kept._session.config_entry.entry_id)
    item = media_source.MediaSourceItem(hass, "dvrip", identifier, None)
    with pytest.raises(SearchError):
        await item.async_search(SearchMediaQuery(search_query=""))


async def test_a_search_on_a_device_that_is_away_is_refused(
    hass: HomeAssistant, kept: DvripRecordings, sim: Simulator
) -> None:
    await sim.stop()
    item = media_source.MediaSourceItem(hass, "dvrip", "", None)
    with pytest.raises(SearchError):
        await item.async_search(SearchMediaQuery(search_query=""))


async def test_a_slow_viewer_gets_every_byte_although_the_file_is_replaced_meanwhile(
    kept: DvripRecordings,
) -> None:
    _, recording = await _first(kept)
    grown: list[bytes] = []
    real = clips.make_seekable

    def replaced(path: Path) -> int:
        grown.append(path.read_bytes())
        return real(path)

    goes_on = asyncio.Event()
    goes_on.set()
    small, copied = (
        patch.object(clips, "_CHUNK", 1000),
        patch.object(clips, "make_seekable", replaced),
    )
    with short(kept, goes_on), small, copied:
        watching = kept.clips.async_chunks(recording)
        seen = [await anext(watching)]
        await until(lambda: kept.clips.async_clip(recording).seekable)
        assert kept.clips.async_clip(recording).size != len(grown[0])
        seen += [chunk async for chunk in watching]
    assert b"".join(seen) == grown[0]


async def test_a_recording_whose_file_has_gone_is_an_error(kept: DvripRecordings, tmp_path: Path) -> None:
    _, recording = await _first(kept)
    kept.clips._clips[key_of(recording)] = clip = Clip(tmp_path / "gone.mp4")
    clip.size, clip.whole = 5, True
    with pytest.raises(TransportError, match="broke off"):
        await anext(kept.clips.async_chunks(recording))


async def test_a_picture_that_the_device_does_not_send_is_a_bad_gateway(
    hass: HomeAssistant, kept: DvripRecordings, hass_client: ClientSessionGenerator
) -> None:
    place, _ = await _first(kept)
    url = (await _url(hass, place)).replace("/recording/", "/thumbnail/")
    with patch.object(kept._session.device.recordings, "still", side_effect=TransportError("gone")):
        assert (await (await hass_client()).get(url)).status == 502


@contextmanager
def short(kept: DvripRecordings, goes_on: asyncio.Event) -> Iterator[None]:
    """Downloads are 300 frames long, and rest after 200 of them until `goes_on`."""

    async def after(count: int) -> bool:
        if count == 200:
            await goes_on.wait()
        return count == 300

    with downloads(kept, after):
        yield


async def test_a_viewer_who_comes_back_in_time_finds_it_still_coming(
    hass: HomeAssistant, kept: DvripRecordings
) -> None:
    _, recording = await _first(kept)
    goes_on = asyncio.Event()
    with short(kept, goes_on):
        watching = kept.clips.async_chunks(recording)
        await anext(watching)
        await watching.aclose()
        again = kept.clips.async_chunks(recording)
        first = await anext(again)
        _passed(hass, clips.ABANDONED_S)
        goes_on.set()
        assert [chunk async for chunk in again]
    assert first[4:8] == b"ftyp"


async def test_a_clip_that_came_whole_meanwhile_is_kept_although_its_viewer_left(
    hass: HomeAssistant, kept: DvripRecordings
) -> None:
    _, recording = await _first(kept)
    goes_on = asyncio.Event()
    with short(kept, goes_on):
        watching = kept.clips.async_chunks(recording)
        await anext(watching)
        await watching.aclose()
        clip = kept.clips.async_clip(recording)
        assert not clip.ended
        goes_on.set()
        await until(lambda: clip.seekable)
        _passed(hass, clips.ABANDONED_S)
    assert kept.clips.async_clip(recording) is clip
    assert not kept.clips._abandoned


def _passed(hass: HomeAssistant, seconds: float) -> None:
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds + 1))


async def test_a_viewer_who_leaves_is_no_error(
    hass: HomeAssistant,
    kept: DvripRecordings,
    hass_client: ClientSessionGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    place, _ = await _first(kept)
    url = await _url(hass, place)
    goes_on = asyncio.Event()
    with short(kept, goes_on):
        client = await hass_client()
        response = await client.get(url)
        await response.content.readany()
        response.close()
        assert client.server.handler is not None
        await until(lambda: not client.server.handler.connections)
        goes_on.set()
        await until(lambda: not kept.clips._tasks)
    (clip,) = kept.clips._clips.values()
    await until(lambda: not clip.readers)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_a_viewer_who_leaves_at_the_very_end_is_no_error(
    hass: HomeAssistant,
    kept: DvripRecordings,
    hass_client: ClientSessionGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    place, _ = await _first(kept)
    url = await _url(hass, place)
    gone = ClientConnectionResetError("Cannot write to closing transport")
    with patch.object(web.StreamResponse, "write_eof", side_effect=gone) as ended:
        response = await (await hass_client()).get(url)
        with suppress(ClientError):
            await response.read()
        await until(lambda: ended.called and not kept.clips._tasks)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_a_download_that_is_given_up_closes_its_file_after_the_last_write(
    kept: DvripRecordings,
) -> None:
    _, recording = await _first(kept)
    add, close = clip_files.Remuxer.add, clip_files.Remuxer.close
    began, goes_on, told = threading.Event(), threading.Event(), []

    def slow(remuxer: Any, frame: MediaFrame) -> None:
        began.set()
        goes_on.wait(30)
        add(remuxer, frame)
        told.append("written")

    def closed(remuxer: Any) -> None:
        told.append("closed")
        close(remuxer)

    with patch.object(clip_files.Remuxer, "add", slow), patch.object(clip_files.Remuxer, "close", closed):
        kept.clips.async_clip(recording)
        await until(began.is_set)
        stopping = asyncio.create_task(kept.clips.async_stop())
        await asyncio.sleep(0.2)  # the time in which a thread would close it under the other's hands
        assert "closed" not in told
        goes_on.set()
        await stopping
    assert told.index("closed") == len(told) - 1
    assert told.count("written") >= 1
